// Paste normalizer: the clipboard's HTML as the semantic HTML of a story, before the editor parses it.
//
// The same mapping as newsroom/text/html_normalizer on the server. Style attributes are renamed before anything
// parses them: the page's Content-Security-Policy blocks inline styles, in detached documents as well.
import { Extension, Plugin, extensions, pm } from "django-prose-editor/editor";
import { findEmbed } from "./embed_addresses.js";

const MARKS = ["small", "strong", "em", "s", "u", "sub", "sup", "code"];
const MARK_OF = {
  b: "strong", strong: "strong", dt: "strong", summary: "strong", i: "em", em: "em", cite: "em", var: "em", dfn: "em",
  s: "s", strike: "s", del: "s", u: "u", sub: "sub", sup: "sup", code: "code", kbd: "code", samp: "code", tt: "code",
  small: "small", // of a caption: the credit of its photo
};
const words = (text) => new Set(text.split(" "));
const REMOVED = words(
  "script style template noscript title head meta link base iframe frame frameset noframes object embed applet param " +
  "noembed audio video source track svg math canvas map area input button select option optgroup datalist textarea " +
  "progress meter output rp"
);
const UNNAMED = words("head meta title base source track param option optgroup rp style link");
const BORDERS = words(
  "div section article aside header footer main nav address center form fieldset legend details summary hgroup search " +
  "dialog dl dt dd body thead tbody tfoot colgroup p"
);
const OUR_PHOTO = /^\/(?:media|desk)\/photos\/[\w-]{8,24}\/\d+\.[a-z]+$/;
const BULLETS = "·•◦▪▫■□●○◆◇▶▷►➢➤✓✔❖∙‣⁃∎※§o*\uf0b7\uf0a7\uf0d8\uf0fc–—\\-";
const HANGUL = "가나다라마바사아자차카타파하";
const CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";
const MARK = new RegExp(`^\\s*(?:([${BULLETS}])|([${CIRCLED}])|(\\(?)(?:(\\d{1,3})|([${HANGUL}])|([A-Za-z]|[ivxIVX]{2,6}))([.)]))`);
const NUMBER = `[${CIRCLED}]|\\(?(?:\\d{1,3}|[${HANGUL}]|[A-Za-z]|[ivxIVX]{2,6})[.)]`;
const SPACED_MARKS = new RegExp(
  `^\\s*(?:[${BULLETS}](?=[ \\t]*[\\u00a0\\t])\\s+|(?:${NUMBER})(?:(?= *\\u00a0)[ \\u00a0]\\s+|[ \\u00a0]*\\t\\s*))+(?=\\S)`
);
const LISTED_MARK = new RegExp(`^\\s*(?:[${BULLETS}]|${NUMBER})\\s+(?=\\S)`);
const INVISIBLE = /[\u00ad\u034f\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff]|\u{e0001}/gu;
const BREAK = "\n";

// -- reading ------------------------------------------------------------------------------------

function declarations(style) {
  const found = {};
  for (const part of style.toLowerCase().split(";")) {
    const [name, ...value] = part.split(":");
    if (value.length) found[name.trim()] = value.join(":").replace("!important", "").trim();
  }
  return found;
}

function withStyle(marks, css, tag, link) {
  const found = new Set(marks);
  const set = (mark, on, off) => { if (on) found.add(mark); else if (off) found.delete(mark); };
  const weight = css["font-weight"] || "", number = /^\d{1,4}$/.test(weight) ? Number(weight) : null;
  if (weight && !tag.startsWith("h")) {
    set("strong", /^bold(er)?$/.test(weight) || number >= 600, /^(normal|lighter)$/.test(weight) || (number !== null && number < 600));
  }
  set("em", /^(italic|oblique)/.test(css["font-style"] || ""), css["font-style"] === "normal");
  const line = `${css["text-decoration"] || ""} ${css["text-decoration-line"] || ""}`;
  set("s", line.includes("line-through"));
  set("u", line.includes("underline") && !link, tag === "u" && line.includes("none"));
  set("sub", css["vertical-align"] === "sub");
  set("sup", css["vertical-align"] === "super");
  return found;
}

