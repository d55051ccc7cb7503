// Save an article to the reading list.
import { call } from "./api.js";
import { count, one, signInAddress, runAction } from "./page.js";

export async function save(button, slug, own, signedIn) {
  if (!button) return;
  const address = `/api/v1/articles/${encodeURIComponent(slug)}/save/`;
  show(button, Boolean((await own).is_saved));
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!(await signedIn)) return location.assign(signInAddress());
    const saved = button.getAttribute("aria-pressed") === "true";
    await runAction(button, one("[data-save-says]"), async () => {
      await call(saved ? "DELETE" : "PUT", address);
      show(button, !saved);
      count("saves", saved ? -1 : 1);
    });
  });
}

function show(button, saved) {
  button.setAttribute("aria-pressed", String(saved));
  button.textContent = saved ? button.dataset.saved : button.dataset.unsaved;
}
