// Settings of My page: sessions, ignored readers, consents, closing of the account.
import { call, get } from "./api.js";
import { moment, one, onSubmit, showMessage, setMoment, runAction } from "./page.js";
import { row, tellIfEmpty } from "./rows.js";

const ME = "/api/v1/me";
const messageElement = one("[data-page-says]");
const labels = one("[data-words]").dataset;

// -- Sessions -------------------------------------------------------------------------------------

export async function showSessions() {
  const list = one("[data-sessions]");
  const { sessions } = await get(`${ME}/sessions/`);
  list.replaceChildren();
  sessions.sort((one, other) => other.is_current - one.is_current); // this one first
  for (const session of sessions) sessionRow(session, list);
  one("[data-end-sessions]").hidden = sessions.length < 2;
}

function sessionRow(session, list) {
  const item = row("session-row", list);
  one("[data-device]", item).textContent = session.device;
  one("[data-here]", item).hidden = !session.is_current;
  const signedIn = session.signed_in_at && `${labels.signedInAt} ${moment(session.signed_in_at)}`;
  const used = `${labels.lastUsed} ${moment(session.last_used_at)}`;
  one("[data-times]", item).textContent = [signedIn, used].filter(Boolean).join(" · ");
  const end = one("[data-end]", item);
  end.hidden = session.is_current;
  end.addEventListener("click", () =>
    runAction(end, messageElement, async () => {
      await call("DELETE", `${ME}/sessions/${session.id}/`);
      await showSessions();
    }),
  );
}

// -- Ignored readers ------------------------------------------------------------------------------

export function ignoredRow({ nickname, since }, list) {
  const item = row("ignored-row", list);
  one("[data-name]", item).textContent = nickname;
  setMoment(one("[data-at]", item), since);
  const remove = one("[data-remove]", item);
  remove.addEventListener("click", () =>
    runAction(remove, messageElement, async () => {
      await call("DELETE", `${ME}/ignored/${encodeURIComponent(nickname)}/`);
      item.remove();
      tellIfEmpty("ignored");
    }),
  );
}

// -- Consents -------------------------------------------------------------------------------------

let due = [];

export async function showConsents() {
  const { consents } = await get(`${ME}/consents/`);
  const { needs_consent: isNeeded } = await get(`${ME}/`);
  const list = one("[data-consents]");
  list.replaceChildren();
  for (const consent of consents) consentRow(consent, list);
  due = isNeeded ? consents.filter((consent) => consent.is_due) : [];
  one("[data-consents-due]").hidden = due.length === 0;
  const boxes = one("[data-due]");
  boxes.replaceChildren();
  for (const consent of due) one("[data-label]", row("due-row", boxes)).textContent = consentName(consent);
}

function consentName({ kind, required }) {
  return `${labels[kind]} (${required ? labels.required : labels.optional})`;
}

function consentRow(consent, list) {
  const item = row("consent-row", list);
  const { kind, required: isRequired, version, current_version: current } = consent;
  one("[data-kind]", item).textContent = consentName(consent);
  const isStatement = kind === "age"; // of which there is one version, and nothing to withdraw
  const edition = isStatement ? "" : `, ${labels.version} ${version}`;
  const given = version && moment(consent.given_at) + edition;
  one("[data-state]", item).textContent = given || labels.notGiven;
  const act = (button, work) => {
    button.hidden = false;
    button.addEventListener("click", () =>
      runAction(button, messageElement, async () => {
        await work();
        await showConsents();
      }),
    );
  };
  const address = `${ME}/consents/${kind}/`;
  if (version !== current) act(one("[data-give]", item), () => call("PUT", address, { version: current }));
  if (!version || isStatement) return;
  act(one("[data-withdraw]", item), async () => {
    if (!isRequired || confirm(labels.sureWithdraw)) await call("DELETE", address);
  });
}

onSubmit(one("[data-agree]"), async (_data, form) => {
  for (const { kind, current_version: version } of due) {
    await call("PUT", `${ME}/consents/${kind}/`, { version });
  }
  await showConsents();
  showMessage(messageElement, form.dataset.done, "good");
});

// -- Closing of the account -----------------------------------------------------------------------

export function showClosing({ closing_at: at }) {
  one("[data-closing]").hidden = !at;
  one("[data-close]").hidden = Boolean(at);
  if (at) setMoment(one("[data-closing-at]"), at);
}

onSubmit(one("[data-keep]"), async (_data, form) => {
  showClosing(await call("DELETE", `${ME}/closing/`));
  showMessage(messageElement, form.dataset.done, "good");
});