const block = (tag, more = {}) => ({ tag, children: [], runs: [], mark: "", level: 0, ...more });

// h1 to h6: by name, by ARIA, by Word's outline level, as Word's title.
function headingOf(node, tag) {
  if (/^h[1-6]$/.test(tag)) return tag;
  if (!/^(p|div)$/.test(tag)) return "";
  let level = declarations(node.getAttribute("data-style") || "")["mso-outline-level"] || "";
  if (node.getAttribute("role") === "heading") level = node.getAttribute("aria-level") || "2";
  else if (!level && node.classList.contains("MsoTitle")) level = "1";
  return /^[1-6]$/.test(level) ? `h${level}` : "";
}

class Reader {
  constructor(providers) {
    this.root = block("body");
    this.providers = providers;
    this.dropped = new Set();
    this.open = [this.root];
    this.text = null;
    this.level = 0;
  }

  get top() { return this.open[this.open.length - 1]; }

  // Where a block may stand: of a list in an item, of a row in a cell.
  place() {
    const inner = { ul: "li", ol: "li", tr: "td", table: "caption" }[this.top.tag];
    if (inner) this.push(inner);
    return this.top;
  }

  push(tag, more) {
    const made = block(tag, more);
    this.top.children.push(made);
    this.open.push(made);
    return made;
  }

  border(context) {
    if (context.pre && this.text) this.text.runs.push({ text: BREAK, marks: new Set() });
    else this.text = null;
  }

  write(text, context) {
    if (!context.pre) text = text.replace(/[\n\r\f\v\u2028\u2029]/g, " ");
    if (!text || (!this.text && !/\S/.test(text))) return;
    if (!this.text) {
      this.text = block(context.tag, { level: context.tag === "p" ? this.level : 0 });
      this.place().children.push(this.text);
    }
    if (context.ignored && this.text.tag === "p") this.text.mark += text;
    else this.text.runs.push({ text, marks: context.marks, link: context.link });
  }

  read(node, context) {
    if (node.nodeType === Node.TEXT_NODE) { this.write(node.data, context); return; }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const tag = node.localName;
    if (REMOVED.has(tag)) {
      if (!UNNAMED.has(tag)) this.dropped.add(tag);
    } else if (tag === "br") {
      if (this.text) this.text.runs.push({ text: BREAK, marks: context.marks, link: context.link });
    } else if (tag === "hr") {
      this.text = null;
      this.place().children.push(block("hr"));
    } else if (tag === "img") this.readImage(node);
    else if (tag === "aside" && node.hasAttribute("data-related")) {
      this.text = null;
      this.root.children.push(block("aside", { attributes: { "data-related": node.getAttribute("data-related") }, leaf: true }));
    }
    else this.readElement(node, tag, context);
  }

  readImage(node) {
    const source = (node.getAttribute("src") || "").replace(location.origin, "");
    if (!OUR_PHOTO.test(source)) { this.dropped.add("img"); return; }
    this.text = null;
    const alt = node.getAttribute("alt");
    this.place().children.push(block("img", { attributes: { src: source, ...(alt === null ? {} : { alt }) } }));
  }

