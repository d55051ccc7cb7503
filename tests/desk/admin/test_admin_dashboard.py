"""Admin dashboard: upcoming releases and wire stories; filters of all lists."""

import html
import re
from typing import Any

import pytest
from django.contrib import admin

from accounts.models import User
from desk.actions import start_from_wire
from tests.support import make
from tests.support.formats.wire_copy import PLAIN_STORY
from tests.support.shared_rows import SharedRows
from wire.actions import receive_delivery
from wire.models import Source, Story

pytestmark = pytest.mark.django_db


def test_wire_story_leaves_the_dashboard_once_a_draft_is_started(ben: User, as_user: Any) -> None:
    receive_delivery(Source.objects.by_slug("yonhap"), raw=PLAIN_STORY.encode(), by=ben)
    story = Story.objects.with_current_version().get()
    form = f"/admin/wire/story/{story.pk}/"
    assert form in as_user(ben).get("/admin/").content.decode()
    start_from_wire(story, by=ben)
    assert form not in as_user(ben).get("/admin/").content.decode()


def test_favicon_redirects_to_the_logo(client: Any) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert response["Location"] == "/static/pages/booki.svg"


def test_dashboard_lists_upcoming_releases(ben: User, as_user: Any) -> None:
    make.planned(headline="내일 아침의 이야기")
    assert "내일 아침의 이야기" in as_user(ben).get("/admin/").content.decode()


FILTERED = re.compile(r'href="(\?[^"]*)"')


def populate() -> None:
    """Stories, and a superuser who looks at them."""
    make.planned(poll=make.poll_data(), lead_photo=make.photo())
    make.live()
    User.objects.filter(pk=make.chief().pk).update(is_superuser=True)


NEWSROOM = SharedRows(populate)


@pytest.mark.parametrize("room", sorted(m._meta.label_lower for m in admin.site._registry))
def test_every_list_filter_of_the_admin_answers_200(settings: Any, as_user: Any, room: str) -> None:
    NEWSROOM.insert(settings)
    client = as_user(make.chief())
    address = f"/admin/{room.replace('.', '/')}/"
    page = client.get(address, follow=True)  # a masthead is one page, not a list
    assert page.status_code == 200
    offered = {html.unescape(query) for query in FILTERED.findall(page.content.decode())}
    refused = [q for q in sorted(offered) if client.get(address + q).status_code != 200]
    assert not refused
