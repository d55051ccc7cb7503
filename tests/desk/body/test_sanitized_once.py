"""A body is sanitized once, however many steps of a save ask for it."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from desk import rendering
from desk.models import Draft
from desk.rendering import RecentTexts, sanitize_body
from tests.support import make

MARKUP = "<p><b>글</b> <span onclick='x()'>한 줄</span></p>"


@pytest.fixture
def sanitized(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bodies that the sanitizer was given, in a process that has seen none."""
    given, sanitize_html = list[str](), rendering.sanitize_html

    def counting(html: str) -> rendering.CleanBody:
        given.append(html)
        return sanitize_html(html)

    monkeypatch.setattr(rendering, "sanitized_bodies", RecentTexts(size=3))
    monkeypatch.setattr(rendering, "sanitize_html", counting)
    return given


@pytest.mark.django_db
def test_autosave_sanitizes_the_typed_body_alone(
    ben: User, as_user: Any, sanitized: list[str]
) -> None:
    draft = make.draft(body="<p>글</p>", by=ben)
    client, form = as_user(ben), {"version": draft.version, "headline": draft.headline}
    sanitized.clear()
    response = client.post(
        reverse("admin:desk_draft_autosave", args=[draft.pk]), form | {"body": MARKUP}
    )
    assert response.status_code == 200, response.content
    assert Draft.objects.get(pk=draft.pk).body == "<p><strong>글</strong> 한 줄</p>"
    assert sanitized == [MARKUP]


def test_what_was_dropped_is_named_again_for_the_same_markup(sanitized: list[str]) -> None:
    first = sanitize_body(MARKUP)
    assert first.dropped == ("span[onclick]",)
    assert sanitize_body(MARKUP) == first
    assert sanitize_body(first.html) == (first.html, ())
    assert sanitized == [MARKUP, MARKUP]


def test_the_bodies_of_which_a_process_knows_are_limited(sanitized: list[str]) -> None:
    for number in range(4):
        sanitize_body(f"<p>{number}</p>")
    sanitized.clear()
    for number in range(4):
        sanitize_body(f"<p>{number}</p>")
    assert sanitized == ["<p>0</p>", "<p>1</p>", "<p>2</p>", "<p>3</p>"]
