// My page: saved articles, own comments, nickname, sign out, account settings.
import { ignoredRow, showClosing, showConsents, showSessions } from "./account_settings.js";
import { call, get, sitePath, signOut, whoami } from "./api.js";
import { notificationPreferences } from "./notification_preferences.js";
import { offerProcedure, showSanctions } from "./procedures.js";
import { moment, one, onSubmit, showMessage, setMoment, runAction } from "./page.js";
import { row, tellIfEmpty } from "./rows.js";

const messageElement = one("[data-page-says]");
const labels = one("[data-words]").dataset;

function link(item, article) {
  const anchor = one("[data-link]", item);
  anchor.href = sitePath(article.url);
  anchor.textContent = article.headline;
}

function savedRow(card, list) {
  const item = row("save-row", list);
  link(item, card);
  one("[data-at]", item).textContent = moment(card.published_at);
  const remove = one("[data-remove]", item);
  remove.addEventListener("click", () =>
    runAction(remove, messageElement, async () => {
      await call("DELETE", `/api/v1/articles/${encodeURIComponent(card.slug)}/save/`);
      item.remove();
      tellIfEmpty("saves");
    }),
  );
}

function commentRow(comment, list) {
  const item = row("said-row", list);
  one("[data-text]", item).textContent = comment.text;
  setMoment(one("[data-at]", item), comment.created_at);
  one("[data-state]", item).textContent = labels[comment.state] ?? "";
  const why = one("[data-why]", item);
  why.textContent = comment.moderation?.message ?? "";
  why.hidden = !comment.moderation;
  if (comment.article) link(item, comment.article);
  offerProcedure(item, comment);
}

// Paginated list: its button loads the next page.
async function fill(name, address, show) {
  const list = one(`[data-${name}]`);
  const more = one(`[data-more-${name}]`);
  const read = (from) =>
    runAction(more, messageElement, async () => {
      const page = await get(from);
      for (const thing of page.results) show(thing, list);
      more.hidden = !page.next;
      more.dataset.next = page.next ?? "";
      tellIfEmpty(name);
    });
  more.addEventListener("click", () => read(more.dataset.next));
  await read(address);
}

onSubmit(one("[data-nickname]"), async ({ nickname }, form) => {
  const me = await call("PATCH", "/api/v1/me/", { nickname });
  form.elements.nickname.value = me.nickname;
  showMessage(one("[data-says]", form), form.dataset.done, "good");
});

// Confirming the address: send a code, then type it.
onSubmit(one("[data-send-code]"), async (_data, form) => {
  await call("POST", "/api/v1/me/email/code/");
  showMessage(one("[data-says]", form), form.dataset.done, "good");
  const confirm = one("[data-confirm-code]");
  confirm.hidden = false;
  confirm.elements.code.focus();
});

onSubmit(one("[data-confirm-code]"), async ({ code }, form) => {
  await call("POST", "/api/v1/me/email/confirm/", { code: code.replaceAll(" ", "") });
  one("[data-unconfirmed]").hidden = true;
  showMessage(messageElement, form.dataset.done, "good");
});

onSubmit(one("[data-end-sessions]"), async (_data, form) => {
  await call("DELETE", "/api/v1/me/sessions/");
  await showSessions();
  showMessage(one("[data-says]", form), form.dataset.done, "good");
});

onSubmit(one("[data-close]"), async (_data, form) => {
  showClosing(await call("PUT", "/api/v1/me/closing/"));
  form.reset();
  one("[data-keep] button").focus();
});

one("[data-sign-out]").addEventListener("click", (event) =>
  runAction(event.target, messageElement, async () => {
    await signOut();
    location.assign("/");
  }),
);

await runAction(null, messageElement, async () => {
  const email = await whoami();
  one("[data-signed-out]").hidden = Boolean(email);
  if (!email) return;
  const me = await get("/api/v1/me/");
  one("[data-email]").textContent = email;
  one("[name=nickname]").value = me.nickname;
  one("[data-unconfirmed]").hidden = me.email_confirmed;
  showClosing(me);
  one("[data-signed-in]").hidden = false;
  await Promise.all([
    showSanctions(),
    fill("saves", "/api/v1/me/saves/", savedRow),
    fill("said", "/api/v1/me/comments/", commentRow),
    fill("ignored", "/api/v1/me/ignored/", ignoredRow),
    showSessions(),
    showConsents(),
    notificationPreferences(one("[data-notification-preferences]")),
  ]);
});
