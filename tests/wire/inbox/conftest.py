"""Agency copy of several sources as the intake files it, and the list of the inbox."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from wire.actions import insert_delivery
from wire.actions.filing import file_delivery
from wire.models import Source, Version
from wire.parsers.marks import split_marks
from wire.parsers.result import SEOUL, ParsedDelivery, ParsedStory

NOON = datetime(2026, 11, 14, 12, tzinfo=SEOUL)
Deliver = Callable[..., Version]


@pytest.fixture
def deliver() -> Deliver:
    """File a text: `deliver("[속보] 강변길 연다", body="…", source="나래", minutes=3)`."""

    def file(headline: str, *, body: str = "", source: str = "가상", **over: Any) -> Version:
        title, marks = split_marks(headline)
        minutes = over.pop("minutes", 0)
        story = ParsedStory(
            headline=title,
            marks=marks,
            agency=f"{source}통신",
            paragraphs=[body] if body else [],
            **({"sent_at": NOON + timedelta(minutes=minutes)} | over),
        )
        story.finish_blocks()
        row = Source.objects.get_or_create(
            slug=source, defaults={"name": f"{source}통신", "agency": f"{source}통신"}
        )[0]
        raw = f"{headline}{body}{minutes}{over}".encode()
        delivery = insert_delivery(row, raw=raw, name="", content_type="", by=None)
        parsed = ParsedDelivery([story], "yonhap", "utf-8")
        version = file_delivery(delivery, parsed=parsed, by=None).version
        assert version
        return version

    return file


@pytest.fixture
def page(as_user: Any, ben: User) -> Callable[..., Any]:
    """{query of the list} -> the page of the inbox."""
    client = as_user(ben)

    def get(**query: Any) -> Any:
        answer = client.get(reverse("admin:wire_story_changelist"), query)
        assert answer.status_code == 200, answer.url
        return answer

    return get


@pytest.fixture
def listed(page: Callable[..., Any]) -> Callable[..., list[str]]:
    """{query of the list} -> the headlines of its stories in their order."""

    def headlines(**query: Any) -> list[str]:
        return [str(story) for story in page(**query).context["cl"].result_list]

    return headlines
