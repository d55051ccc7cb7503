// Comment thread of an article: list, write, reply, delete; reactions and reports by comment_actions.js.
import { call, get } from "./api.js";
import { CommentActions } from "./comment_actions.js";
import { IgnoredAuthors } from "./ignored.js";
import { all, count, one, onSubmit, showMessage, setMoment, runAction } from "./page.js";

const VISIBLE = "visible";

// Loads the thread when it is about to be scrolled into view.
export function comments(section, slug, own, signedIn, ignored) {
  if (!section) return;
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      new Thread(section, slug).open(own, signedIn, ignored);
    },
    { rootMargin: "600px" },
  );
  watch.observe(section);
  if (linkedComment()) section.scrollIntoView();
}

// The number of the comment that the address names (`#comment-12`, in notifications).
const linkedComment = () => location.hash.match(/^#comment-(\d+)$/)?.[1];

// The same key for each attempt to send the same text, so that a repeated request is one comment.
function keyOf(form, text) {
  if (form.dataset.key === undefined || form.dataset.keyText !== text) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    form.dataset.key = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    form.dataset.keyText = text;
  }
  return form.dataset.key;
}

class Thread {
  constructor(section, slug) {
    this.section = section;
    this.address = `/api/v1/articles/${encodeURIComponent(slug)}/comments/`;
    this.labels = one("[data-words]", section).dataset;
    this.messageElement = one("[data-thread-says]", section);
    this.list = one("[data-thread]", section);
    this.more = one("[data-more]", section);
  }

  // Public responses do not mark the reader's own comments; the reader state does.
  async open(own, signedIn, ignored) {
    const state = await own;
    this.own = new Set(state.my_comments);
    this.signedIn = await signedIn;
    this.ignored = new IgnoredAuthors(await ignored, this.section, this.messageElement);
    this.mayWrite = this.signedIn && this.section.dataset.open === "yes";
    this.actions = new CommentActions(state.my_reaction, this.section, this.messageElement, {
      signedIn: this.signedIn,
      isOpen: this.section.dataset.open === "yes",
    });
    this.openDoor();
    this.more.addEventListener("click", () => this.read(this.more.dataset.next));
    await this.read(this.address);
    if (linkedComment()) await this.showLinked(linkedComment());
  }

