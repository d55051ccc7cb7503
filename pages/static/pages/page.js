// Shared helpers of the page scripts: times, forms, counts, redirects.

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const seoul = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Seoul",
  dateStyle: "short",
  timeStyle: "short",
});

// 2026.11.21 18:00, in Seoul.
export const moment = (iso) => seoul.format(new Date(iso)).replaceAll("-", ".");

export function showMessage(element, text, kind = "") {
  element.classList.toggle("bad", kind === "bad");
  element.classList.toggle("good", kind === "good");
  element.textContent = text;
}

// Adds the time to the element as a <time>; a template cannot hold an empty one, which is invalid HTML. Its machine-readable form has three digits of a second, the most that HTML allows.
export function setMoment(element, iso) {
  const time = document.createElement("time");
  time.dateTime = new Date(iso).toISOString();
  time.textContent = moment(iso);
  element.replaceChildren(time);
}

// Runs `work` with the button disabled meanwhile, and shows the message of a Problem.
export async function runAction(button, messageElement, work) {
  if (button) button.disabled = true;
  showMessage(messageElement, "");
  try {
    return await work();
  } catch (problem) {
    showMessage(messageElement, problem.message, "bad");
    if (!("status" in problem)) throw problem; // a mistake of ours, not a refusal
  } finally {
    if (button) button.disabled = false;
  }
}

export function onSubmit(form, work) {
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = Object.fromEntries(new FormData(form));
    runAction(one("[type=submit]", form), one("[data-says]", form), () => work(data, form));
  });
}

// Updates all elements of the page that show this count.
export function count(name, change) {
  for (const counter of all(`[data-count="${name}"]`)) {
    counter.textContent = Math.max(0, Number(counter.textContent) + change);
  }
}

// Where to redirect after signing in: a path of this site, else My page.
export function wayBack() {
  const next = new URLSearchParams(location.search).get("next") ?? "";
  return /^\/(?![/\\])/.test(next) ? next : "/me/";
}

export const signInAddress = (anchor = "") =>
  `/account/?next=${encodeURIComponent(location.pathname + anchor)}`;
