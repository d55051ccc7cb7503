// Blocks of a body beyond text (docs/body.md): photos with a credit, embeds, pull quotes, fact boxes and
// related boxes, with their buttons. What they store is what newsroom/text/html_normalizer allows.
import { Extension, Figure as BaseFigure, Mark, Node, pm } from "django-prose-editor/editor";
import { askForEmbed, askForStories, askForTitle } from "./block_dialogs.js";
import { findEmbed } from "./embed_addresses.js";
import { translate } from "./translate.js";

const PHOTO_FIELD = "body-photo"; // what the photo library is asked for

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Puts a block behind the one that the cursor is in, or in place of an empty paragraph, and the cursor into the
// text behind it. Where there is none it makes a paragraph. Returns the position of the block.
function placeBlock(editor, block) {
  const { state, view } = editor, { $to } = state.selection, top = $to.depth ? $to.node(1) : null;
  const isEmpty = top && top.type.name === "paragraph" && !top.content.size;
  const to = $to.depth ? $to.after(1) : $to.pos, from = isEmpty ? $to.before(1) : to, next = state.doc.nodeAt(to);
  const node = state.schema.nodeFromJSON(block), paragraph = state.schema.nodes.paragraph;
  const transaction = state.tr.replaceWith(from, to, next && next.isTextblock ? [node] : [node, paragraph.create()]);
  const behind = transaction.doc.resolve(from + node.nodeSize);
  view.dispatch(transaction.setSelection(pm.state.TextSelection.near(behind, 1)).scrollIntoView());
  view.focus();
  return from;
}

// Takes the blocks out of the one of this type that the cursor is in.
function unwrapBlock(editor, type) {
  const { state, view } = editor, { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const node = $from.node(depth);
    if (node.type.name !== type) continue;
    const transaction = state.tr.replaceWith($from.before(depth), $from.after(depth), node.content);
    transaction.setSelection(pm.state.TextSelection.near(transaction.doc.resolve(state.selection.from - 1)));
    view.dispatch(transaction);
    view.focus();
    return;
  }
}

// -- photos ---------------------------------------------------------------------------------------------

let waiting = null; // the editor that asked for a photo

window.addEventListener("message", (event) => {
  const photo = event.origin === location.origin && event.data.photo;
  if (!photo || photo.field !== PHOTO_FIELD || !waiting) return;
  const words = [];
  if (photo.caption) words.push({ type: "text", text: photo.credit ? `${photo.caption} ` : photo.caption });
  if (photo.credit) words.push({ type: "text", text: photo.credit, marks: [{ type: "credit" }] });
  const image = { type: "image", attrs: { src: photo.address, alt: photo.alt } };
  placeBlock(waiting, { type: "figure", content: [image, { type: "caption", content: words }] });
  waiting = null;
});

export const Figure = BaseFigure.extend({
  addMenuItems({ buttons, menu }) {
    const { pickerUrl } = this.options;
    menu.defineItem({
      name: "figure", // in place of the editor's own
      groups: "blocks",
      button: buttons.text(translate("figure"), "figure"),
      active: (editor) => editor.isActive("figure"),
      command(editor) {
        if (editor.isActive("image") || editor.isActive("figure")) { editor.commands.editImage(); return; }
        waiting = editor;
        window.open(`${pickerUrl}${pickerUrl.includes("?") ? "&" : "?"}field=${PHOTO_FIELD}`, "_blank", "width=960,height=720");
      },
    });
  },
});

export const Credit = Mark.create({
  name: "credit",
  parseHTML: () => [{ tag: "small" }],
  renderHTML: () => ["small", 0],

  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "credit",
      groups: "blocks",
      button: buttons.text(translate("Credit"), translate("Credit of the photo, in its caption")),
      active: (editor) => editor.isActive("credit"),
      hidden: (editor) => !editor.isActive("caption"),
      command: (editor) => editor.chain().focus().toggleMark("credit").run(),
    });
  },
});

// -- embeds -----------------------------------------------------------------------------------------------

export const Embed = Node.create({
  name: "embed",
  group: "block",
  content: "caption",
  isolating: true,
  draggable: true,

  addOptions: () => ({ providers: [] }),

  addAttributes: () => ({
    url: {
      default: "",
      parseHTML: (dom) => dom.getAttribute("data-embed"),
      renderHTML: ({ url }) => ({ "data-embed": url }),
    },
  }),

  parseHTML: () => [{ tag: "figure[data-embed]", priority: 60 }],
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes, 0],

  addNodeView() {
    return ({ node }) => {
      const found = findEmbed(this.options.providers, node.attrs.url);
      const head = element("div", { class: "block-head", contenteditable: "false" },
        element("strong", {}, found ? found.name : "?"), ` ${node.attrs.url}`);
      const contentDOM = element("div", { class: "block-caption", "data-hint": translate("Caption of the embed") });
      return { dom: element("figure", { class: "embed-block" }, head, contentDOM), contentDOM };
    };
  },

  addMenuItems({ buttons, menu }) {
    const { providers } = this.options;
    menu.defineItem({
      name: "embed",
      groups: "blocks",
      button: buttons.text(translate("Embed"), translate("Embed: a video or a post")),
      active: (editor) => editor.isActive("embed"),
      async command(editor) {
        const url = editor.isActive("embed") ? editor.getAttributes("embed").url : "";
        const embed = await askForEmbed(url, { find: (text) => findEmbed(providers, text), names: providers.map(({ name }) => name) });
        if (!embed) editor.commands.focus();
        else if (url) editor.chain().focus().updateAttributes("embed", { url: embed.url }).run();
        else placeBlock(editor, { type: "embed", attrs: { url: embed.url }, content: [{ type: "caption" }] });
      },
    });
  },
});

