// Sanctions, appeals and objections of the reader, on My page.
import { call, get } from "./api.js";
import { one, onSubmit, setMoment } from "./page.js";

const labels = one("[data-procedure-words]").dataset;

function clone(template) {
  return one(`#${template}`).content.firstElementChild.cloneNode(true);
}

function appealText(appeal) {
  return [labels[appeal.state], appeal.answer].filter(Boolean).join(" · ");
}

// A button that opens a form; `send` posts its text and returns what is shown in its place.
function offerForm(item, label, question, send) {
  const open = document.createElement("button");
  open.type = "button";
  open.className = "plain";
  open.textContent = label;
  item.append(open);
  open.addEventListener("click", () => {
    const form = clone("appeal-form");
    one("[data-label]", form).textContent = question;
    one("[data-cancel]", form).addEventListener("click", () => {
      form.replaceWith(open);
      open.focus();
    });
    onSubmit(form, async ({ text }) => {
      const done = document.createElement("p");
      done.className = "notice good";
      done.setAttribute("role", "status");
      done.textContent = await send(text);
      form.replaceWith(done);
    });
    open.replaceWith(form);
    one("textarea", form).focus();
  });
}

function showAppeal(item, appeal) {
  const line = document.createElement("p");
  line.className = "meta";
  line.textContent = appealText(appeal);
  item.append(line);
}

function offerAppeal(item, address) {
  offerForm(item, labels.appeal, labels.why, async (text) =>
    appealText(await call("POST", address, { text })),
  );
}

// What the reader can do about a comment that was hidden or blocked.
export function offerProcedure(item, comment) {
  if (comment.appeal) showAppeal(item, comment.appeal);
  const path = `/api/v1/comments/${comment.id}`;
  if (comment.procedure === "appeal") offerAppeal(item, `${path}/appeal/`);
  if (comment.procedure === "objection") {
    offerForm(item, labels.object, labels.whyBlock, async (text) => {
      await call("POST", `${path}/block-objection/`, { text });
      return labels.objected;
    });
  }
}

function sanctionRow(sanction) {
  const item = clone("sanction-row");
  one("[data-kind]", item).textContent = labels[sanction.kind];
  one("[data-reason]", item).textContent = sanction.reason;
  setMoment(one("[data-at]", item), sanction.starts_at);
  if (sanction.until) {
    const until = document.createElement("span");
    setMoment(until, sanction.until);
    one("[data-until]", item).append("~ ", until);
  }
  const ended = sanction.lifted_at ? labels.lifted : sanction.until ? labels.over : "";
  one("[data-state]", item).textContent = sanction.in_force ? labels.inForce : ended;
  if (sanction.appeal) showAppeal(item, sanction.appeal);
  else if (sanction.in_force || (sanction.kind === "warn" && !sanction.lifted_at))
    offerAppeal(item, `/api/v1/me/sanctions/${sanction.id}/appeal/`);
  return item;
}

export async function showSanctions() {
  const list = one("[data-sanctions]");
  for (let address = "/api/v1/me/sanctions/?page_size=100"; address; ) {
    const page = await get(address);
    list.append(...page.results.map(sanctionRow));
    address = page.next;
  }
  one("[data-sanctions-section]").hidden = !list.children.length;
}
