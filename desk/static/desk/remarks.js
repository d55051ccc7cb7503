// Story page: remarks of colleagues on passages; adds, resolves, and goes to the passage in the editor.
"use strict";
{
  const box = document.getElementById("remarks");
  const form = document.getElementById("draft_form");
  if (box && form) {
    const REFRESH_MS = 60_000;
    const words = box.dataset;
    const list = box.querySelector(".remark-list");
    const count = box.querySelector(".remark-count");
    const text = box.querySelector("textarea");
    const quoted = box.querySelector(".remark-quote");
    const problem = box.querySelector(".remark-problem");
    const showResolved = box.querySelector(".show-resolved");
    const isBeside = window.matchMedia("(min-width: 1280px)").matches;
    let remarks = [];
    const details = box.querySelector("details");
    let openBefore = null;

    const editor = () => document.querySelector(".ProseMirror[contenteditable]");
    const send = async (method, url, body) => {
      const answer = await fetch(url, {
        method,
        credentials: "same-origin",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "Accept-Language": document.documentElement.lang || "ko",
          "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
          "If-Match": "*",
        },
        body: body && JSON.stringify(body),
      });
      const data = await answer.json();
      if (!answer.ok) throw new Error(data.detail || words.failed);
      return data;
    };
    const complain = (sentence) => {
      problem.textContent = sentence;
      problem.hidden = !sentence;
    };

    // -- the passage -------------------------------------------------------------------------
    const plain = (value) => value.replace(/\s+/g, " ").trim();
    // The range of a passage in the editor: white space is compared as one space, blocks end with one.
    const rangeOf = (quote) => {
      const root = editor();
      if (!root) return null;
      const places = [];
      let whole = "";
      let block = null;
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const own = node.parentElement.closest("p, h1, h2, h3, h4, li, td, th, figcaption, blockquote");
        if (block && own !== block && !whole.endsWith(" ")) { whole += " "; places.push([node, 0]); }
        block = own;
        for (let at = 0; at < node.data.length; at += 1) {
          const letter = /\s/.test(node.data[at]) ? " " : node.data[at];
          if (letter === " " && whole.endsWith(" ")) continue;
          whole += letter;
          places.push([node, at]);
        }
      }
      const start = whole.indexOf(plain(quote));
      if (start < 0) return null;
      const range = document.createRange();
      range.setStart(...places[start]);
      const [node, at] = places[start + plain(quote).length - 1];
      range.setEnd(node, at + 1);
      return range;
    };
    const goTo = (remark, button) => {
      const range = rangeOf(remark.quote);
      if (!range) { complain(words.gone); return; }
      complain("");
      range.startContainer.parentElement.scrollIntoView({ block: "center" });
      editor().focus({ preventScroll: true });
      const selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      button.blur();
    };
    document.addEventListener("selectionchange", () => {
      const selection = window.getSelection();
      const root = editor();
      if (!root || !selection.rangeCount || !root.contains(selection.anchorNode)) return;
      const passage = plain(selection.toString()).slice(0, 500);
      quoted.textContent = passage;
      quoted.hidden = !passage;
    });

    // -- the list -----------------------------------------------------------------------------
    const make = (tag, className, content) => {
      const element = document.createElement(tag);
      if (className) element.className = className;
      if (content) element.textContent = content;
      return element;
    };
    const button = (label, press) => {
      const element = make("button", "press", label);
      element.type = "button";
      element.addEventListener("click", () => press(element));
      return element;
    };
    const itemOf = (remark) => {
      const item = make("li", remark.resolved_at ? "resolved" : "");
      if (remark.quote) item.append(make("blockquote", "", remark.quote));
      item.append(make("p", "", remark.text));
      const at = new Date(remark.created_at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
      const by = remark.resolved_by ? ` · ${words.resolved.replace("{name}", remark.resolved_by.name)}` : "";
      item.append(make("p", "quiet", `${remark.author.name} · ${at}${by}`));
      const row = make("div", "press-row");
      if (remark.quote) row.append(button(words.jump, (pressed) => goTo(remark, pressed)));
      row.append(button(remark.resolved_at ? words.reopen : words.resolve, () => change(remark, { resolved: !remark.resolved_at })));
      item.append(row);
      return item;
    };
    const show = () => {
      const open = remarks.filter((remark) => !remark.resolved_at);
      const shown = showResolved.getAttribute("aria-pressed") === "true" ? remarks : open;
      list.replaceChildren(...shown.map(itemOf));
      count.textContent = open.length;
      count.hidden = !open.length;
      box.querySelector(".no-remarks").hidden = shown.length > 0;
      showResolved.hidden = open.length === remarks.length;
      // Below the buttons it is closed until there is something to read.
      if (openBefore === null) details.open = isBeside;
      if (open.length > (openBefore || 0)) details.open = true;
      openBefore = open.length;
    };
    const act = async (work) => {
      try {
        await work();
        complain("");
        show();
      } catch (error) {
        complain(error instanceof TypeError ? words.failed : error.message);
      }
    };
    const change = (remark, body) => act(async () => {
      const changed = await send("PATCH", words.detail.replace("/0/", `/${remark.id}/`), body);
      remarks = remarks.map((each) => (each.id === changed.id ? changed : each));
    });
    const load = () => act(async () => {
      let page = { next: `${words.list}?page_size=100` };
      const found = [];
      while (page.next) {
        page = await send("GET", page.next);
        found.push(...page.results);
      }
      remarks = found;
    });
    const refresh = () => { if (document.visibilityState === "visible") load(); };
    box.querySelector(".add-remark").addEventListener("click", () => act(async () => {
      if (!text.value.trim()) { text.focus(); return; }
      const quote = quoted.hidden ? "" : quoted.textContent;
      remarks.push(await send("POST", words.list, { text: text.value, quote }));
      text.value = quoted.textContent = "";
      quoted.hidden = true;
    }));
    showResolved.addEventListener("click", () => {
      showResolved.setAttribute("aria-pressed", String(showResolved.getAttribute("aria-pressed") !== "true"));
      show();
    });
    document.addEventListener("visibilitychange", refresh);
    setInterval(refresh, REFRESH_MS);
    load();
  }
}
