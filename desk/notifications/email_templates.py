"""Letters to people: their notices in plain words, each with a link. Pure."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import User
from desk.models import Notice
from newsroom.text.dates import format_short_time

What = Notice.What
NEXT_STEPS = {
    What.FAILED: _("The plan stands, and it is tried again by itself. You hear when it is out."),
    What.MISSED: _("Give it more time and schedule it anew if it is still to go out."),
    What.FAILING: _("What it misses is kept and tried again for a while."),
    What.OFF: _("What happens meanwhile is kept for it. Switch it on when it is back."),
}


def email_of(notices: Sequence[Notice]) -> EmailMessage:
    """One letter of all of one person's notices, in the newsroom's language, that no machine answers."""
    person = notices[0].person
    if person is None:
        raise ValueError("A letter needs somebody who gets it.")
    with override(settings.LANGUAGE_CODE):
        subject, body = subject_of(notices), body_of(person, notices)
    # The same letter sent twice, after a postman died on the way, bears the same number.
    number = f"<notice-{notices[0].pk}-{notices[-1].pk}@{urlsplit(settings.SITE_URL).hostname}>"
    headers = {"Message-ID": number, "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, to=[person.email], headers=headers)


def subject_of(notices: Sequence[Notice]) -> str:
    first = str(notices[0])
    if len(notices) == 1:
        return first
    return _now("%(first)s, and %(n)d more") % {"first": first, "n": len(notices) - 1}


def body_of(person: User, notices: Sequence[Notice]) -> str:
    greeting = _now("Dear %(name)s,") % {"name": person}
    everything = [greeting, *(told(notice) for notice in notices)]
    return "\n\n".join(everything) + f"\n\n-- \n{settings.SITE_URL}/admin/\n"


def told(notice: Notice) -> str:
    """What happened, why, what comes next, and where to look."""
    lines = [f"{notice.label}", f"{format_short_time(notice.at)} · {notice.get_what_display()}"]
    if notice.reason:
        lines.append(notice.reason)
    if next_step := NEXT_STEPS.get(What(notice.what)):
        lines.append(str(next_step))
    return "\n".join([*lines, f"{settings.SITE_URL}{notice.get_absolute_url()}"])
