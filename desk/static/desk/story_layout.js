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
    // On focus, browsers bring the caret of a field into view, not the whole field.
    const reveal = ({ target }) => {
      const place = bar.getBoundingClientRect(), box = target.getBoundingClientRect();
      const isTaller = box.height > window.innerHeight / 2; // such as the editor, which scrolls by its caret
      if (bar.contains(target) || isTaller || box.right < place.left || box.left > place.right) return;
      const hidden = box.bottom + MARGIN_PX / 2 - place.top;
      if (hidden > 0 && box.top < window.innerHeight) window.scrollBy(0, hidden);
    };
    bar.closest("form").addEventListener("focusin", (event) => requestAnimationFrame(() => reveal(event)));
    new ResizeObserver(giveRoom).observe(bar);
    addEventListener("resize", giveRoom);
    document.addEventListener("prose-editor:ready", giveRoom);
    giveRoom();
  }
}
