// Find and replace in the body: an extension of the rich-text editor (desk/admin/story/story_editor.py).
//
// Matches the text of one paragraph, heading or caption at a time, across its formatting, never markup; case is
// ignored. A replacement keeps the formatting, and undo takes "replace all" back in one step.
import { Extension, Plugin, isMacOS, pm } from "django-prose-editor/editor";
import { translate } from "./translate.js";

const { PluginKey, TextSelection } = pm.state;
const { Decoration, DecorationSet } = pm.view;
const key = new PluginKey("find");
const MAX_MARKED = 1000; // decorations; all matches are counted and replaced
const NO_TEXT = "\ufffc"; // stands for a photo or a line break, which have the length 1
const filled = (text, values) => translate(text).replace(/%\((\w+)\)s/g, (_, name) => values[name]);

function patternOf(query) {
  const escaped = query.normalize("NFC").replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/[ \u00a0]/g, "[ \\u00a0]");
  return new RegExp(escaped, "giu");
}

export function findMatches(doc, query) {
  const found = [];
  if (!query) return found;
  const pattern = patternOf(query);
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, null, NO_TEXT);
    for (const match of text.matchAll(pattern)) {
      const from = at + 1 + match.index;
      found.push({ from, to: from + match[0].length });
    }
    return false;
  });
  return found;
}

// -- state: the query, its matches, and which of them is the current one -------------------------------

const finder = () => new Plugin({
  key,
  state: {
    init: () => ({ query: "", matches: [], current: -1 }),
    apply(transaction, before) {
      const asked = transaction.getMeta(key) || {}, query = asked.query ?? before.query;
      if (!transaction.docChanged && !transaction.getMeta(key)) return before;
      const matches = transaction.docChanged || query !== before.query ? findMatches(transaction.doc, query) : before.matches;
      const current = asked.current ?? before.current;
      return { query, matches, current: Math.min(current, matches.length - 1) };
    },
  },
  props: {
    decorations(state) {
      const { matches, current } = key.getState(state);
      const first = Math.max(0, Math.min(current - MAX_MARKED / 2, matches.length - MAX_MARKED));
      return DecorationSet.create(state.doc, matches.slice(first, first + MAX_MARKED).map(({ from, to }, n) => (
        Decoration.inline(from, to, { class: first + n === current ? "found current" : "found" })
      )));
    },
  },
});

// Replaces these matches, the last first, so that the positions of the others stay right.
function replaced(state, matches, replacement) {
  const transaction = pm.history.closeHistory(state.tr);
  for (const { from, to } of [...matches].reverse()) {
    if (replacement) transaction.insertText(replacement, from, to);
    else transaction.delete(from, to); // insertText would delete a paragraph that it empties
  }
  return transaction;
}

// -- the bar --------------------------------------------------------------------------------------------

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

class FindBar {
  constructor(editor) {
    this.editor = editor;
    this.query = element("input", { type: "text", lang: "ko", autocomplete: "off", spellcheck: "false" });
    this.replacement = this.query.cloneNode();
    this.status = element("span", { role: "status", class: "find-status" });
    const button = (text, act, title = "", more = "") => {
      const named = title && { title: translate(title), "aria-label": translate(title) };
      const made = element("button", { type: "button", class: `press ${more}`, ...named }, text);
      made.addEventListener("click", act);
      return made;
    };
    const row = (...children) => element("div", { class: "find-row" }, ...children);
    const labelled = (text, input) => element("label", {}, element("span", {}, translate(text)), input);
    this.dom = element("div", { class: "find-bar", role: "search", "aria-label": translate("Find and replace"), hidden: "" },
      row(labelled("Find what", this.query),
        button("↑", () => this.step(-1), "Previous match"), button("↓", () => this.step(1), "Next match"),
        this.status, button("×", () => this.close(), "Close", "find-close")),
      row(labelled("Replace with", this.replacement),
        button(translate("Replace"), () => this.replaceCurrent()), button(translate("Replace all"), () => this.replaceAll())));
    // The form, which the bar stands in, takes no notice of what is typed here.
    for (const name of ["input", "change"]) this.dom.addEventListener(name, (event) => event.stopPropagation());
    this.query.addEventListener("input", () => this.search());
    this.dom.addEventListener("keydown", (event) => this.onKey(event));
    editor.on("update", () => { if (!this.dom.hidden) this.tell(); });
  }

