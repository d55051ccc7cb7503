// Bell of the head: how many notifications are unread. Pages are the same for everybody, so a script asks; only in a browser in which somebody has signed in, voted or written before (it has the CSRF cookie).
// The API client is loaded only then.
const MANY = 100;

// Shows the bell of a signed-in reader; the unread count.
export async function updateBell() {
  const { get } = await import("./api.js");
  const { signed_in: signedIn, unread, label } = await get("/api/v1/me/notifications/unread/");
  const bell = document.querySelector("[data-bell]");
  const badge = bell.querySelector("[data-bell-count]");
  badge.textContent = unread >= MANY ? `${MANY - 1}+` : unread;
  badge.ariaHidden = "true"; // the label says it
  badge.hidden = !unread;
  bell.querySelector("[data-bell-label]").textContent = label;
  bell.hidden = !signedIn;
  return unread;
}

if (/(?:^|;\s*)csrftoken=/.test(document.cookie)) {
  updateBell().catch(() => {}); // the page reads well without
}
