"""Remarks on a passage, for colleagues: written, resolved, mentioned; never public."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from desk.actions import (
    add_remark,
    change_remark,
    publish_now,
    reopen_remark,
    resolve_remark,
    set_section_role,
    take_lock,
)
from desk.errors.collaboration import NotYourRemark, OtherSection, RemarkEmpty
from desk.models import Draft, Notice
from newsroom.errors import NotAllowed
from tests.support import make

pytestmark = pytest.mark.django_db
PASSAGE = "로봇은 잠시 멈춰 섰습니다."


def test_remark_is_resolved_and_opened_again_and_changes_nothing_of_the_draft(
    ada: User, ben: User
) -> None:
    draft = make.draft(by=ada)
    take_lock(draft, by=ada)
    remark = add_remark(draft, by=ben, quote=PASSAGE, text="몇 초였나요?")
    assert (remark.quote, remark.author) == (PASSAGE, ben)
    resolved = resolve_remark(remark, by=ada)
    assert (resolved.resolved_by, resolved.resolved_at is not None) == (ada, True)
    assert reopen_remark(remark, by=ben).resolved_at is None
    assert Draft.objects.get().version == 1
    verbs = Entry.objects.filter(kind="desk.draft").values_list("verb", flat=True)
    assert {"remarked", "resolved_remark", "reopened_remark"} <= set(verbs)


def test_remark_is_changed_by_its_author_alone_and_never_empty(ada: User, ben: User) -> None:
    remark = add_remark(make.draft(), by=ben, text="몇 초였나요?")
    assert change_remark(remark, by=ben, text="몇 분이었나요?").text == "몇 분이었나요?"
    with pytest.raises(NotYourRemark):
        change_remark(remark, by=ada, text="내 말")
    for text in ("", " \n "):
        with pytest.raises(RemarkEmpty):
            change_remark(remark, by=ben, text=text)
        with pytest.raises(RemarkEmpty):
            add_remark(make.draft(), by=ben, text=text)


def test_mention_notifies_a_colleague_once_if_they_may_read_the_story(
    ada: User, ben: User, mo: User, chief: User
) -> None:
    draft, elsewhere = make.draft(), make.staff("elsewhere", role="reporter")
    set_section_role(elsewhere, section=make.section("문화"), role="reporter", by=chief)
    remark = add_remark(draft, by=ben, text="@ada님 확인해 주세요. @mo @elsewhere @ben")
    change_remark(remark, by=ben, text="@ada님, 다시 확인해 주세요.")
    notice = Notice.objects.get()
    assert (notice.person, notice.what, notice.subject) == (ada, "story_mentioned", draft.pk)
    assert "확인해 주세요" in notice.reason
    assert set(remark.mentions.all()) == {ada, ben}


def test_remark_needs_the_right_to_write_the_story(mo: User, chief: User) -> None:
    draft, elsewhere = make.draft(), make.staff("elsewhere", role="editor")
    set_section_role(elsewhere, section=make.section("문화"), role="editor", by=chief)
    with pytest.raises(NotAllowed):
        add_remark(draft, by=mo, text="댓글 담당의 메모")
    with pytest.raises(OtherSection):
        add_remark(draft, by=elsewhere, text="다른 섹션의 메모")


def test_remarks_through_the_api(ada: User, desk_api: make.DeskClient) -> None:
    draft, hers = make.draft(), make.DeskClient(ada)
    path = f"drafts/{draft.pk}/remarks/"
    made = desk_api.call("POST", path, {"quote": PASSAGE, "text": "@ada 몇 초였나요?"})
    assert made.status_code == 201
    remark = made.json()
    assert (remark["quote"], remark["author"]["name"]) == (PASSAGE, "ben")
    assert [person["name"] for person in remark["mentions"]] == ["ada"]
    assert hers.call("GET", path).json()["results"] == [remark]
    one = f"remarks/{remark['id']}/"
    assert hers.call("GET", one)["ETag"] == made["ETag"]
    assert hers.call("PATCH", one, {"resolved": True}).status_code == 428
    resolved = hers.call("PATCH", one, {"resolved": True}, etag=made["ETag"])
    assert resolved.json()["resolved_by"]["name"] == "ada"
    assert desk_api.call("PATCH", one, {"text": "늦음"}, etag=made["ETag"]).status_code == 412
    assert hers.call("PATCH", one, {"text": "남의 말"}, etag="*").status_code == 403
    assert hers.call("GET", f"{path}?resolved=false").json()["results"] == []
    again = desk_api.call("PATCH", one, {"resolved": False, "text": "몇 분?"}, etag="*").json()
    assert (again["resolved_by"], again["text"]) == (None, "몇 분?")


def test_list_of_remarks_has_constant_number_of_queries(
    desk_api: make.DeskClient, ben: User, django_assert_num_queries: object
) -> None:
    draft = make.draft()
    path = f"drafts/{draft.pk}/remarks/"
    add_remark(draft, by=ben, text="@ben 하나")
    with django_assert_num_queries(7):  # type: ignore[operator]  # pytest-django's own fixture
        desk_api.call("GET", path)
    for number in range(20):
        add_remark(draft, by=ben, text=f"@ben {number}")
    with django_assert_num_queries(7):  # type: ignore[operator]
        assert len(desk_api.call("GET", path).json()["results"]) == 20


def test_readers_never_see_a_remark(api: APIClient, ben: User) -> None:
    secret = "새어나가면안될메모"
    draft = make.draft()
    add_remark(draft, by=ben, quote=PASSAGE, text=secret)
    article = publish_now(draft, by=ben).article
    for address in (
        f"/articles/{article.slug}/",
        f"/api/v1/articles/{article.slug}/",
        f"/api/v1/articles/{article.slug}/editions/",
        f"/api/v1/articles/?q={secret}",
        "/feeds/rss.xml",
    ):
        answer = api.get(address)
        assert answer.status_code == 200
        assert secret not in answer.content.decode().replace(f"q={secret}", "")
    assert api.get(f"/api/v1/desk/drafts/{draft.pk}/remarks/").status_code == 401
