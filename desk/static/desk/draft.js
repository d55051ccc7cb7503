// Story page: character counters, photo chooser, ordered autocomplete, confirmation before leaving.
"use strict";
{
  const form = document.getElementById("draft_form");

  // -- counters ---------------------------------------------------------------------------
  // Counts code points, as the server does, not UTF-16 units.
  const lengthOf = (text) => [...text.normalize("NFC")].length;
  for (const field of document.querySelectorAll(".counted")) {
    const counter = document.createElement("span");
    counter.className = "counter";
    const show = () => {
      const length = lengthOf(field.value), most = field.maxLength;
      counter.textContent = `${length} / ${most}`;
      counter.classList.toggle("nearly", length > most * 0.9);
    };
    field.after(counter);
    field.addEventListener("input", show);
    show();
  }

  // -- the lead photo ---------------------------------------------------------------------
  // The texts of the library are defaults; changed ones are stored with this story.
  const proposeText = (photo) => {
    for (const name of ["alt", "caption", "credit"]) {
      const field = document.getElementById(`id_photo_${name}`);
      if (field) field.value = photo[name] || "";
    }
    const typedFor = document.getElementById("id_photo_text_for");
    if (typedFor) typedFor.value = photo.id || "";
  };
  const showPhoto = (chooser, photo) => {
    const thumb = chooser.querySelector(".thumb");
    const input = chooser.querySelector("input");
    input.value = photo ? photo.id : "";
    input.dispatchEvent(new Event("change", { bubbles: true }));
    thumb.hidden = !photo;
    if (photo) thumb.src = photo.thumb;
    thumb.alt = photo ? photo.alt : "";
    chooser.querySelector(".photo-words").textContent = photo ? photo.alt : "";
    chooser.querySelector(".remove").hidden = !photo;
    if (input.name === "lead_photo") proposeText(photo || {});
  };
  for (const chooser of document.querySelectorAll(".photo-chooser")) {
    chooser.querySelector(".choose").addEventListener("click", () => {
      window.open(chooser.dataset.choose, "_blank", "width=960,height=720");
    });
    chooser.querySelector(".remove").addEventListener("click", () => showPhoto(chooser, null));
  }
  window.addEventListener("message", (event) => {
    if (event.origin !== location.origin || !event.data.photo) return;
    const input = document.getElementById(event.data.photo.field);
    if (input) showPhoto(input.closest(".photo-chooser"), event.data.photo);
  });

  // -- labels of the editor's buttons, translated ------------------------------------
  const said = window.gettext || ((words) => words);
  const speak = (editor) => {
    for (const button of editor.querySelectorAll("button[title]")) {
      if (!button.title) continue;
      button.title = said(button.title);
      button.setAttribute("aria-label", button.title);
    }
    for (const words of editor.querySelectorAll(".prose-menubar__option > *")) words.textContent = said(words.textContent);
  };
  // The editor adds its buttons shortly after its ready event.
  const whenMade = (editor, tries = 50) => {
    if (editor.querySelector(".prose-menubar button[title]")) speak(editor);
    else if (tries) setTimeout(() => whenMade(editor, tries - 1), 40);
  };
  document.addEventListener("prose-editor:ready", (event) => {
    const editor = event.target.closest(".prose-editor");
    if (editor) whenMade(editor);
  });
  document.querySelectorAll(".prose-editor").forEach((editor) => whenMade(editor)); // ready before this script was

  // -- ordered autocomplete ----------------------------------------
  const $ = window.django && window.django.jQuery;
  if ($) {
    $(document).on("select2:select", "select[data-in-order]", (event) => {
      // A form submits options in document order.
      const picked = $(event.target).find("option").filter((_, option) => option.value === String(event.params.data.id));
      picked.detach().appendTo(event.target);
      $(event.target).trigger("change.select2");
    });
  }

  // -- confirmation before leaving -----------------------------------------------------------
  if (form) {
    const says = document.querySelector(".unsaved");
    let changed = Boolean(document.querySelector(".errornote, .theirs"));
    let leaving = false;
    let ready = false;
    const note = () => {
      changed = true;
      if (says) says.textContent = says.dataset.unsaved;
    };
    if (changed) note();
    const asked = new Set(["at", "correction_kind", "correction_note", "review_note", "assign_to", "assign_due_at"]);
    const heard = (event) => {
      if (event.target.closest(".remarks") || asked.has(event.target.name)) return;
      if (ready || event.isTrusted) note();
    };
    form.addEventListener("input", heard);
    form.addEventListener("change", heard);
    if ($) $(form).on("change", "select[data-in-order]", () => ready && note());
    // The editor sets its field once at the start; that is no change by the user.
    setTimeout(() => { ready = true; }, 600);
    form.addEventListener("submit", (event) => {
      if (leaving) { // a second click of a double click
        event.preventDefault();
        return;
      }
      const question = event.submitter && event.submitter.dataset.confirm;
      if (question && !window.confirm(question)) {
        event.preventDefault();
        return;
      }
      leaving = true;
    });
    window.addEventListener("pageshow", () => { leaving = false; });
    form.addEventListener("autosaved", () => {
      changed = false;
      if (says) says.textContent = "";
    });
    // Events of unsaved.js, which submits the form: not sent, or saved and free to leave.
    form.addEventListener("not-sent", () => { leaving = false; });
    form.addEventListener("leave-unasked", () => { leaving = true; });
    window.addEventListener("beforeunload", (event) => {
      if (changed && !leaving) event.preventDefault();
    });
  }
}
