"""Dates and times as text: short for people, ISO 8601 and RFC 3339 for machines. Pure."""

from datetime import datetime

from django.utils import formats, timezone


def format_short_time(moment: datetime) -> str:
    """18:00 today, with the day on other days, with the year in other years."""
    local, today = timezone.localtime(moment), timezone.localdate()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.year == today.year:
        return f"{formats.date_format(local, 'MONTH_DAY_FORMAT')} {local:%H:%M}"
    return f"{formats.date_format(local, 'DATE_FORMAT')} {local:%H:%M}"


def local_isoformat(moment: datetime | None) -> str | None:
    """ISO 8601 in the site's time zone, as the API shows times; None for none."""
    return moment.astimezone(timezone.get_default_timezone()).isoformat() if moment else None


def rfc3339_seconds(moment: str | datetime | None) -> str:
    """RFC 3339 in the site's time zone, to the second, for `<time datetime>`, JSON-LD and Open Graph (HTML
    allows at most three digits of a second). Takes the API's ISO 8601 text as well.
    """
    if not moment:
        return ""
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return when.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
