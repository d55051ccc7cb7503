"""What happens next with a plan, and how late it went out, in words. Pure."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from desk.models.releases import Release
from newsroom.text.dates import format_short_time

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MIN_REPORTED_DELAY = timedelta(seconds=2)  # nobody calls less than that late


def format_duration(span: timedelta) -> str:
    """A length of time as people say it: 10 s, 7 min, 2 h, 3 days. Never negative."""
    span = max(span, timedelta())
    if span < MINUTE:
        return _("%(n)d s") % {"n": round(span.total_seconds())}
    if span < HOUR:
        return _("%(n)d min") % {"n": span // MINUTE}
    if span < 2 * DAY:
        return _("%(n)d h") % {"n": span // HOUR}
    return _("%(n)d days") % {"n": span // DAY}


def next_step_label(release: Release, now: datetime) -> str:
    """What becomes of a release from here on, in one sentence."""
    if release.settled_at:
        return outcome_label(release)
    if release.state == Release.State.FAILED and release.retry_at:
        rest = release.retry_at - now
        if rest <= timedelta():
            return _("It is being tried again now.")
        if rest < HOUR:
            return _("It is tried again in %(rest)s.") % {"rest": format_duration(rest)}
        return _("It is tried again at %(at)s.") % {"at": format_short_time(release.retry_at)}
    if release.due_at > now:
        return _("It goes out at %(at)s.") % {"at": format_short_time(release.due_at)}
    return _("It is due and goes out with the next round, within seconds.")


def outcome_label(release: Release) -> str:
    """How a release has ended."""
    if release.state == Release.State.DONE:
        return (
            _("It went out %(late)s late.") % {"late": late}
            if (late := delay_label(release))
            else (_("It has gone out on time."))
        )
    if release.state == Release.State.OVERTAKEN:
        return _("Nothing: readers have a newer edition.")
    return _("Nothing: the plan has ended. Schedule the story anew if it is to go out.")


def delay_label(release: Release) -> str:
    """How late it went out, in words; empty where nobody noticed."""
    late = release.settled_at - release.due_at if release.settled_at else timedelta()
    return format_duration(late) if late >= MIN_REPORTED_DELAY else ""
