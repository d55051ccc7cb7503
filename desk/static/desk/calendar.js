// Calendar: a scheduled story is moved by dragging it to a day (or an hour), or with its button.
// Both ask for the time in a dialog, which posts to the move page; without this script the button opens it.
"use strict";
{
  const root = document.querySelector(".desk-calendar");
  const dialog = document.getElementById("move-dialog");
  const status = document.getElementById("calendar-status");
  const DATE_CHARS = 10; // of YYYY-MM-DDTHH:MM
  let dragged = null;

  function ask(entry, at) {
    const { move, guard, title, kind } = entry.dataset;
    const form = dialog.querySelector("form");
    form.action = move;
    form.elements.at.value = at;
    form.elements.guard.value = guard;
    dialog.querySelector(".move-story").textContent = title;
    dialog.querySelector(".move-from").textContent = entry.dataset.at.replace("T", " ");
    dialog.querySelector(".move-together").hidden = kind !== "bundle";
    dialog.showModal();
    form.elements.at.dispatchEvent(new Event("input")); // zone.js says the time elsewhere
    form.elements.at.focus();
  }

  // The time of an entry on another day, and at another hour where the place is one.
  function timeAt(entry, place) {
    const time = entry.dataset.at.slice(DATE_CHARS);
    const { date, hour } = place.dataset;
    return date + (hour === undefined ? time : `T${hour}${time.slice(3)}`);
  }

  function placeOf(event) {
    return dragged && event.target.closest ? event.target.closest("[data-date]") : null;
  }

  function mark(place) {
    for (const marked of root.querySelectorAll(".drop")) marked.classList.toggle("drop", marked === place);
    if (place) place.classList.add("drop");
  }

  if (root && dialog) {
    root.addEventListener("click", (event) => {
      const button = event.target.closest(".entry-move");
      if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const entry = button.closest(".entry");
      ask(entry, entry.dataset.at);
    });
    root.addEventListener("dragstart", (event) => {
      dragged = event.target.closest("[data-move]");
      if (!dragged) return;
      dragged.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", dragged.dataset.title);
    });
    root.addEventListener("dragover", (event) => {
      const place = placeOf(event);
      if (!place) return;
      event.preventDefault();
      const isPast = place.dataset.past !== undefined;
      event.dataTransfer.dropEffect = isPast ? "none" : "move";
      mark(isPast ? null : place);
    });
    root.addEventListener("drop", (event) => {
      const place = placeOf(event);
      if (!place) return;
      event.preventDefault();
      const at = timeAt(dragged, place);
      if (place.dataset.past !== undefined) status.textContent = status.dataset.past;
      else if (at !== dragged.dataset.at) ask(dragged, at);
    });
    root.addEventListener("dragend", () => {
      if (dragged) dragged.classList.remove("dragged");
      dragged = null;
      mark(null);
    });
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.querySelector("form").addEventListener("submit", (event) => {
      // One press is one move.
      if (event.target.dataset.sent) event.preventDefault();
      event.target.dataset.sent = "1";
    });
  }
}
