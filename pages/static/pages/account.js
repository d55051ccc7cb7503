// Sign in, sign up, sign out.
import { call, get, signOut, token, whoami } from "./api.js";
import { all, one, onSubmit, showMessage, runAction, wayBack } from "./page.js";

const AUTH = "/_allauth/browser/v1/auth";

onSubmit(one("[data-sign-in]"), (data) => authenticate("login", data, one("[data-sign-in]")));
onSubmit(one("[data-sign-up]"), (data, form) => {
  for (const box of all("[type=checkbox]", form)) data[box.name] = box.checked;
  return authenticate("signup", data, form);
});

async function authenticate(endpoint, data, form) {
  try {
    await call("POST", `${AUTH}/${endpoint}`, data);
  } catch (problem) {
    const waits = (step) =>
      problem.status === 401 && problem.body?.data?.flows?.some((f) => f.id === step && f.is_pending);
    if (waits("mfa_authenticate")) return askForCode();
    if (waits("verify_email")) {
      return showMessage(one("[data-says]", form), one("[data-words]").dataset.letter, "good");
    }
    if (problem.status !== 409) throw problem; // 409: signed in already
  }
  // Who has asked for the account to be closed is offered to keep it.
  const me = await get("/api/v1/me/").catch(() => null);
  location.assign(me?.closing_at || me?.needs_consent ? "/me/" : wayBack());
}

// Second factor: a TOTP code or a recovery code. Passkeys are offered by the admin's sign-in only.
function askForCode() {
  one("[data-signed-out]").hidden = true;
  one("[data-second-step]").hidden = false;
  one("[data-second-step] [name=code]").focus();
}

onSubmit(one("[data-code]"), (data) => authenticate("2fa/authenticate", data, one("[data-code]")));

one("[data-sign-out]").addEventListener("click", (event) =>
  runAction(event.target, one("[data-page-says]"), async () => {
    await signOut();
    location.reload();
  }),
);

const providers = one("[data-providers]");
if (providers) providers.elements.csrfmiddlewaretoken.value = await token();
one("[data-provider-failed]").hidden = !new URLSearchParams(location.search).has("error");

await runAction(null, one("[data-page-says]"), async () => {
  const email = await whoami();
  one("[data-email]").textContent = email ?? "";
  one("[data-signed-in]").hidden = !email;
  one("[data-signed-out]").hidden = Boolean(email);
});