  readElement(node, tag, outer) {
    const context = { ...outer }, depth = this.open.length;
    const isBlock = BORDERS.has(tag) || /^(h[1-6]|pre|listing|xmp|ul|ol|menu|dir|li|table|caption|tr|td|th|blockquote|figure|figcaption)$/.test(tag);
    if (isBlock) this.border(context);
    const around = { q: "“”", rt: "()" }[tag];
    if (around) this.write(around[0], context);
    if (tag === "a") context.link = this.linkOf(node) || context.link;
    if (MARK_OF[tag]) context.marks = new Set([...context.marks, MARK_OF[tag]]);
    const style = node.getAttribute("data-style");
    if (style) {
      const css = declarations(style), list = css["mso-list"] || "";
      context.marks = withStyle(context.marks, css, tag, context.link);
      if (list === "ignore") context.ignored = true;
      const level = Number((/\blevel([1-9])/.exec(list) || [])[1] || 0);
      if (level) {
        if (this.text && this.text.tag === "p" && !isBlock) this.text.level ||= level;
        this.level = level;
      }
    }
    if (isBlock) this.openBlock(node, tag, context);
    for (const child of node.childNodes) this.read(child, context);
    if (around) this.write(around[1], context);
    if (isBlock) {
      this.border(context);
      if (context.pre && !outer.pre) this.text = null;
      this.open.length = Math.min(this.open.length, depth);
      this.level = 0;
    }
  }

  openBlock(node, tag, context) {
    const attributes = {};
    for (const name of ["colspan", "rowspan", "start"]) if (node.hasAttribute(name)) attributes[name] = node.getAttribute(name);
    const heading = headingOf(node, tag);
    if (heading) context.tag = heading;
    else if (/^(pre|listing|xmp)$/.test(tag)) { context.tag = "pre"; context.pre = true; }
    else if (/^(ul|ol|menu|dir)$/.test(tag)) {
      if (/^[uo]l$/.test(this.top.tag) && this.top.children.length) this.open.push(this.top.children[this.top.children.length - 1]);
      this.place();
      this.push(tag === "ol" ? "ol" : "ul", { attributes: tag === "ol" && attributes.start ? { start: attributes.start } : {} });
      context.tag = "p";
    } else if (tag === "li") {
      if (!/^[uo]l$/.test(this.top.tag)) {
        const before = this.top.children[this.top.children.length - 1];
        if (before && before.implied) this.open.push(before);
        else this.push("ul", { implied: true });
      }
      this.push("li");
      context.tag = "p";
    } else if (tag === "figcaption" && this.open.some((open) => open.tag === "figure")) context.tag = "figcaption";
    else if (/^(blockquote|figure|table)$/.test(tag) || (tag === "aside" && this.top === this.root && node.classList.contains("fact-box"))) {
      const kind = {}, embed = node.getAttribute("data-embed");
      if (tag === "aside") kind.class = "fact-box";
      if (tag === "blockquote" && node.classList.contains("pull-quote")) kind.class = "pull-quote";
      if (tag === "figure" && embed && findEmbed(this.providers, embed)) kind["data-embed"] = embed;
      else if (embed !== null) this.dropped.add("figure[data-embed]");
      this.place();
      this.push(tag, { role: node.getAttribute("role"), attributes: kind });
      if (tag !== "figure") context.tag = "p";
    } else if ((/^(tr|caption)$/.test(tag) && this.top.tag === "table") || (/^t[dh]$/.test(tag) && this.top.tag === "tr")) {
      this.push(tag, { attributes });
      context.tag = "p";
    }
  }

