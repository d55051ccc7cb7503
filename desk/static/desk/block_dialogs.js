// Dialogs of the blocks of a body: the address of an embed, the title of a fact box, stories of a related box.
//
// They stand outside the form, which takes no notice of what is typed here.
import { translate } from "./translate.js";

const SEARCH_DELAY_MS = 250, MAX_STORIES = 10;
let number = 0; // for the ids of labels

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function field(label, attributes) {
  const id = `block-dialog-${++number}`, input = element("input", { id, lang: "ko", autocomplete: "off", ...attributes });
  return { input, dom: element("div", { class: "prose-editor-dialog-field" }, element("label", { for: id }, translate(label)), input) };
}

// Shows a dialog. `answer()` gives what it resolves to, or a string: why it cannot. null if it is cancelled.
function show(title, children, answer) {
  return new Promise((resolve) => {
    const problem = element("p", { role: "alert", class: "block-problem" });
    const cancel = element("button", { type: "button" }, translate("Cancel"));
    const buttons = element("div", { class: "prose-editor-dialog-buttons" }, element("button", { type: "submit" }, translate("Insert")), cancel);
    const heading = element("h2", { class: "prose-editor-dialog-title", id: `block-dialog-${++number}` }, translate(title));
    const form = element("form", { novalidate: "" }, heading, ...children, problem, buttons);
    const dialog = element("dialog", { class: "prose-editor-dialog block-dialog", "aria-labelledby": heading.id }, form);
    let result = null;
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => { dialog.remove(); resolve(result); });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = answer();
      if (typeof given === "string") { problem.textContent = given; return; }
      result = given;
      dialog.close();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export function askForEmbed(url, { find, names }) {
  const { input, dom } = field("Address of the video or post", { type: "url", value: url, placeholder: "https://" });
  const help = element("p", { class: "quiet" }, `${translate("It can be from:")} ${names.join(", ")}`);
  return show("Embed a video or a post", [dom, help], () => (
    find(input.value) || `${translate("This address cannot be embedded. Give the address of one video or post from:")} ${names.join(", ")}`
  ));
}

export async function askForTitle() {
  const { input, dom } = field("Title of the box", { type: "text", maxlength: "80" });
  const title = await show("Fact box with a title", [dom], () => {
    const text = input.value.trim();
    return text ? { text } : translate("A fact box needs a title.");
  });
  return title && title.text;
}

export function askForStories(given, storiesUrl) {
  const picked = [...given];
  const { input, dom } = field("Find stories", { type: "search" });
  const found = element("ul", { class: "block-stories", "aria-label": translate("Stories found") });
  const chosen = element("ul", { class: "block-stories chosen", "aria-label": translate("Stories in the box") });
  const status = element("p", { role: "status", class: "quiet" });
  const button = (text, act) => {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", act);
    return made;
  };
  const showChosen = () => {
    chosen.replaceChildren(...picked.map((story) => {
      const remove = button("×", () => { picked.splice(picked.indexOf(story), 1); showChosen(); input.focus(); });
      remove.setAttribute("aria-label", `${translate("Take out")}: ${story.headline}`);
      return element("li", {}, element("span", {}, story.headline), remove);
    }));
  };
  const add = (story) => {
    if (picked.length < MAX_STORIES && !picked.some(({ id }) => id === story.id)) picked.push(story);
    showChosen();
    status.textContent = `${translate("In the box:")} ${picked.length}`;
  };
  const work = document.getElementById("unsaved-work"), draft = work ? work.dataset.draft : ""; // "new" before the first save
  let search = 0, asked = 0;
  const look = async () => {
    const turn = ++asked;
    let results = [];
    try {
      const response = await fetch(`${storiesUrl}?${new URLSearchParams({ q: input.value, draft })}`, { headers: { Accept: "application/json" } });
      if (response.ok) ({ results } = await response.json());
    } catch { /* offline: nothing found */ }
    if (turn !== asked) return;
    found.replaceChildren(...results.map((story) => element("li", {}, button(`${story.headline}${story.is_live ? "" : ` (${translate("not published")})`}`, () => add(story)))));
    status.textContent = results.length ? "" : translate("No stories found");
  };
  input.addEventListener("input", () => { clearTimeout(search); search = setTimeout(look, SEARCH_DELAY_MS); });
  input.addEventListener("keydown", (event) => { // looks at once instead of closing the dialog
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    clearTimeout(search);
    look();
  });
  showChosen();
  look();
  return show("Box of related stories", [dom, found, status, element("p", { class: "block-label" }, translate("Stories in the box")), chosen], () => (
    picked.length || given.length ? picked : translate("Choose at least one story.")
  ));
}
