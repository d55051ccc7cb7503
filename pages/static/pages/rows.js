// Lists of My page: rows from the templates of the page, and the sentence of an empty list.
import { one } from "./page.js";

export function row(template, list) {
  const item = one(`#${template}`).content.firstElementChild.cloneNode(true);
  list.append(item);
  return item;
}

export function tellIfEmpty(name) {
  one(`[data-no-${name}]`).hidden = one(`[data-${name}]`).children.length > 0;
}
