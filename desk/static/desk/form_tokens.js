// Form tokens: one window at a time goes on with the form of a new story.
//
// The server knows a new story by the token of its form. Two windows with the same token (a duplicated tab, text restored
// while the window that it was typed in is open) would be one form to it and overwrite each other. So a window holds the
// Web Lock of its token until it is closed, reloaded or crashes. Web Locks need HTTPS; without, nothing is held.
"use strict";
{
  const form = document.getElementById("draft_form");
  const LEAVING_MS = 700; // the page before, which is being left, gives its lock up late
  if (form) {
    const waiting = new AbortController();
    setTimeout(() => waiting.abort(), LEAVING_MS);
    // Hold this token; resolves to whether no other window does.
    const hold = (token) => new Promise((resolve) => {
      if (!navigator.locks) { resolve(true); return; }
      const options = waiting.signal.aborted ? { ifAvailable: true } : { signal: waiting.signal };
      const keep = (lock) => {
        resolve(Boolean(lock));
        return lock && new Promise(() => {});
      };
      navigator.locks.request(`form:${token}`, options, keep).catch(() => resolve(false)); // aborted
    });
    form.formTokens = {
      hold,
      // This token, or a new one where another window goes on with it.
      holdOrReplace: async (token) => {
        if (await hold(token)) return token;
        const other = crypto.randomUUID();
        await hold(other);
        return other;
      },
    };
  }
}
