"""Desk home: what each role sees, what stories wait for, what goes out, and its number of queries."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from articles.models import Article, ReferrerViews
from articles.readership.popular import refresh_popularity_ranks
from articles.readership.stores import BufferedViews, ViewKey, start_of_hour
from articles.readership.view_counts import add_views
from comments.models import Comment
from desk.actions import (
    approve,
    record_failure,
    schedule_draft,
    send_back,
    start_from_wire,
    submit,
    withdraw,
)
from desk.models import Draft, Release
from tests.support import make
from tests.support.formats.wire_copy import agency_copy
from tests.support.row_copies import RowTemplate
from wire.actions import receive_delivery
from wire.models import Source, Story

pytestmark = pytest.mark.django_db

HOME = "/admin/"
BLOCK = re.compile(r'<section class="card[^"]*" id="(\w+)"')
BLOCKS_OF_ROLE = {
    "reporter": {
        *("failed", "my_stories", "wire_alerts", "published_today", "going_out", "most_read"),
        "wire_stories",
    },
    "editor": {
        *("failed", "my_stories", "to_review", "wire_alerts", "published_today", "going_out"),
        *("comments_to_decide", "held_votes", "most_read", "wire_stories"),
    },
    "moderator": {"published_today", "comments_to_decide", "most_read"},
}
BLOCKS_OF_ROLE["chief"] = BLOCKS_OF_ROLE["editor"]


def agency_sends(headline: str, *, hour: int, body: str) -> Story:
    raw = agency_copy(headline, sent=f"2026-10-01 {hour:02}:00:00", body=[body])
    receive_delivery(Source.objects.get(slug="yonhap"), raw=raw, by=None)
    return Story.objects.order_by("-pk")[0]


def add_rows(*, by: User, reader: User) -> None:
    """Rows for every block."""
    number = next(make.sequence)
    submit(make.draft(by=by), by=by)
    draft = make.draft(by=by)
    send_back(submit(draft, by=by), by=make.ben(), note="숫자에 출처를 달아 주세요.")
    start_from_wire(agency_sends(f"{number}번 다리 다시 연다", hour=9, body="다시 열린다."), by=by)
    agency_sends(f"<고침> {number}번 다리 다시 연다", hour=11, body="다음 달에 열린다.")
    agency_sends(f"{number}번 길 새로 놓는다", hour=9, body="새로 놓는다.")
    make.planned()
    make.bundled(make.draft(), make.draft())
    make.live(expires_at=timezone.now() + make.DUE_AFTER)
    record_failure([make.planned().pk], reason="창고가 잠겼습니다.")
    article = make.live(poll=make.poll_data())
    add_views(BufferedViews({ViewKey(article.pk, start_of_hour(timezone.now()), "search"): 5}))
    Comment.objects.create(article=article, author=reader, text="잘 읽었습니다.", state="held")
    refresh_popularity_ranks(now=timezone.now(), counted=1)


def blocks_in(page: str) -> set[str]:
    return set(BLOCK.findall(page)) - {"notices"}


def block(page: str, name: str) -> str:
    """The HTML of one block."""
    start = page.index(f'id="{name}"')
    return page[start : page.index("</section>", start)]


@pytest.mark.parametrize("role", BLOCKS_OF_ROLE)
def test_each_role_sees_its_blocks_and_no_other(
    role: str, ben: User, chi: User, as_user: Any
) -> None:
    user = make.staff(f"someone-{role}", role=role)
    add_rows(by=user if role != "moderator" else ben, reader=chi)
    page = as_user(user).get(HOME).text
    assert blocks_in(page) == BLOCKS_OF_ROLE[role]
    assert ("지금 다시 시도" in page) == (role in {"editor", "chief"})
    # and each leads to its full list, which is open to the same people
    for name in blocks_in(page):
        address = re.search(r'<h2[^>]*><a href="([^"]+)"', block(page, name))
        assert address
        assert as_user(user).get(address[1].replace("&amp;", "&")).status_code == 200, name


def test_number_of_queries_does_not_grow_and_nothing_is_counted(
    chief: User, chi: User, as_user: Any
) -> None:
    client = as_user(chief)
    template = RowTemplate(lambda: add_rows(by=chief, reader=chi))
    client.get(HOME)
    with CaptureQueriesContext(connection) as few:
        client.get(HOME)
    template.insert_copies(20)
    refresh_popularity_ranks(now=timezone.now(), counted=1)
    with CaptureQueriesContext(connection) as many:
        page = client.get(HOME).text
    assert blocks_in(page) == BLOCKS_OF_ROLE["chief"]
    assert len(many) == len(few) <= 40
    counting = [q["sql"] for q in many if "COUNT(*)" in q["sql"].upper()]
    assert counting == []


def waiting_sentence(user: User, as_user: Any, headline: str) -> str:
    """What the home says of a story of the user: the text of its row, without tags."""
    mine = block(as_user(user).get(HOME).text, "my_stories")
    rows = [row for row in mine.split("<li>") if headline in row]
    return " ".join(re.sub(r"<[^>]+>", " ", rows[0]).split()) if rows else ""


def test_my_stories_say_what_each_waits_for(ada: User, ben: User, as_user: Any) -> None:
    make.draft(by=ada, headline="빠진 것이 있는 글", summary_3="", authors=[])
    make.draft(by=ada, headline="다 갖춘 글")
    submit(make.draft(by=ada, headline="제출한 글"), by=ada)
    sent = submit(make.draft(by=ada, headline="돌아온 글"), by=ada)
    send_back(sent, by=ben, note="둘째 문단을 줄여 주세요.")
    approve(submit(make.draft(by=ada, headline="승인된 글"), by=ada), by=ben)
    planned = make.draft(by=ada, headline="예약한 글")
    schedule_draft(planned, at=timezone.now() + make.DUE_AFTER, by=ben)
    expected = {
        "빠진 것이 있는 글": "아직 없는 것: 3줄 요약, 필자",
        "다 갖춘 글": "아직 제출하지 않았습니다.",
        "제출한 글": "부터 검토를 기다리고 있습니다.",
        "돌아온 글": "ben 님이",
        "승인된 글": "ben 님이 승인했습니다. 아직 예약하지 않았습니다.",
        "예약한 글": "예약 · 1판",
    }
    shown = {headline: waiting_sentence(ada, as_user, headline) for headline in expected}
    assert {h: shown[h] for h in shown if expected[h] not in shown[h]} == {}
    assert "“둘째 문단을 줄여 주세요.”" in shown["돌아온 글"]


def test_finished_stories_and_those_of_others_are_not_among_mine(
    ada: User, ben: User, as_user: Any
) -> None:
    make.draft(by=ben, headline="남의 글")
    live = make.live(by=ada, headline="다 나간 글")
    withdraw(make.live(by=ada, headline="내린 글"), notice="내립니다", by=ben)
    for headline in ("남의 글", "다 나간 글", "내린 글"):
        assert not waiting_sentence(ada, as_user, headline)
    make.changed(Draft.objects.get(article=live), deck="나간 뒤에 고친 부제")
    assert "독자는 아직 볼 수 없습니다" in waiting_sentence(ada, as_user, "다 나간 글")


def test_stories_to_review_have_the_longest_waiting_on_top(
    ada: User, ben: User, as_user: Any
) -> None:
    first, second = (make.draft(by=ada, headline=f"{n} 글") for n in ("먼저 쓴", "나중에 쓴"))
    submit(second, by=ada)
    submit(first, by=ada)
    html = block(as_user(ben).get(HOME).text, "to_review")
    assert html.index("나중에 쓴 글") < html.index("먼저 쓴 글")


def test_upcoming_ends_with_tomorrow(ben: User, as_user: Any) -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    make.planned(headline="내일 밤의 글", at=midnight + timedelta(days=2, minutes=-1))
    make.planned(headline="모레의 글", at=midnight + timedelta(days=2))
    html = block(as_user(ben).get(HOME).text, "going_out")
    assert "내일 밤의 글" in html
    assert "모레의 글" not in html


def test_failed_release_is_retried_from_home_and_a_late_one_is_shown(
    ben: User, ada: User, as_user: Any
) -> None:
    failed = make.planned(headline="못 나간 글")
    record_failure([failed.pk], reason="창고가 잠겼습니다.")
    late = make.planned(headline="늦은 글")
    Release.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(minutes=3))
    html = block(as_user(ben).get(HOME).text, "failed")
    assert "창고가 잠겼습니다." in html
    assert "늦은 글" in html
    assert "3분 늦음" in html
    action = f"/admin/desk/release/{failed.pk}/press/retry/"
    assert html.count("<form") == html.count(action) == 1
    assert as_user(ada).post(action).status_code == 403
    assert as_user(ben).get(action).status_code == 405
    response = as_user(ben).post(action, {"next": HOME})
    assert response["Location"] == HOME
    failed.refresh_from_db()
    assert failed.state == "pending"


def test_wire_alerts_name_corrections_cancellations_and_flashes_of_used_stories(
    ben: User, as_user: Any
) -> None:
    for first, later in (
        ("강변길 새로 연다", "<고침> 강변길 새로 연다"),
        ("도서관 책 늘린다", "[전문취소] 도서관 책 늘린다"),
        ("지하철 멈춰 섰다", "[속보] 지하철 멈춰 섰다(2보)"),
        ("수영장 여름 개장", "수영장 여름 개장(종합)"),
    ):
        story = agency_sends(first, hour=9, body=f"{first}고 한다.")
        start_from_wire(story, by=ben)
        agency_sends(later, hour=11, body=f"{first}고 거듭 말했다.")
    agency_sends("<고침> 소방서 옮기나", hour=11, body="고친 글이다.")
    html = block(as_user(ben).get(HOME).text, "wire_alerts")
    assert "강변길 새로 연다" in html
    assert "도서관 책 늘린다" in html
    assert "소방서 옮기나" not in html
    assert "수영장 여름 개장" not in html


def test_published_today_tells_counts_and_where_readers_came_from(ben: User, as_user: Any) -> None:
    article = make.live(headline="오늘 나간 글", poll=make.poll_data())
    hour = start_of_hour(timezone.now())
    views = {"search": 60, "portal": 30, "direct": 10}
    add_views(BufferedViews({ViewKey(article.pk, hour, kind): n for kind, n in views.items()}))
    Article.objects.filter(pk=make.live(headline="어제 나간 글").pk).update(
        first_published_at=timezone.now() - timedelta(days=1)
    )
    html = block(as_user(ben).get(HOME).text, "published_today")
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "어제 나간 글" not in text
    assert "조회 100" in text
    assert "투표 0" in text
    assert [part for part in ("검색 60%", "포털 30%", "직접 방문 10%") if part not in text] == []
    assert ReferrerViews.objects.count() == 3


def test_moderator_learns_nothing_of_unpublished_stories(
    mo: User, ben: User, chi: User, as_user: Any
) -> None:
    add_rows(by=ben, reader=chi)
    live = set(Article.objects.live().values_list("live__headline", flat=True))
    hidden = set(Draft.objects.values_list("headline", flat=True)) - live
    page = as_user(mo).get(HOME).text
    assert not [headline for headline in hidden if headline in page]
