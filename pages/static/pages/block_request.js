// The form of a request to block a comment (임시조치).
import { call, get } from "./api.js";
import { one, onSubmit, showMessage } from "./page.js";

const form = one("[data-block-request]");
const path = `/api/v1/comments/${form.dataset.comment}/`;

onSubmit(form, async ({ name, email, basis, statement }) => {
  const made = await call("POST", `${path}block-requests/`, { name, email, basis, statement });
  const says = one("[data-says]", form);
  form.reset();
  showMessage(says, `${form.dataset.done} ${made.id}`, "good");
});

// Which comment it is about; without it the request can still be made.
try {
  const quoted = one("[data-quoted]");
  quoted.textContent = (await get(path)).text ?? "";
  quoted.hidden = !quoted.textContent;
} catch (problem) {
  if (!("status" in problem)) throw problem;
}
