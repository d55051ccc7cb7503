// Story page: who else has it open, and the edit lock, by a heartbeat while the page is visible.
"use strict";
{
  const box = document.getElementById("presence");
  const form = document.getElementById("draft_form");
  if (box && form) {
    const HEARTBEAT_MS = 20_000;
    const words = box.dataset;
    const people = box.querySelector(".present-people");
    const held = box.querySelector(".lock-held");
    const sentence = held.querySelector(".lock-words");
    const takeOver = held.querySelector(".take-over");
    const lost = box.querySelector(".lock-lost");
    let isOwn = false; // whether this user holds the lock
    let isDirty = false; // whether something was typed on this page
    let isActive = false; // whether something was typed since the last heartbeat
    let ended = false;
    let underway = new AbortController(); // ends what the page still asks for when it is left
    // Whether this window ends the presence when it is closed: the first of this browser that has the story open. The next
    // one follows it (Web Locks, which need HTTPS; without, each window does).
    let isFirst = !navigator.locks;

    const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;
    const send = (method, url, body, more = {}) => fetch(url, {
      method,
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": document.documentElement.lang || "ko", "X-CSRFToken": token(), "If-Match": "*" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: underway.signal,
      ...more,
    });
    const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    const timeOf = (iso) => new Date(iso).toLocaleTimeString(document.documentElement.lang || "ko", { hour: "2-digit", minute: "2-digit" });
    const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };

    // -- what the server says -----------------------------------------------------------
    const show = (state) => {
      form.dispatchEvent(new CustomEvent("stage", { detail: state.stage }));
      const lock = state.lock;
      const others = state.people.filter((person) => person.id !== Number(words.user) && !(lock && lock.holder.id === person.id));
      say(people, others.length ? fill(words.viewing, { names: others.map((person) => person.name).join(", ") }) : "");
      people.hidden = !others.length;
      const byOther = Boolean(lock) && !lock.is_own;
      if (isOwn && byOther) say(lost, fill(words.lost, { name: lock.holder.name, at: timeOf(lock.since) }));
      if (isOwn && byOther) lost.hidden = false;
      const isFreed = isOwn && !lock && isDirty; // by a window of this user that was closed
      isOwn = Boolean(lock) && lock.is_own;
      if (isFreed) take({});
      if (isOwn) lost.hidden = true;
      if (byOther) say(sentence, fill(words.held, { name: lock.holder.name, at: timeOf(lock.since) }));
      held.hidden = !byOther;
      sentence.hidden = !lost.hidden; // which says it already
      if (!byOther) lost.hidden = true;
      const isNewer = state.version > Number(form.elements.version.value);
      box.querySelector(".newer").hidden = !isNewer || byOther || Boolean(document.getElementById("edit-conflict"));
      box.hidden = people.hidden && held.hidden && lost.hidden && box.querySelector(".newer").hidden;
      document.body.classList.toggle("locked-by-other", byOther);
    };

    // -- what this page tells the server ----------------------------------------------------
    const report = async () => {
      const active = isActive;
      isActive = false;
      const answer = await send("PUT", words.presence, { is_active: active });
      if (answer.ok) show(await answer.json());
    };
    const isShown = () => Boolean(words.presence) && !ended && document.visibilityState === "visible";
    const beat = async () => {
      if (!isShown()) return;
      try {
        if (isDirty && !isOwn && held.hidden && lost.hidden) await send("PUT", words.lock, {});
        await report();
      } catch { /* the next heartbeat asks again */ }
    };
    const take = async (body) => {
      if (!words.lock) return; // of a new story, until its first autosave has made it
      try {
        const answer = await send("PUT", words.lock, body);
        if ((answer.ok || answer.status === 423) && isShown()) await report();
      } catch { /* the next heartbeat asks again */ }
    };
    const follow = () => {
      if (!words.presence || !navigator.locks) return;
      navigator.locks.request(`presence:${words.user}:${words.presence}`, () => {
        isFirst = true;
        beat();
        return new Promise(() => {});
      });
    };
    const asked = new Set(["at", "correction_kind", "correction_note", "review_note", "assign_to", "assign_due_at"]);
    const typed = (event) => {
      if (!event.isTrusted || asked.has(event.target.name) || event.target.closest(".remarks")) return;
      isActive = true;
      if (isDirty) return;
      isDirty = true;
      take({});
    };
    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    takeOver.addEventListener("click", () => take({ take_over: true }));
    document.addEventListener("visibilitychange", beat);
    window.addEventListener("pageshow", (event) => { if (event.persisted) { ended = false; underway = new AbortController(); beat(); } });
    // The form of a new story has become that of a draft, whose lock is that of whoever types in it.
    form.addEventListener("adopted", (event) => {
      words.presence = event.detail.presence;
      words.lock = event.detail.lock;
      beat();
      follow();
    });
    window.addEventListener("pagehide", () => {
      ended = true;
      underway.abort(); // or a lock that is being asked for would be given after it was given back
      if (words.presence && isFirst) send("DELETE", words.presence, undefined, { keepalive: true, signal: undefined }).catch(() => {});
    });
    setInterval(beat, HEARTBEAT_MS);
    beat();
    follow();
  }
}
