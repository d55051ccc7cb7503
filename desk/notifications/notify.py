"""Notify staff: create notices for the person responsible, or for everybody who can act.

A notice goes to the owner of its subject. Where the owner cannot act on it (any more), everybody who can
gets one; where nobody can, it is stored without a recipient for the first who is able to
(`reassign_undelivered`), and the health check reports it.
"""

from collections.abc import Sequence

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from desk.models import Draft, Notice, Release
from desk.models.notices import PERSONAL
from desk.permissions import can_act, users_who_can_act
from desk.section_rights import may_publish_draft, people_who_can_act
from newsroom.text.normalization import normalize_line, normalize_text

What = Notice.What
# The permission that it takes to act on the subject of a notice.
REQUIRED_PERMISSIONS = {
    What.FAILED: "desk.publish_draft",
    What.PUBLISHED_LATE: "desk.publish_draft",
    What.MISSED: "desk.publish_draft",
    What.FAILING: "outbox.change_subscriber",
    What.OFF: "outbox.change_subscriber",
    What.CLAIM_RECEIVED: "desk.change_claim",
    What.CLAIM_SOON: "desk.change_claim",
    What.CLAIM_TODAY: "desk.change_claim",
    What.CLAIM_LATE: "desk.change_claim",
    What.ASSIGNED: "desk.change_draft",
    What.TAKEN_OVER: "desk.change_draft",
    What.MENTIONED: "desk.view_draft",
    What.WIRE_CANCELLED: "desk.publish_draft",
    What.WIRE_CANCELLED_BY_HAND: "desk.publish_draft",
    What.WIRE_WITHHELD: "desk.publish_draft",
    What.WIRE_CORRECTED: "desk.publish_draft",
    What.WIRE_EMBARGO: "desk.publish_draft",
}


def create_notices(
    subject: models.Model,
    *,
    what: Notice.What,
    label: str,
    reason: str,
    owner: User | None = None,
    people: Sequence[User] | None = None,
) -> list[Notice]:
    """Create a notice for each recipient. Call it inside the transaction of the change it reports.

    `people` are those who can act on the subject, where its section decides on that.
    """
    now, permission = timezone.now(), REQUIRED_PERMISSIONS[what]
    recipients: list[User | None]
    if owner is not None and can_act(owner, permission, now):
        recipients = [owner]
    elif people is not None:
        recipients = [*people] or [None]
    elif what in PERSONAL:
        recipients = []
    else:
        recipients = [*users_who_can_act(permission, now)] or [None]
    return Notice.objects.bulk_create(
        Notice(
            person=person,
            what=what,
            kind=subject._meta.label_lower,
            subject=subject.pk,
            label=normalize_line(label)[:250],
            reason=normalize_text(reason)[:2000],
            at=now,
            mail_at=now if person else None,
        )
        for person in recipients
    )


def close_notices_of(subject: models.Model, *, what: Notice.What) -> None:
    """Resolve the notices of this kind about the subject: they hold no longer."""
    about = Notice.objects.unresolved().filter(kind=subject._meta.label_lower, subject=subject.pk)
    about.filter(what=what).update(over_at=timezone.now(), mail_at=None)


def notify_of_releases(releases: Sequence[Release], *, what: Notice.What, reason: str) -> None:
    """Notify the planner of these releases, which are one or the members of a bundle, once.

    Where the planner cannot publish each of the stories (any more), everybody who can is notified.
    """
    first, now = releases[0], timezone.now()
    bundle, permission = first.bundle, REQUIRED_PERMISSIONS[what]
    planner = bundle.planned_by if bundle else first.planned_by
    drafts = Draft.objects.filter(article__in=[release.article_id for release in releases])

    def may_publish_all(person: User) -> bool:
        return all(may_publish_draft(person, draft) for draft in drafts)

    is_able = can_act(planner, permission, now) and may_publish_all(planner)
    create_notices(
        bundle or first,
        what=what,
        label=bundle.title if bundle else first.edition.headline,
        reason=reason,
        owner=planner if is_able else None,
        people=None if is_able else people_who_can_act(permission, now, within=may_publish_all),
    )


@transaction.atomic
def mark_notice_seen(notice: Notice, *, by: User) -> Notice:
    """Mark one's own notice as seen, after which no e-mail of it is sent. Idempotent."""
    mark_seen(Notice.objects.of(by.pk).filter(pk=notice.pk))
    notice.refresh_from_db()
    return notice


@transaction.atomic
def mark_all_notices_seen(by: User, *, until: int) -> int:
    """Mark one's own notices up to this id as seen; how many. Those that came after the page was loaded
    stay unseen."""
    return mark_seen(Notice.objects.of(by.pk).filter(pk__lte=until))


def mark_seen(notices: models.QuerySet[Notice]) -> int:
    return notices.filter(seen_at__isnull=True).update(seen_at=timezone.now(), mail_at=None)
