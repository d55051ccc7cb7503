"""The rights of agency copy bind the draft that was begun from it, through every door."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from desk.actions import (
    edit,
    freeze,
    publish_now,
    restore_version,
    schedule_draft,
    start_from_wire,
)
from desk.actions.versions.autosaving import autosave
from desk.errors import Expired
from desk.errors.wire import AIUseProhibited, CopyExpired, CopyExpiresSooner
from desk.models import Draft
from newsroom.errors import Refused
from tests.desk.agency.newsroom import TITLE, arrives, begun, live, planned, yonhap
from tests.support import make
from tests.support.faults.failing_releases import count_queries
from tests.support.formats.wire_copy import RIGHTS_LINE, agency_copy
from wire.actions import insert_delivery, receive_delivery
from wire.actions.filing import file_delivery
from wire.models import Story
from wire.parsers.payload import Payload
from wire.parsers.registry import parse_payload
from wire.parsers.result import Caption

pytestmark = pytest.mark.django_db
AI_KINDS = ("generated", "summary")
HOUR = timedelta(hours=1)


def prohibited_story() -> Story:
    """A story whose rights line forbids the use with AI."""
    raw = agency_copy() + f"\n\n{RIGHTS_LINE}".encode()
    delivery = receive_delivery(yonhap(), raw=raw, by=None)
    assert delivery.version
    assert delivery.version.ai_use_prohibited
    return delivery.version.story


def story_with(**terms: Any) -> Story:
    """A story as a structured format sends it, with these terms."""
    source = yonhap()
    delivery = insert_delivery(source, raw=agency_copy(), name="", content_type="", by=None)
    parsed = parse_payload(Payload(raw=bytes(delivery.raw)), source=source)
    for name, value in terms.items():
        setattr(parsed.stories[0], name, value)
    version = file_delivery(delivery, parsed=parsed, by=None).version
    assert version
    return version.story


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# -- AI --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", AI_KINDS)
def test_the_desk_api_refuses_text_by_ai(ben: User, desk_api: make.DeskClient, kind: str) -> None:
    """wire W9."""
    draft = begun(prohibited_story(), by=ben)
    path = f"drafts/{draft.pk}/"
    etag = desk_api.call("GET", path)["ETag"]
    answer = desk_api.call("PATCH", path, {"ai_disclosure": {"kind": kind}}, etag=etag)
    assert code_of(answer) == (409, "ai_use_prohibited")
    assert "AI" in answer.json()["detail"]
    assert Draft.objects.get(pk=draft.pk).ai_kind == ""
    allowed = desk_api.call("PATCH", path, {"ai_disclosure": {"kind": "assisted"}}, etag=etag)
    assert allowed.status_code == 200


def test_the_form_shows_the_refusal_at_its_field(ben: User, as_user: Any) -> None:
    draft = begun(prohibited_story(), by=ben)
    browser, page = as_user(ben), f"/admin/desk/draft/{draft.pk}/change/"
    form = browser.get(page).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in values.items()}
    html = browser.post(page, data | {"ai_kind": "summary"}).content.decode()
    assert "통신사가 이 글을 AI에 쓰지 못하게 했습니다" in html
    assert Draft.objects.get(pk=draft.pk).ai_kind == ""


def test_autosave_and_restored_versions_are_refused_likewise(ben: User) -> None:
    """The source forbids it later: what was disclosed before is neither restored nor saved again."""
    draft = begun(by=ben)
    draft = edit(draft, by=ben, ai_kind="summary")
    number = draft.version
    draft = edit(draft, by=ben, ai_kind="")
    yonhap(ai_use_prohibited=True)
    with pytest.raises(AIUseProhibited):
        restore_version(draft, number=number, by=ben)
    with pytest.raises(AIUseProhibited):
        autosave(draft, by=ben, version=draft.version, ai_kind="generated")


def test_what_was_disclosed_before_is_not_frozen_nor_published(ben: User) -> None:
    draft = edit(begun(by=ben), by=ben, ai_kind="generated")
    release = planned(begun(arrives("다른 기사가 왔다"), by=ben))
    yonhap(ai_use_prohibited=True)
    for act in (
        lambda: freeze(draft, by=ben),
        lambda: publish_now(draft, by=ben),
        lambda: schedule_draft(draft, at=timezone.now() + HOUR, by=ben),
        lambda: make.bundled(draft),
    ):
        with pytest.raises(AIUseProhibited):
            act()
    assert release.state == "pending"


def test_a_story_of_the_desk_may_say_what_it_likes(ben: User) -> None:
    yonhap(ai_use_prohibited=True)
    assert edit(make.draft(), by=ben, ai_kind="generated").ai_kind == "generated"


# -- usage terms and expiry ------------------------------------------------------------------------


def until() -> datetime:
    return (timezone.now() + 2 * HOUR).replace(microsecond=0)


def test_the_draft_comes_down_when_the_copy_may_not_be_used_any_more(ben: User, api: Any) -> None:
    end = until()
    draft = begun(story_with(expires_at=end), by=ben)
    assert draft.expires_at == end
    article = live(draft)
    address = f"/api/v1/articles/{article.slug}/"
    assert api.get(address).status_code == 200
    with time_machine.travel(end + HOUR, tick=False):
        assert api.get(address).status_code == 404


def test_an_expiry_after_that_of_the_copy_is_refused(ben: User, desk_api: make.DeskClient) -> None:
    end = until()
    draft = begun(story_with(expires_at=end), by=ben)
    for later in (None, end + HOUR):
        with pytest.raises(CopyExpiresSooner):
            edit(draft, by=ben, expires_at=later)
    assert edit(draft, by=ben, expires_at=end - HOUR).expires_at == end - HOUR
    path = f"drafts/{draft.pk}/"
    etag = desk_api.call("GET", path)["ETag"]
    answer = desk_api.call("PATCH", path, {"expires_at": None}, etag=etag)
    assert code_of(answer) == (409, "copy_expires")
    body = {
        "change": {"kind": "set_expiry", "expires_at": None},
        "items": [{"id": draft.pk, "version": Draft.objects.get(pk=draft.pk).version}],
    }
    assert "copy_expires" in str(desk_api.call("POST", "bulk/", body).json())


def test_a_plan_after_the_end_of_the_copy_is_refused(ben: User) -> None:
    end = until()
    draft = begun(story_with(expires_at=end), by=ben)
    with pytest.raises(Expired):
        schedule_draft(draft, at=end + HOUR, by=ben)
    assert schedule_draft(draft, at=end - HOUR, by=ben).state == "pending"


def test_nothing_is_begun_or_frozen_from_copy_whose_time_is_over(ben: User) -> None:
    end = until()
    story = story_with(expires_at=end)
    draft = begun(story, by=ben)
    with time_machine.travel(end + HOUR, tick=False):
        for act in (lambda: start_from_wire(story, by=ben), lambda: freeze(draft, by=ben)):
            with pytest.raises(CopyExpired):
                act()


def test_terms_are_shown_with_the_draft(ben: User, as_user: Any, desk_api: make.DeskClient) -> None:
    end = until()
    story = story_with(expires_at=end, usage_terms="지면에 한함", ai_use_prohibited=True)
    draft = begun(story, by=ben)
    shown = desk_api.call("GET", f"drafts/{draft.pk}/").json()["wire"]["rights"]
    assert shown["usage_terms"] == "지면에 한함"
    assert shown["ai_use_prohibited"] is True
    assert datetime.fromisoformat(shown["expires_at"]) == end
    html = as_user(ben).get(f"/admin/desk/draft/{draft.pk}/change/").content.decode()
    assert "사용 조건: 지면에 한함" in html
    assert "통신사가 AI 이용을 금지한 기사입니다." in html


def test_a_ban_on_resale_stands_with_the_caption(ben: User) -> None:
    captions = [
        Caption("다리 위", "연합뉴스", resale_prohibited=True),
        Caption("다리 아래", "연합뉴스"),
    ]
    draft = start_from_wire(story_with(captions=captions), by=ben)
    assert "다리 위 [연합뉴스] [재판매·DB 저장 금지]" in draft.notes
    assert "다리 아래 [연합뉴스]\n" in draft.notes + "\n"


# -- desk API --------------------------------------------------------------------------------------


def test_drafts_and_articles_say_what_the_agency_has_now(desk_api: make.DeskClient) -> None:
    article = live()
    draft = Draft.objects.get()
    for path in (f"drafts/{draft.pk}/", f"articles/{article.slug}/"):
        wire = desk_api.call("GET", path).json()["wire"]
        assert wire["story"] == Story.objects.get().pk
        assert (wire["version_used"], wire["current_version"]) == (1, 1)
        assert (wire["status"], wire["hold"]) == ("usable", None)
    arrives(f"<고침> {TITLE}", hour=11, body=("고친 글이다.",))
    arrives(f"[전문취소] {TITLE}", hour=12)
    for path in (f"drafts/{draft.pk}/", f"articles/{article.slug}/"):
        wire = desk_api.call("GET", path).json()["wire"]
        assert (wire["version_used"], wire["current_version"]) == (1, 2)
        assert (wire["status"], wire["hold"]["kind"]) == ("cancelled", "cancelled")
    own = desk_api.call("GET", f"drafts/{make.draft().pk}/").json()
    assert own["wire"] is None


def test_an_editor_ends_the_hold_over_the_api(desk_api: make.DeskClient) -> None:
    planned()
    arrives(f"[전문취소] {TITLE}", hour=12)
    draft = Draft.objects.get()
    shown = desk_api.call("GET", f"drafts/{draft.pk}/").json()
    hold = shown["wire"]["hold"]["id"]
    assert shown["release"]["held_at"]
    assert code_of(desk_api.act(draft.pk, "publish")) == (409, "held_by_wire")
    assert desk_api.act(draft.pk, "end-hold", {"hold": hold + 1}).status_code == 412
    assert desk_api.act(draft.pk, "end-hold", {}).status_code == 400
    answer = desk_api.act(draft.pk, "end-hold", {"hold": hold, "note": "확인"})
    assert answer.json()["wire"]["hold"] is None
    assert answer.json()["release"]["held_at"] is None
    assert code_of(desk_api.act(draft.pk, "end-hold", {"hold": hold})) == (409, "nothing_held")


PLACES = (
    "도서관 지하철 소방서 박물관 수영장 우체국 법원 시장 학교 병원 극장 항구 공항 농장 공장 사찰 호텔 목장"
    " 등대"
)


def test_the_list_of_drafts_takes_as_many_queries_for_twenty(desk_api: make.DeskClient) -> None:
    def ask() -> None:
        assert desk_api.call("GET", "drafts/?page_size=50").status_code == 200

    planned()
    arrives(f"[전문취소] {TITLE}", hour=12)
    ask()
    few = count_queries(ask)
    for place in PLACES.split():
        headline, body = f"{place} 옆 {place}길", [f"{place}에서 {place} 소식을 알렸다."]
        begun(arrives(headline, body=body))
        arrives(f"[전문취소] {headline}", hour=12, body=body)
    assert count_queries(ask) == few


def test_an_article_of_another_section_is_not_there(desk_api: make.DeskClient) -> None:
    assert desk_api.call("GET", "articles/없는-기사/").status_code == 404


def test_refusals_are_refusals() -> None:
    for refusal in (AIUseProhibited, CopyExpired, CopyExpiresSooner):
        assert issubclass(refusal, Refused)