  get state() { return key.getState(this.editor.state); }

  onKey(event) {
    if (event.isComposing) return; // Enter and Escape belong to the input method
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target === this.query) this.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" && event.target === this.replacement) this.replaceCurrent();
    else return;
    event.preventDefault();
  }

  open() {
    const { from, to } = this.editor.state.selection, selected = this.editor.state.doc.textBetween(from, to, "\n", NO_TEXT);
    this.editor.view.dom.before(this.dom); // after the menu, which is made later than the bar
    this.dom.hidden = false;
    const menu = this.dom.previousElementSibling;
    if (menu && getComputedStyle(menu).position === "sticky") this.dom.style.top = `${menu.offsetHeight}px`;
    if (selected && !/[\n\ufffc]/.test(selected) && selected.length < 100) this.query.value = selected;
    this.search();
    this.query.focus();
    this.query.select();
  }

  close() {
    this.dom.hidden = true;
    const { matches, current } = this.state, match = matches[current];
    const transaction = this.editor.state.tr.setMeta(key, { query: "", current: -1 });
    if (match) transaction.setSelection(TextSelection.create(transaction.doc, match.from, match.to));
    this.editor.view.dispatch(transaction);
    this.editor.view.focus();
  }

  // From the cursor on, as typing goes on at the same place.
  search() {
    const query = this.query.value, { from } = this.editor.state.selection;
    const matches = findMatches(this.editor.state.doc, query);
    const next = matches.findIndex((match) => match.from >= from);
    this.show({ query, current: matches.length ? Math.max(next, 0) : -1 });
  }

  step(by) {
    const { matches, current } = this.state;
    if (matches.length) this.show({ current: (current + by + matches.length) % matches.length });
  }

  show(change) {
    this.editor.view.dispatch(this.editor.state.tr.setMeta(key, change));
    this.tell();
    const marked = this.editor.view.dom.querySelector(".found.current");
    if (marked) marked.scrollIntoView({ block: "center" });
  }

  tell(sentence = "") {
    const { query, matches, current } = this.state;
    const place = filled("%(current)s of %(count)s", { current: current + 1, count: matches.length });
    this.status.textContent = sentence || (!query ? "" : matches.length ? place : translate("Nothing found"));
  }

  replaceCurrent() {
    const { matches, current } = this.state, match = matches[current], replacement = this.replacement.value;
    if (!match || !this.editor.isEditable) return;
    const transaction = replaced(this.editor.state, [match], replacement);
    const next = findMatches(transaction.doc, this.state.query).findIndex(({ from }) => from >= match.from + replacement.length);
    this.editor.view.dispatch(transaction);
    this.show({ current: this.state.matches.length ? Math.max(next, 0) : -1 });
  }

  replaceAll() {
    const { matches } = this.state;
    if (!matches.length || !this.editor.isEditable) return;
    this.editor.view.dispatch(replaced(this.editor.state, matches, this.replacement.value));
    this.tell(filled("%(count)s replaced", { count: matches.length }));
  }
}

export const FindReplace = Extension.create({
  name: "findReplace",

  addProseMirrorPlugins: () => [finder()],

  onCreate({ editor }) { this.storage.bar = new FindBar(editor); },

  addCommands() {
    return { findAndReplace: () => () => { this.storage.bar.open(); return true; } };
  },

  // The browser keeps its own search, Ctrl+F. On a Mac, Control+H deletes backwards.
  addKeyboardShortcuts() {
    return { [isMacOS() ? "Mod-Alt-f" : "Ctrl-h"]: () => this.editor.commands.findAndReplace() };
  },

  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "findReplace",
      groups: "utility",
      button: buttons.material("find_replace", "Find and replace"),
      command(editor) { editor.commands.findAndReplace(); },
    });
  },
});