  linkOf(node) {
    const href = (node.getAttribute("href") || "").replace(/[\t\r\n]/g, "").trim();
    const scheme = /^([^/?#]*?):/.exec(href);
    if (scheme && !/^(https?|mailto|tel)$/i.test(scheme[1])) { this.dropped.add("a[href]"); return null; }
    return href;
  }
}

// -- tidying -------------------------------------------------------------------------------------

// Without the mark of a credit, which only a caption has.
const withoutCredit = (runs) => runs.map((run) => ({ ...run, marks: new Set([...run.marks].filter((mark) => mark !== "small")) }));
const textOf = (runs) => runs.map((run) => run.text).join("");
const isBlank = (text) => !/[^\s\u115f\u1160\u2800\u3164\uffa0]/.test(text.replace(INVISIBLE, ""));

function paragraphs(runs) {
  const found = [[]];
  let line = [], before = null;
  for (const run of [...runs, { text: BREAK, marks: new Set() }]) {
    if (run.text !== BREAK) { line.push(run); continue; }
    const last = found[found.length - 1];
    if (isBlank(textOf(line))) {
      if (last.length) found.push([]);
    } else {
      if (last.length && before) last.push(before);
      last.push(...line);
    }
    line = []; before = run;
  }
  return found.filter((runs) => runs.length);
}

function takeMark(own) {
  const line = textOf(own.runs.slice(0, own.runs.findIndex((run) => run.text === BREAK) + 1 || undefined));
  let start = 0;
  for (const pattern of own.level && !own.mark ? [LISTED_MARK, SPACED_MARKS] : [SPACED_MARKS]) {
    const found = pattern.exec(line.slice(start));
    if (!found) continue;
    own.mark ||= found[0].trim();
    start += found[0].length;
  }
  while (start && own.runs.length) {
    const [first] = own.runs, length = first.text.length;
    own.runs[0] = { ...first, text: first.text.slice(start) };
    if (length <= start) own.runs.shift();
    start -= Math.min(length, start);
  }
}

function tidyText(given) {
  if (given.tag === "pre") return isBlank(textOf(given.runs)) ? [] : [given];
  if (given.mark && !MARK.test(given.mark)) {
    given.runs.unshift({ text: given.mark, marks: new Set() });
    given.mark = ""; given.level = 0;
  }
  if (given.tag !== "figcaption") given.runs = withoutCredit(given.runs);
  const parts = paragraphs(given.runs);
  if (given.tag !== "p") {
    given.runs = parts.flatMap((runs, n) => [...(n ? [{ text: BREAK, marks: new Set() }] : []), ...runs]);
    return given.runs.length ? [given] : [];
  }
  return parts.map((runs, n) => {
    const own = block("p", { runs, mark: n ? "" : given.mark, level: n ? 0 : given.level });
    takeMark(own);
    return own;
  });
}

function lists(items) {
  const roots = [], open = [], kinds = [];
  for (const item of items) {
    const [, bullet, circled, opens, number, hangul, , closes] = MARK.exec(item.mark) || [];
    const kind = bullet || (circled ? "circled" : `${opens}${number ? 1 : hangul ? "가" : "a"}${closes}`);
    const tag = item.mark && !bullet ? "ol" : "ul";
    const start = circled ? CIRCLED.indexOf(circled) + 1 : hangul ? HANGUL.indexOf(hangul) + 1 : Number(number || 1);
    if (kinds.includes(kind)) kinds.length = kinds.indexOf(kind) + 1;
    else if (!item.level) kinds.push(kind);
    const level = item.level || kinds.length;
    while (open.length && open[open.length - 1].level > level) open.pop();
    if (open.length && open[open.length - 1].level === level && open[open.length - 1].list.tag !== tag) open.pop();
    if (!open.length || open[open.length - 1].level < level) {
      const list = block(tag, { attributes: tag === "ol" && start > 1 ? { start } : {} });
      const parent = open.length ? open[open.length - 1].list.children : null;
      (parent ? parent[parent.length - 1].children : roots).push(list);
      open.push({ level, list });
    }
    item.mark = ""; item.level = 0;
    open[open.length - 1].list.children.push(block("li", { children: [item] }));
  }
  return roots;
}

function tidyTable(table) {
  const rows = table.children.filter((row) => row.tag === "tr" && row.children.length);
  const cells = rows.flatMap((row) => row.children);
  const captions = table.children.filter((part) => part.tag === "caption").flatMap((part) => part.children);
  const filled = rows.map((row) => row.children.filter((cell) => cell.children.length).length);
  const layout = /^(presentation|none)$/.test(table.role || "") ||
    cells.some((cell) => cell.children.some((child) => /^(table|hr)$/.test(child.tag))) ||
    (!cells.some((cell) => cell.tag === "th") && (rows.length < 2 || Math.max(0, ...filled) < 2));
  if (layout) return [...captions, ...cells.flatMap((cell) => cell.children)];
  table.children = rows;
  return [...captions, table];
}

function tidyFigure({ children, attributes }) {
  const isEmbed = Boolean(attributes && attributes["data-embed"]);
  const images = children.filter((child) => child.tag === "img");
  const captions = children.filter((child) => child.tag === "figcaption");
  if (!images.length && !isEmbed) {
    for (const caption of captions) { caption.tag = "p"; caption.runs = withoutCredit(caption.runs); }
    return children;
  }
  const rest = children.filter((child) => !/^(img|figcaption)$/.test(child.tag));
  if (isEmbed) return [block("figure", { attributes, children: captions.slice(0, 1) }), ...images, ...rest];
  return [...images.slice(0, -1), block("figure", { children: [images[images.length - 1], ...captions.slice(0, 1)] }), ...rest];
}

function tidy(blocks, parent) {
  const found = [];
  for (const own of blocks) {
    if (/^(p|pre|figcaption|h[1-6])$/.test(own.tag)) found.push(...tidyText(own));
    else if (own.leaf || /^(img|hr)$/.test(own.tag)) found.push(own);
    else {
      own.children = tidy(own.children, own.tag);
      if (own.tag === "table") found.push(...tidyTable(own));
      else if (own.tag === "figure") found.push(...tidyFigure(own));
      else if (own.children.length || /^t[dh]$/.test(own.tag)) found.push(own);
    }
  }
  if (/^(ul|ol|table|tr)$/.test(parent)) return found;
  if (/^(li|td|th)$/.test(parent)) {
    for (const own of found) {
      if (!/^h[1-6]$/.test(own.tag)) continue;
      own.tag = "p";
      own.runs = own.runs.map((run) => ({ ...run, marks: new Set([...run.marks, "strong"]) }));
    }
  }
  if (parent === "li" && found.length) { found[0].mark = ""; found[0].level = 0; }
  const grouped = [];
  let items = [];
  for (const own of [...found, null]) {
    if (own && (own.mark || own.level)) { items.push(own); continue; }
    grouped.push(...lists(items));
    items = [];
    if (own) grouped.push(own);
  }
  return grouped;
}

// As newsroom/text/html_normalizer/blocks.py does: from 2 on; those of a box are an outline of their own, from 3 on, or from 2
// before any subhead.
function levelHeadings(blocks, outline = [], first = 2) {
  for (const own of blocks) {
    if (own.tag === "aside") { levelHeadings(own.children, [], outline.length ? 3 : 2); continue; }
    if (!/^h[1-6]$/.test(own.tag)) { levelHeadings(own.children, outline, first); continue; }
    const level = Number(own.tag[1]);
    while (outline.length && outline[outline.length - 1] >= level) outline.pop();
    outline.push(level);
    own.tag = `h${Math.min(first + outline.length - 1, 4)}`;
  }
}

// -- writing ---------------------------------------------------------------------------------------

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;").replace(/\u00a0/g, "&nbsp;");

function written(own) {
  const attributes = Object.entries(own.attributes || {}).map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join("");
  if (/^(img|hr)$/.test(own.tag)) return `<${own.tag}${attributes}>`;
  if (own.tag === "pre") return `<pre><code>${escaped(textOf(own.runs))}</code></pre>`;
  const inner = own.runs.map(writtenRun).join("") + own.children.map(written).join("");
  return `<${own.tag}${attributes}>${inner}</${own.tag}>`;
}

function writtenRun(run) {
  let html = run.text === BREAK ? "<br>" : escaped(run.text.replace(INVISIBLE, "").replace(/[ \t\u00a0]{2,}/g, " "));
  for (const mark of MARKS.filter((name) => run.marks.has(name)).reverse()) html = `<${mark}>${html}</${mark}>`;
  return run.link ? `<a href="${escaped(run.link)}">${html}</a>` : html;
}

// With no style that the browser would refuse; also of tags with a stray quote, such as <td title=5" style=…>.
function withoutStyles(html) {
  return html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z](?:[^>=]|=\s*(?:"[^"]*"|'[^']*')|=(?!\s*["']))*>/gi, (tag) => tag.replace(/([\s"'/])style(?=\s*=)/gi, "$1data-style"));
}

