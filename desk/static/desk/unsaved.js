// Unsaved work: what is typed on the story page is kept in this browser until the server has saved it.
//
// Kept in localStorage by user and story, for a week; offered again after a crash, given back where saving
// failed. The page is sent by fetch, so that a session that ended or a server that cannot save leaves it as it is.
"use strict";
{
  const place = document.getElementById("unsaved-work");
  const form = document.getElementById("draft_form");
  const PREFIX = "unsaved-work:";
  const HOUR_MS = 3600 * 1000, WEEK_MS = 7 * 24 * HOUR_MS, WRITE_DELAY_MS = 500, POLL_MS = 2000, SETTLING_MS = 700;
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "do", "overwrite", "version", "form_token", "_save", "_continue"]);

  // -- what the server has saved -----------------------------------------------------------------
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } // not written by this script
  };
  // The page that was saved last: {token, page}. Each is told once.
  const takeSaved = () => {
    const found = /(?:^|; )saved_form=([^;]*)/.exec(document.cookie);
    if (!found) return null;
    document.cookie = "saved_form=; path=/admin/; max-age=0";
    const told = new URLSearchParams(found[1].replace(/^"|"$/g, ""));
    const token = told.get("token");
    for (const key of keys()) if ((read(key) || {}).token === token) localStorage.removeItem(key);
    if (token) sessionStorage.setItem(`${PREFIX}${token}`, told.get("page"));
    return { token, page: told.get("page") };
  };
  takeSaved();
  for (const key of keys()) {
    const entry = read(key);
    if (!entry || Date.now() - entry.at > WEEK_MS) localStorage.removeItem(key);
  }

  if (place && form) {
    const isNew = place.dataset.draft === "new";
    const token = form.elements.form_token;
    // Back to a page that has begun a story: on with that story.
    const before = history.state && history.state.formToken;
    const begun = isNew && before && sessionStorage.getItem(`${PREFIX}${before}`);
    if (begun) {
      form.dispatchEvent(new Event("leave-unasked"));
      location.replace(begun);
    }
    if (isNew && before) token.value = before;
    history.replaceState({ ...history.state, formToken: token.value }, "");

    const key = `${PREFIX}${place.dataset.user}:${isNew ? `new:${token.value}` : place.dataset.draft}`;
    const dialog = document.getElementById("not-saved"), says = dialog.querySelector(".explains");
    const box = document.getElementById("kept-text");

    // -- keeping -----------------------------------------------------------------------------------
    const fields = () => {
      const found = {};
      for (const field of form.elements) {
        if (!field.name || LEFT_OUT.has(field.name) || /^(submit|button|file)$/.test(field.type)) continue;
        if (field.multiple) found[field.name] = [...field.selectedOptions].map((option) => [option.value, option.text]);
        else if (!/^(checkbox|radio)$/.test(field.type) || field.checked) found[field.name] = field.value;
      }
      return found;
    };
    let untouched = null, timer = 0, sent = false; // sent: saving was asked for, so it is given back unasked
    const keep = () => {
      clearTimeout(timer);
      timer = 0;
      const typed = fields();
      if (!sent && JSON.stringify(typed) === untouched) return;
      const entry = { at: Date.now(), sent, token: token.value, version: form.elements.version.value, fields: typed };
      try {
        localStorage.setItem(key, JSON.stringify(entry));
      } catch { // full, or switched off: the person must know
        const note = document.querySelector(".unsaved");
        if (note) note.textContent = says.dataset.nostore;
      }
    };
    const later = () => {
      if (untouched === null) return;
      clearTimeout(timer);
      timer = setTimeout(keep, WRITE_DELAY_MS);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    addEventListener("pagehide", () => { if (timer && !saved) keep(); });
    setTimeout(() => { untouched = JSON.stringify(fields()); offer(); }, SETTLING_MS);

    // -- giving back -------------------------------------------------------------------------------
    const mine = () => {
      const prefix = isNew ? `${PREFIX}${place.dataset.user}:new:` : key;
      const found = keys().filter((name) => (isNew ? name.startsWith(prefix) : name === prefix)).map((name) => ({ name, ...read(name) }));
      return found.sort((a, b) => b.at - a.at)[0];
    };
    const setField = (field, value) => {
      if (field.multiple) {
        for (const option of field.options) option.selected = false;
        for (const [id, text] of value) {
          const option = [...field.options].find((known) => known.value === id) || new Option(text, id);
          option.selected = true;
          field.append(option);
        }
      } else if (/^(checkbox|radio)$/.test(field.type)) field.checked = field.value === value;
      else field.value = value;
      const surface = field.closest(".prose-editor") && field.closest(".prose-editor").querySelector(".ProseMirror[contenteditable=true]");
      if (surface && surface.editor) surface.editor.commands.setContent(value, { emitUpdate: true });
      field.dispatchEvent(new Event(field.multiple ? "change" : "input", { bubbles: true }));
    };
    const restore = (entry) => {
      for (const [name, value] of Object.entries(entry.fields)) {
        const field = form.elements[name];
        if (field && !(field instanceof RadioNodeList)) setField(field, value);
      }
      // Held against what they were typed on: what was saved since is a conflict, not overwritten.
      if (entry.version) form.elements.version.value = entry.version;
      if (entry.name !== key) localStorage.removeItem(entry.name);
      sent = true;
      keep();
    };
    const tell = (entry, sentence) => {
      const time = new Date(entry.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
      const words = box.querySelector("p");
      words.textContent = words.dataset[sentence].replace("{time}", time);
      box.querySelector(".restore").hidden = sentence === "restored";
      box.hidden = false;
    };
    function offer() {
      const entry = mine();
      if (!entry || document.querySelector(".errornote, #kept-text:not([hidden])")) return;
      if (JSON.stringify(entry.fields) === untouched) { localStorage.removeItem(entry.name); return; }
      const unasked = entry.sent && Date.now() - entry.at < HOUR_MS; // saving was asked for, and failed
      if (unasked) restore(entry);
      tell(entry, unasked ? "restored" : "offered");
      box.querySelector(".restore").onclick = () => { restore(entry); tell(entry, "restored"); };
      box.querySelector(".discard").onclick = () => {
        localStorage.removeItem(entry.name);
        localStorage.removeItem(key);
        box.hidden = true;
        if (unasked) { form.dispatchEvent(new Event("leave-unasked")); location.reload(); }
      };
    }

    // -- saving ------------------------------------------------------------------------------------
    let saved = false, natively = false, pressed = null, polling = 0;
    const explain = (sentence, status = "") => {
      says.textContent = says.dataset[sentence].replace("{status}", status);
      dialog.querySelector(".sign-in").hidden = !/^(session|other)$/.test(sentence);
      if (!dialog.open) dialog.showModal();
      form.dispatchEvent(new Event("not-sent"));
    };
    // The person who is signed in now; takes over the CSRF token of that session.
    const session = async () => {
      const answer = await fetch(place.dataset.session, { cache: "no-store", redirect: "manual" });
      if (!answer.ok) return { status: answer.status };
      const told = await answer.json();
      if (told.csrf_token) for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = told.csrf_token;
      return { user: told.user === null ? null : String(told.user) };
    };
    const watch = () => {
      clearInterval(polling);
      polling = setInterval(async () => {
        const told = await session().catch(() => null); // unreachable: asked again
        if (!told || !dialog.open || !polling) return;
        if (told.user === place.dataset.user) {
          clearInterval(polling);
          polling = 0;
          dialog.close();
          form.requestSubmit(pressed);
        } else if (told.user) says.textContent = says.dataset.other;
      }, POLL_MS);
    };
    dialog.addEventListener("close", () => { clearInterval(polling); polling = 0; });
    dialog.querySelector(".close").addEventListener("click", () => dialog.close());
    dialog.querySelector(".retry").addEventListener("click", () => { dialog.close(); form.requestSubmit(pressed); });

    const send = async () => {
      const body = new FormData(form, pressed);
      const answer = await fetch(form.getAttribute("action") || location.href, { method: "POST", body, redirect: "manual" });
      const told = takeSaved();
      if (told && told.token === token.value) {
        saved = true;
        const leaves = pressed && (pressed.name === "_save" || pressed.value === "throw_away");
        form.dispatchEvent(new Event("leave-unasked"));
        // A cookie says which page: it leads nowhere but into the admin.
        const page = told.page.startsWith("/admin/") ? told.page : place.dataset.list;
        location.assign(leaves ? place.dataset.list : page);
      } else if (answer.status === 200) { // not accepted: the page that says why
        natively = true;
        form.requestSubmit(pressed);
      } else if (answer.status === 413) explain("large");
      else if (answer.type === "opaqueredirect" || answer.status === 403) {
        const told = await session();
        if (told.user === place.dataset.user && answer.status === 403 && !send.again) {
          send.again = true; // another window signed in again: the token is a new one
          await send();
        } else if (told.status) explain("failed", told.status);
        else if (told.user === place.dataset.user) explain("failed", answer.status || "redirect");
        else {
          explain(told.user ? "other" : "session");
          watch();
        }
      } else explain("failed", answer.status);
    };
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || natively) return;
      event.preventDefault();
      pressed = event.submitter;
      sent = true;
      keep();
      send.again = false;
      send().catch((error) => {
        if (!(error instanceof TypeError)) throw error;
        explain("unreachable"); // what fetch throws where nothing answers
      });
    });
    addEventListener("pageshow", () => { natively = false; });
  }
}
