"""Notices of claims under the Press Arbitration Act: one came in, its clock ends soon, today, or has ended.

Each reminder is noted on the claim in the transaction that creates its notices, so that a task that runs
twice, or on two workers, reminds once.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from desk.legal_deadlines import SEOUL, seoul_date
from desk.models import Claim, Notice
from desk.notifications.notify import create_notices
from desk.section_rights import people_who_can_act, visible_claims

What = Notice.What
REMIND_DAYS_BEFORE = 1
REMIND_FROM_HOUR = 9  # of the day, in Seoul; that a clock has ended is told at once
CLAIM_NOTICES = (What.CLAIM_RECEIVED, What.CLAIM_SOON, What.CLAIM_TODAY, What.CLAIM_LATE)


def notify_of_claim(claim: Claim, *, what: Notice.What = What.CLAIM_RECEIVED) -> list[Notice]:
    """Notify everybody who may answer this claim; without a word of who claims what."""
    live = claim.article.live
    with override(settings.LANGUAGE_CODE):
        label = live.headline if live else claim.article.slug
        reason, people = clock_sentence(claim), people_of_claim(claim)
        return create_notices(claim, what=what, label=label, reason=reason, people=people)


def people_of_claim(claim: Claim) -> list[User]:
    """Who may answer the claim now: by role, and as an editor in the section of its story."""
    own = Claim.objects.filter(pk=claim.pk)
    return people_who_can_act(
        "desk.change_claim",
        timezone.now(),
        within=lambda person: visible_claims(person, own).exists(),
    )


def clock_sentence(claim: Claim) -> str:
    """Which claim it is, and until when what has to be done."""
    day = date_format(claim.due_day, "DATE_FORMAT") if claim.due_day else ""
    values = {"claim": str(claim), "day": day}
    if claim.state == Claim.State.RECEIVED:
        return _("%(claim)s: answer it by %(day)s.") % values
    return _("%(claim)s: publish it by %(day)s.") % values


def close_notices_of_claim(claim: Claim) -> None:
    """Resolve the notices of a claim whose clock has stopped; their unsent e-mails are not sent."""
    own = Notice.objects.unresolved().filter(kind=claim._meta.label_lower, subject=claim.pk)
    own.filter(what__in=CLAIM_NOTICES).update(over_at=timezone.now(), mail_at=None)


def remind_of_claims(now: datetime) -> int:
    """Create the reminders that are due, each claim in its own transaction; how many claims."""
    last_day = seoul_date(now) + timedelta(days=REMIND_DAYS_BEFORE)
    due = list(Claim.objects.due_by(last_day).values_list("pk", flat=True))
    return sum(remind_of_claim(pk, now) for pk in due)


@transaction.atomic
def remind_of_claim(claim_id: int, now: datetime) -> bool:
    """Remind of one claim, unless that was done; whether it was done now.

    1. Lock the claim; another worker that holds it does the same.
    2. Find the reminder of this moment, and note it on the claim.
    3. Create the notices.
    """
    rows = Claim.objects.select_for_update(skip_locked=True, of=("self",)).running()
    claim = rows.select_related("article__live").filter(pk=claim_id).first()
    what = due_reminder(claim, now) if claim else None
    if claim is None or what is None:
        return False
    key = f"{claim.state}:{what.value}:{claim.due_day}"
    if key in claim.reminders:
        return False
    claim.reminders = [*claim.reminders, key]
    claim.save(update_fields=["reminders"])
    notify_of_claim(claim, what=what)
    return True


def due_reminder(claim: Claim, now: datetime) -> Notice.What | None:
    """The reminder that belongs to this moment; None where there is none."""
    days = claim.days_left(now)
    if days is None or days > REMIND_DAYS_BEFORE:
        return None
    if days < 0:
        return What.CLAIM_LATE
    if now.astimezone(SEOUL).hour < REMIND_FROM_HOUR:
        return None
    return What.CLAIM_TODAY if days == 0 else What.CLAIM_SOON
