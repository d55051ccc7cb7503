"""What became of what people were told: put right, out after all, or still nobody's."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.models import Notice, Release
from desk.notifications.notify import REQUIRED_PERMISSIONS, create_notices
from desk.permissions import users_who_can_act
from desk.schedule_labels import delay_label
from outbox.actions import claim_failure_notice
from outbox.models import Attempt, Subscriber

What = Notice.What
OF_SUBSCRIBERS = (What.FAILING, What.OFF)
Thing = tuple[str, int]  # kind and number, as a notice names it


@transaction.atomic
def resolve_notices() -> int:
    """Close what has been put right, and tell those who heard of a failure when it is out after all;
    how many notices were closed."""
    standing = Notice.objects.unresolved().select_for_update(skip_locked=True).order_by("pk")
    failures = list(standing.filter(what=What.FAILED))
    plans = plans_of(failures)
    over = [notice for notice in failures if not still_fails(plans[thing_of(notice)])]
    good_news(over, plans)
    healthy = Subscriber.objects.filter(disabled_at__isnull=True, failing_since__isnull=True)
    healed = standing.filter(what__in=OF_SUBSCRIBERS, subject__in=healthy.values("pk"))
    return close([*over, *healed])


def thing_of(notice: Notice) -> Thing:
    return notice.kind, notice.subject


def plans_of(notices: Iterable[Notice]) -> dict[Thing, list[Release]]:
    """The releases that each of these notices tells of: one, or those of a bundle."""
    found = defaultdict[Thing, list[Release]](list)
    numbers = defaultdict[str, set[int]](set)
    for notice in notices:
        numbers[notice.kind].add(notice.subject)
    for release in Release.objects.filter(pk__in=numbers["desk.release"]):
        found["desk.release", release.pk].append(release)
    for release in Release.objects.filter(bundle__in=numbers["desk.bundle"]):
        found["desk.bundle", release.bundle_id or 0].append(release)
    return found


def still_fails(plans: list[Release]) -> bool:
    """Whether one waits that has failed since it was planned or renewed."""
    return any(plan.settled_at is None and plan.attempts for plan in plans)


def good_news(over: list[Notice], plans: dict[Thing, list[Release]]) -> None:
    """To whoever heard of a failure: it is out, so late, and this was why."""
    news = []
    for notice in over:
        out = [plan for plan in plans[thing_of(notice)] if plan.state == Release.State.DONE]
        late = delay_label(out[0]) if out else ""
        if not late or notice.person_id is None:
            continue
        told = {"late": late, "reason": notice.reason}
        news.append(
            Notice(
                person_id=notice.person_id,
                what=What.LATE,
                kind=notice.kind,
                subject=notice.subject,
                label=notice.label,
                reason=_("%(late)s late. Before that: %(reason)s") % told,
            )
        )
    Notice.objects.bulk_create(news)


def close(notices: Iterable[Notice]) -> int:
    """It is over; a letter that was not written yet will not be."""
    numbers = [notice.pk for notice in notices]
    rows = Notice.objects.filter(pk__in=numbers)
    return rows.update(over_at=timezone.now(), mail_at=None)


@transaction.atomic
def reassign_undelivered() -> int:
    """Pass on what reached nobody: no one could act on it then, or who was told has left before
    hearing of it. How many were passed on; those for whom there is still no one stay."""
    now, passed = timezone.now(), 0
    lost = Notice.objects.without_recipient().select_for_update(skip_locked=True, of=("self",))
    for notice in lost.order_by("pk"):
        told = Notice.objects.unresolved().filter(
            what=notice.what, kind=notice.kind, subject=notice.subject, person__is_active=True
        )
        knows = set(told.values_list("person", flat=True))
        people = users_who_can_act(REQUIRED_PERMISSIONS[What(notice.what)], now)
        for person in people:
            if person.pk not in knows:
                pass_on(notice, person_id=person.pk, now=now)
        if people:
            passed += close([notice])
    return passed


def pass_on(notice: Notice, *, person_id: int, now: datetime) -> None:
    Notice.objects.create(
        person_id=person_id,
        what=notice.what,
        kind=notice.kind,
        subject=notice.subject,
        label=notice.label,
        reason=notice.reason,
        at=notice.at,
        mail_at=now,
    )


@transaction.atomic
def notify_of_subscriber(subscriber: Subscriber) -> list[Notice]:
    """Tell those who keep the list of subscribers that one is not reached, or has switched itself off;
    once for each time that it happens."""
    if not claim_failure_notice(subscriber):
        return []
    subscriber = Subscriber.objects.get(pk=subscriber.pk)
    return create_notices(
        subscriber,
        what=What.FAILING if subscriber.is_active() else What.OFF,
        label=subscriber.name,
        reason=subscriber.disabled_reason or last_words(subscriber),
    )


def last_words(subscriber: Subscriber) -> str:
    """What it answered last when it did not take what we sent; the newest attempt that failed."""
    tries: models.QuerySet[Attempt] = Attempt.objects.filter(delivery__subscriber=subscriber)
    last = tries.order_by("-pk").first()
    if last is None:
        return ""
    return last.error or _("It answered %(status)s.") % {"status": last.status}
