// Counts under the body: characters, sheets of manuscript paper and reading time, as one types.
//
// Characters are code points (NFC), as the server counts them. A sheet has 200 characters, spaces included;
// 500 characters without spaces are read in a minute.
import { Extension } from "django-prose-editor/editor";
import { translate } from "./translate.js";

const SHEET_CHARACTERS = 200, READ_A_MINUTE = 500;
const SHOW_DELAY_MS = 150, SAY_DELAY_MS = 4000;
const filled = (text, values) => translate(text).replace(/%\((\w+)\)s/g, (_, name) => values[name]);

export function countText(text) {
  const characters = [...text.replace(/\n/g, "").normalize("NFC")];
  const solid = characters.filter((character) => !/\s/.test(character)).length;
  return {
    characters: characters.length,
    solid,
    sheets: Math.ceil((characters.length / SHEET_CHARACTERS) * 10) / 10,
    minutes: Math.ceil(solid / READ_A_MINUTE),
  };
}

function sentenceOf(editor) {
  const { doc } = editor.state, numbers = new Intl.NumberFormat(document.documentElement.lang || "ko");
  const counts = countText(doc.textBetween(0, doc.content.size, "\n", "\n"));
  const shown = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, numbers.format(count)]));
  return filled("%(characters)s characters (%(solid)s without spaces) · %(sheets)s sheets of 200 · %(minutes)s min read", shown);
}

export const TextCount = Extension.create({
  name: "textCount",

  onCreate({ editor }) {
    const line = document.createElement("p"), announced = document.createElement("span");
    line.className = "text-count";
    // Announced when typing has paused, not at every letter.
    announced.className = "visually-hidden";
    announced.setAttribute("role", "status");
    editor.view.dom.after(line, announced);
    let showing = 0, saying = 0;
    const show = () => { line.textContent = sentenceOf(editor); };
    show();
    editor.on("update", () => {
      clearTimeout(showing);
      clearTimeout(saying);
      showing = setTimeout(show, SHOW_DELAY_MS);
      saying = setTimeout(() => { if (editor.isFocused) announced.textContent = sentenceOf(editor); }, SAY_DELAY_MS);
    });
    editor.on("destroy", () => { clearTimeout(showing); clearTimeout(saying); });
  },
});
