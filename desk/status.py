"""Where a story stands, in words: what a list shows of it, and what its page says at the top. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.models import Draft, Release
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
    """A few words with a tone: `live`, `waits`, `warns`, `gone` or `calm`."""

    words: str
    tone: str


def with_status(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """The drafts with what `standing` looks at, in the same query."""
    waiting = Release.objects.waiting().filter(article=OuterRef("article"))
    return drafts.select_related("article__live").annotate(
        waiting_due=Subquery(waiting.values("due_at")[:1]),
        waiting_state=Subquery(waiting.values("state")[:1]),
        waiting_number=Subquery(waiting.values("edition__number")[:1]),
        waiting_frozen=Subquery(waiting.values("edition__frozen_at")[:1]),
        waiting_bundle=Subquery(waiting.values("bundle__title")[:1]),
        wire_embargo=F("wire_version__story__embargo"),
        wire_embargo_until=F("wire_version__story__embargo_until"),
    )


def status_chips(draft: Any) -> list[Chip]:
    """The chips of a draft from `with_standing`: what readers see, what waits, its terms, where the
    text is."""
    if draft.trashed_at:
        return [Chip(_("in the trash"), TONE_GONE)]
    chips = [*readers_side(draft), *waiting_side(draft)]
    terms = terms_side(draft)
    frozen = newest_frozen(draft)
    changed = frozen is not None and draft.changed_at > frozen
    if changed:
        chips.append(Chip(_("changed since"), TONE_WAITING))
    # That a text was approved is news only until it is frozen.
    told = draft.stage == Draft.Stage.WRITING or (
        draft.stage == Draft.Stage.APPROVED and not changed
    )
    if not chips or not told:
        chips.append(desk_side(draft))
    return [*chips, *terms]


def readers_side(draft: Any) -> list[Chip]:
    article = draft.article
    if article is None:
        return []
    if article.withdrawn_at:
        return [Chip(_("withdrawn"), TONE_GONE)]
    if is_over(draft):
        return [
            Chip(_("ended at %(at)s") % {"at": format_short_time(article.expires_at)}, TONE_GONE)
        ]
    if article.live:
        return [Chip(_("live · edition %(number)d") % {"number": article.live.number}, TONE_LIVE)]
    return []


def waiting_side(draft: Any) -> list[Chip]:
    if draft.waiting_due is None:
        return []
    told = {"at": format_short_time(draft.waiting_due), "number": draft.waiting_number}
    if draft.waiting_state == Release.State.FAILED:
        chips = [Chip(_("failed at %(at)s · edition %(number)d") % told, TONE_WARNING)]
    else:
        chips = [Chip(_("planned for %(at)s · edition %(number)d") % told, TONE_NEUTRAL)]
    if draft.waiting_bundle:
        chips.append(Chip(_("with “%(title)s”") % {"title": draft.waiting_bundle}, TONE_NEUTRAL))
    return chips


def terms_side(draft: Any) -> list[Chip]:
    """Until when nobody may see it, and when it comes down."""
    chips, now, until = [], timezone.now(), embargo_end_of(draft)
    if is_embargoed(draft):
        words = (
            _("embargo until %(at)s") % {"at": format_short_time(until)}
            if until
            else _("under embargo")
        )
        chips.append(Chip(words, TONE_WAITING))
    if draft.expires_at and draft.expires_at > now:
        chips.append(
            Chip(
                _("comes down at %(at)s") % {"at": format_short_time(draft.expires_at)},
                TONE_NEUTRAL,
            )
        )
    elif draft.expires_at and not (draft.article and draft.article.first_published_at):
        chips.append(Chip(_("its end has passed"), TONE_WARNING))
    return chips


def is_over(draft: Any) -> bool:
    """Whether readers had it, and its time is over; taken down or about to be."""
    article = draft.article
    had = article is not None and article.first_published_at and not article.withdrawn_at
    return bool(had and article.expires_at and article.expires_at <= timezone.now())


def is_embargoed(draft: Any) -> bool:
    """Whether nobody may see it yet, for the desk or for the agency whose story it was begun from."""
    until = embargo_end_of(draft)
    return draft.wire_embargo == Embargo.OPEN or (until is not None and until > timezone.now())


def embargo_end_of(draft: Any) -> datetime | None:
    """The later end of the two embargoes; None without one, and where the agency names no end."""
    if draft.wire_embargo == Embargo.OPEN:
        return None
    return max(filter(None, [draft.embargo_until, draft.wire_embargo_until]), default=None)


def desk_side(draft: Draft) -> Chip:
    tones = {Draft.Stage.SUBMITTED: TONE_WAITING, Draft.Stage.APPROVED: TONE_LIVE}
    return Chip(str(Draft.Stage(draft.stage).label), tones.get(Draft.Stage(draft.stage), TONE_GONE))


def newest_frozen(draft: Any) -> datetime | None:
    """When the words that readers see or will see were frozen; None before that."""
    live = draft.article.live if draft.article else None
    moments = [live.frozen_at if live else None, draft.waiting_frozen]
    return max(filter(None, moments), default=None)


def bundle_chip(bundle: Any) -> Chip:
    """What a bundle from `with_state` is about to do, or did."""
    told = {
        "pending": Chip(_("waiting"), TONE_WAITING),
        "failed": Chip(_("did not go out"), TONE_WARNING),
        "done": Chip(_("published"), TONE_LIVE),
        "cancelled": Chip(_("cancelled"), TONE_GONE),
    }
    return told[bundle.state]
