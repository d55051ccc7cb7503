"""Where a story stands, in words: what a list shows of it, and what its page says at the top. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from desk.models import Draft, Release
from newsroom.times import short

DONE, WAITS, WARNS, GONE, CALM = "live", "waits", "warns", "gone", "calm"


@dataclass(frozen=True)
class Chip:
    """A few words with a tone: `live`, `waits`, `warns`, `gone` or `calm`."""

    words: str
    tone: str


def with_standing(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """The drafts with what `standing` looks at, in the same query."""
    waiting = Release.objects.waiting().filter(article=OuterRef("article"))
    return drafts.select_related("article__live").annotate(
        waiting_due=Subquery(waiting.values("due_at")[:1]),
        waiting_state=Subquery(waiting.values("state")[:1]),
        waiting_number=Subquery(waiting.values("edition__number")[:1]),
        waiting_frozen=Subquery(waiting.values("edition__frozen_at")[:1]),
    )


def standing(draft: Any) -> list[Chip]:
    """The chips of a draft from `with_standing`: what readers see, what waits, where the text is."""
    if draft.trashed_at:
        return [Chip(_("in the trash"), GONE)]
    chips = [*readers_side(draft), *waiting_side(draft)]
    frozen = newest_frozen(draft)
    changed = frozen is not None and draft.changed_at > frozen
    if changed:
        chips.append(Chip(_("changed since"), WAITS))
    # That a text was approved is news only until it is frozen.
    told = draft.stage == Draft.Stage.WRITING or (
        draft.stage == Draft.Stage.APPROVED and not changed
    )
    if not chips or not told:
        chips.append(desk_side(draft))
    return chips


def readers_side(draft: Any) -> list[Chip]:
    article = draft.article
    if article is None:
        return []
    if article.withdrawn_at:
        return [Chip(_("withdrawn"), GONE)]
    if article.live:
        return [Chip(_("live · edition %(number)d") % {"number": article.live.number}, DONE)]
    return []


def waiting_side(draft: Any) -> list[Chip]:
    if draft.waiting_due is None:
        return []
    told = {"at": short(draft.waiting_due), "number": draft.waiting_number}
    if draft.waiting_state == Release.State.FAILED:
        return [Chip(_("failed at %(at)s · edition %(number)d") % told, WARNS)]
    return [Chip(_("planned for %(at)s · edition %(number)d") % told, CALM)]


def desk_side(draft: Draft) -> Chip:
    tones = {Draft.Stage.SUBMITTED: WAITS, Draft.Stage.APPROVED: DONE}
    return Chip(str(Draft.Stage(draft.stage).label), tones.get(Draft.Stage(draft.stage), GONE))


def newest_frozen(draft: Any) -> datetime | None:
    """When the words that readers see or will see were frozen; None before that."""
    live = draft.article.live if draft.article else None
    moments = [live.frozen_at if live else None, draft.waiting_frozen]
    return max(filter(None, moments), default=None)
