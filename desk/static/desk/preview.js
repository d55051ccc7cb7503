// Preview of the story form: the page beside it, and the search result and share card in it, while one types.
//
// The server renders the present values of the form (desk/admin/story/form_preview.py). Nothing is asked for as long
// as neither is on view.
"use strict";
{
  const form = document.getElementById("draft_form");
  const pane = document.getElementById("preview-pane");
  const toggle = document.getElementById("preview-toggle");
  const DELAY_MS = 400, WIDTH_KEY = "preview-width", OPEN_KEY = "preview-open";
  const BESIDE = matchMedia("(min-width: 1024px)"); // on a narrower screen it lies over the form

  if (form && pane && toggle) {
    const surface = pane.querySelector(".preview-surface");
    const state = pane.querySelector(".preview-state"), notes = pane.querySelector(".preview-notes");
    const container = document.getElementById("unsaved-work");
    const snippets = document.getElementById("snippets");
    const snippetGroup = snippets && snippets.closest("details");
    let timer = 0, running = null, frame = null; // which is made when the pane first opens
    let newest = ""; // page, which waits while the frame loads its first one

    // -- asking the server --------------------------------------------------------------------------
    const isOnView = () => pane.open || Boolean(snippetGroup && snippetGroup.open);
    const address = () => {
      const draft = container ? container.dataset.draft : "new";
      return draft === "new" ? pane.dataset.new : pane.dataset.draft.replace("/0/", `/${draft}/`);
    };
    const show = (name) => {
      state.textContent = pane.dataset[name];
      state.classList.toggle("is-failed", name !== "updating" && name !== "current");
    };
    const failure = async (response) => {
      if (response.type === "opaqueredirect") return "signedOut";
      if (response.status === 413) return "large";
      if (response.status !== 403) return "failed";
      const session = container && await (await fetch(container.dataset.session, { cache: "no-store" })).json();
      return session && String(session.user) === container.dataset.user ? "forbidden" : "signedOut";
    };
    const refresh = async () => {
      clearTimeout(timer);
      if (running) running.abort();
      const own = new AbortController();
      running = own;
      show("updating");
      try {
        const response = await fetch(address(), { method: "POST", body: new FormData(form), redirect: "manual", signal: own.signal, headers: { Accept: "application/json" } });
        if (response.ok) { place(await response.json()); return; }
        const name = await failure(response);
        if (running === own) show(name);
      } catch (error) { // aborted for a newer one, or a network error
        if (error.name !== "AbortError") show("unreachable");
      }
    };
    const place = (preview) => {
      if (snippets) snippets.innerHTML = preview.snippets;
      notes.innerHTML = preview.notes;
      if (pane.open) placePage(preview.page);
      show("current");
    };
    // The page is loaded once; then its body is replaced, which keeps the place that one has scrolled to.
    const placePage = (html) => {
      newest = html;
      if (!frame.srcdoc) frame.srcdoc = html;
      else placeBody();
    };
    const placeBody = () => {
      const shown = frame.contentDocument, html = newest;
      if (!shown || shown.URL !== "about:srcdoc" || shown.readyState === "loading") return; // until it has loaded
      const page = new DOMParser().parseFromString(html, "text/html");
      shown.title = page.title;
      shown.body.replaceWith(shown.importNode(page.body, true));
    };
    const changed = () => {
      if (!isOnView()) return;
      clearTimeout(timer);
      timer = setTimeout(refresh, DELAY_MS);
    };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("restored", changed);
    addEventListener("online", changed);
    const $ = window.django && window.django.jQuery;
    if ($) $(form).on("change", "select", changed); // select2 triggers events of jQuery alone
    if (snippetGroup) snippetGroup.addEventListener("toggle", () => { if (snippetGroup.open) refresh(); });

    // -- the pane -------------------------------------------------------------------------------------
    const width = () => Number(localStorage.getItem(WIDTH_KEY)) || 390;
    const scale = () => {
      const shown = width(), room = surface.clientWidth;
      if (!room || !frame) return;
      const factor = Math.min(1, room / shown);
      frame.style.width = `${factor === 1 ? Math.min(room, Math.max(shown, 390)) : shown}px`;
      frame.style.height = `${surface.clientHeight / factor}px`;
      frame.style.transform = `scale(${factor})`;
    };
    const setWidth = (chosen) => {
      localStorage.setItem(WIDTH_KEY, chosen);
      for (const button of pane.querySelectorAll("[data-width]")) button.setAttribute("aria-pressed", String(Number(button.dataset.width) === chosen));
      document.body.classList.toggle("previews-desktop", chosen > 390);
      scale();
    };
    const open = ({ focus }) => {
      if (pane.open) return;
      if (BESIDE.matches) pane.setAttribute("open", ""); // without moving the focus out of the text
      else pane.showModal();
      document.body.classList.add("has-preview");
      if (!frame) {
        frame = surface.querySelector("template").content.firstElementChild.cloneNode(true);
        frame.addEventListener("load", () => { if (newest !== frame.srcdoc) placeBody(); });
        surface.append(frame);
      }
      toggle.setAttribute("aria-expanded", "true");
      sessionStorage.setItem(OPEN_KEY, "1");
      if (focus && BESIDE.matches) pane.querySelector('[aria-pressed="true"]').focus();
      setWidth(width());
      refresh();
    };
    const close = () => {
      const hadFocus = pane.contains(document.activeElement);
      pane.close();
      document.body.classList.remove("has-preview");
      toggle.setAttribute("aria-expanded", "false");
      sessionStorage.removeItem(OPEN_KEY);
      if (hadFocus) toggle.focus();
    };
    toggle.addEventListener("click", () => (pane.open ? close() : open({ focus: true })));
    pane.querySelector(".preview-close").addEventListener("click", close);
    pane.addEventListener("cancel", (event) => { event.preventDefault(); close(); });
    pane.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
    for (const button of pane.querySelectorAll("[data-width]")) button.addEventListener("click", () => setWidth(Number(button.dataset.width)));
    document.addEventListener("keydown", (event) => {
      if (event.code !== "KeyP" || !event.altKey || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (pane.open) close();
      else open({ focus: false });
    });
    new ResizeObserver(scale).observe(surface);
    BESIDE.addEventListener("change", () => { if (pane.open) { close(); open({ focus: false }); } });
    if (sessionStorage.getItem(OPEN_KEY) && BESIDE.matches) open({ focus: false });
  }
}
