"""Serializer fields with normalized input: text, one-line text, HTML, times in Korean time, fractions."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from desk.markup_bounds import markup_problem
from newsroom.api.renderers import is_unstorable_text
from newsroom.api.views import HOUR_24_MESSAGE, HOUR_24_PATTERN
from newsroom.text.normalization import normalize_line, normalize_text

DATE_AND_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
KOREAN_TIME_ZONE = ZoneInfo("Asia/Seoul")
ALLOWED_YEARS = range(1900, 2101)


class CleanTextField(serializers.CharField):
    """Text: a JSON string without characters that the database cannot store; normalized, then measured.

    `normalize` is the function that normalizes the value.
    """

    normalize: Callable[[str], str] = staticmethod(normalize_text)
    default_error_messages = {
        "stray": _("The text holds a character that cannot be stored (NUL or half a pair).")
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if is_unstorable_text(data):
            self.fail("stray")
        text = self.normalize(super().to_internal_value(data))
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


class SingleLineField(CleanTextField):
    """Text on one line: line breaks become spaces."""

    normalize = staticmethod(normalize_line)


class MarkupField(CleanTextField):
    """HTML of any origin, limited in size and depth; `desk.actions` sanitizes it when it is stored."""

    normalize = staticmethod(str)

    def to_internal_value(self, data: Any) -> str:
        html = super().to_internal_value(data)
        if problem := markup_problem(html):
            raise serializers.ValidationError(str(problem))
        return html


class LocalDateTimeField(serializers.DateTimeField):
    """A date and a time (ISO 8601). Without an offset it is Korean time (Asia/Seoul).

    Korea had summer time in 1987 and 1988: a local time that did not exist is refused; of one that occurred
    twice the first is taken.
    """

    default_error_messages = {
        "vague": _("Give a date and a time, such as 2026-11-21T18:00+09:00."),
        "far": _("Choose a year between 1900 and 2100."),
        "hour_24": HOUR_24_MESSAGE,
        "skipped": _("There was no such hour in Korea: summer time began. Add an offset."),
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        aware = value if value.tzinfo else value.replace(tzinfo=KOREAN_TIME_ZONE)
        local = aware.astimezone(UTC).astimezone(KOREAN_TIME_ZONE)
        if value.tzinfo is None and local.replace(tzinfo=None) != value:
            self.fail("skipped")
        return local

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str) or not DATE_AND_TIME.match(value):
            self.fail("vague")
        if HOUR_24_PATTERN.search(value):
            self.fail("hour_24")
        try:
            at = super().to_internal_value(value)
        except OverflowError:
            self.fail("far")
        if at.year not in ALLOWED_YEARS:
            self.fail("far")
        return at


class FractionField(serializers.FloatField):
    """A number from 0 to 1: of JSON, or the text of a part of a multipart form."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=1, **options)

    def to_internal_value(self, data: Any) -> float:
        is_form = isinstance(getattr(self.root, "initial_data", None), QueryDict)
        if isinstance(data, bool) or (isinstance(data, str) and not is_form):
            self.fail("invalid")
        number: float = super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return number