// Blocks that keep their kind when they are pasted into a paragraph with text; only then is there a choice,
// and the editor would put their text into that paragraph. A lone heading in the middle of a sentence is
// words of it.
function closedSlice(slice, { selection }) {
  const { $from, $to } = selection, first = slice.content.firstChild;
  const inText = $from.depth === 1 && $from.parent.type.name === "paragraph" && $from.parent.content.size;
  if (!first || !inText || !slice.openStart || !/^(heading|bulletList|orderedList|blockquote|codeBlock)$/.test(first.type.name)) return slice;
  const atStart = !$from.parentOffset, atEnd = $to.parentOffset === $to.parent.content.size;
  if (slice.content.childCount > 1) return new pm.model.Slice(slice.content, 0, atEnd ? slice.openEnd : 0);
  const isWords = first.type.name === "heading" && !atStart && !atEnd;
  return isWords ? slice : new pm.model.Slice(slice.content, 0, 0);
}

// `providers`: of embeds (newsroom/text/embeds.py).
export function normalizePastedHTML(html, providers = []) {
  const safe = withoutStyles(html);
  if (/\sdata-pm-slice=/.test(safe)) return { html: safe, dropped: [], copiedHere: true }; // in an editor like this
  const reader = new Reader(providers);
  const page = new DOMParser().parseFromString(safe, "text/html");
  for (const node of page.body.childNodes) reader.read(node, { marks: new Set(), link: null, tag: "p", pre: false, ignored: false });
  const blocks = tidy(reader.root.children, "body");
  levelHeadings(blocks);
  return { html: blocks.map(written).join(""), dropped: [...reader.dropped].sort() };
}

