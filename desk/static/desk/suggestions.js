// Suggested lines of the story form: asked for by a button, shown to be changed, taken over one by one.
//
// Nothing is put into a field without a press, and every press can be taken back.
"use strict";
{
  const form = document.getElementById("draft_form");
  const box = document.getElementById("suggestions");
  const third = form && form.querySelector(".field-summary_3");
  if (box && third) {
    const FIRST_MS = 1000, LONGEST_MS = 4000, MAX_TRIES = 40;
    const texts = box.dataset;
    const state = box.querySelector(".suggestion-state"), list = box.querySelector(".suggested-lines");
    let asked = 0; // a later press makes the answers of earlier ones void
    third.after(box);
    box.hidden = false;

    const say = (sentence, isWarning = false) => {
      state.textContent = sentence;
      state.classList.toggle("warns-words", isWarning);
    };
    const filled = (text, number) => text.replace("{number}", number);
    const address = () => {
      const container = document.getElementById("unsaved-work");
      const draft = container ? container.dataset.draft : "new";
      return draft === "new" ? "" : texts.url.replace("/0/", `/${draft}/`);
    };
    const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

    // -- asking the server --------------------------------------------------------------------------
    const call = async (url, body) => {
      const response = await fetch(url, {
        method: body ? "POST" : "GET",
        body,
        credentials: "same-origin",
        redirect: "manual",
        headers: { Accept: "application/json", "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
      });
      if (response.type === "opaqueredirect") throw new Error(texts.signedOut);
      const isJSON = (response.headers.get("Content-Type") || "").includes("json");
      const answer = isJSON ? await response.json() : {};
      if (!response.ok) throw new Error(answer.detail || texts.failed);
      return answer;
    };
    const ask = async (kind, origin) => {
      const turn = ++asked, url = address();
      list.replaceChildren();
      if (!url) { say(texts.unsaved, true); return; }
      say(origin === "assistant" ? texts.waiting : "");
      try {
        let answer = await call(url, new URLSearchParams({ kind, origin }));
        let waitMs = FIRST_MS;
        for (let tries = 0; answer.state === "waiting" && tries < MAX_TRIES && turn === asked; tries += 1) {
          await pause(waitMs);
          waitMs = Math.min(waitMs * 1.4, LONGEST_MS);
          answer = await call(`${url}${answer.id}/`);
        }
        if (turn !== asked) return;
        if (answer.state !== "ready") throw new Error(answer.reason || texts.failed);
        show({ kind, origin, url: `${url}${answer.id}/`, takenLines: 0, hasDisclosed: false }, answer.lines);
      } catch (error) {
        if (turn === asked) say(error instanceof TypeError ? texts.failed : error.message, true);
      }
    };

    // -- showing lines ------------------------------------------------------------------------------
    const write = (field, value) => {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    // The server discloses the use of AI in what is saved from now on; the form's own choice says so at once.
    const tell = (suggestion, isTaken) => {
      const body = new URLSearchParams({ taken: isTaken ? "1" : "0" });
      call(`${suggestion.url}taken/`, body).catch(() => say(texts.failed, true));
    };
    const disclose = (suggestion, isTaken) => {
      if (suggestion.origin !== "assistant") return;
      const before = suggestion.takenLines;
      suggestion.takenLines += isTaken ? 1 : -1;
      if (before && suggestion.takenLines) return;
      tell(suggestion, isTaken);
      const choice = form.elements.ai_kind, value = suggestion.kind === "summary" ? "summary" : "assisted";
      if (!choice) return;
      if (isTaken && choice.value === "") { write(choice, value); suggestion.hasDisclosed = true; }
      else if (!isTaken && suggestion.hasDisclosed && choice.value === value) { write(choice, ""); suggestion.hasDisclosed = false; }
    };
    const takeOver = (button, field, input, label, suggestion) => {
      let former = null, taken = null; // what stood in the field before, and what was put there
      const forget = () => {
        former = taken = null;
        button.textContent = label;
      };
      // Later words of another line or of a person stay: there is nothing left to take back.
      field.addEventListener("input", () => { if (taken !== null && field.value !== taken) forget(); });
      button.textContent = label;
      button.addEventListener("click", () => {
        if (taken === null) {
          const before = field.value;
          write(field, input.value);
          former = before;
          taken = field.value;
          button.textContent = texts.undo;
          disclose(suggestion, true);
        } else {
          const back = former;
          forget();
          write(field, back);
          disclose(suggestion, false);
        }
      });
    };
    const copy = (button, input, suggestion) => {
      let isTaken = false;
      button.textContent = texts.copy;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(input.value);
        button.textContent = texts.copied;
        if (!isTaken) disclose(suggestion, true);
        isTaken = true;
      });
    };
    const row = (suggestion, line, number) => {
      const { kind } = suggestion;
      const item = document.createElement("li"), input = document.createElement("input"), button = document.createElement("button");
      input.type = "text";
      input.value = line;
      input.lang = "ko";
      input.setAttribute("aria-label", filled(texts.line, number));
      button.type = "button";
      button.className = "press";
      if (kind === "summary") takeOver(button, form.elements[`summary_${number}`], input, filled(texts.take, number), suggestion);
      else if (kind === "headline") takeOver(button, form.elements.headline, input, texts.headline, suggestion);
      else copy(button, input, suggestion);
      // Enter takes the line over; it must not send the form.
      input.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); button.click(); }
      });
      // What is typed here is no part of the story: it is neither stored nor saved.
      for (const name of ["input", "change"]) input.addEventListener(name, (event) => event.stopPropagation());
      item.append(input, button);
      return item;
    };
    const show = (suggestion, lines) => {
      say(texts.ready);
      list.replaceChildren(...lines.map((line, index) => row(suggestion, line, index + 1)));
      list.querySelector("input")?.focus();
    };

    for (const button of box.querySelectorAll("button[data-kind]")) {
      button.addEventListener("click", () => ask(button.dataset.kind, button.dataset.origin));
    }
  }
}
