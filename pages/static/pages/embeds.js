// Click-to-load embeds: another site is asked for nothing before the reader presses the button.
import { all, one } from "./page.js";

const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-presentation";
const ALLOW = "fullscreen; encrypted-media; picture-in-picture";

function frameOf(figure, site) {
  const frame = document.createElement("iframe");
  frame.title = one("figcaption", figure)?.textContent.trim() || site;
  frame.allow = ALLOW;
  frame.setAttribute("sandbox", SANDBOX);
  frame.referrerPolicy = "strict-origin-when-cross-origin"; // some players refuse without it
  frame.src = figure.dataset.frame;
  return frame;
}

for (const figure of all("figure.embed[data-frame]")) {
  const { embedLoad, embedNote } = figure.closest("[data-embed-load]").dataset;
  const site = figure.dataset.name;
  const filled = (text) => text.replaceAll("{site}", site);
  const ask = document.createElement("div"), button = document.createElement("button"), note = document.createElement("p");
  ask.className = "embed-ask";
  button.type = "button";
  button.className = "button";
  button.textContent = filled(embedLoad);
  note.textContent = filled(embedNote);
  ask.append(button, note);
  button.addEventListener("click", () => {
    const frame = frameOf(figure, site);
    ask.replaceWith(frame);
    frame.focus();
  });
  figure.prepend(ask);
}