// -- the editor's extension --------------------------------------------------------------------------

function tell(view, dropped) {
  const editor = view.dom.closest(".prose-editor");
  let says = editor.querySelector(".not-pasted");
  if (!says) {
    says = document.createElement("p");
    says.className = "not-pasted quiet";
    says.setAttribute("role", "status");
    editor.append(says);
  }
  const gettext = window.gettext || ((text) => text);
  says.textContent = dropped.length ? `${gettext("Not pasted:")} ${dropped.join(", ")}` : "";
}

const kept = (name) => ({
  default: null,
  keepOnSplit: false,
  parseHTML: (element) => element.getAttribute(name),
  renderHTML: (attributes) => (attributes[name] ? { [name]: attributes[name] } : {}),
});

export const StoryMarkup = Extension.create({
  name: "storyMarkup",

  // What a program may send and the editor must not lose.
  addGlobalAttributes() {
    return [
      { types: ["paragraph"], attributes: { lang: kept("lang") } },
      { types: ["blockquote"], attributes: { lang: kept("lang"), cite: kept("cite") } },
      { types: ["tableHeader"], attributes: { scope: kept("scope") } },
    ];
  },

  // HTML that a user types in the dialog "edit HTML", too.
  addCommands() {
    const { setContent } = extensions.Commands.config.addCommands();
    return {
      setContent: (content, options) => setContent(typeof content === "string" ? withoutStyles(content) : content, options),
    };
  },

  addProseMirrorPlugins() {
    let copiedHere = false;
    const { providers } = this.editor.extensionManager.extensions.find(({ name }) => name === "embed").options;
    const name = window.gettext ? window.gettext("Body") : "Body";
    return [
      new Plugin({
        props: {
          attributes: { "aria-label": name, "aria-multiline": "true", lang: "ko", spellcheck: "true" },
          transformPastedHTML(html, view) {
            const pasted = normalizePastedHTML(html, providers);
            copiedHere = pasted.copiedHere;
            tell(view, pasted.dropped);
            return pasted.html;
          },
          transformPasted: (slice, view) => (copiedHere ? slice : closedSlice(slice, view.state)),
          transformPastedText: (text) => text.replace(INVISIBLE, ""),
        },
      }),
    ];
  },
});
