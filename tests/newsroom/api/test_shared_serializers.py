"""Serializers that threads share: each request has its own language, and nothing of another."""

from threading import Barrier
from typing import Any

import pytest
from django.utils import translation
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from newsroom.api.shared_serializers import shared_serializer
from newsroom.api.views import StrictSerializer
from tests.support import make


class PointIn(StrictSerializer):
    name = serializers.CharField(max_length=3)


class RouteIn(StrictSerializer):
    count = serializers.IntegerField(max_value=3, required=False)
    words = serializers.ListField(child=serializers.CharField(max_length=3), required=False)
    points = PointIn(many=True, required=False)


TOO_LONG: list[dict[str, Any]] = [
    {"count": 4},
    {"words": ["four"]},
    {"points": [{"name": "ok"}, {"name": "four"}]},
]


def errors(data: dict[str, Any], *, language: str, serializer: Any) -> Any:
    with translation.override(language), pytest.raises(ValidationError) as refused:
        serializer.run_validation(data)
    return refused.value.detail


@pytest.mark.parametrize("data", TOO_LONG)
def test_limits_are_worded_in_the_language_of_each_request(data: dict[str, Any]) -> None:
    for language in ("en", "ko", "en"):
        shared = errors(data, language=language, serializer=shared_serializer(RouteIn))
        assert shared == errors(data, language=language, serializer=RouteIn())


def test_errors_of_one_thread_are_not_those_of_another() -> None:
    gate = Barrier(6)

    def refuse(number: int) -> list[Any]:
        language, data = ("en", "ko")[number % 2], TOO_LONG[number % 3]
        gate.wait()
        return [
            errors(data, language=language, serializer=shared_serializer(RouteIn))
            for _turn in range(50)
        ]

    for got in make.race(6, lambda number: (number, refuse(number))):
        assert not isinstance(got, Exception)
        number, found = got
        data = TOO_LONG[number % 3]
        expected = errors(data, language=("en", "ko")[number % 2], serializer=RouteIn())
        assert found == [expected] * 50
