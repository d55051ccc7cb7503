// Bell of the head: how many notifications are unread. Pages are the same for everybody, so a script asks; only in a browser in which somebody has signed in, voted or written before (it has the CSRF cookie).
import { get } from "./api.js";
import { one } from "./page.js";

const MANY = 100;

export function ring(unread) {
  const bell = one("[data-bell]");
  if (!bell) return;
  const text = unread >= MANY ? `${MANY - 1}+` : String(unread);
  const badge = one("[data-bell-count]", bell);
  badge.textContent = text;
  badge.hidden = !unread;
  const label = unread ? bell.dataset.unread.replace("%(n)s", text) : bell.dataset.none;
  bell.setAttribute("aria-label", label);
  bell.hidden = false;
}

async function look() {
  try {
    const { signed_in: signedIn, unread } = await get("/api/v1/me/notifications/unread/");
    if (signedIn) ring(unread);
  } catch {
    // The page reads well without.
  }
}

if (/(?:^|;\s*)csrftoken=/.test(document.cookie)) look();
