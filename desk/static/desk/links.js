// Story page: results of the link check, asked for until they are there, and again after an autosave.
"use strict";
{
  const box = document.getElementById("link-checks");
  const form = document.getElementById("draft_form");
  if (box) {
    const FIRST_MS = 2000, LONGEST_MS = 15000, MAX_TRIES = 20;
    let timer = 0, waitMs = FIRST_MS, tries = 0;
    const refresh = async () => {
      try {
        const response = await fetch(box.dataset.links, { credentials: "same-origin", headers: { Accept: "text/html" } });
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("link-checks");
        if (response.ok && fresh) show(fresh);
      } catch { /* the next try asks again */ }
      schedule();
    };
    const show = (fresh) => {
      box.toggleAttribute("data-pending", fresh.hasAttribute("data-pending"));
      if (fresh.innerHTML !== box.innerHTML) box.replaceChildren(...fresh.childNodes);
    };
    const schedule = () => {
      clearTimeout(timer);
      if (!box.hasAttribute("data-pending") || tries >= MAX_TRIES) return;
      timer = setTimeout(refresh, waitMs);
      waitMs = Math.min(waitMs * 1.5, LONGEST_MS);
      tries += 1;
    };
    if (form) form.addEventListener("autosaved", () => {
      if (!form.elements.body || !form.elements.body.value.includes("<a ")) return;
      waitMs = FIRST_MS;
      tries = 0;
      refresh();
    });
    schedule();
  }
}
