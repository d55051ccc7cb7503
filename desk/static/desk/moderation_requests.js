// Requests of the moderation queue to the desk API: decide, undo, lease, many at once; and the panels, fetched ahead.
"use strict";
{
  const root = document.getElementById("moderation");
  if (root) {
    const token = () => root.querySelector("[name=csrfmiddlewaretoken]").value;
    const language = document.documentElement.lang || "ko";
    const address = (name, id) => root.dataset[name].replace("/0/", `/${id}/`);

    // One request after the other: a lease that follows a decision reaches the server after it.
    let queue = Promise.resolve(), waiting = 0;
    const inTurn = (ask) => {
      waiting += 1;
      root.setAttribute("aria-busy", "true");
      const asked = queue.then(ask);
      queue = asked.catch(() => {}).then(() => { waiting -= 1; root.setAttribute("aria-busy", String(waiting > 0)); });
      return asked;
    };
    const call = (method, url, body, more = {}) => inTurn(() => send(method, url, body, more));
    const send = async (method, url, body, more = {}) => {
      const { etag, ...rest } = more;
      const headers = { Accept: "application/json", "Accept-Language": language, "X-CSRFToken": token() };
      if (body !== undefined) headers["Content-Type"] = "application/json";
      if (etag) headers["If-Match"] = etag;
      const response = await fetch(url, { method, credentials: "same-origin", headers, body: body === undefined ? undefined : JSON.stringify(body), ...rest });
      const data = response.status === 204 ? null : await response.json().catch(() => ({}));
      return { ok: response.ok, status: response.status, data };
    };

    // -- panels: the next one is there before somebody asks for it -------------------------------
    const panels = new Map(); // id -> {version, html: Promise}
    const panel = (id, version) => {
      const known = panels.get(id);
      if (known && known.version === version) return known.html;
      const url = `${location.pathname.replace(/moderation\/.*$/, "moderation/")}${id}/`;
      const html = inTurn(() => fetch(url, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } })
        .then((response) => { if (!response.ok) throw new Error(response.statusText); return response.text(); }));
      html.catch(() => panels.delete(id));
      panels.set(id, { version, html });
      return html;
    };

    // The table of rows behind these, as the server makes it.
    const rowsBehind = (search) => inTurn(async () => {
      const response = await fetch(root.dataset.rows + search, { credentials: "same-origin" });
      if (!response.ok) throw new Error(response.statusText);
      return new DOMParser().parseFromString(await response.text(), "text/html");
    });

    window.moderationRequests = {
      panel,
      rowsBehind,
      forget: (id) => panels.delete(id),
      decide: (id, etag, body) => call("POST", address("decide", id), body, { etag }),
      undo: (id, etag) => call("DELETE", address("decide", id), undefined, { etag }),
      lease: (id, takeOver) => call("POST", address("lease", id), { take_over: takeOver }),
      release: (id) => call("DELETE", address("lease", id)),
      releaseNow: (id) => send("DELETE", address("lease", id), undefined, { keepalive: true }).catch(() => {}),
      many: (body) => call("POST", root.dataset.many, body),
    };
  }
}
