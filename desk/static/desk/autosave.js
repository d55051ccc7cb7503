// Autosave: saves the story form while it is being written, a few seconds after a change and when a field is left.
//
// Stands on unsaved.js, which stores the form in the browser until the server has it. Saves with the version that the
// user has seen, so that nobody overwrites anybody: a conflict is shown at once, and ends autosave on this page.
"use strict";
{
  const container = document.getElementById("unsaved-work");
  const form = document.getElementById("draft_form");
  const work = form && form.unsavedWork;
  const ASKED = new Set(["at", "correction_kind", "correction_note", "review_note", "assign_to", "assign_due_at"]); // by buttons
  const IDLE_MS = 2500, LONGEST_MS = 10000, FIRST_RETRY_MS = 5000, LONGEST_RETRY_MS = 60000, READY_MS = 1000;

  if (container && work) {
    const texts = container.dataset;
    const line = document.getElementById("autosave-state");
    const notice = document.getElementById("autosave-conflict");
    let timer = 0, firstChangeAt = 0, retryMs = FIRST_RETRY_MS;
    let knownStage = texts.stage; // the stage of the review, by the last answer of the server
    let running = null; // promise of the request
    let stopped = false; // a conflict, or a form that was submitted
    const isChoosing = Boolean(document.getElementById("edit-conflict")); // both texts are shown, and the user chooses
    let sentFields = null; // JSON of the fields that the server has answered for

    // -- what the user sees ----------------------------------------------------------------------------
    const fill = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.replace(`{${name}}`, value), text);
    const show = (state, values = {}) => {
      line.hidden = false;
      line.dataset.state = state;
      line.textContent = fill(texts[state], values);
    };
    const showNotice = (sentence, values = {}) => {
      const words = notice.querySelector("p");
      words.textContent = fill(words.dataset[sentence], values);
      const asksToSignIn = /^(session|other)$/.test(sentence);
      notice.querySelector(".compare").hidden = asksToSignIn;
      notice.querySelector(".sign-in").hidden = !asksToSignIn;
      notice.hidden = false;
      line.hidden = true;
    };

    // -- when --------------------------------------------------------------------------------------------
    const current = () => JSON.stringify(work.fields());
    const isBlank = () => ["headline", "body"].every((name) => {
      const text = new DOMParser().parseFromString(form.elements[name].value, "text/html").body.textContent;
      return !text.trim();
    });
    const needsSaving = () => {
      if (stopped || isChoosing || !work.isReady() || work.isUntouched() || current() === sentFields) return false;
      return texts.draft !== "new" || !isBlank(); // a story begins with a headline or a text
    };
    const schedule = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(save, ms);
    };
    const changed = (event) => {
      if (stopped || !work.isReady() || (event && event.target && ASKED.has(event.target.name))) return;
      if (isChoosing) {
        if (!work.isUntouched()) show("choosing");
        return;
      }
      if (texts.stage !== "writing") {
        if (needsSaving()) show("review");
        return;
      }
      firstChangeAt = firstChangeAt || Date.now();
      schedule(Math.max(0, Math.min(IDLE_MS, firstChangeAt + LONGEST_MS - Date.now())));
    };
    const save = () => {
      clearTimeout(timer);
      timer = firstChangeAt = 0;
      if (running || !needsSaving() || texts.stage !== "writing") return running;
      running = send().finally(() => {
        running = null;
        if (!timer) changed(); // what was typed meanwhile
      });
      return running;
    };
    const retry = (state, values) => {
      show(state, values);
      schedule(retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    };

    // -- sending -----------------------------------------------------------------------------------------
    const send = async (again = false) => {
      const body = new FormData(form), typed = current();
      show("saving");
      let response;
      try {
        response = await fetch(texts.autosave, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
      } catch { // fetch throws for network errors
        retry("offline");
        return;
      }
      if (response.ok) await saved(await response.json(), typed);
      else if (response.status === 412) conflict(await response.json());
      else if ((response.headers.get("Content-Type") || "").startsWith("application/json")) refused(await response.json(), typed);
      else if (response.type === "opaqueredirect" || response.status === 403) await signedOut(response, again);
      else retry("failing");
    };
    const saved = async (answer, typed) => {
      const isWhole = !answer.left_out.length;
      retryMs = FIRST_RETRY_MS;
      sentFields = typed;
      if (texts.draft === "new") adopt(answer);
      work.markSaved(typed, answer.version, answer.base, isWhole);
      notice.hidden = true;
      show(isWhole ? "saved" : "partly", { time: answer.saved_at, fields: answer.left_out.join(", ") });
      if (isWhole && current() === typed) form.dispatchEvent(new Event("autosaved"));
    };
    const adopt = (answer) => {
      work.adoptDraft(String(answer.id), answer.page);
      texts.autosave = answer.autosave;
      form.dispatchEvent(new CustomEvent("adopted", { detail: { presence: answer.presence, lock: answer.lock } }));
      for (const heading of document.querySelectorAll("#content > h1")) heading.textContent = answer.title;
    };
    const conflict = (answer) => {
      stopped = true;
      showNotice(answer.is_own ? "own" : "conflict", { who: answer.changed_by, time: answer.changed_at });
    };
    const refused = (answer, typed) => {
      sentFields = typed; // tried again when something changes
      if (answer.code === "under_review") {
        texts.stage = knownStage = "submitted";
        show("review");
      } else show("refused", { reason: answer.detail });
    };
    const signedOut = async (response, again) => {
      const data = await work.session().catch(() => ({})); // takes over the CSRF token of a new session
      if (data.user === texts.user && response.status === 403 && !again) return send(true);
      if (data.user === texts.user || data.user === undefined) return retry("failing");
      showNotice(data.user ? "other" : "session");
      schedule(FIRST_RETRY_MS);
      return undefined;
    };

    // -- events ------------------------------------------------------------------------------------------
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    const $ = window.django && window.django.jQuery;
    if ($) $(form).on("change", "select", changed); // select2 triggers events of jQuery alone
    form.addEventListener("focusout", save);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
    addEventListener("online", save);
    addEventListener("offline", () => { if (needsSaving()) show("offline"); });
    // The stage of the review in the answer to a heartbeat (presence.js): a story that was sent back is saved automatically again.
    form.addEventListener("stage", (event) => {
      if (event.detail === knownStage) return;
      texts.stage = knownStage = event.detail;
      sentFields = null;
      changed();
      if (texts.stage === "writing" && line.dataset.state === "review") line.hidden = true;
    });
    // What was restored is the user's to save or to discard; it is saved with the next change.
    form.addEventListener("restored", () => { clearTimeout(timer); sentFields = current(); });
    form.addEventListener("sending", () => {
      clearTimeout(timer);
      stopped = true;
    });
    form.addEventListener("not-sent", () => { stopped = false; changed(); });
    setTimeout(changed, READY_MS); // what was typed before the form was ready
    work.settle = async () => { clearTimeout(timer); await running; };
  }
}
