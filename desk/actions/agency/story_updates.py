"""Apply changes of agency stories to what was written from them, in the transaction of the change.

`wire` calls `apply_story_updates` (registered in `desk.apps`) with its stories locked. Locks go on in the
order of desk.actions.locking: drafts by id, then articles by id. Publication takes the same locks, so that
a cancellation at the same moment either finds the article live, or its release still waiting.
"""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from articles.models import Article
from audit.actions import record_audit
from desk.actions.locking import lock_articles
from desk.actions.withdrawing import take_down_locked, withdraw_locked
from desk.models import Draft, Release, WireHold
from desk.models.wire_holds import HOLDING_KINDS
from desk.notifications.wire import notify_of_agency_change
from desk.section_rights import may_withdraw_draft
from newsroom.db.expressions import database_now
from wire.changes import ChangeKind, newer_versions
from wire.models import Source, Story, Version
from wire.story_updates import StoryUpdate
from wire.versions import Doubt, find_doubts, is_cancelled_by_hand, version_order

Policy = Source.CancellationPolicy
VERBS = {
    ChangeKind.CANCELLED: "agency_cancelled",
    ChangeKind.CANCELLED_BY_HAND: "copy_cancelled_by_hand",
    ChangeKind.WITHHELD: "agency_withheld",
    ChangeKind.CORRECTION: "agency_correction",
    ChangeKind.EMBARGO: "agency_embargo",
}
CANCELLED_KINDS = {ChangeKind.CANCELLED, ChangeKind.CANCELLED_BY_HAND}
TAKING_DOWN = {*CANCELLED_KINDS, ChangeKind.WITHHELD}


def apply_story_updates(updates: Sequence[StoryUpdate]) -> None:
    """Hold back, take down and notify, for every draft that was begun from one of these stories.

    1. Lock the drafts by id, in the trash or not, then their articles by id.
    2. Find what each draft has to know; a story that is as before concerns nobody.
    3. Apply the source's policy to a live article of a cancelled story; where a person decided, only to
       one that this person may withdraw.
    4. Open a hold, and hold back what waits. An embargo holds by itself (desk/actions/embargo.py).
    5. Notify those who answer for the draft.
    """
    by_story = {update.story.pk: update for update in updates}
    rows = Draft.objects.filter(wire_version__story__in=by_story).select_related("wire_version")
    drafts = list(rows.select_for_update(of=("self",)).order_by("pk"))
    articles = lock_articles([draft.article_id for draft in drafts if draft.article_id])
    with override(settings.LANGUAGE_CODE):  # reasons and notices are stored
        for draft in drafts:
            used = draft.wire_version
            update = by_story[used.story_id] if used else None
            if used and update and (kind := change_for(draft, used, update)):
                apply_change(draft, articles.get(draft.article_id or 0), update, kind)


def change_for(draft: Draft, used: Version, update: StoryUpdate) -> ChangeKind | None:
    """The gravest thing that this update means for a draft from the version `used`; None for nothing."""
    kind = unusable_kind(update)
    if kind and (update.is_status_changed or not has_had_hold(draft, kind)):
        return kind
    if has_new_correction(used, update):
        return ChangeKind.CORRECTION
    return ChangeKind.EMBARGO if update.is_embargo_changed else None


def unusable_kind(update: StoryUpdate) -> ChangeKind | None:
    """Why the story may not be used now; None where it may, or waits for the end of its embargo alone."""
    story = update.story
    if story.status == Story.Status.CANCELLED:
        by_hand = is_cancelled_by_hand(story, update.versions)
        return ChangeKind.CANCELLED_BY_HAND if by_hand else ChangeKind.CANCELLED
    is_withheld = story.status == Story.Status.WITHHELD
    has_doubt = is_withheld and find_doubts(story, update.versions) != [Doubt.EMBARGO]
    return ChangeKind.WITHHELD if has_doubt else None


def has_had_hold(draft: Draft, kind: ChangeKind) -> bool:
    """Whether a hold of this kind was ever opened on the draft: one whose version joined a cancelled story
    later has had none. Cancelled is cancelled, by whomever."""
    kinds = CANCELLED_KINDS if kind in CANCELLED_KINDS else {kind}
    return WireHold.objects.filter(draft=draft, kind__in=kinds).exists()


