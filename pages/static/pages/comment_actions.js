// Reactions to comments, and reports of them. Who is signed out is led to the sign-in page.
import { call } from "./api.js";
import { all, one, onSubmit, runAction, showMessage, signInAddress } from "./page.js";

export class CommentActions {
  // `reactions`: the reader's own, by the number of the comment.
  constructor(reactions, section, messageElement, { signedIn, isOpen }) {
    this.reactions = reactions ?? {};
    this.section = section;
    this.messageElement = messageElement;
    this.labels = one("[data-words]", section).dataset;
    this.signedIn = signedIn;
    this.isOpen = isOpen;
  }

  offer(item, comment, { isOwn }) {
    const isShown = comment.text !== null;
    for (const button of all("[data-react]", item)) {
      button.hidden = !isShown;
      button.disabled = isOwn || !this.isOpen;
      button.addEventListener("click", () => this.react(item, comment, button));
    }
    if (isShown) this.show(item, comment.reactions, this.reactions[comment.id]);
    const report = one("[data-report]", item);
    report.hidden = !isShown || isOwn;
    report.addEventListener("click", () => this.openReport(item, comment, report));
  }

  show(item, counts, own) {
    for (const button of all(":scope > .comment-tools > [data-react]", item)) {
      button.setAttribute("aria-pressed", String(button.dataset.react === own));
      one("[data-reactions]", button).textContent = counts[`${button.dataset.react}s`];
    }
  }

  react(item, comment, button) {
    if (!this.signedIn) return this.leadToSignIn(comment);
    const address = `/api/v1/comments/${comment.id}/reaction/`;
    const isPressed = button.getAttribute("aria-pressed") === "true";
    return runAction(button, this.messageElement, async () => {
      const reacted = isPressed
        ? await call("DELETE", address)
        : await call("PUT", address, { value: button.dataset.react });
      this.reactions[comment.id] = reacted.my_reaction;
      this.show(item, reacted.reactions, reacted.my_reaction);
    });
  }

  openReport(item, comment, button) {
    if (!this.signedIn) return this.leadToSignIn(comment);
    const open = one(":scope > .report-form", item);
    if (open) return one("select", open).focus();
    const form = one("#report-form", this.section).content.firstElementChild.cloneNode(true);
    one(":scope > .comment-tools", item).after(form);
    const close = () => {
      form.remove();
      button.focus();
    };
    one("[data-cancel]", form).addEventListener("click", close);
    onSubmit(form, async ({ reason, note }) => {
      await call("POST", `/api/v1/comments/${comment.id}/reports/`, note.trim() ? { reason, note } : { reason });
      close();
      button.textContent = this.labels.reported;
      button.disabled = true;
      showMessage(this.messageElement, this.labels.thanks, "good");
    });
    return one("select", form).focus();
  }

  leadToSignIn(comment) {
    location.assign(signInAddress(`#comment-${comment.id}`));
  }
}
