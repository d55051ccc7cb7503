// Unsaved work: stores the story form in localStorage until the server has saved it.
//
// Stored by user and story, for a week; restored after a failed save, after a crash or reload of the same window and
// on the way back in its history, offered in any other. The form is submitted by fetch, so that an expired session or
// a failing server leaves the page as it is. `form.unsavedWork` is for autosave.js, which saves it meanwhile.
"use strict";
{
  const container = document.getElementById("unsaved-work");
  const form = document.getElementById("draft_form");
  const PREFIX = "unsaved-work:";
  const HOUR_MS = 3600 * 1000, WEEK_MS = 7 * 24 * HOUR_MS, WRITE_DELAY_MS = 500, POLL_MS = 2000, SETTLING_MS = 700;
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "do", "overwrite", "version", "base", "merge", "form_token", "compare", "_save", "_continue"]);
  const CHOICE = /^choose_/; // of the page of an edit conflict

  // -- forms that the server has saved -----------------------------------------------------------------
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } // not written by this script
  };
  // The form that was saved last, from its cookie, which is deleted: {token, page}.
  const takeSaved = () => {
    const found = /(?:^|; )saved_form=([^;]*)/.exec(document.cookie);
    if (!found) return null;
    document.cookie = "saved_form=; path=/admin/; max-age=0";
    const data = new URLSearchParams(found[1].replace(/^"|"$/g, ""));
    const token = data.get("token");
    for (const key of keys()) if ((read(key) || {}).token === token) localStorage.removeItem(key);
    if (token) sessionStorage.setItem(`${PREFIX}${token}`, data.get("page"));
    return { token, page: data.get("page") };
  };
  takeSaved();
  for (const key of keys()) {
    const entry = read(key);
    if (!entry || Date.now() - entry.at > WEEK_MS) localStorage.removeItem(key);
  }

  if (container && form) {
    let isNew = container.dataset.draft === "new";
    form.autocomplete = "off"; // the browser would restore some fields of it, and not the text in the editor
    const token = form.elements.form_token;
    // Back to the form of a new story that was saved already: redirect to that story.
    const before = history.state && history.state.formToken;
    const begun = isNew && before && sessionStorage.getItem(`${PREFIX}${before}`);
    if (begun) {
      form.dispatchEvent(new Event("leave-unasked"));
      location.replace(begun);
    }
    if (isNew && before) token.value = before;
    history.replaceState({ ...history.state, formToken: token.value }, "");

    const keyOfNew = (formToken) => `${PREFIX}${container.dataset.user}:new:${formToken}`;
    let key = `${PREFIX}${container.dataset.user}:${isNew ? `new:${token.value}` : container.dataset.draft}`;
    const dialog = document.getElementById("not-saved"), explanation = dialog.querySelector(".explains");
    const notice = document.getElementById("kept-text");

    // -- storing -----------------------------------------------------------------------------------
    const fields = () => {
      const found = {};
      for (const field of form.elements) {
        if (!field.name || LEFT_OUT.has(field.name) || CHOICE.test(field.name) || /^(submit|button|file)$/.test(field.type)) continue;
        if (field.multiple) found[field.name] = [...field.selectedOptions].map((option) => [option.value, option.text]);
        else if (!/^(checkbox|radio)$/.test(field.type) || field.checked) found[field.name] = field.value;
      }
      return found;
    };
    let untouched = null, timer = 0, sent = false; // sent: the form was submitted, so it is restored without asking
    let typedEarly = false; // the user typed before the form was ready
    const storeForm = () => {
      clearTimeout(timer);
      timer = 0;
      const typed = fields();
      if (!sent && JSON.stringify(typed) === untouched) return;
      const entry = { at: Date.now(), sent, token: token.value, version: form.elements.version.value, base: form.elements.base.value, fields: typed };
      try {
        localStorage.setItem(key, JSON.stringify(entry));
      } catch { // storage is full or disabled: tell the user
        const note = document.querySelector(".unsaved");
        if (note) note.textContent = explanation.dataset.nostore;
      }
    };
    const scheduleStore = (event) => {
      if (untouched === null && event.isTrusted) typedEarly = true; // scripts of the form send events that are not
      if (untouched === null && !typedEarly) return;
      clearTimeout(timer);
      timer = setTimeout(storeForm, WRITE_DELAY_MS);
    };
    form.addEventListener("input", scheduleStore);
    form.addEventListener("change", scheduleStore);
    // select2 triggers events of jQuery alone.
    const $ = window.django && window.django.jQuery;
    if ($) $(form).on("change", "select[data-in-order]", (event) => scheduleStore({ isTrusted: !event.isTrigger }));
    addEventListener("pagehide", () => { if (timer && !saved) storeForm(); });

    // -- restoring -------------------------------------------------------------------------------
    const storedEntries = () => {
      const prefix = isNew ? `${PREFIX}${container.dataset.user}:new:` : key;
      const found = keys().filter((name) => (isNew ? name.startsWith(prefix) : name === prefix)).map((name) => ({ name, ...read(name) }));
      return found.sort((a, b) => b.at - a.at);
    };
    // The newest entry that no open window goes on with.
    const newestEntry = async (entries) => {
      if (!isNew) return entries[0];
      token.value = await form.formTokens.holdOrReplace(token.value);
      key = keyOfNew(token.value);
      history.replaceState({ ...history.state, formToken: token.value }, "");
      for (const entry of entries) if (entry.token === token.value || await form.formTokens.hold(entry.token)) return entry;
      return undefined;
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
      // With the version that was edited: a version saved since is an edit conflict and is not overwritten. Autosaves of
      // the same form are no such version: the text goes on from them, as this page shows them.
      if (entry.version && !isOnOwnAutosaves(entry)) {
        form.elements.version.value = entry.version;
        if (entry.base) form.elements.base.value = entry.base;
      }
      if (entry.name !== key) localStorage.removeItem(entry.name);
      // The form of a new story goes on with its token, by which the server knows the draft that it may have made of it.
      if (isNew && entry.token) {
        token.value = entry.token;
        key = keyOfNew(entry.token);
        history.replaceState({ ...history.state, formToken: entry.token }, "");
      }
      sent = true;
      storeForm();
      form.dispatchEvent(new Event("restored"));
    };
    const showNotice = (entry, sentence) => {
      const time = new Date(entry.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
      const words = notice.querySelector("p");
      words.textContent = words.dataset[sentence].replace("{time}", time);
      notice.querySelector(".restore").hidden = sentence === "restored";
      notice.hidden = false;
    };
    // Whether all that was saved since the version of this entry are autosaves of the form that stored it: those of another
    // window or browser of this user hold text that this entry lacks.
    const isOnOwnAutosaves = (entry) => {
      const { autosavedBy, autosavedSince, newest } = container.dataset;
      return !isNew && Number(entry.version) >= Number(autosavedBy && entry.token === autosavedBy ? autosavedSince : newest);
    };
    // Reloaded, after a crash too, or back in the history, and nothing else has saved the story since.
    const isOfThisWindow = (entry) => {
      const [navigation] = performance.getEntriesByType("navigation");
      const returned = navigation && /^(back_forward|reload)$/.test(navigation.type);
      return returned && entry.name === key && (isNew || isOnOwnAutosaves(entry));
    };
    const offer = (entry) => {
      if (!entry || document.querySelector(".errornote, #kept-text:not([hidden])")) return;
      if (JSON.stringify(entry.fields) === untouched) { localStorage.removeItem(entry.name); return; }
      // It was submitted, and not saved, or this window had it; never over what the user has typed meanwhile.
      const failed = entry.sent && Date.now() - entry.at < HOUR_MS;
      const unasked = (failed || isOfThisWindow(entry)) && !sent && !typedEarly;
      if (unasked) restore(entry);
      showNotice(entry, unasked ? "restored" : "offered");
      notice.querySelector(".restore").onclick = () => { restore(entry); showNotice(entry, "restored"); };
      notice.querySelector(".discard").onclick = () => {
        localStorage.removeItem(entry.name);
        localStorage.removeItem(key);
        notice.hidden = true;
        if (unasked) { form.dispatchEvent(new Event("leave-unasked")); location.reload(); }
      };
    };
    const found = newestEntry(storedEntries()); // of an earlier page: read before this one stores its own
    setTimeout(async () => {
      const entry = await found;
      untouched = typedEarly || sent ? "" : JSON.stringify(fields());
      offer(entry);
    }, SETTLING_MS);

    // -- saving ------------------------------------------------------------------------------------
    let saved = false, natively = null, pressed = null, polling = 0;
    const explain = (sentence, status = "") => {
      explanation.textContent = explanation.dataset[sentence].replace("{status}", status);
      dialog.querySelector(".sign-in").hidden = !/^(session|other)$/.test(sentence);
      if (!dialog.open) dialog.showModal();
      form.dispatchEvent(new Event("not-sent"));
    };
    // The user who is signed in now; takes over the CSRF token of that session.
    const session = async () => {
      const response = await fetch(container.dataset.session, { cache: "no-store", redirect: "manual" });
      if (!response.ok) return { status: response.status };
      const data = await response.json();
      if (data.csrf_token) for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = data.csrf_token;
      return { user: data.user === null ? null : String(data.user) };
    };
    const watch = () => {
      clearInterval(polling);
      polling = setInterval(async () => {
        const data = await session().catch(() => null); // unreachable: try again
        if (!data || !dialog.open || !polling) return;
        if (data.user === container.dataset.user) {
          clearInterval(polling);
          polling = 0;
          dialog.close();
          form.requestSubmit(pressed);
        } else if (data.user) explanation.textContent = explanation.dataset.other;
      }, POLL_MS);
    };
    dialog.addEventListener("close", () => { clearInterval(polling); polling = 0; });
    dialog.querySelector(".close").addEventListener("click", () => dialog.close());
    dialog.querySelector(".retry").addEventListener("click", () => { dialog.close(); form.requestSubmit(pressed); });

    // Without the event of a submit, which draft.js would take for a second click; the question was answered.
    const submitNatively = () => {
      natively = document.createElement("input");
      natively.type = "hidden";
      [natively.name, natively.value] = pressed ? [pressed.name, pressed.value] : ["_continue", "1"];
      form.append(natively);
      form.dispatchEvent(new Event("leave-unasked"));
      HTMLFormElement.prototype.submit.call(form);
    };
    const send = async () => {
      await form.unsavedWork.settle();
      const body = new FormData(form, pressed);
      const response = await fetch(form.getAttribute("action") || location.href, { method: "POST", body, redirect: "manual" });
      const data = takeSaved();
      if (data && data.token === token.value) {
        saved = true;
        const leaves = pressed && (pressed.name === "_save" || pressed.value === "throw_away");
        form.dispatchEvent(new Event("leave-unasked"));
        // The address comes from a cookie: only paths of the admin are followed.
        const page = data.page.startsWith("/admin/") ? data.page : container.dataset.list;
        location.assign(leaves ? container.dataset.list : page);
      } else if (response.status === 200) submitNatively(); // refused: shows the page with the errors
       else if (response.status === 413) explain("large");
      else if (response.type === "opaqueredirect" || response.status === 403) {
        const data = await session();
        if (data.user === container.dataset.user && response.status === 403 && !send.again) {
          send.again = true; // signed in again in another window: the CSRF token is new
          await send();
        } else if (data.status) explain("failed", data.status);
        else if (data.user === container.dataset.user) explain("failed", response.status || "redirect");
        else {
          explain(data.user ? "other" : "session");
          watch();
        }
      } else explain("failed", response.status);
    };
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      pressed = event.submitter;
      sent = true;
      storeForm();
      form.dispatchEvent(new Event("sending"));
      send.again = false;
      send().catch((error) => {
        if (!(error instanceof TypeError)) throw error;
        explain("unreachable"); // fetch throws it for network errors
      });
    });
    addEventListener("pageshow", (event) => {
      if (natively) natively.remove();
      if (event.persisted && saved) { // of the back/forward cache: the story has been saved and may have changed since
        form.dispatchEvent(new Event("leave-unasked"));
        location.reload();
      }
    });

    // -- for autosave.js -----------------------------------------------------------------------------
    form.unsavedWork = {
      fields,
      session,
      settle: async () => {}, // autosave.js replaces it: waits for the answer of an autosave
      isReady: () => untouched !== null,
      isUntouched: () => JSON.stringify(fields()) === untouched,
      // The server has saved these fields (JSON) as this version; `base`: its digests of them, for merging; `isWhole` unless
      // it left some out.
      markSaved: (typed, version, base, isWhole) => {
        form.elements.version.value = version;
        form.elements.base.value = base;
        if (isWhole) { untouched = typed; sent = false; }
        if (isWhole && JSON.stringify(fields()) === typed) {
          clearTimeout(timer);
          timer = 0;
          localStorage.removeItem(key);
          notice.hidden = true;
        } else storeForm();
      },
      // The form of a new story has become that of a draft, at this address.
      adoptDraft: (draft, page) => {
        localStorage.removeItem(key);
        isNew = false;
        container.dataset.draft = draft;
        key = `${PREFIX}${container.dataset.user}:${draft}`;
        sessionStorage.setItem(`${PREFIX}${token.value}`, page);
        history.replaceState(history.state, "", page);
      },
    };
  }
}
