// Notifications: the list, read and unread.
import { call, get, sitePath, whoami } from "./api.js";
import { updateBell } from "./bell.js";
import { one, runAction, setMoment } from "./page.js";

const ADDRESS = "/api/v1/me/notifications/";
const messageElement = one("[data-page-says]");
const labels = one("[data-words]").dataset;
const list = one("[data-notifications]");
const more = one("[data-more-notifications]");
const readAll = one("[data-read-all]");
let newest = 0;

function setText(selector, item, text) {
  const element = one(selector, item);
  element.textContent = text ?? "";
  element.hidden = !text;
}

function showRead(item, isRead) {
  item.classList.toggle("unread", !isRead);
  one("[data-unread-mark]", item).hidden = isRead;
  one("[data-toggle]", item).textContent = isRead ? labels.unread : labels.read;
  item.dataset.isRead = isRead ? "1" : "";
}

async function mark(item, notification, isRead) {
  await call("PATCH", `${ADDRESS}${notification.id}/`, { is_read: isRead });
  showRead(item, isRead);
  readAll.hidden = !(await updateBell());
}

function row(notification) {
  const item = one("#notification-row").content.firstElementChild.cloneNode(true);
  const link = one("[data-link]", item);
  link.textContent = notification.text;
  if (notification.url) link.href = sitePath(notification.url);
  link.addEventListener("click", (event) => open(event, link, item, notification));
  setText("[data-headline]", item, notification.article?.headline);
  setText("[data-excerpt]", item, notification.excerpt);
  one("[data-message]", item).textContent = notification.message;
  one("[data-message-part]", item).hidden = !notification.message;
  setMoment(one("[data-at]", item), notification.created_at);
  const toggle = one("[data-toggle]", item);
  toggle.addEventListener("click", () =>
    runAction(toggle, messageElement, () => mark(item, notification, !item.dataset.isRead)),
  );
  showRead(item, notification.is_read);
  list.append(item);
}

// A plain click marks as read before it follows the link.
async function open(event, link, item, notification) {
  if (!link.href || event.ctrlKey || event.metaKey || event.shiftKey || item.dataset.isRead) return;
  event.preventDefault();
  try {
    await mark(item, notification, true);
  } finally {
    location.assign(link.href);
  }
}

async function read(address) {
  await runAction(more, messageElement, async () => {
    const page = await get(address);
    for (const notification of page.results) row(notification);
    newest = Math.max(newest, ...page.results.map(({ id }) => id));
    more.hidden = !page.next;
    more.dataset.next = page.next ?? "";
    one("[data-no-notifications]").hidden = list.children.length > 0;
    readAll.hidden = !page.unread;
  });
}

more.addEventListener("click", () => read(more.dataset.next));
readAll.addEventListener("click", () =>
  runAction(readAll, messageElement, async () => {
    await call("POST", `${ADDRESS}read/`, { until: newest });
    for (const item of list.children) showRead(item, true);
    readAll.hidden = !(await updateBell());
  }),
);

await runAction(null, messageElement, async () => {
  const email = await whoami();
  one("[data-signed-out]").hidden = Boolean(email);
  if (!email) return;
  one("[data-signed-in]").hidden = false;
  await read(ADDRESS);
});
