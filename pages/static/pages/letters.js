// Pages that e-mails link to: password reset, e-mail verification.
import { call } from "./api.js";
import { one, onSubmit, showMessage } from "./page.js";

const AUTH = "/_allauth/browser/v1/auth";

// The secret key of the e-mail is the last part of this page's URL.
const key = () => decodeURIComponent(location.pathname.split("/").at(-2));

function done(form) {
  showMessage(one("[data-says]", form), form.dataset.done, "good");
}

// 401 means: done, and not signed in.
async function send(method, address, data) {
  try {
    await call(method, address, data);
  } catch (problem) {
    if (problem.status !== 401) throw problem;
  }
}

onSubmit(one("[data-forgotten]"), async (data, form) => {
  await send("POST", `${AUTH}/password/request`, data);
  done(form);
});

onSubmit(one("[data-new-password]"), async ({ password }, form) => {
  await send("POST", `${AUTH}/password/reset`, { key: key(), password });
  form.reset();
  done(form);
});

onSubmit(one("[data-verify]"), async (_words, form) => {
  await send("POST", `${AUTH}/email/verify`, { key: key() });
  done(form);
});
