// Live list of the inbox: asks for its first page every few seconds, updates changed rows in place, and offers new ones.
//
// Nothing moves before somebody asks for it: scroll, focus and filters stay. A hidden page asks for nothing.
"use strict";
{
  const box = document.getElementById("inbox-live");
  const holder = document.getElementById("inbox-rows");
  if (box && holder && box.dataset.url) {
    const LONGEST_MS = 60_000, MAX_ROWS = 200, FAILURES_BEFORE_WORDS = 2;
    const texts = box.dataset, everyMs = Number(texts.seconds) * 1000;
    const button = box.querySelector("button"), words = box.querySelector(".live-words");
    let tag = texts.tag, failures = 0, timer = null, isAsking = false, ended = false;
    let latest = null; // the rows of the last answer, in their order
    const changed = new Set(); // stories whose state changed since new ones were shown last

    const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };
    const rowsIn = (root) => [...root.querySelectorAll("#result_list tbody tr")];
    const keyOf = (row) => row.querySelector("th a").pathname;
    const stateOf = (row) => row.querySelector("[data-state]").dataset.state;
    const byKey = (rows) => new Map(rows.map((row) => [keyOf(row), row]));
    const counted = (name, count) => texts[`${name}${count === 1 ? "One" : "Many"}`].replace("{count}", count);

    const mark = (row, text) => {
      const head = row.querySelector("th");
      head.querySelector(".fresh")?.remove();
      if (!text) return;
      const chip = document.createElement("span");
      chip.className = "chip waits fresh";
      chip.textContent = text;
      head.append(" ", chip);
    };
    // Cell by cell, so that a focused link stays where its cell is as before.
    const update = (row, fresh) => {
      const hasFocus = row.contains(document.activeElement);
      for (const [number, cell] of [...fresh.children].entries()) {
        const own = row.children[number];
        const before = own.cloneNode(true);
        before.querySelector(".fresh")?.remove();
        if (before.innerHTML.trim() !== cell.innerHTML.trim()) own.replaceChildren(...cell.cloneNode(true).childNodes);
      }
      if (hasFocus && !row.contains(document.activeElement)) row.querySelector("th a").focus({ preventScroll: true });
    };

    const offer = () => {
      const known = byKey(rowsIn(holder));
      const count = latest.filter((row) => !known.has(keyOf(row))).length;
      const moved = [...changed].filter((key) => known.has(key)).length;
      button.hidden = !count && !moved;
      const parts = [count ? counted("new", count) : "", moved ? counted("changed", moved) : ""];
      say(button, parts.filter(Boolean).join(" · "));
    };
    const receive = (html) => {
      latest = rowsIn(new DOMParser().parseFromString(html, "text/html"));
      const known = byKey(rowsIn(holder));
      for (const row of latest) {
        const own = known.get(keyOf(row));
        if (!own) continue;
        const isChanged = stateOf(own) !== stateOf(row);
        update(own, row);
        if (!isChanged) continue;
        changed.add(keyOf(row));
        mark(own, texts.changed);
      }
      offer();
    };

    const show = () => {
      const table = holder.querySelector("#result_list tbody");
      const known = byKey(rowsIn(holder)), fresh = latest.filter((row) => !known.has(keyOf(row)));
      if (!table) {
        holder.append(document.importNode(latest[0].closest(".results"), true));
      } else {
        const listed = new Set(latest.map(keyOf));
        const shown = latest.map((row) => known.get(keyOf(row)) || document.importNode(row, true));
        // A full page says nothing of older rows; a shorter one is all that the filters leave.
        const older = latest.length < Number(texts.full) ? [] : rowsIn(holder).filter((row) => !listed.has(keyOf(row)));
        table.replaceChildren(...[...shown, ...older].slice(0, MAX_ROWS));
      }
      const now = byKey(rowsIn(holder));
      for (const [key, row] of now) mark(row, changed.has(key) ? texts.changed : "");
      for (const row of fresh) mark(now.get(keyOf(row)), texts.fresh);
      changed.clear();
      button.hidden = true;
      say(button, "");
      const first = fresh.length ? now.get(keyOf(fresh[0])) : rowsIn(holder)[0];
      first?.querySelector("th a").focus();
    };

    const address = () => {
      const query = new URLSearchParams(location.search);
      for (const name of ["p", "e"]) query.delete(name);
      return query.size ? `${texts.url}?${query}` : texts.url;
    };
    const ask = async () => {
      const response = await fetch(address(), { credentials: "same-origin", redirect: "manual", headers: { "If-None-Match": tag } });
      if (response.type === "opaqueredirect" || response.status === 403) {
        ended = true;
        say(words, texts.signedOut);
        return;
      }
      if (response.status !== 304) {
        if (!response.ok) throw new Error(response.statusText);
        receive(await response.text());
        tag = response.headers.get("ETag") || "";
      }
      failures = 0;
      say(words, "");
    };
    const poll = async () => {
      clearTimeout(timer);
      if (isAsking || ended || document.hidden) return;
      isAsking = true;
      try {
        await ask();
      } catch {
        failures += 1;
        if (failures >= FAILURES_BEFORE_WORDS) say(words, texts.away);
      }
      isAsking = false;
      if (!ended) timer = setTimeout(poll, Math.min(everyMs * 2 ** failures, LONGEST_MS));
    };

    button.addEventListener("click", show);
    document.addEventListener("visibilitychange", poll);
    window.addEventListener("pagehide", () => { ended = true; clearTimeout(timer); });
    window.addEventListener("pageshow", (event) => { if (event.persisted) { ended = false; poll(); } });
    timer = setTimeout(poll, everyMs);
  }
}
