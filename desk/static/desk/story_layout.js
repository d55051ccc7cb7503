// Layout of the story page: nothing that has the focus, and no line that is being typed, is behind the save bar.
"use strict";
{
  const bar = document.querySelector("#draft_form .save-bar");
  const MARGIN_PX = 16;

  if (bar) {
    const giveRoom = () => {
      const room = bar.offsetHeight + MARGIN_PX, page = document.documentElement.style;
      page.scrollPaddingBottom = `${room}px`;
      page.setProperty("--save-bar-room", `${room}px`);
      for (const surface of document.querySelectorAll(".ProseMirror[contenteditable=true]")) {
        const { editor } = surface;
        if (!editor) continue;
        // ProseMirror scrolls by itself while one types, and knows nothing of scroll-padding.
        const sides = { top: MARGIN_PX, left: 0, right: 0, bottom: room };
        editor.view.setProps({ scrollThreshold: sides, scrollMargin: sides });
      }
    };
    new ResizeObserver(giveRoom).observe(bar);
    addEventListener("resize", giveRoom);
    document.addEventListener("prose-editor:ready", giveRoom);
    giveRoom();
  }
}
