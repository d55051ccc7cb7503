"""Status chips of drafts and bundles, for lists and the head of their pages. In the active language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.models import Draft, DraftPresence, Release
from newsroom.db.expressions import JSONArraySubquery
from newsroom.text.dates import format_short_time
from wire.models import Embargo

TONE_LIVE, TONE_WAITING, TONE_WARNING, TONE_GONE, TONE_NEUTRAL = (
    "live",
    "waits",
    "warns",
    "gone",
    "calm",
)


@dataclass(frozen=True)
class Chip:
    """A short label with a tone, which is a CSS class: `live`, `waits`, `warns`, `gone` or `calm`."""

    words: str
    tone: str


def with_status(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """The drafts with the annotations that `status_chips` reads, in the same query."""
    waiting = Release.objects.waiting().filter(article=OuterRef("article"))
    return drafts.select_related("article__live").annotate(
        waiting_due=Subquery(waiting.values("due_at")[:1]),
        waiting_state=Subquery(waiting.values("state")[:1]),
        waiting_number=Subquery(waiting.values("edition__number")[:1]),
        waiting_frozen=Subquery(waiting.values("edition__frozen_at")[:1]),
        waiting_held=Subquery(waiting.values("held_at")[:1]),
        waiting_bundle=Subquery(waiting.values("bundle__title")[:1]),
        wire_embargo=F("wire_version__story__embargo"),
        wire_embargo_until=F("wire_version__story__embargo_until"),
    )


def status_chips(draft: Any) -> list[Chip]:
    """The chips of a draft from `with_status`: what is live and scheduled, changes since then, stage and
    terms."""
    if draft.trashed_at:
        return [Chip(_("in the trash"), TONE_GONE)]
    chips = [*live_chips(draft), *release_chips(draft)]
    terms = terms_chips(draft)
    frozen_at = newest_frozen_at(draft)
    changed = frozen_at is not None and draft.changed_at > frozen_at
    if changed:
        chips.append(Chip(_("changed since"), TONE_WAITING))
    # "Being written" is the default, and "approved" is of no interest once the text is frozen.
    is_implied = draft.stage == Draft.Stage.WRITING or (
        draft.stage == Draft.Stage.APPROVED and not changed
    )
    if not chips or not is_implied:
        chips.append(stage_chip(draft))
    return [*chips, *terms]


def live_chips(draft: Any) -> list[Chip]:
    """Whether the article is live, withdrawn or expired."""
    article = draft.article
    if article is None:
        return []
    if article.withdrawn_at:
        return [Chip(_("withdrawn"), TONE_GONE)]
    if has_expired(draft):
        return [
            Chip(_("expired at %(at)s") % {"at": format_short_time(article.expires_at)}, TONE_GONE)
        ]
    if article.live:
        return [Chip(_("live · edition %(number)d") % {"number": article.live.number}, TONE_LIVE)]
    return []


def release_chips(draft: Any) -> list[Chip]:
    """The scheduled release, with its bundle."""
    if draft.waiting_due is None:
        return []
    values = {"at": format_short_time(draft.waiting_due), "number": draft.waiting_number}
    if draft.waiting_held:
        chips = [Chip(_("held back · edition %(number)d") % values, TONE_WARNING)]
    elif draft.waiting_state == Release.State.FAILED:
        chips = [Chip(_("failed at %(at)s · edition %(number)d") % values, TONE_WARNING)]
    else:
        chips = [Chip(_("planned for %(at)s · edition %(number)d") % values, TONE_NEUTRAL)]
    if draft.waiting_bundle:
        chips.append(Chip(_("with “%(title)s”") % {"title": draft.waiting_bundle}, TONE_NEUTRAL))
    return chips


def terms_chips(draft: Any) -> list[Chip]:
    """Embargo and expiry."""
    chips, now, until = [], timezone.now(), embargo_end_of(draft)
    if is_embargoed(draft):
        label = (
            _("embargo until %(at)s") % {"at": format_short_time(until)}
            if until
            else _("under embargo")
        )
        chips.append(Chip(label, TONE_WAITING))
    if draft.expires_at and draft.expires_at > now:
        chips.append(
            Chip(
                _("expires at %(at)s") % {"at": format_short_time(draft.expires_at)},
                TONE_NEUTRAL,
            )
        )
    elif draft.expires_at and not (draft.article and draft.article.first_published_at):
        chips.append(Chip(_("expiry has passed"), TONE_WARNING))
    return chips


def has_expired(draft: Any) -> bool:
    """Whether the article was published and has expired, taken down already or not yet."""
    article = draft.article
    was_published = article is not None and article.first_published_at and not article.withdrawn_at
    return bool(was_published and article.expires_at and article.expires_at <= timezone.now())


def is_embargoed(draft: Any) -> bool:
    """Whether the story is under embargo, the desk's own or that of the agency."""
    until = embargo_end_of(draft)
    return draft.wire_embargo == Embargo.OPEN or (until is not None and until > timezone.now())


