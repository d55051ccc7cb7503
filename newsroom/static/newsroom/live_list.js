// Live list of the admin: asks for its first page every few seconds, updates changed rows in place, and offers new ones.
//
// Nothing moves before somebody asks for it: scroll, focus and filters stay. A hidden page asks for nothing.
// `[data-live-list]` is the line that announces, with its texts and the address; `[data-live-rows]` has the table. Each row
// has a link in its `th`, by whose path it is known, and its state in `[data-state]`.
"use strict";
{
  const box = document.querySelector("[data-live-list]");
  const holder = document.querySelector("[data-live-rows]");
  if (box && holder && box.dataset.url) {
    const LONGEST_MS = 60_000, MAX_ROWS = 200, FAILURES_BEFORE_WORDS = 2;
    const texts = box.dataset, everyMs = Number(texts.seconds) * 1000;
    const button = box.querySelector("button"), words = box.querySelector(".live-words");
    let tag = texts.tag, failures = 0, timer = null, isAsking = false, ended = false;
    let latest = null, pages = null; // the rows of the last answer, in their order, and its links to pages
    const changed = new Set(); // stories whose state changed since new ones were shown last
    const left = new Set(); // stories of the list that the last answer leaves out

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
    // Cell by cell, so that a focused link stays where its cell is as before. What the page itself has written
    // into `.outcome` stays.
    const update = (row, fresh) => {
      const hasFocus = row.contains(document.activeElement), outcome = row.querySelector(".outcome")?.textContent;
      Object.assign(row.dataset, fresh.dataset);
      for (const [number, cell] of [...fresh.children].entries()) {
        const own = row.children[number];
        const before = own.cloneNode(true);
        before.querySelector(".fresh")?.remove();
        before.querySelector(".outcome")?.replaceChildren();
        if (before.innerHTML.trim() !== cell.innerHTML.trim()) own.replaceChildren(...cell.cloneNode(true).childNodes);
      }
      if (outcome) row.querySelector(".outcome").textContent = outcome;
      if (hasFocus && !row.contains(document.activeElement)) row.querySelector("th a").focus({ preventScroll: true });
    };

    const pagesIn = (root) => root.querySelector(".newer-older");
    const goesOn = (links) => Boolean(links?.querySelector("[rel=next]"));
    // What the last answer says of the listed rows. Both are complete above `meets`, the lowest row that is in
    // both and has not moved. Without one, stories may stand between the answer and the list: they are apart.
    const compare = () => {
      const listed = rowsIn(holder), known = byKey(listed), answered = new Set(latest.map(keyOf));
      const isPart = goesOn(pages); // else the answer is all that the filters leave
      const meets = listed.findLastIndex((row) => answered.has(keyOf(row)) && !changed.has(keyOf(row)));
      const isApart = isPart && meets < 0;
      const missing = [...listed.entries()].filter(([, row]) => !answered.has(keyOf(row)));
      // Below the last known row follows what the next page of the list has: it is not new.
      const end = latest.findLastIndex((row) => known.has(keyOf(row)));
      const isEndNew = isApart || end < 0 || !goesOn(pagesIn(document));
      return {
        known, isApart,
        fresh: latest.filter((row, number) => !known.has(keyOf(row)) && (isEndNew || number < end)),
        gone: missing.filter(([number]) => !isPart || number < meets).map(([, row]) => row),
        older: missing.filter(([number]) => isPart && !isApart && number > meets).map(([, row]) => row),
      };
    };

    const offer = () => {
      const { known, fresh, isApart } = compare();
      const count = fresh.length;
      const moved = [...changed].filter((key) => known.has(key) && !left.has(key)).length;
      button.hidden = !count && !moved && !left.size;
      const parts = [
        count && isApart ? texts.newMore.replace("{count}", count) : count ? counted("new", count) : "",
        moved ? counted("changed", moved) : "",
        left.size ? counted("left", left.size) : "",
      ];
      say(button, parts.filter(Boolean).join(" · "));
    };
    const markLeft = () => {
      const gone = byKey(compare().gone);
      for (const [key, row] of byKey(rowsIn(holder))) {
        if (gone.has(key) === left.has(key)) continue;
        if (gone.has(key)) left.add(key); else left.delete(key);
        mark(row, left.has(key) ? texts.left : changed.has(key) ? texts.changed : "");
      }
    };
    const receive = (html) => {
      const answer = new DOMParser().parseFromString(html, "text/html");
      latest = rowsIn(answer);
      pages = pagesIn(answer);
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
      markLeft();
      offer();
    };

    const show = () => {
      const table = holder.querySelector("#result_list tbody");
      const { known, fresh, older } = compare();
      const shown = latest.map((row) => known.get(keyOf(row)) || document.importNode(row, true));
      const keepsOlder = older.length > 0 && shown.length + older.length <= MAX_ROWS;
      if (table) table.replaceChildren(...shown, ...(keepsOlder ? older : []));
      else if (latest.length) holder.append(document.importNode(latest[0].closest(".results"), true));
      // The link to older stories begins where the list ends.
      if (!keepsOlder && pages) pagesIn(document)?.replaceWith(document.importNode(pages, true));
      const now = byKey(rowsIn(holder));
      for (const [key, row] of now) mark(row, changed.has(key) ? texts.changed : "");
      for (const row of fresh) mark(now.get(keyOf(row)), texts.fresh);
      changed.clear();
      left.clear();
      button.hidden = true;
      say(button, "");
      const first = fresh.length ? now.get(keyOf(fresh[0])) : rowsIn(holder)[0];
      first?.querySelector("th a").focus();
    };

    const address = () => {
      const query = new URLSearchParams(location.search);
      for (const name of ["p", "e", "older_than", "newer_than", "after"]) query.delete(name);
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
