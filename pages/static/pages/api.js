// API client. A refused request throws a Problem with a message for readers.

const SESSION = "/_allauth/browser/v1/auth/session";

export class Problem extends Error {
  constructor(status, body) {
    super(sentence(body));
    this.status = status;
    this.body = body;
  }
}

function sentence(body) {
  const errors = (body?.errors ?? []).map((error) => error.detail ?? error.message).filter(Boolean);
  return errors.join("\n") || body?.detail || document.body.dataset.broken;
}

function cookie() {
  return document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1];
}

// The session endpoint also sets the CSRF cookie; pages set no cookie.
export async function token() {
  if (!cookie()) await fetch(SESSION, { credentials: "same-origin" });
  return cookie() ?? "";
}

// The JSON of the response (null for 204). Throws a Problem.
export async function call(method, address, data, more = {}) {
  const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang, ...more };
  if (data !== undefined) headers["Content-Type"] = "application/json";
  let response, body;
  try {
    if (method !== "GET") headers["X-CSRFToken"] = await token();
    response = await fetch(sitePath(address), {
      method,
      headers,
      credentials: "same-origin",
      body: data === undefined ? undefined : JSON.stringify(data),
    });
    body = response.status === 204 ? null : await response.json();
  } catch {
    throw new Problem(0, { detail: document.body.dataset.offline });
  }
  if (!response.ok) throw new Problem(response.status, body);
  return body;
}

export const get = (address) => call("GET", address);

// A URL of this site without its host; those of the API are absolute.
export function sitePath(address) {
  const url = new URL(address, location.href);
  return url.pathname + url.search + url.hash;
}

// The e-mail address of the signed-in reader, or null.
export async function whoami() {
  try {
    return (await get(SESSION)).data.user.email;
  } catch (problem) {
    if ([401, 410].includes(problem.status)) return null;
    throw problem;
  }
}

export async function signOut() {
  try {
    await call("DELETE", SESSION);
  } catch (problem) {
    if (problem.status !== 401) throw problem; // 401 is how it says: nobody is signed in any more
  }
}