def embargo_end_of(draft: Any) -> datetime | None:
    """The later end of the two embargoes; None without one, and where the agency names no end."""
    if draft.wire_embargo == Embargo.OPEN:
        return None
    return max(filter(None, [draft.embargo_until, draft.wire_embargo_until]), default=None)


def stage_chip(draft: Draft) -> Chip:
    tones = {Draft.Stage.SUBMITTED: TONE_WAITING, Draft.Stage.APPROVED: TONE_LIVE}
    return Chip(str(Draft.Stage(draft.stage).label), tones.get(Draft.Stage(draft.stage), TONE_GONE))


def assignment_chip(draft: Draft, now: datetime) -> Chip | None:
    """Whose story it is and when it is due; None where it has neither assignee nor due time."""
    if draft.due_at is None:
        who = draft.assigned_to
        return Chip(_("assigned to %(who)s") % {"who": who}, TONE_NEUTRAL) if who else None
    at = format_short_time(draft.due_at)
    if is_overdue(draft, now):
        return Chip(_("overdue since %(at)s") % {"at": at}, TONE_WARNING)
    return Chip(_("due at %(at)s") % {"at": at}, TONE_NEUTRAL)


def is_overdue(draft: Draft, now: datetime) -> bool:
    """As `DraftQuerySet.overdue`, of a draft read with its article."""
    was_published = draft.article is not None and draft.article.first_published_at is not None
    is_waited_for = draft.stage == Draft.Stage.WRITING and not was_published
    return (
        draft.due_at is not None and draft.due_at <= now and is_waited_for and not draft.trashed_at
    )


def with_presence(drafts: QuerySet[Draft], now: datetime) -> QuerySet[Draft]:
    """The drafts with what `presence_chips` reads, in the same query."""
    present = DraftPresence.objects.current(now).filter(draft=OuterRef("pk"))
    rows = JSONArraySubquery(
        present, person="person", name="person__name", nickname="person__nickname"
    )
    return drafts.select_related("locked_by").annotate(presence_rows=rows)


def presence_chips(draft: Any, now: datetime, *, user_id: int | None) -> list[Chip]:
    """Who else changes the story, and who else has it open, of a draft from `with_presence`."""
    chips, holder_id = [], draft.locked_by_id if draft.is_locked(now) else None
    if holder_id and holder_id != user_id:
        chips.append(Chip(_("%(who)s is changing it") % {"who": draft.locked_by}, TONE_WAITING))
    others = [row for row in draft.presence_rows if row["person"] not in {holder_id, user_id}]
    if others:
        names = ", ".join(row["name"] or row["nickname"] for row in others)
        chips.append(Chip(_("%(who)s is looking at it") % {"who": names}, TONE_NEUTRAL))
    return chips


def newest_frozen_at(draft: Any) -> datetime | None:
    """When the live or scheduled edition was frozen, the later of the two; None without one."""
    live = draft.article.live if draft.article else None
    times = [live.frozen_at if live else None, draft.waiting_frozen]
    return max(filter(None, times), default=None)


def bundle_chip(bundle: Any) -> Chip:
    """The state of a bundle from `BundleQuerySet.with_state`."""
    chips = {
        "pending": Chip(_("waiting"), TONE_WAITING),
        "failed": Chip(_("did not go out"), TONE_WARNING),
        "done": Chip(_("published"), TONE_LIVE),
        "cancelled": Chip(_("cancelled"), TONE_GONE),
    }
    return chips[bundle.state]
