"""Notices: who hears of what.

Told is the owner of a thing. One who can do nothing about it any more is passed over for everybody who
can; where nobody can, the notice waits for the first who is able to, and health says so.
"""

from collections.abc import Sequence

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from desk.models import Notice, Release
from desk.permissions import can_act, users_who_can_act
from newsroom.text.normalization import normalize_line, normalize_text

What = Notice.What
# What a person must be allowed to do about it.
REQUIRED_PERMISSIONS = {
    What.FAILED: "desk.publish_draft",
    What.LATE: "desk.publish_draft",
    What.MISSED: "desk.publish_draft",
    What.FAILING: "outbox.change_subscriber",
    What.OFF: "outbox.change_subscriber",
}


def create_notices(
    thing: models.Model, *, what: Notice.What, label: str, reason: str, owner: User | None = None
) -> list[Notice]:
    """Write it down for whoever has to hear of it. Call it inside the transaction of what it tells."""
    now, permission = timezone.now(), REQUIRED_PERMISSIONS[what]
    sees_to_it = owner is not None and can_act(owner, permission, now)
    people: list[User | None] = [owner] if sees_to_it else [*users_who_can_act(permission, now)]
    return Notice.objects.bulk_create(
        Notice(
            person=person,
            what=what,
            kind=thing._meta.label_lower,
            subject=thing.pk,
            label=normalize_line(label)[:250],
            reason=normalize_text(reason)[:2000],
            at=now,
            mail_at=now if person else None,
        )
        for person in people or [None]
    )


def notify_of_releases(together: Sequence[Release], *, what: Notice.What, reason: str) -> None:
    """Tell whoever planned these releases, which were to go out together, of all of them once."""
    first = together[0]
    bundle = first.bundle
    create_notices(
        bundle or first,
        what=what,
        label=bundle.title if bundle else first.edition.headline,
        reason=reason,
        owner=bundle.planned_by if bundle else first.planned_by,
    )


@transaction.atomic
def mark_notice_seen(notice: Notice, *, by: User) -> Notice:
    """Mark one's own notice as seen; no letter is written any more. Doing it twice changes nothing."""
    mark_seen(Notice.objects.of(by.pk).filter(pk=notice.pk))
    notice.refresh_from_db()
    return notice


@transaction.atomic
def mark_all_notices_seen(by: User, *, until: int) -> int:
    """Mark all of one's own notices as seen up to the one of this number; how many those were. What
    has come since the person looked stays new."""
    return mark_seen(Notice.objects.of(by.pk).filter(pk__lte=until))


def mark_seen(notices: models.QuerySet[Notice]) -> int:
    return notices.filter(seen_at__isnull=True).update(seen_at=timezone.now(), mail_at=None)
