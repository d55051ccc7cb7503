"""Refresh notices: resolve those whose cause is gone, reassign undelivered ones, report subscribers."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from desk.models import Notice, Release
from desk.notifications.claims import remind_of_claims
from desk.notifications.notify import REQUIRED_PERMISSIONS, create_notices
from desk.schedule_labels import delay_label
from desk.section_rights import people_who_can_act, visible_notices
from outbox.actions import claim_failure_notice
from outbox.models import Attempt, Subscriber

What = Notice.What
SUBSCRIBER_NOTICES = (What.FAILING, What.OFF)
SubjectKey = tuple[str, int]  # (kind, id), as a notice names its subject


def refresh_notices() -> None:
    """Bring the notices up to date. May run twice, anywhere, at once.

    1. Resolve those whose cause is gone.
    2. Reassign those that reached nobody.
    3. Notify of subscribers that cannot be reached or are switched off.
    4. Remind of claims whose legal clock ends.
    """
    resolve_notices()
    reassign_undelivered()
    remind_of_claims(timezone.now())
    for subscriber in Subscriber.objects.needing_notice(timezone.now()):
        notify_of_subscriber(subscriber)


@transaction.atomic
def resolve_notices() -> int:
    """Close notices of releases that fail no longer and of subscribers that are reached again; how many.

    Whoever was notified of a failure is notified that the release was published late.
    """
    unresolved = Notice.objects.unresolved().select_for_update(skip_locked=True).order_by("pk")
    failures = list(unresolved.filter(what=What.FAILED))
    releases = releases_of(failures)
    resolved = [n for n in failures if not is_still_failing(releases[subject_key(n)])]
    create_late_notices(resolved, releases)
    healthy = Subscriber.objects.filter(disabled_at__isnull=True, failing_since__isnull=True)
    reached_again = unresolved.filter(what__in=SUBSCRIBER_NOTICES, subject__in=healthy.values("pk"))
    return close([*resolved, *reached_again])


def subject_key(notice: Notice) -> SubjectKey:
    return notice.kind, notice.subject


def releases_of(notices: Iterable[Notice]) -> dict[SubjectKey, list[Release]]:
    """The releases that each of these notices is about: one, or those of a bundle."""
    ids = defaultdict[str, set[int]](set)
    for notice in notices:
        ids[notice.kind].add(notice.subject)
    releases = defaultdict[SubjectKey, list[Release]](list)
    for release in Release.objects.filter(pk__in=ids["desk.release"]):
        releases["desk.release", release.pk].append(release)
    for release in Release.objects.filter(bundle__in=ids["desk.bundle"]):
        releases["desk.bundle", release.bundle_id or 0].append(release)
    return releases


def is_still_failing(releases: list[Release]) -> bool:
    """Whether one of them waits and has failed since it was scheduled or changed."""
    return any(release.settled_at is None and release.attempts for release in releases)


def create_late_notices(failures: list[Notice], releases: dict[SubjectKey, list[Release]]) -> None:
    """For each recipient of a failure: the release was published, how late, and what the reason was."""
    notices = []
    for failure in failures:
        own = releases[subject_key(failure)]
        published = [release for release in own if release.state == Release.State.DONE]
        delay = delay_label(published[0]) if published else ""
        if not delay or failure.person_id is None:
            continue
        values = {"late": delay, "reason": failure.reason}
        notices.append(
            Notice(
                person_id=failure.person_id,
                what=What.PUBLISHED_LATE,
                kind=failure.kind,
                subject=failure.subject,
                label=failure.label,
                reason=_("%(late)s late. Before that: %(reason)s") % values,
            )
        )
    Notice.objects.bulk_create(notices)


def close(notices: Iterable[Notice]) -> int:
    """Mark these notices as resolved; e-mails of them that were not sent yet are not sent any more."""
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    return rows.update(over_at=timezone.now(), mail_at=None)


@transaction.atomic
def reassign_undelivered() -> int:
    """Copy notices without a recipient to all users who can act now; returns how many were reassigned.

    Nobody could act when they were created, or the recipient has left before reading them. Where there is
    still nobody, they stay.
    """
    now, count = timezone.now(), 0
    undelivered = Notice.objects.without_recipient().select_for_update(
        skip_locked=True, of=("self",)
    )
    for notice in undelivered.order_by("pk"):
        same = Notice.objects.unresolved().filter(
            what=notice.what, kind=notice.kind, subject=notice.subject, person__is_active=True
        )
        notified_ids = set(same.values_list("person", flat=True))
        people = people_who_can_see(notice, now)
        for person in people:
            if person.pk not in notified_ids:
                copy_to(notice, person_id=person.pk, now=now)
        if people:
            count += close([notice])
    return count


def people_who_can_see(notice: Notice, now: datetime) -> list[User]:
    """Who can act on the subject of the notice now, and sees it in their sections."""
    own = Notice.objects.filter(pk=notice.pk)
    return people_who_can_act(
        REQUIRED_PERMISSIONS[What(notice.what)],
        now,
        within=lambda person: visible_notices(person, own).exists(),
    )


def copy_to(notice: Notice, *, person_id: int, now: datetime) -> None:
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
    """Notify those who manage subscribers that one cannot be reached or has switched itself off; once for
    each time that it happens."""
    if not claim_failure_notice(subscriber):
        return []
    subscriber = Subscriber.objects.get(pk=subscriber.pk)
    return create_notices(
        subscriber,
        what=What.FAILING if subscriber.is_active() else What.OFF,
        label=subscriber.name,
        reason=subscriber.disabled_reason or newest_error(subscriber),
    )


def newest_error(subscriber: Subscriber) -> str:
    """The error of its newest failed delivery attempt, or the status that it answered with."""
    attempts: models.QuerySet[Attempt] = Attempt.objects.filter(delivery__subscriber=subscriber)
    newest = attempts.order_by("-pk").first()
    if newest is None:
        return ""
    return newest.error or _("It answered %(status)s.") % {"status": newest.status}
