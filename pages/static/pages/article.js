// Article page: reader state, votes, saves, comments, and the page view beacon.
import { get } from "./api.js";
import { comments } from "./comments.js";
import { one } from "./page.js";
import { save } from "./save.js";
import { vote } from "./vote.js";

const slug = one("[data-slug]").dataset.slug;

async function personal() {
  try {
    return await get(`/api/v1/me/state/?articles=${encodeURIComponent(slug)}`);
  } catch {
    return { signed_in: false, articles: {} }; // the page reads well without
  }
}

// The site that the reader comes from, without the page: what is counted is its class.
function referrer() {
  try {
    const { protocol, host } = new URL(document.referrer);
    return `${protocol}//${host}`;
  } catch {
    return "";
  }
}

// One page view, once the page is visible; not for a prerendered page.
function read() {
  navigator.sendBeacon?.(`/api/v1/articles/${encodeURIComponent(slug)}/views/`, referrer());
}

if (document.prerendering) {
  document.addEventListener("prerenderingchange", read, { once: true });
} else {
  read();
}

const state = personal();
const own = state.then((all) => all.articles[slug] ?? {});
const ignored = state.then((all) => all.ignored ?? []);
const signedIn = state.then((all) => Boolean(all.signed_in));

vote(one("[data-poll]"), own);
save(one("[data-save]"), slug, own, signedIn);
comments(one("[data-comments]"), slug, own, signedIn, ignored);