def has_new_correction(used: Version, update: StoryUpdate) -> bool:
    """Whether a correction of the version used came by this update: the agency's text moved past that with
    it, or it is late, and a newer text that is no correction stands above it already."""
    current, former = update.story.current, update.former_current_for(used)
    if current is None or former is None:
        return False
    newer = newer_versions(used, current, update.versions)
    since = version_order(max(used, former, key=version_order))
    return any(
        v.is_correction() and (version_order(v) > since or v.pk in update.added) for v in newer
    )


def apply_change(
    draft: Draft, article: Article | None, update: StoryUpdate, kind: ChangeKind
) -> None:
    """Steps 3 to 5 of `apply_story_updates` for one draft, which is locked with its article."""
    story, by = update.story, update.decided_by
    release = waiting_release_of(article) if article else None
    sentence = str(kind.label)
    may_apply = by is None or may_withdraw_draft(by, draft)
    outcome = apply_policy(article, update, kind) if article and may_apply else ""
    if kind in HOLDING_KINDS:
        is_hidden = outcome == Policy.HOLD
        open_hold(draft, kind, number=current_number(story), is_hidden=is_hidden)
    is_held = release is not None and kind in HOLDING_KINDS and outcome != Policy.WITHDRAW
    if release and is_held:
        hold_back(release, reason=sentence)
    record_audit(draft, verb=VERBS[kind], by=by, story=story.pk, outcome=outcome)
    if not draft.trashed_at:
        sentences = [sentence, *outcome_sentences(outcome, is_held=is_held)]
        if article and article.live_id and not may_apply and kind in TAKING_DOWN:
            sentences.append(_("The article stays online until somebody withdraws it."))
        notify_of_agency_change(draft, kind, sentences=sentences, release=release)


def current_number(story: Story) -> int:
    return story.current.number if story.current else 0


def apply_policy(article: Article, update: StoryUpdate, kind: ChangeKind) -> str:
    """Apply the cancellation policy of the story's source to a live article; the policy that was applied.

    What the agency withholds is hidden by `hold`, and withdrawn by none: it may be sent again.
    """
    if article.live_id is None or kind not in TAKING_DOWN:
        return ""
    story, by = update.story, update.decided_by
    policy = story.source.cancellation_policy
    if policy == Policy.WITHDRAW and kind in CANCELLED_KINDS:
        notice = _("This article was withdrawn because the news agency cancelled its report.")
        if kind == ChangeKind.CANCELLED_BY_HAND:
            notice = _("This article was withdrawn because the report it is based on is not used.")
        withdraw_locked(article, notice=notice, by=by)
        return str(policy)
    if policy == Policy.HOLD:
        record_audit(article, verb="hid_article", by=by, story=story.pk)
        take_down_locked(article, event="article.hidden", at=database_now())
        return str(policy)
    return ""


def open_hold(draft: Draft, kind: ChangeKind, *, number: int, is_hidden: bool) -> None:
    """Open a hold on a locked draft, in place of one that is no graver."""
    former, now = WireHold.objects.open().filter(draft=draft).first(), database_now()
    hold = WireHold(draft=draft, kind=kind, version_number=number, is_hidden=is_hidden, at=now)
    if former:
        if former.gravity() > hold.gravity():
            former.is_hidden = former.is_hidden or is_hidden
            former.save(update_fields=["is_hidden"])
            return
        hold.is_hidden = hold.is_hidden or former.is_hidden
        former.end(at=now, by_id=None)
    hold.save()


def waiting_release_of(article: Article) -> Release | None:
    """What waits of a locked article, with its bundle."""
    waiting = Release.objects.waiting().filter(article=article)
    return waiting.select_related("bundle").first()


def hold_back(release: Release, *, reason: str) -> None:
    """Hold back a waiting release of a locked article, with the reason."""
    release.held_at, release.reason = release.held_at or database_now(), reason
    release.reset_attempts(["held_at"])
    record_audit(release, verb="held_back", by=None, reason=release.reason)


def outcome_sentences(outcome: str, *, is_held: bool) -> list[str]:
    """What was done with the article and with what waited, for the notice."""
    sentences = []
    if outcome == Policy.WITHDRAW:
        sentences.append(_("The article was withdrawn, as its source is set up."))
    if outcome == Policy.HOLD:
        sentences.append(_("The article is hidden from readers until somebody decides."))
    if is_held:
        sentences.append(_("What was scheduled is held back until somebody confirms it."))
    return sentences