// -- pull quotes and fact boxes -----------------------------------------------------------------------------

export const PullQuote = Extension.create({
  name: "pullQuote",

  addGlobalAttributes: () => [{
    types: ["blockquote"],
    attributes: {
      class: {
        default: null,
        keepOnSplit: false,
        parseHTML: (dom) => (dom.classList.contains("pull-quote") ? "pull-quote" : null),
        renderHTML: (attributes) => (attributes.class ? { class: attributes.class } : {}),
      },
    },
  }],

  addMenuItems({ buttons, menu }) {
    const isOn = (editor) => editor.isActive("blockquote", { class: "pull-quote" });
    menu.defineItem({
      name: "pullQuote",
      groups: "blocks",
      button: buttons.text(translate("Pull quote"), translate("Pull quote: a sentence set large")),
      active: isOn,
      command(editor) {
        const chain = editor.chain().focus();
        if (isOn(editor)) unwrapBlock(editor, "blockquote");
        else (editor.isActive("blockquote") ? chain : chain.wrapIn("blockquote")).updateAttributes("blockquote", { class: "pull-quote" }).run();
      },
    });
  },
});

export const FactBox = Node.create({
  name: "factBox",
  group: "block",
  content: "block+",
  defining: true,

  parseHTML: () => [{ tag: "aside.fact-box" }],
  renderHTML: () => ["aside", { class: "fact-box" }, 0],

  // In the editor no <aside>: it would be a landmark of the admin's page.
  addNodeView() {
    return () => {
      const dom = element("div", { class: "fact-box" });
      return { dom, contentDOM: dom };
    };
  },

  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "factBox",
      groups: "blocks",
      button: buttons.text(translate("Fact box"), translate("Fact box with a title")),
      active: (editor) => editor.isActive("factBox"),
      async command(editor) {
        if (editor.isActive("factBox")) { unwrapBlock(editor, "factBox"); return; }
        const title = await askForTitle();
        if (!title) { editor.commands.focus(); return; }
        const heading = { type: "heading", attrs: { level: 3 }, content: [{ type: "text", text: title }] };
        const at = placeBlock(editor, { type: "factBox", content: [heading, { type: "paragraph" }] });
        editor.commands.focus(at + title.length + 4); // in the paragraph: behind box, heading and title
      },
    });
  },
});

// -- related boxes --------------------------------------------------------------------------------------------

async function editRelatedBox(editor, storiesUrl) {
  const isChange = editor.isActive("relatedBox");
  const { ids, titles } = isChange ? editor.getAttributes("relatedBox") : { ids: [], titles: [] };
  const picked = await askForStories(ids.map((id, n) => ({ id, headline: titles[n] || id })), storiesUrl);
  if (!picked) { editor.commands.focus(); return; }
  const attrs = { ids: picked.map(({ id }) => id), titles: picked.map(({ headline }) => headline) };
  if (isChange && !picked.length) editor.chain().focus().deleteSelection().run();
  else if (isChange) editor.chain().focus().updateAttributes("relatedBox", attrs).run();
  else if (picked.length) placeBlock(editor, { type: "relatedBox", attrs });
}

export const RelatedBox = Node.create({
  name: "relatedBox",
  group: "block",
  atom: true,
  draggable: true,

  addOptions: () => ({ storiesUrl: "" }),

  addAttributes: () => ({
    ids: {
      default: [],
      parseHTML: (dom) => (dom.getAttribute("data-related") || "").split(" ").filter(Boolean),
      renderHTML: ({ ids }) => ({ "data-related": ids.join(" ") }),
    },
    titles: { // for the editor alone: the server stores none
      default: [],
      parseHTML: (dom) => { try { return JSON.parse(dom.getAttribute("data-titles")) || []; } catch { return []; } },
      renderHTML: ({ titles }) => ({ "data-titles": JSON.stringify(titles) }),
    },
  }),

  parseHTML: () => [{ tag: "aside[data-related]", priority: 60 }],
  renderHTML: ({ HTMLAttributes }) => ["aside", { class: "related-box", ...HTMLAttributes }],

  addNodeView() {
    return ({ node, editor, getPos }) => {
      const change = element("button", { type: "button", class: "press" }, translate("Change"));
      change.addEventListener("click", () => {
        editor.commands.setNodeSelection(getPos());
        editRelatedBox(editor, this.options.storiesUrl);
      });
      const { ids, titles } = node.attrs;
      const list = element("ul", {}, ...ids.map((id, n) => element("li", {}, titles[n] || id)));
      const head = element("div", { class: "block-head" }, element("strong", {}, translate("Related stories")), change);
      const dom = element("div", { class: "related-block", contenteditable: "false" }, head, list);
      return { dom, stopEvent: ({ target }) => change.contains(target) };
    };
  },

  addKeyboardShortcuts() {
    return {
      Enter: () => {
        const { node } = this.editor.state.selection;
        if (!node || node.type.name !== "relatedBox") return false;
        editRelatedBox(this.editor, this.options.storiesUrl);
        return true;
      },
    };
  },

  addMenuItems({ buttons, menu }) {
    const { storiesUrl } = this.options;
    menu.defineItem({
      name: "relatedBox",
      groups: "blocks",
      button: buttons.text(translate("Related stories"), translate("Box of related stories")),
      active: (editor) => editor.isActive("relatedBox"),
      command: (editor) => editRelatedBox(editor, storiesUrl),
    });
  },
});
