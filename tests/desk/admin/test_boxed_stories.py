"""Search of stories for the related boxes of a body, and their headlines in the editor."""

import json
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import User
from desk.actions import edit, put_on_legal_hold, set_section_role, withdraw
from desk.admin.story import boxed_stories
from desk.admin.story.edit_conflict import with_words_of_blocks
from desk.admin.story.story_editor import from_editor_html, to_editor_html
from desk.rendering import clean_body
from tests.desk.admin.test_admin_stories import StoryPage
from tests.support import make
from tests.support.clients.search_client import index_pending_articles

pytestmark = pytest.mark.django_db


def found(client: Client, query: str = "", **params: Any) -> list[tuple[str, bool]]:
    response = client.get(reverse("admin:desk_draft_stories"), {"q": query, **params})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return [(row["headline"], row["is_live"]) for row in response.json()["results"]]


def test_writers_find_published_and_planned_stories(client: Client, ada: User) -> None:
    make.live(headline="문을 연 로봇")
    make.planned(slug="곧-나갈-글")
    gone = make.live(headline="내린 기사")
    withdraw(gone, by=make.ben(), notice="내립니다.")
    client.force_login(ada)
    assert found(client) == [("곧-나갈-글", False), ("문을 연 로봇", True)]
    assert found(client, "로봇") == [("문을 연 로봇", True)]
    assert found(client, "나갈") == [("곧-나갈-글", False)]
    assert found(client, "없는 말") == []


def test_stories_that_a_box_does_not_show_are_not_found(client: Client, ada: User) -> None:
    own, on_hold = make.live(headline="이 기사"), make.live(headline="보류된 기사")
    put_on_legal_hold(on_hold, reason="법원 결정", by=make.ben())
    make.live(headline="다른 기사")
    client.force_login(ada)
    assert found(client, draft=make.draft_of(own).pk) == [("다른 기사", True)]
    assert found(client, "기사", draft=make.draft_of(own).pk) == [("다른 기사", True)]
    assert found(client, "이 기사", draft="new") == [("이 기사", True)]
    assert found(client, "이 기사", draft="²") == [("이 기사", True)]


def test_published_stories_are_found_by_the_index_and_others_among_the_newest_drafts(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boxed_stories, "MAX_DRAFTS_SEARCHED", 1)
    for n in range(20):
        make.live(headline=f"오래된 로봇 {n}")
    make.planned(slug="오래된-로봇-예정")
    make.live(headline="새 소식")
    client.force_login(ada)
    assert found(client, "오래된 로봇") == []
    index_pending_articles()
    assert len(found(client, "오래된 로봇 3")) == 1
    counts = []
    for query in ("오래된 로봇 3", "오래된 로봇", "새 소식"):
        with CaptureQueriesContext(connection) as queries:
            assert all(is_live for _headline, is_live in found(client, query))
        counts.append(len(queries))
    assert len(found(client, "오래된 로봇")) == 10
    assert max(counts) <= min(counts) + 2  # tiers of the index that are read


def test_nobody_else_finds_anything(client: Client) -> None:
    address = reverse("admin:desk_draft_stories")
    assert client.get(address).status_code == 302
    client.force_login(make.staff("mia", role="moderator"))
    assert client.get(address).status_code == 403


def titles_in(html: str) -> Any:
    return json.loads(unescape(html.partition('data-titles="')[2].partition('"')[0]))


def test_editor_shows_headlines_of_which_none_is_stored() -> None:
    live, planned = make.live(headline='문 & "로봇"'), make.planned(slug="곧-나갈-글")
    unknown = "11111111-2222-4333-8444-555555555555"
    ids = f"{live.uid} {planned.edition.article.uid} {unknown}"
    body = f'<p>글</p><aside class="related-box" data-related="{ids}"></aside>'
    shown = to_editor_html(body, reader=make.ben())
    assert titles_in(shown) == ['문 & "로봇"', "곧-나갈-글", unknown]
    assert clean_body(from_editor_html(shown)) == body
    assert to_editor_html("<p>글</p>", reader=make.ben()) == "<p>글</p>"


def test_edit_conflict_names_blocks_without_text() -> None:
    live = make.live(headline="문 & <로봇>")
    embed = '<figure data-embed="https://tv.naver.com/v/1"></figure>'
    body = f'<p>글</p>{embed}<aside class="related-box" data-related="{live.uid}"></aside>'
    shown = unescape(strip_tags(with_words_of_blocks(to_editor_html(body, reader=make.ben()))))
    assert shown.split("\n") == ["글[https://tv.naver.com/v/1]", "[문 & <로봇>]", ""]
    assert f"[{live.uid}]" in with_words_of_blocks(body)


def test_stories_of_other_sections_have_no_headline_in_the_editor_nor_in_a_conflict(
    ben: User,
) -> None:
    culture, industry = make.section("문화"), make.section("산업")
    cal = make.staff("cal", role="reporter")
    set_section_role(cal, section=culture, role="reporter", by=make.chief())
    hidden = make.planned(slug="숨은-기사", section=industry).edition.article
    live = make.live(headline="나온 로봇", section=industry)
    box = f'<aside class="related-box" data-related="{hidden.uid} {live.uid}"></aside>'
    story, page = make.draft(by=ben, section=culture, body=f"<p>글</p>{box}"), StoryPage(cal)
    form = page.filled(story)
    assert titles_in(form["body"]) == ["(다른 섹션의 원고)", "나온 로봇"]
    edit(story, by=ben, body=f"<p>고친 글</p>{box}")
    conflict = page.client.post(page.address(story), form | {"body": f"<p>내 글</p>{box}"})
    (theirs,) = [field.theirs for field in conflict.context["conflict"].fields]
    assert "(다른 섹션의 원고), 나온 로봇" in theirs
    assert "숨은-기사" not in conflict.text
    page.send(story, body=form["body"].replace("글", "새 글"))
    story.refresh_from_db()
    assert box in story.body  # nothing of what the editor shows is stored
