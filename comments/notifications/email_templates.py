"""E-mail templates of notifications: plain text in the language of the site, one-click unsubscribe."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from accounts.models import Sanction, SanctionKind
from comments.models import Comment, Notification
from comments.notifications.unsubscribe_tokens import unsubscribe_url
from newsroom.text.dates import format_short_time
from newsroom.text.normalization import normalize_line

Kind = Notification.Kind
MAX_LISTED_NOTIFICATIONS = 20
MAX_EXCERPT_CHARS = 140


def email_of(notifications: Sequence[Notification]) -> EmailMessage:
    """One e-mail with these notifications of one reader."""
    reader = notifications[0].reader
    url = unsubscribe_url(reader)
    with override(settings.LANGUAGE_CODE):
        subject, body = subject_of(notifications), email_body(notifications, unsubscribe=url)
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        # The same e-mail sent twice, after a sender was killed, has the same Message-ID.
        "Message-ID": f"<notification-{notifications[0].pk}-{notifications[-1].pk}@{host}>",
        "Auto-Submitted": "auto-generated",
        # RFC 8058: a mail program posts there, without signing in.
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(subject, body, to=[reader.email], headers=headers)


def subject_of(notifications: Sequence[Notification]) -> str:
    """What happened first, and how many more there are; one line whatever a nickname contains."""
    first = normalize_line(sentence_of(notifications[0])).rstrip(".")
    if len(notifications) == 1:
        return first
    return _("%(first)s, and %(n)d more") % {"first": first, "n": len(notifications) - 1}


def email_body(notifications: Sequence[Notification], *, unsubscribe: str) -> str:
    """The notifications, and how to choose or end e-mails."""
    paragraphs = [paragraph_of(row) for row in notifications[:MAX_LISTED_NOTIFICATIONS]]
    if (unlisted := len(notifications) - MAX_LISTED_NOTIFICATIONS) > 0:
        paragraphs.append(_("And %(n)d more.") % {"n": unlisted})
    paragraphs.append(
        "-- \n"
        + _("All notifications: %(url)s") % {"url": f"{settings.SITE_URL}/me/notifications/"}
        + "\n"
        + _("No more of these e-mails: %(url)s") % {"url": unsubscribe}
    )
    return "\n\n".join(paragraphs) + "\n"


def paragraph_of(notification: Notification) -> str:
    """What happened, where, an excerpt, what a moderator wrote, and the link."""
    lines = [f"{sentence_of(notification)} ({format_short_time(notification.created_at)})"]
    comment = notification.comment
    if comment is not None:
        lines += [headline_of(comment), f"> {excerpt_of(comment)}"]
    if message := notification.localized_message():
        lines.append(_("Message of a moderator: %(text)s") % {"text": message})
    if comment is not None:
        lines.append(f"{settings.SITE_URL}{comment_path(comment)}")
    return "\n".join(filter(None, lines))


def sentence_of(notification: Notification) -> str:
    """What happened, in one sentence."""
    author = notification.comment.author if notification.comment else None
    name = author.public_nickname if author else None
    until = format_short_time(notification.until) if notification.until else ""
    sentences = {
        Kind.REPLY: _("%(name)s has replied to your comment."),
        Kind.MENTION: _("%(name)s has mentioned you in a comment."),
        Kind.COMMENT_SHOWN: _("Your comment is shown to readers now."),
        Kind.COMMENT_HIDDEN: _("Your comment was hidden under the rules for comments."),
        Kind.COMMENT_HELD: _("Your comment is not shown until a moderator has looked at it."),
        Kind.COMMENT_BLOCKED: _(
            "Your comment is blocked until %(until)s on request of the person concerned. You can object "
            "on “My page”."
        ),
    }
    name = name or pgettext("notification", "A reader who has left")
    values = {"name": name, "until": until}
    kind = Kind(notification.kind)
    return (sentences.get(kind) or sentence_of_procedure(notification)) % values


def sentence_of_procedure(notification: Notification) -> str:
    """A sanction that began or ended, or an appeal that was decided, without its values."""
    sanction = notification.sanction
    if notification.kind == Kind.SANCTION_BEGUN:
        return begun_sentence(sanction)
    if notification.kind == Kind.SANCTION_ENDED:
        return ended_sentence(sanction)
    is_granted = notification.kind == Kind.APPEAL_GRANTED
    if notification.comment is not None:
        if is_granted:
            return _("Your appeal was granted: your comment is shown to readers again.")
        return _("Your appeal was rejected: your comment stays hidden.")
    if is_granted:
        return _("Your appeal against a measure about your account was granted.")
    return _("Your appeal against a measure about your account was rejected.")


def begun_sentence(sanction: Sanction | None) -> str:
    """What a sanction means, by its kind."""
    kind = SanctionKind(sanction.kind) if sanction else SanctionKind.BAN
    return {
        SanctionKind.WARN: _("A moderator has given you a warning."),
        SanctionKind.HOLD: _("Until %(until)s all your comments wait for a moderator."),
        SanctionKind.MUTE: _("You cannot write or edit comments until %(until)s."),
        SanctionKind.BAN: _(
            "Your account is suspended until %(until)s: no comments, reactions, reports or votes."
        ),
    }[kind]


def ended_sentence(sanction: Sanction | None) -> str:
    """How a sanction ended, by its kind: at its time, lifted, or replaced by another."""
    kind = SanctionKind(sanction.kind) if sanction else SanctionKind.BAN
    if sanction and sanction.replaced_by_id:
        return {
            SanctionKind.WARN: _("The warning to you was replaced by another measure."),
            SanctionKind.HOLD: _("The wait of your comments was replaced by another measure."),
            SanctionKind.MUTE: _("The ban on your comments was replaced by another measure."),
            SanctionKind.BAN: _("The suspension of your account was replaced by another measure."),
        }[kind]
    if sanction and sanction.lifted_at:
        return {
            SanctionKind.WARN: _("The warning to you was taken back."),
            SanctionKind.HOLD: _("A moderator has lifted the wait of your comments."),
            SanctionKind.MUTE: _("A moderator has lifted the ban on your comments."),
            SanctionKind.BAN: _("A moderator has lifted the suspension of your account."),
        }[kind]
    return {
        SanctionKind.WARN: _("The warning to you was taken back."),
        SanctionKind.HOLD: _("Your comments no longer wait for a moderator."),
        SanctionKind.MUTE: _("You can write comments again."),
        SanctionKind.BAN: _("The suspension of your account has ended. You can write again."),
    }[kind]


def excerpt_of(comment: Comment) -> str:
    """The beginning of a comment on one line."""
    text = normalize_line(comment.text)
    return text if len(text) <= MAX_EXCERPT_CHARS else text[: MAX_EXCERPT_CHARS - 1] + "…"


def headline_of(comment: Comment) -> str:
    live = comment.article.live
    return live.headline if live else ""


def comment_path(comment: Comment) -> str:
    """The path of the comment on the page of its article."""
    return f"{comment.article.get_absolute_url()}#comment-{comment.pk}"