  // Scrolls to a comment, also one that is further down than what is loaded.
  async showLinked(id) {
    try {
      if (!document.getElementById(`comment-${id}`)) await this.insertLinked(id);
    } catch {
      return; // it is not shown any more
    }
    const item = document.getElementById(`comment-${id}`);
    item.classList.add("linked");
    item.tabIndex = -1;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "center" });
  }

  async insertLinked(id) {
    const comment = await get(`/api/v1/comments/${id}/`);
    const { parent } = comment;
    if (parent === null) return this.insertComment(comment, this.list, { first: true });
    if (!document.getElementById(`comment-${parent}`)) {
      this.insertComment(await get(`/api/v1/comments/${parent}/`), this.list, { first: true });
    }
    this.insertComment(comment, one(".replies", document.getElementById(`comment-${parent}`)));
  }

  openDoor() {
    const form = one("[data-form]", this.section);
    if (!form) return;
    one("[data-door]", this.section).hidden = this.signedIn;
    form.hidden = !this.signedIn;
    onSubmit(form, ({ text }) => this.post({ text }, form, this.list));
  }

  read(address) {
    return runAction(this.more, this.messageElement, async () => {
      const page = await get(address);
      for (const comment of page.results) this.insertComment(comment, this.list);
      this.leadOn(this.more, page.next);
      this.tellIfEmpty();
    });
  }

  leadOn(button, next) {
    button.hidden = !next;
    button.dataset.next = next ?? "";
  }

  tellIfEmpty() {
    one("[data-none]", this.section).hidden = this.list.children.length > 0;
  }

  // Adds a comment to a list once, at its end or (`first`) at its start.
  insertComment(comment, list, { first = false } = {}) {
    const id = `comment-${comment.id}`;
    if (document.getElementById(id)) return;
    const item = one("#comment", this.section).content.firstElementChild.cloneNode(true);
    item.id = id;
    this.fill(item, comment);
    list[first ? "prepend" : "append"](item);
    for (const reply of comment.replies ?? []) this.insertComment(reply, one(".replies", item));
    this.offerMoreReplies(item, comment);
  }

  fill(item, comment) {
    const isShown = comment.text !== null;
    item.classList.toggle("gone", !isShown);
    one("[data-name]", item).textContent = comment.author?.nickname ?? this.labels.anonymous;
    one("[data-name]", item).hidden = !isShown;
    one("[data-badge]", item).hidden = !comment.author?.is_staff;
    setMoment(one("[data-at]", item), comment.created_at);
    one("[data-pin]", item).hidden = !comment.is_pinned || !isShown;
    item.classList.toggle("pinned", Boolean(comment.is_pinned && isShown));
    one("[data-text]", item).textContent = isShown ? comment.text : this.goneLabel(comment.state);
    const block = one("[data-block]", item);
    block.hidden = !isShown;
    block.href = `/comments/${comment.id}/block-request/`;
    const reply = one("[data-reply]", item);
    reply.hidden = !isShown || !this.mayWrite || comment.parent !== null;
    reply.addEventListener("click", () => this.openReply(item, comment));
    const remove = one("[data-delete]", item);
    remove.hidden = !isShown || !this.own.has(comment.id);
    remove.addEventListener("click", () => this.remove(item, comment, remove));
    this.actions.offer(item, comment, { isOwn: this.own.has(comment.id) });
    this.ignored.offer(item, comment, { isOwn: this.own.has(comment.id), signedIn: this.signedIn });
  }

  // Why a comment is not shown, by its state.
  goneLabel(state) {
    return one("[data-words]", this.section).getAttribute(`data-gone-${state}`) ?? this.labels.removed;
  }

  offerMoreReplies(item, comment) {
    const replies = one(".replies", item);
    const button = one("[data-more-replies]", item);
    if (!(comment.reply_count > replies.children.length)) return;
    this.leadOn(button, `${this.address}?parent=${comment.id}&sort=oldest&page_size=100`);
    button.addEventListener("click", () =>
      runAction(button, this.messageElement, async () => {
        const page = await get(button.dataset.next);
        for (const reply of page.results) this.insertComment(reply, replies);
        this.leadOn(button, page.next);
      }),
    );
  }

  openReply(item, comment) {
    const open = one(".reply-form", item);
    if (open) return one("textarea", open).focus();
    const form = one("#reply-form", this.section).content.firstElementChild.cloneNode(true);
    one(".replies", item).before(form);
    one("[data-cancel]", form).addEventListener("click", () => form.remove());
    onSubmit(form, async ({ text }) => {
      await this.post({ text, parent: comment.id }, form, one(".replies", item));
      if (!one("[data-says]", form).textContent) form.remove();
    });
    one("textarea", form).focus();
  }

  async post(data, form, list) {
    const comment = await call("POST", this.address, data, { "Idempotency-Key": keyOf(form, data.text) });
    form.reset();
    delete form.dataset.key;
    if (comment.state !== VISIBLE) return showMessage(one("[data-says]", form), this.labels.held, "good");
    const isNew = !document.getElementById(`comment-${comment.id}`);
    this.own.add(comment.id);
    this.insertComment(comment, list, { first: list === this.list });
    if (list === this.list) this.keepPinsFirst();
    if (isNew) count("comments", 1);
    this.tellIfEmpty();
    showMessage(list === this.list ? one("[data-says]", form) : this.messageElement, this.labels.posted, "good");
  }

  // Pinned comments stay above a new one, in their order.
  keepPinsFirst() {
    this.list.prepend(...all(":scope > .pinned", this.list));
  }

  remove(item, comment, button) {
    if (!confirm(button.dataset.sure)) return;
    return runAction(button, this.messageElement, async () => {
      await call("DELETE", `/api/v1/comments/${comment.id}/`);
      count("comments", -1);
      this.takeAway(item, comment);
      showMessage(this.messageElement, this.labels.deleted, "good");
    });
  }

  // A deleted comment with replies leaves a placeholder; others are removed.
  takeAway(item, comment) {
    if (!one(".replies", item).children.length) {
      item.remove();
      return this.tellIfEmpty();
    }
    item.classList.add("gone");
    item.classList.remove("pinned");
    one("[data-text]", item).textContent = this.goneLabel("deleted");
    for (const part of all(":scope > .comment-head > :is(b, .badge), :scope > .comment-tools", item)) {
      part.hidden = true;
    }
  }
}
