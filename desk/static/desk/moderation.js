// Screen of the moderation queue: one comment at a time, by keyboard; the next one is on the screen before the answer is.
//
// A decision is sent at once and the row leaves the list; what the server refuses comes back with its reason. Undoing is a
// request of its own, offered for ten seconds.
"use strict";
{
  const root = document.getElementById("moderation");
  if (root && window.moderationRequests) {
    const requests = window.moderationRequests, { nameOf, isBusy } = window.newsroomKeys;
    const texts = root.dataset, UNDO_MS = 10_000, RENEW_MS = 45_000, BULK_ROWS = 50, FEW_ROWS = 10;
    const find = (selector) => root.querySelector(selector);
    const holder = find("[data-live-rows]"), box = find("#panel"), acts = find(".acts"), reasons = find("#reasons");
    const said = find("#said .words"), undoButton = find("#undo"), trouble = find("#trouble"), bulk = find("#bulk");
    let current = null; // the row whose comment is on the screen
    let last = null; // what can be undone: {at, row, place, answer} of one decision, {at, many} of many
    let clock = null, bulkChoice = null, opening = 0;

    const rows = () => [...holder.querySelectorAll("#result_list tbody tr")];
    const idOf = (row) => Number(row.dataset.id);
    const panel = () => box.querySelector(".panel");
    const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    const say = (text) => { said.textContent = text; };
    const problem = (text) => { trouble.textContent = text; };
    const neighbour = (row, step) => {
      const all = rows(), at = all.indexOf(row);
      return at < 0 ? all[0] || null : all[at + step] || null;
    };

    // -- one comment on the screen -----------------------------------------------------------------
    const showActs = () => {
      const shown = panel(), off = !shown || "own" in shown.dataset;
      acts.hidden = off;
      if (!shown) return;
      const isVisible = shown.dataset.state === "visible";
      acts.querySelector(".as-show").hidden = isVisible;
      acts.querySelector(".as-keep").hidden = !isVisible;
      acts.querySelector("[data-act=hold]").disabled = shown.dataset.state === "held";
    };
    const ahead = (row) => { const next = neighbour(row, 1); if (next) requests.panel(idOf(next), next.dataset.version); };
    const open = async (row, { byPerson = false } = {}) => {
      if (current && current !== row) {
        current.removeAttribute("aria-current");
        if (current.isConnected) requests.release(idOf(current)).catch(() => {});
      }
      closeReasons();
      current = row;
      const number = ++opening;
      if (!row) { box.replaceChildren(); document.body.classList.remove("panel-open"); showActs(); showEmpty(); return; }
      row.setAttribute("aria-current", "true");
      row.scrollIntoView({ block: "nearest" });
      if (byPerson) { document.body.classList.add("panel-open"); problem(""); }
      try {
        const html = await requests.panel(idOf(row), row.dataset.version);
        if (number !== opening) return;
        box.innerHTML = html;
        box.dataset.shown = idOf(row);
        row.dataset.version = panel().dataset.version;
        showActs();
        if (byPerson || document.activeElement === document.body) panel().focus({ preventScroll: true });
        root.dispatchEvent(new CustomEvent("ready"));
        lease(row);
        ahead(row);
      } catch {
        if (number === opening) problem(texts.failed);
      }
    };
    const lease = async (row, takeOver = false) => {
      const shown = panel();
      if (!shown || "own" in shown.dataset) return;
      const answer = await requests.lease(idOf(row), takeOver).catch(() => null);
      if (!answer || row !== current) return;
      const isTaken = answer.status === 423 && !panel()?.dataset.leased;
      mark(row, isTaken || answer.status === 409 ? answer.data.detail : "");
      if (answer.status === 409) problem(answer.data.detail);
    };
    const renew = () => { if (current && !document.hidden && panel() && !panel().dataset.leased) lease(current); };
    const reload = (row) => { requests.forget(idOf(row)); return open(row, { byPerson: document.body.classList.contains("panel-open") }); };
    const mark = (row, text) => { row.querySelector(".outcome").textContent = text || ""; };
    const showEmpty = () => { find(".queue-list .empty").hidden = rows().length > 0; };
    let isFilling = false;
    const refill = async () => {
      const older = holder.querySelector("[rel=next]");
      if (!older || isFilling || rows().length > FEW_ROWS) return;
      isFilling = true;
      try {
        const answer = await requests.rowsBehind(new URL(older.href).search);
        const known = new Set(rows().map(idOf));
        const fresh = [...answer.querySelectorAll("#result_list tbody tr")].filter((row) => !known.has(idOf(row)));
        holder.querySelector("#result_list tbody").append(...fresh.map((row) => document.importNode(row, true)));
        holder.querySelector(".newer-older").replaceWith(document.importNode(answer.querySelector(".newer-older"), true));
        if (!current) open(rows()[0] || null);
      } catch { /* asked for again with the next decision */ }
      isFilling = false;
    };

    // -- deciding -------------------------------------------------------------------------------------
    const decide = (body) => {
      const row = current, shown = panel();
      if (!row || !shown || "own" in shown.dataset || Number(box.dataset.shown) !== idOf(row)) return false;
      const next = neighbour(row, 1) || neighbour(row, -1), place = row.nextElementSibling;
      const kind = body.decision === "show" && shown.dataset.state === "visible" ? "keep" : body.decision;
      last = { row, place, at: Date.now(), isUndone: false };
      last.answer = decideWhole(last, shown.dataset.etag, body).catch(() => null);
      problem("");
      row.querySelector("input").checked = false;
      row.remove();
      say(texts[kind]);
      offerUndo(last);
      open(next);
      settle(last, kind);
      refill();
      countSelected();
      return true;
    };
    // A branch that time did not suffice for goes on until it is whole, or undone.
    const decideWhole = async (decision, etag, body) => {
      const results = new Map(), id = idOf(decision.row);
      let answer = await requests.decide(id, etag, body), further = answer;
      while (further?.ok) {
        answer = further;
        for (const one of answer.data.branch) results.set(one.id, one);
        const isLeft = [...results.values()].some((one) => one.outcome === "not_reached");
        if (!isLeft || decision.isUndone || !answer.data.branch.some((one) => one.outcome === "decided")) break;
        further = await requests.decide(id, answer.data.comment.etag, body).catch(() => null);
      }
      return answer.ok ? { ...answer, data: { ...answer.data, branch: [...results.values()] } } : answer;
    };
    const settle = async (decision, kind) => {
      const answer = await decision.answer;
      if (answer?.ok) {
        const branch = answer.data.branch, count = (outcome) => branch.filter((one) => one.outcome === outcome).length;
        if (!branch.length || decision.isUndone) return;
        say(`${texts[kind]} · ${fill(texts.branch, { count: count("decided"), refused: count("refused") })}`);
        if (!count("not_reached")) return;
        restore(decision);
        requests.forget(idOf(decision.row));
        decision.row.dataset.version = answer.data.comment.version;
        mark(decision.row, fill(texts.retry, { count: count("not_reached") }));
        return;
      }
      if (last === decision) endUndo();
      const code = answer?.data.code, isGone = ["already_decided", "comment_deleted"].includes(code);
      const detail = answer ? answer.data.detail || answer.data.title : texts.failed;
      say("");
      problem(`#${idOf(decision.row)}: ${detail}`);
      if (isGone) return;
      restore(decision);
      mark(decision.row, detail);
      requests.forget(idOf(decision.row));
      if (answer?.data.version) decision.row.dataset.version = answer.data.version;
      if (!current) open(decision.row); // else the comment on the screen stays there
    };
    const restore = ({ row, place }) => {
      const body = holder.querySelector("#result_list tbody");
      const twin = rows().find((other) => idOf(other) === idOf(row));
      if (twin) twin.replaceWith(row);
      else body.insertBefore(row, place?.isConnected ? place : null);
      find(".queue-list .empty").hidden = true;
    };

    // -- undoing ------------------------------------------------------------------------------------------
    const endUndo = () => { clearInterval(clock); undoButton.hidden = true; last = null; };
    const offerUndo = (decision) => {
      clearInterval(clock);
      undoButton.hidden = false;
      const tick = () => {
        const left = Math.ceil((decision.at + UNDO_MS - Date.now()) / 1000);
        if (left <= 0) endUndo(); else undoButton.querySelector(".seconds").textContent = left;
      };
      tick();
      clock = setInterval(tick, 500);
    };
    const undo = async () => {
      const decision = last;
      if (!decision || undoButton.hidden) return false;
      endUndo();
      decision.isUndone = true;
      if (decision.many) return undoMany(decision.many);
      const answer = await decision.answer;
      if (!answer?.ok) return true; // which is told already
      const targets = [[idOf(decision.row), answer.data.comment.etag],
        ...answer.data.branch.filter((one) => one.etag).map((one) => [one.id, one.etag])];
      const answers = await Promise.all(targets.map(([id, etag]) => requests.undo(id, etag).catch(() => null)));
      const failed = answers.find((one) => !one?.ok);
      if (failed !== undefined) problem(failed ? failed.data.detail : texts.failed);
      if (!answers[0]?.ok) return true;
      decision.row.dataset.version = answers[0].data.version;
      restore(decision);
      requests.forget(idOf(decision.row));
      say(texts.undone);
      open(decision.row);
      return true;
    };

    const undoMany = async (many) => {
      const answers = await Promise.all(many.map(({ row, etag }) => requests.undo(idOf(row), etag).catch(() => null)));
      for (const [number, decision] of [...many.entries()].reverse()) {
        const answer = answers[number];
        requests.forget(idOf(decision.row));
        if (!answer?.ok) continue;
        decision.row.dataset.version = answer.data.version;
        restore(decision);
      }
      const failed = answers.find((one) => !one?.ok);
      if (failed !== undefined) problem(failed ? failed.data.detail : texts.failed);
      if (answers.some((one) => one?.ok)) say(texts.undone);
      if (!current) open(rows()[0] || null);
      return true;
    };

    // -- the reason of hiding -------------------------------------------------------------------------------
    let chosenReason = ""; // waits for the outcome of the reports
    const closeReasons = () => { reasons.hidden = true; reasons.reset(); bulkChoice = null; chosenReason = ""; };
    const openReasons = (many = null) => {
      const shown = panel();
      if (!many && (!shown || "own" in shown.dataset)) return false;
      reasons.reset();
      bulkChoice = many;
      reasons.hidden = false;
      const reported = many ? many.some((row) => row.querySelector(".chip.warns")) : Number(shown.dataset.reports) > 0;
      reasons.querySelector(".outcomes").hidden = !reported;
      reasons.querySelector(".branch").hidden = Boolean(many) || !Number(shown.dataset.replies);
      reasons.scrollIntoView({ block: "nearest" });
      reasons.querySelector(reported ? "[name=outcome]" : "[data-reason]").focus();
      return true;
    };
    const hide = (code) => {
      const needed = !reasons.querySelector(".outcomes").hidden, outcome = reasons.elements.outcome.value;
      if (needed && !outcome) { chosenReason = code; problem(texts.outcome); return true; }
      const body = { decision: "hide", reason_code: code, ...(outcome ? { reports: outcome } : {}) };
      const note = reasons.elements.note.value.trim();
      if (note) body.reason = note;
      const many = bulkChoice, branch = reasons.elements.branch.checked;
      problem("");
      if (many) { closeReasons(); decideMany(many, body); return true; }
      closeReasons();
      return decide({ ...body, branch });
    };
    const setOutcome = (value) => {
      if (reasons.hidden || reasons.querySelector(".outcomes").hidden) return false;
      reasons.elements.outcome.value = value;
      problem("");
      return chosenReason ? hide(chosenReason) : true;
    };

    // -- many ----------------------------------------------------------------------------------------------
    const selected = () => rows().filter((row) => row.querySelector("input").checked);
    const countSelected = () => {
      const count = selected().length;
      bulk.hidden = !count;
      bulk.querySelector(".count").textContent = fill(texts.selected, { count });
    };
    const decideMany = async (chosen, body) => {
      const done = [], at = Date.now();
      let refused = 0, missed = 0;
      endUndo();
      for (let begin = 0; begin < chosen.length; begin += BULK_ROWS) {
        const part = chosen.slice(begin, begin + BULK_ROWS);
        say(fill(texts.progress, { done: begin, all: chosen.length }));
        const items = part.map((row) => ({ id: idOf(row), version: Number(row.dataset.version) }));
        const answer = await requests.many({ ...body, items }).catch(() => null);
        if (!answer?.ok) { problem(answer?.data.detail || texts.failed); missed += chosen.length - begin; break; }
        for (const result of answer.data.results) {
          const row = part.find((one) => idOf(one) === result.id);
          if (result.outcome === "not_reached") { missed += 1; continue; }
          row.querySelector("input").checked = false;
          if (result.outcome === "refused") { refused += 1; mark(row, result.detail); requests.forget(result.id); continue; }
          done.push({ row, place: row.nextElementSibling, etag: result.etag });
          if (row === current) current = null;
          row.remove();
        }
      }
      say(fill(texts.bulkDone, { decided: done.length, refused }));
      if (done.length) { last = { at, many: done }; offerUndo(last); }
      if (missed) problem(fill(texts.retry, { count: missed }));
      countSelected();
      if (!current) open(rows()[0] || null);
      refill();
    };

    // -- keys and clicks -----------------------------------------------------------------------------------
    const select = () => {
      if (!current) return false;
      const tick = current.querySelector("input");
      tick.checked = !tick.checked;
      countSelected();
      return true;
    };
    const go = (step) => {
      const next = current ? neighbour(current, step) : rows()[0];
      if (!next) return false;
      open(next, { byPerson: true });
      return true;
    };
    const dialog = document.getElementById("keys-dialog");
    const ACTS = {
      show: () => decide({ decision: "show" }), hide: () => openReasons(), hold: () => panel()?.dataset.state !== "held" && decide({ decision: "hold" }),
      next: () => go(1), cancel: () => { closeReasons(); panel()?.focus(); return true; },
      "take-over": () => { lease(current, true).then(() => reload(current)); return true; },
    };
    const KEYS = {
      s: ACTS.show, h: ACTS.hide, o: ACTS.hold, j: () => go(1), k: () => go(-1), u: undo, x: select,
      "?": () => { dialog.showModal(); return true; },
    };
    const withSelected = (act) => () => { const chosen = selected(); if (chosen.length) act(chosen); return chosen.length > 0; };
    const BULK_KEYS = { // with Shift
      s: withSelected((chosen) => decideMany(chosen, { decision: "show" })), h: withSelected(openReasons),
      o: withSelected((chosen) => decideMany(chosen, { decision: "hold" })),
    };
    const REASON_KEYS = { y: () => setOutcome("confirmed"), n: () => setOutcome("dismissed"), b: () => {
      if (!reasons.querySelector(".branch").hidden) reasons.elements.branch.checked = !reasons.elements.branch.checked;
      return true;
    }, Escape: ACTS.cancel };
    document.addEventListener("keydown", (event) => {
      if (isBusy(event)) return;
      const key = nameOf(event);
      const choice = !reasons.hidden && /^[1-9]$/.test(key) ? reasons.querySelectorAll("[data-reason]")[Number(key) - 1] : null;
      const act = choice ? () => hide(choice.dataset.reason) : !reasons.hidden ? REASON_KEYS[key] : (event.shiftKey && BULK_KEYS[key]) || KEYS[key];
      if (!act || (event.repeat && !"jk".includes(key))) return;
      event.preventDefault();
      if (!act()) say(texts.none);
    });
    root.addEventListener("click", (event) => {
      const target = event.target.closest("[data-act], [data-reason], [data-bulk], #undo, #back, #show-keys, #result_list th a");
      if (!target) return;
      if (target.matches("#result_list th a")) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        open(target.closest("tr"), { byPerson: true });
      } else if (target.dataset.act) ACTS[target.dataset.act]();
      else if (target.dataset.reason) hide(target.dataset.reason);
      else if (target.id === "undo") undo();
      else if (target.id === "back") document.body.classList.remove("panel-open");
      else if (target.id === "show-keys") dialog.showModal();
      else if (target.dataset.bulk === "none") { for (const row of selected()) row.querySelector("input").checked = false; countSelected(); }
      else if (target.dataset.bulk === "hide") openReasons(selected());
      else decideMany(selected(), { decision: target.dataset.bulk });
    });
    holder.addEventListener("change", countSelected);
    reasons.addEventListener("change", (event) => { if (event.target.name === "outcome") setOutcome(event.target.value); });
    // While the note is typed: out of it to the reasons, or back without hiding.
    reasons.addEventListener("keydown", (event) => {
      if (event.isComposing || event.target.name !== "note" || !["Escape", "Enter"].includes(event.key)) return;
      event.preventDefault();
      if (event.key === "Escape") ACTS.cancel();
      else reasons.querySelector(chosenReason ? "[name=outcome]" : "[data-reason]").focus();
    });
    reasons.addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("pagehide", () => { if (current) requests.releaseNow(idOf(current)); });
    setInterval(renew, RENEW_MS);

    const wanted = location.pathname.match(/moderation\/(\d+)\/$/)?.[1];
    const first = (wanted ? rows().find((row) => row.dataset.id === wanted) : rows()[0]) || null;
    if (first) open(first, { byPerson: Boolean(wanted) });
  }
}
