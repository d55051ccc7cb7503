"""Drafts: begun, changed all day, thrown away, taken out of the trash."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Author, Edition, FormerSlug, Tag
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from articles.slugs import make_slug
from audit.actions import record_audit
from desk.actions.embargo import TERM_FIELDS, apply_terms
from desk.actions.locking import lock_article, lock_draft, lock_draft_or_trashed, save_new_version
from desk.errors import EditedInAnotherWindow, PollHasVotes, SlugTaken, StillOut
from desk.field_rights import (
    changed_guarded_fields,
    guarded_values,
    record_setters,
    require_may_change_guarded,
)
from desk.html_normalizer.bounds import require_bounded_markup
from desk.models import Draft, DraftAuthor, DraftPick, DraftTag, Release
from desk.permissions import may_write
from desk.rendering import sanitize_body
from media.models import Photo
from newsroom.errors import require
from newsroom.text.normalization import normalize_line, normalize_text
from polls.actions import create_poll, update_poll
from polls.models import Poll

SINGLE_LINE_FIELDS = (
    "headline",
    *EDITORIAL_FIELD_NAMES,
    "summary_1",
    "summary_2",
    "summary_3",
    "source_name",
    "source_credit",
    "ai_note",
)
PLAIN_FIELDS = ("section", "lead_photo", "source_url", "ai_kind", "comments_mode", *TERM_FIELDS)
# How what is written into a column is made fit to be kept.
FIELD_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "notes": normalize_text,
    "lead_photo_text": lambda said: {
        name: normalize_line(words) for name, words in (said or {}).items()
    },
}
# Words that stand behind `articles/` in the API's own addresses.
RESERVED_SLUGS = ("popular", "changes", "suggest")


@transaction.atomic
def start_draft(by: User, *, form_token: UUID | None = None, **words: Any) -> Draft:
    """Begin a story. `words` as in `edit`; anything may still be missing.

    `form_token` is the idempotency key of the page it was written on. Raises EditedInAnotherWindow
    where the same page has begun a story already.
    """
    require(may_write(by))
    draft = Draft(created_by=by, changed_by=by, form_token=form_token)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        if not Draft.objects.filter(created_by=by, form_token=form_token).exists():
            raise
        raise EditedInAnotherWindow from None
    before = guarded_values(draft)
    fields = write_fields(draft, words)
    record_setters(draft, before, by=by)
    draft.save(update_fields=[*fields, "field_setters"])
    apply_terms(draft, by=by)
    record_audit(draft, verb="began", by=by)
    return draft


@transaction.atomic
def edit(draft: Draft, *, by: User, version: int | None = None, **words: Any) -> Draft:
    """Change the working copy; readers see nothing of it.

    `words` are fields of Draft, and beside them: `body` (HTML, cleaned here; the `dropped` of the draft
    given back names what was not kept of it), `authors` and `related`
    (in order), `tags` (names, made where they are new), `poll` (a dict as for polls.actions.create_poll,
    or None), `lead_photo_text` (the story's own alt, caption, credit; the library's for
    what is left out).  Raises EditedElsewhere, FieldGuarded, SlugTaken, PollHasVotes, and
    for `embargo_until` and `expires_at`, which count at once, what `change_terms` refuses.
    """
    require(may_write(by))
    draft = lock_draft(draft, version=version)
    if not words:
        return draft
    before = guarded_values(draft)
    changed = write_fields(draft, words)
    require_may_change_guarded(draft, before, by=by)
    record_setters(draft, before, by=by)
    changed.append("field_setters")
    if draft.stage != Draft.Stage.WRITING:
        # What was approved was that text, not this one.
        draft.stage, draft.approved_by = Draft.Stage.WRITING, None
        changed += ["stage", "approved_by"]
    save_new_version(draft, by=by, fields=changed)
    if set(changed_guarded_fields(draft, before)) & set(TERM_FIELDS):
        apply_terms(draft, by=by)
    record_audit(draft, verb="edited", by=by, fields=sorted(words), version=draft.version)
    return draft


def write_fields(draft: Draft, words: dict[str, Any]) -> list[str]:
    """Put the words into the draft; the names of its columns that changed, not yet saved."""
    if is_another_photo(draft, words) and "lead_photo_text" not in words:
        words = {**words, "lead_photo_text": {}}  # the former was said of the former photo
    changed = []
    for name, value in words.items():
        if name in SINGLE_LINE_FIELDS:
            setattr(draft, name, normalize_line(value))
        elif name in PLAIN_FIELDS:
            setattr(draft, name, value)
        elif name in FIELD_CLEANERS:
            setattr(draft, name, FIELD_CLEANERS[name](value))
        elif name == "body":
            require_bounded_markup(value)
            draft.body, draft.dropped = sanitize_body(value)
        elif name == "slug":
            draft.slug = wished_slug(draft, value)
        elif name == "poll":
            draft.poll = poll_for(draft, value)
        else:
            write_list(draft, name, value)
            continue
        changed.append(name)
    return changed


def is_another_photo(draft: Draft, words: dict[str, Any]) -> bool:
    """Whether these words give the draft another lead photo, or take its away."""
    photo: Photo | None = words.get("lead_photo")
    return "lead_photo" in words and (photo.pk if photo else None) != draft.lead_photo_id


def write_list(draft: Draft, name: str, values: Sequence[Any]) -> None:
    """Put an ordered list into its rows: `authors`, `tags` (names) or `related` (articles)."""
    unique = list(dict.fromkeys(values))
    if name == "authors":
        DraftAuthor.objects.filter(draft=draft).delete()
        DraftAuthor.objects.bulk_create(
            DraftAuthor(draft=draft, author=author, position=n) for n, author in enumerate(unique)
        )
    elif name == "tags":
        DraftTag.objects.filter(draft=draft).delete()
        DraftTag.objects.bulk_create(
            DraftTag(draft=draft, tag=tag, position=n) for n, tag in enumerate(tags_named(unique))
        )
    elif name == "related":
        others = [article for article in unique if article.pk != draft.article_id]
        DraftPick.objects.filter(draft=draft).delete()
        DraftPick.objects.bulk_create(
            DraftPick(draft=draft, article=article, position=n) for n, article in enumerate(others)
        )
    else:
        raise TypeError(f"A draft has no {name}.")


def tags_named(names: Sequence[str]) -> list[Tag]:
    """The tags of these names in order, made where nobody has used them; equal addresses are one."""
    addresses = {name: slug for name in map(normalize_line, names) if (slug := make_slug(name))}
    # Made in one order, whatever the story's: two stories that make the same tags wait, not for
    # each other, but one after the other.
    made = {
        name: tag_named(name, slug) for name, slug in sorted(addresses.items(), key=itemgetter(1))
    }
    return list({made[name].pk: made[name] for name in addresses}.values())


def tag_named(name: str, slug: str) -> Tag:
    """The tag of this name or address. By name first: an editor may have given it an address of
    other letters."""
    tag = Tag.objects.filter(name=name).first()
    return tag or Tag.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def wished_slug(draft: Draft, wish: str) -> str:
    """The address an editor wishes for, in its kept form. Raises SlugTaken where another has it."""
    slug = make_slug(wish, max_chars=120)
    if slug and is_slug_taken(slug, excluding=draft.article_id):
        raise SlugTaken
    return slug


def is_slug_taken(slug: str, *, excluding: int | None) -> bool:
    """Whether another article has, or ever had, this address, or the API says something else there."""
    return (
        slug in RESERVED_SLUGS
        or Article.objects.filter(slug=slug).exclude(pk=excluding or 0).exists()
        or FormerSlug.objects.filter(slug=slug).exclude(article=excluding or 0).exists()
    )


def poll_for(draft: Draft, wish: dict[str, Any] | None) -> Poll | None:
    """The poll the draft will carry.

    A poll that an edition carries is not changed under readers' hands, nor behind the back of whoever
    planned that edition: other words make another poll, which takes its place with the next edition;
    once somebody has voted its words stay (PollHasVotes).
    """
    if wish is None:
        return None
    if draft.poll is None:
        return create_poll(wish)
    if not changes_words(draft.poll, wish):
        return draft.poll
    if draft.poll.votes.exists():
        raise PollHasVotes
    is_frozen = Edition.objects.filter(poll=draft.poll).exists()
    return create_poll(wish) if is_frozen else update_poll(draft.poll, data=wish)


def changes_words(poll: Poll, wish: dict[str, Any]) -> bool:
    """Whether these words, where given, differ from the poll's."""
    sides = {s.key: s for s in poll.sides.all()}
    for side in wish["sides"]:
        for name in ("label", "persona", "argument"):
            if name in side and normalize_line(side[name]) != getattr(sides[side["key"]], name):
                return True
    told = {"title": poll.title, "question": poll.question}
    if any(name in wish and normalize_line(wish[name]) != kept for name, kept in told.items()):
        return True
    rules = ("opens_at", "closes_at", "results")
    return any(name in wish and wish[name] != getattr(poll, name) for name in rules)


@transaction.atomic
def move_to_trash(draft: Draft, *, by: User, version: int | None = None) -> None:
    """Put the story into the trash. Raises StillOut while it is live or waiting."""
    require(may_write(by))
    draft = lock_draft(draft, version=version)
    if draft.article_id:
        lock_article(draft.article_id)
        waiting = Release.objects.waiting().filter(article=draft.article_id).exists()
        if waiting or Article.objects.live().filter(pk=draft.article_id).exists():
            raise StillOut
    draft.trashed_at = timezone.now()
    save_new_version(draft, by=by, fields=["trashed_at"])
    record_audit(draft, verb="threw_away", by=by)


@transaction.atomic
def restore_from_trash(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Put a thrown-away story back on the desk, with everything it had. Raises EditedElsewhere."""
    require(may_write(by))
    held = lock_draft_or_trashed(draft, version=version)
    if held.trashed_at:
        held.trashed_at = None
        save_new_version(held, by=by, fields=["trashed_at"])
        record_audit(held, verb="took_out_of_trash", by=by)
    return held


def authors_of(draft: Draft) -> list[Author]:
    rows = DraftAuthor.objects.filter(draft=draft).select_related("author")
    return [row.author for row in rows]
