"""Drafts: start and edit them; their lists, slugs and polls."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from articles.models import Article, Author, Edition, FormerSlug, Section, Tag
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from articles.slugs import make_slug
from audit.actions import record_audit
from desk.actions.agency.rights import require_ai_permitted
from desk.actions.embargo import TERM_FIELDS, apply_terms
from desk.actions.link_checks import request_link_check
from desk.actions.locking import lock_draft, save_new_version
from desk.actions.suggesting import disclose_assistance
from desk.actions.versions.versioning import record_missing_version, record_version
from desk.errors import EditedInAnotherWindow, PollHasVotes, SlugTaken
from desk.errors.collaboration import OtherSection
from desk.field_rights import (
    changed_guarded_fields,
    guarded_values,
    record_setters,
    require_may_change_guarded,
)
from desk.markup_bounds import require_bounded_markup
from desk.models import Draft, DraftAuthor, DraftPick, DraftTag
from desk.permissions import may_write
from desk.rendering import sanitize_body
from desk.section_rights import may_place_in, may_write_draft
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
PLAIN_FIELDS = (
    *("section", "lead_photo", "social_photo", "source_url", "ai_kind", "comments_mode"),
    *TERM_FIELDS,
)
# {field: function that normalises its value}
FIELD_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "notes": normalize_text,
    "lead_photo_text": lambda text: {
        name: normalize_line(value) for name, value in (text or {}).items()
    },
}
# Path segments after `articles/` that are addresses of the API itself.
RESERVED_SLUGS = ("popular", "changes", "suggest")


@transaction.atomic
def start_draft(by: User, *, form_token: UUID | None = None, **fields: Any) -> Draft:
    """Create a draft. `fields` as in `edit`; any may be missing.

    `form_token` is the idempotency key of the page it was written on. Raises EditedInAnotherWindow
    where the same page has created a draft already.
    """
    require(may_write(by))
    draft = create_draft(by, form_token=form_token, fields=fields)
    record_version(draft, by=by)
    record_audit(draft, verb="began", by=by)
    return draft


def create_draft(by: User, *, form_token: UUID | None, fields: dict[str, Any]) -> Draft:
    """A new draft with these fields, in the transaction of the caller, who writes its version.

    Raises as `start_draft`.
    """
    draft = Draft(created_by=by, changed_by=by, form_token=form_token)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        if not Draft.objects.filter(created_by=by, form_token=form_token).exists():
            raise
        raise EditedInAnotherWindow from None
    before = guarded_values(draft)
    changed = write_fields(draft, fields)
    if not may_place_in(by, draft.section):
        raise OtherSection
    record_setters(draft, before, by=by)
    draft.save(update_fields=[*changed, "field_setters"])
    apply_terms(draft, by=by)
    request_link_check(draft)
    return draft


@transaction.atomic
def edit(draft: Draft, *, by: User, version: int | None = None, **fields: Any) -> Draft:
    """Change the draft; readers see nothing of it before it is published.

    `fields` are those of Draft, with these special ones: `body` (HTML, sanitized here; `dropped` of the
    returned draft names what was removed), `authors` and `related` (in order), `tags` (names, created
    where they are new), `poll` (a dict as for polls.actions.create_poll, or None), `lead_photo_text` (alt,
    caption, credit for this story; the photo library's for what is left out).

    Raises EditedElsewhere, Locked, OtherSection, Trashed, FieldGuarded, SlugTaken, PollHasVotes,
    TooMuchMarkup, AIUseProhibited, and for `embargo_until` and `expires_at`, which take effect at once,
    what `apply_terms` refuses.
    """
    require(may_write(by))
    draft = lock_draft(draft, by=by, may=may_write_draft, version=version)
    if not fields:
        return draft
    record_missing_version(draft)
    save_fields(draft, fields, by=by)
    record_version(draft, by=by)
    record_audit(draft, verb="edited", by=by, fields=sorted(fields), version=draft.version)
    return draft


def save_fields(draft: Draft, fields: dict[str, Any], *, by: User) -> None:
    """Write these fields of a locked draft as its next version number; an approval is void.

    The caller writes the version. Raises as `edit`.
    """
    before, former_section, former_body = guarded_values(draft), draft.section, draft.body
    changed = write_fields(draft, fields)
    if draft.section_id != (former_section.pk if former_section else None):
        changed += record_move(draft, former_section, by=by)
    require_may_change_guarded(draft, before, by=by)
    if "ai_kind" in fields:
        require_ai_permitted(draft)
    record_setters(draft, before, by=by)
    changed.append("field_setters")
    if draft.stage != Draft.Stage.WRITING:
        # The approval was of the text before this change.
        draft.stage, draft.approved_by, draft.approved_photo_text = Draft.Stage.WRITING, None, None
        changed += ["stage", "approved_by", "approved_photo_text"]
    save_new_version(draft, by=by, fields=changed)
    if "body" in fields:
        request_link_check(draft, former_body=former_body)
    if set(changed_guarded_fields(draft, before)) & set(TERM_FIELDS):
        apply_terms(draft, by=by)


def record_move(draft: Draft, former: Section | None, *, by: User) -> list[str]:
    """Check that the person may put the draft into its new section; the columns that change with it.

    The four-eyes rule of the former section holds until somebody approves the draft in its new one.
    Raises OtherSection.
    """
    if not may_place_in(by, draft.section):
        raise OtherSection
    if draft.section_id == draft.moved_from_id:
        draft.moved_from = None
    elif former and former.needs_approval:
        draft.moved_from = former
    return ["moved_from"]


def write_fields(draft: Draft, fields: dict[str, Any]) -> list[str]:
    """Set these fields, normalised; the names of the columns that are to be saved. Lists are saved here."""
    if is_other_photo(draft, fields) and "lead_photo_text" not in fields:
        fields = {**fields, "lead_photo_text": {}}  # the present text describes the present photo
    changed = []
    for name, value in fields.items():
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
            draft.slug = requested_slug(draft, value)
        elif name == "poll":
            draft.poll = poll_for(draft, value)
        else:
            write_list(draft, name, value)
            continue
        changed.append(name)
    return [*changed, *disclose_assistance(draft)]


def is_other_photo(draft: Draft, fields: dict[str, Any]) -> bool:
    """Whether these fields give the draft another lead photo, or remove its own."""
    photo: Photo | None = fields.get("lead_photo")
    return "lead_photo" in fields and (photo.pk if photo else None) != draft.lead_photo_id


def write_list(draft: Draft, name: str, values: Sequence[Any]) -> None:
    """Replace the rows of an ordered list: `authors`, `tags` (names) or `related` (articles)."""
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
    """The tags of these names in order, created where there is none; names of one slug are one tag.

    Tags are created in the order of their slugs, against deadlocks of two drafts with the same new tags.
    """
    slugs = {name: slug for name in map(normalize_line, names) if (slug := make_slug(name))}
    # By name first: an editor may have given a tag another slug than its name makes.
    tags = {tag.name: tag for tag in Tag.objects.filter(name__in=list(slugs))}
    for name, slug in sorted(slugs.items(), key=itemgetter(1)):
        if name not in tags:
            tags[name], _ = Tag.objects.get_or_create(slug=slug, defaults={"name": name})
    return list({tags[name].pk: tags[name] for name in slugs}.values())


def requested_slug(draft: Draft, text: str) -> str:
    """The slug of what an editor typed. Raises SlugTaken where another article has it."""
    slug = make_slug(text, max_chars=120)
    if slug and is_slug_taken(slug, excluding=draft.article_id):
        raise SlugTaken
    return slug


def is_slug_taken(slug: str, *, excluding: int | None) -> bool:
    """Whether an article other than this one has or ever had this slug, or the API uses it itself."""
    return (
        slug in RESERVED_SLUGS
        or Article.objects.filter(slug=slug).exclude(pk=excluding or 0).exists()
        or FormerSlug.objects.filter(slug=slug).exclude(article=excluding or 0).exists()
    )


def poll_for(draft: Draft, data: dict[str, Any] | None) -> Poll | None:
    """The poll of the draft, from data as for polls.actions.create_poll.

    A poll that an edition refers to is not changed, since that edition may be live or scheduled: other
    data create another poll, which replaces it with the next edition. Raises PollHasVotes where data differ
    from a poll that somebody has voted in.
    """
    if data is None:
        return None
    if draft.poll is None:
        return create_poll(data)
    if not differs_from_poll(draft.poll, data):
        return draft.poll
    if draft.poll.votes.exists():
        raise PollHasVotes
    is_frozen = Edition.objects.filter(poll=draft.poll).exists()
    return create_poll(data) if is_frozen else update_poll(draft.poll, data=data)


def differs_from_poll(poll: Poll, data: dict[str, Any]) -> bool:
    """Whether any value that is given differs from the poll's."""
    sides = {side.key: side for side in poll.sides.all()}
    for side in data["sides"]:
        for name in ("label", "persona", "argument"):
            if name in side and normalize_line(side[name]) != getattr(sides[side["key"]], name):
                return True
    lines = ("title", "question")
    if any(name in data and normalize_line(data[name]) != getattr(poll, name) for name in lines):
        return True
    rules = ("opens_at", "closes_at", "results", "election_day")
    return any(name in data and data[name] != getattr(poll, name) for name in rules)


def authors_of(draft: Draft) -> list[Author]:
    rows = DraftAuthor.objects.filter(draft=draft).select_related("author")
    return [row.author for row in rows]
