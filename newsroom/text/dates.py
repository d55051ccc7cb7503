"""Times as people at a desk say them, and as the API does. Pure."""

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
    """ISO 8601 with the newsroom's offset."""
    return moment.astimezone(timezone.get_default_timezone()).isoformat() if moment else None


def rfc3339_seconds(moment: str | datetime | None) -> str:
    """The moment by the newsroom's clock to the second (RFC 3339), as `<time datetime>`, JSON-LD and Open
    Graph take it: HTML allows three digits of a second at most. Takes what the API says as well."""
    if not moment:
        return ""
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return when.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
