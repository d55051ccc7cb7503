"""E-mail templates of notices: plain text, each notice with a link. Pure."""

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
    What.CLAIM_RECEIVED: _("Open the claim, answer it, and note the answer there."),
    What.CLAIM_LATE: _("Answer or publish it now, and note it on the claim."),
    What.WIRE_CANCELLED: _("Open the story and decide: confirm it, change it or withdraw it."),
    What.WIRE_CANCELLED_BY_HAND: _(
        "Open the story and decide: confirm it, change it or withdraw it."
    ),
    What.WIRE_WITHHELD: _("Decide on the agency story in the wire inbox, then on this one."),
    What.WIRE_CORRECTED: _("Read what is different, change the story, and confirm it."),
}


def email_of(notices: Sequence[Notice]) -> EmailMessage:
    """One e-mail with these notices of one person, in the language of the site."""
    person = notices[0].person
    if person is None:
        raise ValueError("An e-mail needs a recipient.")
    with override(settings.LANGUAGE_CODE):
        subject, body = subject_of(notices), body_of(person, notices)
    # The same e-mail sent twice, after a sender was killed, has the same Message-ID.
    message_id = f"<notice-{notices[0].pk}-{notices[-1].pk}@{urlsplit(settings.SITE_URL).hostname}>"
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, to=[person.email], headers=headers)


def subject_of(notices: Sequence[Notice]) -> str:
    first = str(notices[0])
    if len(notices) == 1:
        return first
    return _now("%(first)s, and %(n)d more") % {"first": first, "n": len(notices) - 1}


def body_of(person: User, notices: Sequence[Notice]) -> str:
    greeting = _now("Dear %(name)s,") % {"name": person}
    paragraphs = [greeting, *map(notice_text, notices)]
    return "\n\n".join(paragraphs) + f"\n\n-- \n{settings.SITE_URL}/admin/\n"


def notice_text(notice: Notice) -> str:
    """What happened, the reason, what happens next, and the link."""
    lines = [f"{notice.label}", f"{format_short_time(notice.at)} · {notice.get_what_display()}"]
    if notice.reason:
        lines.append(notice.reason)
    if next_step := NEXT_STEPS.get(What(notice.what)):
        lines.append(str(next_step))
    return "\n".join([*lines, f"{settings.SITE_URL}{notice.get_absolute_url()}"])
