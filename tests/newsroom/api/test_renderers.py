"""The JSON renderer writes the bytes of REST framework's own."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.serializer_helpers import ReturnDict, ReturnList

from newsroom.api.renderers import UTF8JSONRenderer

STRING_FIELD: Any = serializers.CharField()


class UTF8DRFRenderer(JSONRenderer):
    """REST framework's renderer in UTF-8."""

    ensure_ascii = False


@pytest.mark.parametrize(
    "data",
    [
        {"제목": "달 기지 '온실' \"첫\" 수확", "emoji": "🌱", "empty": "", "none": None},
        {
            "at": datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
            "until": datetime(2026, 1, 1, 0, 0, 0, 5),
        },
        {"name": gettext_lazy("Yes"), "price": Decimal("1.50"), "share": 0.5, "many": 2**63 - 1},
        {"lines": "한 줄\u2028두 줄\u2029셋\n넷\t다섯\x07", "html": "<b>&amp;</b>"},
        {"none": [], "deep": {"er": [{"est": [True, False]}]}, "tuple": (1, 2)},
        ReturnDict({"a": ReturnList([1], serializer=STRING_FIELD)}, serializer=STRING_FIELD),
        {1: "a number is a name too"},
        [],
        "글자",
    ],
)
def test_renderer_writes_the_bytes_of_rest_framework(data: Any) -> None:
    assert UTF8JSONRenderer().render(data) == UTF8DRFRenderer().render(data)


def test_none_is_rendered_as_an_empty_body() -> None:
    assert UTF8JSONRenderer().render(None) == b""


def test_line_separators_of_older_javascript_are_escaped() -> None:
    assert json.loads(UTF8JSONRenderer().render("\u2028")) == "\u2028"
    assert b"\\u2028" in UTF8JSONRenderer().render("\u2028")
