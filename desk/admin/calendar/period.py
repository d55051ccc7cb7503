"""Periods of the calendar: the days that a month, week or day view shows. Weeks begin on Sunday. Pure."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# What dates the calendar shows; outside of it `date` arithmetic might overflow.
MIN_DATE, MAX_DATE = date(1990, 1, 1), date(2099, 12, 31)


class View(TextChoices):
    MONTH = "month", _("Month")
    WEEK = "week", _("Week")
    DAY = "day", _("Day")


@dataclass(frozen=True)
class Period:
    """The month, week or day around a date."""

    view: View
    around: date

    @property
    def first(self) -> date:
        """The first day shown; of a month that of its first week."""
        if self.view == View.DAY:
            return self.around
        start = self.around.replace(day=1) if self.view == View.MONTH else self.around
        return start - DAY * ((start.weekday() + 1) % 7)

    @property
    def last(self) -> date:
        """The last day shown; of a month that of its last week."""
        if self.view == View.DAY:
            return self.around
        if self.view == View.WEEK:
            return self.first + 6 * DAY
        length = calendar.monthrange(self.around.year, self.around.month)[1]
        end = self.around.replace(day=length)
        return end + DAY * ((5 - end.weekday()) % 7)

    def days(self) -> list[date]:
        return [self.first + DAY * n for n in range((self.last - self.first).days + 1)]

    def bounds(self) -> tuple[datetime, datetime]:
        """The midnights between which the period lies, Korean time: from the first to before the second."""
        zone = timezone.get_default_timezone()
        return (
            datetime.combine(self.first, time.min, zone),
            datetime.combine(self.last + DAY, time.min, zone),
        )

    @property
    def previous(self) -> date:
        """A date in the period before."""
        if self.view == View.MONTH:
            return self.around.replace(day=1) - DAY
        return self.around - (WEEK if self.view == View.WEEK else DAY)

    @property
    def following(self) -> date:
        """A date in the period after."""
        if self.view == View.MONTH:
            return (self.around.replace(day=1) + 32 * DAY).replace(day=1)
        return self.around + (WEEK if self.view == View.WEEK else DAY)


def parse_view(text: str) -> View:
    """The view of this name; the month for any other."""
    return View(text) if text in View.values else View.MONTH


def parse_date(text: str, *, today: date) -> date:
    """An ISO 8601 date that the calendar shows; today for any other text."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if MIN_DATE <= day <= MAX_DATE else today
