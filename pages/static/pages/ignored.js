// Folding of comments whose author the reader ignores. The thread is the same for everybody; the list of
// ignored nicknames is part of the private reader state.
import { call } from "./api.js";
import { all, one, runAction } from "./page.js";

export class IgnoredAuthors {
  constructor(nicknames, section, messageElement) {
    this.nicknames = new Set(nicknames);
    this.section = section;
    this.messageElement = messageElement;
  }

  // Shows the buttons of a comment: ignore its author, or show the folded text once.
  offer(item, comment, { isOwn, signedIn }) {
    const nickname = comment.text === null ? null : comment.author?.nickname;
    item.dataset.author = nickname ?? "";
    const ignore = one("[data-ignore]", item);
    const isOffered = signedIn && !isOwn && nickname && !comment.author.is_staff;
    ignore.dataset.offered = isOffered ? "yes" : "";
    ignore.addEventListener("click", () => this.ignore(nickname, ignore));
    one("[data-unfold]", item).addEventListener("click", () => this.fold(item, false));
    this.fold(item, this.nicknames.has(nickname));
  }

  ignore(nickname, button) {
    if (!confirm(button.dataset.sure.replace("…", nickname))) return;
    return runAction(button, this.messageElement, async () => {
      await call("PUT", `/api/v1/me/ignored/${encodeURIComponent(nickname)}/`);
      this.nicknames.add(nickname);
      for (const item of all(".comment", this.section)) {
        if (item.dataset.author === nickname) this.fold(item, true);
      }
    });
  }

  fold(item, isFolded) {
    item.classList.toggle("folded", isFolded);
    one("[data-folded]", item).hidden = !isFolded;
    const ignore = one("[data-ignore]", item);
    ignore.hidden = isFolded || !ignore.dataset.offered;
  }
}
