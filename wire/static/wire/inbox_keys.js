// Keys of the inbox: j and k move, w writes, d compares, / searches, ? shows all of them.
//
// They move the focus itself, so that Enter, screen readers and the eye agree on the row. They do nothing in fields, with
// Ctrl, Alt or Meta, or while letters are composed, and can be switched off in the dialog.
"use strict";
{
  const hint = document.getElementById("inbox-keys");
  const dialog = document.getElementById("keys-dialog");
  if (hint && dialog) {
    const OFF = "inbox-keys-off", LISTED = "inbox-listed", CAME_FROM = "inbox-list-address";
    const options = hint.dataset, words = hint.querySelector(".keys-words");
    const choice = document.getElementById("keys-on");
    const store = (storage, name, value) => { try { storage.setItem(name, value); } catch { /* private window */ } };
    const stored = (storage, name) => { try { return storage.getItem(name); } catch { return null; } };

    // -- rows ---------------------------------------------------------------------------------------
    const rows = () => (options.rows ? [...document.querySelectorAll(options.rows)].filter((row) => row.offsetParent) : []);
    const focusOf = (row) => (options.focus ? row.querySelector(options.focus) : row);
    const currentRow = () => document.activeElement?.closest?.(options.rows || "body > none") || null;
    const focusRow = (row) => {
      const target = focusOf(row);
      if (target === row) row.tabIndex = -1;
      target.focus();
      row.scrollIntoView({ block: "nearest" });
    };
    const lastRow = () => rows().find((row) => options.isList && focusOf(row).pathname === stored(sessionStorage, "inbox-row"));
    const move = (step) => {
      const all = rows(), at = all.indexOf(currentRow());
      if (!all.length) return false;
      const start = lastRow();
      if (at < 0 && start) focusRow(start);
      else if (at < 0) focusRow(step > 0 ? all[0] : all[all.length - 1]);
      else focusRow(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
      return true;
    };

    // -- the list that a story was opened from --------------------------------------------------------
    const listed = () => JSON.parse(stored(sessionStorage, LISTED) || "[]");
    const remember = () => {
      const links = rows().map((row) => focusOf(row));
      store(sessionStorage, LISTED, JSON.stringify(links.map((link) => link.pathname + link.search)));
      store(sessionStorage, CAME_FROM, location.pathname + location.search);
      const row = currentRow();
      if (row) store(sessionStorage, "inbox-row", focusOf(row).pathname);
    };
    const neighbour = (step) => {
      const addresses = listed();
      const at = addresses.findIndex((address) => address.split("?")[0] === location.pathname);
      const next = at < 0 ? undefined : addresses[at + step];
      if (!next) return false;
      store(sessionStorage, "inbox-row", next.split("?")[0]);
      location.assign(next);
      return true;
    };
    const toList = () => { location.assign(stored(sessionStorage, CAME_FROM) || options.list); return true; };

    // -- what the keys do -------------------------------------------------------------------------------
    const press = (key) => {
      const element = document.querySelector(`[data-key="${key}"]`);
      element?.click();
      return Boolean(element);
    };
    const storyOf = (row) => focusOf(row).pathname.match(/\/(\d+)\/change\/$/)?.[1];
    const write = () => {
      const row = options.isList && currentRow(), form = document.getElementById("write-from");
      if (!options.isList) return press("w");
      if (!row || !form) return false;
      remember();
      form.action = form.dataset.action.replace("/0/", `/${storyOf(row)}/`);
      form.submit();
      return true;
    };
    const compare = () => {
      const row = options.isList && currentRow();
      if (!options.isList) return press("d");
      if (!row) return false;
      remember();
      location.assign(options.diff.replace("/0/", `/${storyOf(row)}/`));
      return true;
    };
    const search = () => {
      const field = document.getElementById("searchbar");
      if (field) { field.focus(); field.select(); } else location.assign(`${options.list}#searchbar`);
      return true;
    };
    const showNew = () => {
      const button = document.querySelector("#inbox-live button:not([hidden])");
      button?.click();
      return Boolean(button);
    };
    const open = () => { dialog.showModal(); return true; }; // closing it gives the focus back, before the next key
    const go = (step) => (options.rows ? move(step) : neighbour(step));
    const KEYS = {
      j: () => go(1), k: () => go(-1), w: write, d: compare, n: showNew, u: () => press("u") || toList(), "/": search, "?": open,
    };

    const { nameOf, isBusy } = window.newsroomKeys;
    document.addEventListener("keydown", (event) => {
      if (isBusy(event) || !choice.checked) return;
      const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (arrow && currentRow()) { event.preventDefault(); move(arrow); return; }
      const act = KEYS[nameOf(event)];
      if (!act || (event.repeat && !"jk".includes(nameOf(event)))) return;
      event.preventDefault();
      words.textContent = act() ? "" : options.none;
    });

    hint.querySelector("button").addEventListener("click", open);
    choice.checked = stored(localStorage, OFF) !== "1";
    choice.addEventListener("change", () => store(localStorage, OFF, choice.checked ? "0" : "1"));
    if (options.isList) {
      window.addEventListener("pagehide", remember);
      if (location.hash === "#searchbar") search();
    }
  }
}
