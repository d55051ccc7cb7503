"""Preview of the story form: what is typed and not saved, through the renderer of readers' pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from desk.actions import edit, publish_now
from desk.models import Draft, DraftPresence, DraftVersion
from polls.models import Poll
from tests.desk.admin.test_admin_stories import StoryPage
from tests.support import make

pytestmark = pytest.mark.django_db
NEW = "/admin/desk/draft/preview/"


def send(page: StoryPage, story: Draft, **typed: Any) -> Any:
    """The answer to the form of the story with these values typed into it."""
    return page.client.post(f"/admin/desk/draft/{story.pk}/preview/", page.filled(story) | typed)


def rows() -> list[int]:
    return [model.objects.count() for model in (Draft, DraftVersion, Entry, Poll, DraftPresence)]


def test_everything_typed_is_shown_and_nothing_is_written(ben: User) -> None:
    story, page = make.draft(headline="저장된 제목"), StoryPage(ben)
    photo, picked = make.photo(alt="계단 앞의 로봇"), make.live(headline="골라 둔 기사")
    typed = {
        "headline": "아직 저장하지 않은 제목",
        "summary_2": "둘째 줄을 고쳤다",
        "body": "<p>막 쓴 문장입니다.</p><script>alert(1)</script>",
        "tags": "로봇, 처음 쓰는 태그",
        "lead_photo": photo.pk,
        "photo_caption": "이 기사의 설명",
        "photo_text_for": photo.pk,
        "related": [picked.pk],
        "poll_question": "로봇에게 계단을 맡겨도 될까?",
        "poll_pro": "빠르니까요",
        "poll_con": "위험하니까요",
        "poll_results": "always",
    }
    form, before = page.filled(story), rows()
    with CaptureQueriesContext(connection) as queries:
        answer = page.client.post(f"/admin/desk/draft/{story.pk}/preview/", form | typed)
    assert not [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert rows() == before
    assert "no-store" in answer["Cache-Control"]
    story.refresh_from_db()
    assert (story.headline, story.version) == ("저장된 제목", 1)
    html = answer.json()["page"]
    for words in (
        *("아직 저장하지 않은 제목", "둘째 줄을 고쳤다", "막 쓴 문장입니다.", "#처음 쓰는 태그"),
        *("이 기사의 설명", "골라 둔 기사", "로봇에게 계단을 맡겨도 될까?", "빠르니까요", "부키"),
    ):
        assert words in html
    assert "alert(1)" not in html
    assert "data-vote=" not in html
    assert f"/desk/photos/{photo.key}/" in html  # for staff; it has no public address yet
    assert page.client.get(f"/media/photos/{photo.key}/640.webp").status_code == 404
    assert answer.json()["notes"].strip() == ""


def test_new_story_has_a_preview_from_its_first_letter(ada: User) -> None:
    client = Client()
    client.force_login(ada)
    answer = client.post(NEW, {"headline": "로봇, 문 앞에 서다"}).json()
    assert "로봇, 문 앞에 서다" in answer["page"]
    assert "/articles/로봇-문-앞에-서다/" in answer["snippets"]
    assert "3줄 요약" in answer["notes"]
    assert client.post(NEW, {}).status_code == 200
    assert not Draft.objects.exists()


def test_values_that_the_form_refuses_are_shown_as_far_as_possible_and_named(ben: User) -> None:
    story, page = make.draft(), StoryPage(ben)
    answer = send(
        page,
        story,
        headline="긴 " * 150,
        authors=["999999"],
        section="999999",
        lead_photo="999999",
        tags="가" * 50,
        slug="주소 아님!",
        poll_question="열까?" + "?" * 300,
        poll_opens_at="2026-11-30T09:00",
        poll_closes_at="2026-11-29T09:00",
        source_url="javascript:alert(1)",
        seo_title="검" * 200,
    )
    assert answer.status_code == 200
    body, notes = answer.json()["page"], answer.json()["notes"]
    assert "긴 긴" in body
    assert "로봇은 잠시 멈춰 섰습니다." in body
    assert "열까?" in body
    assert "javascript:" not in body
    for label in ("제목", "필자", "섹션", "태그", "투표"):
        assert label in notes
    assert "/articles/주소-아님/" in answer.json()["snippets"]


def test_search_result_and_card_fall_back_and_say_what_is_cut_off(ben: User) -> None:
    story, page = make.draft(headline="짧은 제목", deck="부제입니다"), StoryPage(ben)
    shown = send(page, story).json()["snippets"]
    assert "짧은 제목" in shown
    assert "부제입니다" in shown
    assert "is-cut" not in shown
    title = "로봇이 계단을 오르내리며 도서관의 책을 나르기까지 걸린 석 달의 이야기를 모두 담은 제목"
    shown = send(page, story, seo_title=title, seo_description="따로 쓴 설명").json()["snippets"]
    assert shown.count('class="is-cut"') == 3
    assert "따로 쓴 설명" in shown
    assert "부제입니다" not in shown
    photo = make.photo()
    assert (
        f"/desk/photos/{photo.key}/" in send(page, story, social_photo=photo.pk).json()["snippets"]
    )


def test_whole_address_is_shown_with_what_becomes_of_it(ben: User) -> None:
    live = make.live(slug="첫-주소")
    story, page = make.draft_of(live), StoryPage(ben)
    assert "/articles/첫-주소/" in send(page, story).json()["snippets"]
    moved = send(page, story, slug="새 주소").json()["snippets"]
    assert "/articles/새-주소/" in moved
    assert "첫-주소" in moved  # redirects
    other = make.draft()
    assert "is-taken" in send(page, other, slug="첫-주소").json()["snippets"]


def test_preview_is_for_those_who_may_change_the_story(ada: User, ben: User, chi: User) -> None:
    story = make.draft()
    form = StoryPage(ben).filled(story)
    address = f"/admin/desk/draft/{story.pk}/preview/"
    reader = Client()
    for user in (None, chi):
        if user:
            reader.force_login(user)
        for place in (address, NEW):
            answer = reader.post(place, form)
            assert answer.status_code in {302, 403}
            assert story.headline.encode() not in answer.content
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben)
    assert strict.post(address, form).status_code == 403
    editor = StoryPage(ben).client
    assert editor.get(address).status_code == 405
    assert editor.post("/admin/desk/draft/987654/preview/", form).status_code == 404


def test_preview_of_an_outdated_form_shows_what_was_typed(ada: User, ben: User) -> None:
    story, page = make.draft(), StoryPage(ben)
    form = page.filled(story)
    edit(story, by=ada, headline="에이다의 제목")
    answer = page.client.post(
        f"/admin/desk/draft/{story.pk}/preview/", form | {"headline": "벤의 제목"}
    )
    assert "벤의 제목" in answer.json()["page"]


def test_poll_of_a_live_story_is_shown_without_touching_it(ben: User) -> None:
    article = make.live(poll=make.poll_data())
    story, page = make.draft_of(article), StoryPage(ben)
    publish_now(edit(story, by=ben, embargo_until=None, deck="고친 부제"), by=ben)
    opens = timezone.localtime(timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = send(
        page, Draft.objects.get(pk=story.pk), poll_question="다르게 물으면?", poll_opens_at=opens
    )
    assert "다르게 물으면?" in answer.json()["page"]
    assert Poll.objects.get().question != "다르게 물으면?"
