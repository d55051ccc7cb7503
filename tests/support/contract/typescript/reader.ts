// A front end as somebody would write it against the generated types: it reads, pages, searches, meets a
// refusal, votes, comments and saves. It ends with a line of JSON that the test looks at.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Card = components["schemas"]["CardOut"];
type Page = components["schemas"]["PageOut"];
type Problem = components["schemas"]["Problem"];

declare const process: { env: Record<string, string | undefined>; exitCode?: number };

const site = process.env["SITE"] ?? "";
const session = process.env["SESSION"] ?? "";
const api = createClient<paths>({ baseUrl: site, querySerializer: { array: { style: "form", explode: false } } });
const signedIn = { "X-Session-Token": session };

function must<T>(given: { data?: T; error?: unknown; response: Response }): T {
  if (given.data === undefined) throw new Error(`${given.response.status}: ${JSON.stringify(given.error)}`);
  return given.data;
}

// Every card of the list, by the links of its pages.
async function walk(): Promise<Card[]> {
  const found: Card[] = [];
  let cursor: string | null = null;
  do {
    const query: { page_size: number; cursor?: string } = cursor === null ? { page_size: 2 } : { page_size: 2, cursor };
    const page = must(await api.GET("/api/v1/articles/", { params: { query } }));
    found.push(...(page.results as Card[]));
    cursor = page.next === null ? null : new URL(page.next).searchParams.get("cursor");
  } while (cursor !== null);
  return found;
}

// The whole page of an article; null where readers find nothing.
async function open(slug: string): Promise<Page | Problem> {
  const given = await api.GET("/api/v1/articles/{slug}/", { params: { path: { slug } } });
  return given.data ?? (given.error as Problem);
}

async function vote(page: Page): Promise<number | null | undefined> {
  if (page.poll === null) return undefined;
  const given = await api.PUT("/api/v1/polls/{id}/vote/", {
    params: { path: { id: page.poll.id } },
    body: { side: "pro" },
    headers: signedIn,
  });
  return must(given).total_votes;
}

async function say(slug: string, text: string): Promise<string | null> {
  const given = await api.POST("/api/v1/articles/{slug}/comments/", {
    params: { path: { slug } },
    body: { text },
    headers: signedIn,
  });
  return must(given).text;
}

async function refused(): Promise<Problem> {
  const given = await api.GET("/api/v1/articles/", { params: { query: { page_size: 101 } } });
  return given.error as Problem;
}

async function unchanged(slug: string): Promise<number> {
  const first = await api.GET("/api/v1/articles/{slug}/", { params: { path: { slug } } });
  const tag = first.response.headers.get("ETag") ?? "";
  const again = await fetch(first.response.url, { headers: { "If-None-Match": tag } });
  return again.status;
}

const cards = await walk();
const withPoll = cards.find((card) => card.counts.votes !== null && card.headline.includes("투표"));
if (withPoll === undefined) throw new Error("no card has the poll");
const page = await open(withPoll.slug);
if (!("body_html" in page)) throw new Error(page.detail);
const nowhere = await open("there-is-no-such-story");
const saved = await api.PUT("/api/v1/articles/{slug}/save/", { params: { path: { slug: page.slug } }, headers: signedIn });
const mine = must(await api.GET("/api/v1/me/saves/", { headers: signedIn }));
const state = must(await api.GET("/api/v1/me/state/", { params: { query: { articles: page.slug } }, headers: signedIn }));

console.log(
  JSON.stringify({
    slugs: cards.map((card) => card.slug),
    authors: page.authors.map((author) => author.name),
    votes: await vote(page),
    comment: await say(page.slug, "형식이 있는 손님입니다."),
    nowhere: "code" in nowhere ? nowhere.code : null,
    refused: (await refused()).errors?.map((error) => error.pointer),
    unchanged: await unchanged(page.slug),
    saved: saved.response.status,
    mine: mine.results.length,
    state: Object.keys(state).length,
  }),
);
