"""The front page of the admin: what an editor finds in the morning."""

from typing import Any

import pytest

from accounts.models import User
from desk.actions import start_from_wire
from tests import make
from tests.wire_words import PAGE
from wire.actions import receive
from wire.models import Source, Story

pytestmark = pytest.mark.django_db


def test_a_wire_story_leaves_the_page_once_somebody_writes_from_it(ben: User, as_user: Any) -> None:
    receive(Source.objects.called("yonhap"), raw=PAGE.encode(), by=ben)
    story = Story.objects.in_full().get()
    form = f"/admin/wire/story/{story.pk}/"
    assert form in as_user(ben).get("/admin/").content.decode()
    start_from_wire(story, by=ben)
    assert form not in as_user(ben).get("/admin/").content.decode()


def test_browsers_find_a_small_picture(client: Any) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"] == "/static/pages/booki.svg"


def test_what_goes_out_next_is_there(ben: User, as_user: Any) -> None:
    make.planned(headline="내일 아침의 이야기")
    assert "내일 아침의 이야기" in as_user(ben).get("/admin/").content.decode()
