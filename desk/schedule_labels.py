"""Labels of releases for people: next step, outcome, delay. Pure; in the active language."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from desk.models.releases import Release
from newsroom.text.dates import format_short_time

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MIN_REPORTED_DELAY = timedelta(seconds=2)


def format_duration(span: timedelta) -> str:
    """A duration, rounded: 10 s, 7 min, 2 h, 3 days. A negative one is 0 s."""
    span = max(span, timedelta())
    if span < MINUTE:
        return _("%(n)d s") % {"n": round(span.total_seconds())}
    if span < HOUR:
        return _("%(n)d min") % {"n": span // MINUTE}
    if span < 2 * DAY:
        return _("%(n)d h") % {"n": span // HOUR}
    return _("%(n)d days") % {"n": span // DAY}


def next_step_label(release: Release, now: datetime) -> str:
    """What happens next with a release, in one sentence."""
    if release.settled_at:
        return outcome_label(release)
    if release.held_at:
        return _("It is held back until somebody confirms what the agency changed.")
    if release.state == Release.State.FAILED and release.retry_at:
        return retry_label(release.retry_at, now)
    if release.due_at > now:
        return _("It goes out at %(at)s.") % {"at": format_short_time(release.due_at)}
    return _("It is due and goes out with the next round, within seconds.")


def retry_label(retry_at: datetime, now: datetime) -> str:
    """When a failed release is tried again, in one sentence."""
    remaining = retry_at - now
    if remaining <= timedelta():
        return _("It is being tried again now.")
    if remaining < HOUR:
        return _("It is tried again in %(rest)s.") % {"rest": format_duration(remaining)}
    return _("It is tried again at %(at)s.") % {"at": format_short_time(retry_at)}


def outcome_label(release: Release) -> str:
    """The outcome of a settled release, in one sentence."""
    if release.state == Release.State.DONE:
        if delay := delay_label(release):
            return _("It went out %(late)s late.") % {"late": delay}
        return _("It has gone out on time.")
    if release.state == Release.State.OVERTAKEN:
        return _("Nothing: readers have a newer edition.")
    return _("Nothing: the plan has ended. Schedule the story anew if it is to go out.")


def delay_label(release: Release) -> str:
    """How late a release was published; empty below MIN_REPORTED_DELAY."""
    delay = release.settled_at - release.due_at if release.settled_at else timedelta()
    return format_duration(delay) if delay >= MIN_REPORTED_DELAY else ""
