"""Versions and autosave in the admin over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from desk.actions import approve, edit, move_to_trash, publish_now, schedule_draft, submit
from desk.models import Draft, DraftVersion
from tests.desk.admin.test_admin_stories import StoryPage, admin_messages, story_form_data
from tests.support import make

pytestmark = pytest.mark.django_db


def autosave(page: StoryPage, form: dict[str, Any], draft: Draft | None = None) -> Any:
    name = "admin:desk_draft_autosave" if draft else "admin:desk_draft_autosave_new"
    return page.client.post(reverse(name, args=[draft.pk] if draft else []), form)


def kinds(draft: Draft) -> list[str]:
    rows = DraftVersion.objects.filter(draft=draft).order_by("number")
    return list(rows.values_list("kind", flat=True))


# -- autosave --------------------------------------------------------------------------------


def test_first_autosave_of_a_new_story_creates_it_once(ben: User) -> None:
    page = StoryPage(ben)
    form = page.filled(None) | story_form_data(tags="")
    first = autosave(page, form).json()
    draft = Draft.objects.get()
    assert (first["id"], first["version"], first["left_out"]) == (draft.pk, 1, [])
    assert first["page"] == f"/admin/desk/draft/{draft.pk}/change/"
    assert first["title"] == draft.headline == "로봇, 계단을 오르다"
    assert [author.slug for author in draft.authors.all()] == ["한빛"]
    lost = autosave(
        page, form | {"deck": "답을 받지 못한 화면"}
    ).json()  # sent again without a version
    assert (lost["id"], lost["version"]) == (draft.pk, 2)
    again = autosave(page, form | {"deck": "다시"}).json()
    assert (again["id"], again["version"]) == (draft.pk, 3)
    saved = page.client.post(
        page.address(draft), form | {"version": "3", "deck": "다시", "_continue": "1"}
    )
    assert saved.status_code == 302
    assert Draft.objects.count() == 1
    assert kinds(draft) == ["save"]


def test_autosave_saves_what_is_valid_and_names_the_rest(ben: User) -> None:
    draft, page = make.draft(), StoryPage(ben)
    typed = {"headline": "머리", "source_url": "https://", "tags": "없던꼬리", "slug": "주소"}
    response = autosave(page, page.filled(draft) | typed | {"do": "publish"}, draft).json()
    assert set(response["left_out"]) == {"출처 주소(URL)", "주소", "태그"}
    draft.refresh_from_db()
    assert (draft.headline, draft.slug, draft.source_url, draft.version) == ("머리", "", "", 2)
    assert draft.article is None


def test_explicit_save_after_an_autosave_is_a_version_of_its_own(ben: User) -> None:
    draft, page = make.draft(), StoryPage(ben)
    autosave(page, page.filled(draft) | {"headline": "저절로"}, draft)
    assert kinds(draft) == ["save", "autosave"]
    response = page.send(draft)
    assert admin_messages(response) == "저장했습니다."
    assert kinds(draft) == ["save", "save"]
    assert Entry.objects.filter(verb="edited").get().details["fields"] == ["headline"]
    assert admin_messages(page.send(draft)) == "바뀐 것이 없습니다."


def test_lost_answer_of_an_autosave_is_no_conflict_with_oneself(ben: User) -> None:
    draft, page = make.draft(), StoryPage(ben)
    form = page.filled(draft) | {"_continue": "1"}
    autosave(page, form | {"headline": "답을 잃은 머리"}, draft)
    saved = page.client.post(page.address(draft), form | {"headline": "나중 머리"})
    assert saved.status_code == 302
    draft.refresh_from_db()
    assert draft.headline == "나중 머리"


def newest_autosaves(page: StoryPage, draft: Draft) -> tuple[str, int, int]:
    """(form, since, newest) of the page, as its script reads them."""
    shown = page.client.get(page.address(draft)).context["autosaves"]
    return str(shown.form_token or ""), shown.since, shown.newest


def test_page_says_which_form_alone_has_saved_since_when(ada: User, ben: User) -> None:
    """Text of that form, kept in the browser since then, goes on from its autosaves without a conflict."""
    hers, his = StoryPage(ada), StoryPage(ben)
    draft = make.draft(by=ada)
    form = hers.filled(draft)
    for headline in ("머리", "긴 머리"):
        autosave(hers, form | {"headline": headline}, draft)
    assert newest_autosaves(hers, draft) == (form["form_token"], 1, 3)
    assert newest_autosaves(his, draft) == ("", 3, 3)
    hers.send(draft)  # turns the autosave into a save
    assert newest_autosaves(hers, draft) == ("", 4, 4)
    autosave(hers, hers.filled(draft) | {"headline": "더 긴 머리"}, draft)
    autosave(his, his.filled(draft) | {"deck": "벤의 부제"}, draft)
    assert newest_autosaves(hers, draft) == ("", 6, 6)
    assert newest_autosaves(his, draft)[1:] == (5, 6)
    DraftVersion.objects.all().delete()
    assert newest_autosaves(hers, draft) == ("", 6, 6)
    token = "11111111-2222-4333-8444-555555555555"
    made = autosave(hers, hers.filled(None) | {"headline": "새 글", "form_token": token}).json()
    assert newest_autosaves(hers, Draft.objects.get(pk=made["id"])) == (token, 0, 1)
    assert made["lock"] == f"/api/v1/desk/drafts/{made['id']}/lock/"
    assert made["presence"] == f"/api/v1/desk/drafts/{made['id']}/presence/"


def test_autosaves_of_two_windows_of_one_person_are_two_versions(ada: User) -> None:
    """In one minute too: neither window's text is lost, and neither goes on from the other's."""
    page = StoryPage(ada)
    draft = make.draft(by=ada)
    office = page.filled(draft)
    autosave(page, office | {"headline": "사무실"}, draft)
    home = page.filled(draft)
    autosave(page, home | {"headline": "집"}, draft)
    assert newest_autosaves(page, draft) == (home["form_token"], 2, 3)
    assert autosave(page, office | {"headline": "또 사무실"}, draft).status_code == 412
    rows = DraftVersion.objects.order_by("number").values_list("number", "content__headline")
    assert list(rows)[1:] == [(2, "사무실"), (3, "집")]


def test_autosave_tells_of_a_conflict_and_keeps_off(ada: User, ben: User) -> None:
    draft, page = make.draft(), StoryPage(ada)
    form = page.filled(draft)
    edit(draft, by=ben, headline="벤의 머리")
    response = autosave(page, form | {"headline": "아다의 머리"}, draft)
    assert response.status_code == 412
    assert response.json()["code"] == "edited_elsewhere"
    assert (response.json()["changed_by"], response.json()["is_own"]) == (str(ben), False)
    draft.refresh_from_db()
    assert draft.headline == "벤의 머리"
    form = page.filled(draft)
    edit(draft, by=ada, headline="다른 창")
    assert autosave(page, form | {"headline": "이 창"}, draft).json()["is_own"]


def test_autosave_asks_for_the_rights_of_writing(ada: User, mo: User, chi: User) -> None:
    draft = make.draft()
    form = StoryPage(ada).filled(draft)
    address = reverse("admin:desk_draft_autosave", args=[draft.pk])
    assert StoryPage(mo).client.post(address, form).status_code == 403
    assert StoryPage(chi).client.post(address, form).status_code == 302
    assert Client().post(address, form).status_code == 302
    assert StoryPage(ada).client.get(address).status_code == 405
    assert autosave(StoryPage(mo), form).status_code == 403
    move_to_trash(draft, by=ada)
    assert autosave(StoryPage(ada), form | {"version": "2"}, draft).json()["code"] == "trashed"
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(ada)
    assert guarded.post(address, form).status_code == 403


def test_autosave_is_refused_under_review_and_the_approval_stays(ada: User, ben: User) -> None:
    draft, page = make.draft(by=ada), StoryPage(ada)
    submit(draft, by=ada)
    approve(draft, by=ben)
    response = autosave(page, page.filled(draft) | {"headline": "머리"}, draft)
    assert (response.status_code, response.json()["code"]) == (409, "under_review")
    draft.refresh_from_db()
    assert draft.stage == "approved"


def test_autosaved_text_is_approved_as_it_is(ada: User, ben: User) -> None:
    draft, page = make.draft(by=ada), StoryPage(ada)
    autosave(page, page.filled(draft) | {"headline": "저절로"}, draft)
    submit(draft, by=ada)
    assert admin_messages(StoryPage(ben).press(draft, "approve")) == "승인했습니다."
    assert kinds(draft) == ["save", "autosave"]


# -- the pages -------------------------------------------------------------------------------


def versions_address(draft: Draft, more: str = "") -> str:
    return reverse("admin:desk_draft_versions", args=[draft.pk]) + more


def test_list_of_versions_says_who_when_and_what(ada: User, ben: User) -> None:
    draft = make.draft(by=ada, body="<p>짧다</p>")
    with time_machine.travel(timezone.now() - timedelta(minutes=3)):
        autosave(StoryPage(ada), StoryPage(ada).filled(draft) | {"headline": "머리"}, draft)
    edit(draft, by=ben, body="<p>짧지 않다</p>")
    publish_now(draft, by=ben)
    edit(draft, by=ben, deck="예약할 부제")
    schedule_draft(draft, at=timezone.now() + make.DUE_AFTER, by=ben)
    story = StoryPage(ada).client.get(f"/admin/desk/draft/{draft.pk}/change/").content.decode()
    assert versions_address(draft) in story
    page = StoryPage(ada).client.get(versions_address(draft))
    html = page.content.decode()
    for text in (
        "자동 저장",
        "+3자",
        "1판 공개 중",
        "2판 예약",
        "제목",
        "본문",
        str(ada),
        str(ben),
    ):
        assert text in html, text
    assert [line.version.number for line in page.context["lines"]] == [4, 3, 2, 1]


def test_list_of_versions_has_pages_and_a_constant_number_of_queries(ben: User) -> None:
    draft, page, counts = make.draft(), StoryPage(ben), list[int]()
    page.client.get(versions_address(draft))
    for edits in (0, 60):
        for n in range(edits):
            edit(draft, by=ben, headline=f"머리 {n}")
        with CaptureQueriesContext(connection) as queries:
            response = page.client.get(versions_address(draft))
        counts.append(len(queries))
        assert not any('"desk_draftversion"."content"' in query["sql"] for query in queries)
    assert counts[0] == counts[1]
    assert len(response.context["lines"]) == 50
    older = page.client.get(versions_address(draft, "?before=12"))
    assert [line.version.number for line in older.context["lines"]] == list(range(11, 0, -1))


def test_diff_page_marks_words_and_escapes_them(ben: User) -> None:
    draft = make.draft(headline="문이 <b>열리다", body="<p>하나 둘 셋</p>")
    edit(draft, by=ben, headline="문이 <b>닫히다", body="<p>하나 넷 셋</p>")
    client = StoryPage(ben).client
    html = client.get(versions_address(draft, "diff/?from=2&to=1")).content.decode()
    assert "<del>둘</del> " in html
    assert "<ins>넷</ins> " in html
    assert "<b>" not in html
    assert html.index("저장본 1") < html.index("저장본 2")
    assert client.get(versions_address(draft, "diff/?to=2")).context["before"].version.number == 1
    first = client.get(versions_address(draft, "diff/?to=1"))
    assert "첫 저장본 이전" in first.content.decode()
    nines = "9" * 5000
    for wrong in ("?from=9&to=1", "?from=1&to=live", "?from=x&to=1", f"?from={nines}&to=1"):
        assert client.get(versions_address(draft, f"diff/{wrong}")).status_code == 302


def test_version_is_restored_by_its_button(ada: User, ben: User) -> None:
    draft = make.draft(by=ada, headline="처음")
    edit(draft, by=ben, headline="나중", notes="쪽지")
    client = StoryPage(ada).client
    address = reverse("admin:desk_draft_restore_version", args=[draft.pk, 1])
    assert client.get(address).status_code == 405
    stale = client.post(address, {"version": "1"}, follow=True)
    assert "그사이" in admin_messages(stale)
    response = client.post(address, {"version": "2", "fields": ["headline"]}, follow=True)
    assert "저장본 1(으)로 되돌려" in admin_messages(response)
    draft.refresh_from_db()
    assert (draft.headline, draft.notes) == ("처음", "쪽지")


def test_pages_of_versions_are_for_those_who_read_drafts(ada: User, mo: User, chi: User) -> None:
    draft = make.draft()
    edit(draft, by=ada, headline="나중")
    for more in ("", "diff/?from=1&to=2"):
        address = versions_address(draft, more)
        assert StoryPage(ada).client.get(address).status_code == 200
        assert StoryPage(mo).client.get(address).status_code == 403
        assert StoryPage(chi).client.get(address).status_code == 302
    restore = reverse("admin:desk_draft_restore_version", args=[draft.pk, 1])
    assert StoryPage(mo).client.post(restore, {"version": "2"}).status_code == 403
    move_to_trash(draft, by=ada)
    page = StoryPage(ada).client.get(versions_address(draft, "diff/?from=1&to=2"))
    assert "restore-version" not in page.content.decode()


def test_save_after_an_autosave_merges_with_what_the_autosave_saved(ada: User, ben: User) -> None:
    """The form takes over the base of each autosave, so that its own text is not another's change."""
    draft, page = make.draft(), StoryPage(ben)
    form = page.filled(draft)
    saved = autosave(page, form | {"deck": "먼저 쓴 부제"}, draft).json()
    form |= {"version": saved["version"], "base": saved["base"]}
    edit(Draft.objects.get(), by=ada, headline="에이다의 제목")
    typed = form | {"deck": "나중에 쓴 부제", "_continue": "1"}
    page.client.post(page.address(draft), typed, follow=True)
    draft.refresh_from_db()
    assert (draft.headline, draft.deck) == ("에이다의 제목", "나중에 쓴 부제")


def test_text_for_a_button_is_left_to_the_browser(ben: User) -> None:
    draft, page = make.draft(), StoryPage(ben)
    typed = page.filled(draft) | {"deck": "부제", "review_note": "둘째 문단을 다시"}
    answer = autosave(page, typed, draft).json()
    assert len(answer["left_out"]) == 1
    assert Draft.objects.get().deck == "부제"
