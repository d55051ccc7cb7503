// Preferences of notifications on My page: each box is stored as it is ticked.
import { call, get } from "./api.js";
import { all, one, runAction, showMessage } from "./page.js";

const ADDRESS = "/api/v1/me/notifications/preferences/";

export async function notificationPreferences(section) {
  const messageElement = one("[data-says]", section);
  const boxes = all("input[data-topic]", section);
  const fill = (choices) => {
    for (const box of boxes) box.checked = choices[box.dataset.topic][box.dataset.way];
  };
  for (const box of boxes) {
    box.addEventListener("change", async () => {
      const wanted = box.checked;
      box.checked = !wanted; // until it is stored
      await runAction(null, messageElement, async () => {
        fill(await call("PATCH", ADDRESS, { [box.dataset.topic]: { [box.dataset.way]: wanted } }));
        showMessage(messageElement, section.dataset.done, "good");
      });
    });
  }
  fill(await get(ADDRESS));
  if (location.hash === "#notification-title") section.scrollIntoView();
}
