"""List of stories: pages without counting, filters and search."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from desk.actions import withdraw
from desk.admin.calendar.sources import SOURCES, CalendarFilter
from desk.admin.filters import STATUS_FILTERS
from desk.admin.story.drafts import DraftAdmin
from desk.models import Draft
from newsroom.admin.changelists import UncountedChangeList
from tests.support import make
from tests.support.row_copies import RowTemplate

pytestmark = pytest.mark.django_db

LIST = "/admin/desk/draft/"
HEADLINE = re.compile(r"글 \d\d")


@pytest.fixture
def _pages_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DraftAdmin, "list_per_page", 3)
    monkeypatch.setattr(UncountedChangeList, "MAX_PAGES", 3)


@pytest.mark.usefixtures("_pages_of_three")
def test_pages_follow_each_other_and_lose_no_story(ben: User, as_user: Any) -> None:
    for n in range(7):
        make.draft(headline=f"글 {n:02}")
    client, pages = as_user(ben), []
    address = f"{LIST}?standing=writing"
    while address:
        html = client.get(address).text
        pages.append(list(dict.fromkeys(HEADLINE.findall(html))))
        older = re.search(r'rel="next" href="([^"]+)"', html)
        address = LIST + older[1].replace("&amp;", "&") if older else ""
    assert pages == [["글 06", "글 05", "글 04"], ["글 03", "글 02", "글 01"], ["글 00"]]
    assert 'rel="prev"' in html


@pytest.mark.usefixtures("_pages_of_three")
def test_pages_beyond_the_last_one_offered_are_no_error(ben: User, as_user: Any) -> None:
    for n in range(12):
        make.draft(headline=f"글 {n:02}")
    client = as_user(ben)
    last = client.get(f"{LIST}?p=3").text
    assert "더 오래된 것은 검색과 거르기로 찾으세요." in last
    assert 'rel="next"' not in last
    for number in ("4", "0", "999999999999", "x"):
        response = client.get(f"{LIST}?p={number}", follow=True)
        assert response.status_code == 200


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL scans a table that is empty")
def test_trash_and_due_times_are_read_along_an_index() -> None:
    newest = Draft.objects.order_by("-changed_at", "-pk").values_list("pk")
    assert "drafts_in_the_trash" in newest.filter(STATUS_FILTERS["trash"][1])[:51].explain()
    assert "drafts_in_the_trash" in Draft.objects.trashed().order_by("-changed_at", "-pk").explain()
    (due,) = [source for source in SOURCES if source.kind == "due"]
    now = timezone.now()
    times = due.times(now, now + timedelta(days=31), CalendarFilter(make.ben()))
    assert "drafts_by_due_time" in times.explain()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?standing=planned",
        "?standing=changed",
        "?whose=mine",
        "?q=글",
        "?section__id__exact={section}",
    ],
)
def test_list_counts_nothing_and_asks_the_same_for_more_rows(
    ben: User, as_user: Any, query: str
) -> None:
    client, address = as_user(ben), LIST + query.format(section=make.section().pk)

    def add_rows() -> None:
        make.draft(by=ben, headline="글")
        make.planned(by=ben, headline="예약한 글")
        live = make.live(by=ben, headline="나간 글")
        make.changed(make.draft_of(live), deck="고친 부제")

    template = RowTemplate(add_rows)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        one = client.get(address).text
    template.insert_copies(20)
    with CaptureQueriesContext(connection) as many:
        page = client.get(address).text
    assert page.count("/change/") >= one.count("/change/") + 20
    assert len(many) == len(few)
    assert [q["sql"] for q in many if "COUNT(*)" in q["sql"].upper()] == []


def test_stories_in_progress_are_those_that_readers_have_never_seen(
    ben: User, as_user: Any
) -> None:
    make.draft(headline="글 01")
    make.planned(headline="글 02")
    withdraw(make.live(headline="글 03"), notice="내립니다", by=ben)
    make.changed(make.draft_of(make.live(headline="글 04")), deck="고친다")
    html = as_user(ben).get(f"{LIST}?standing=writing").text
    assert set(HEADLINE.findall(html)) == {"글 01", "글 02"}


@pytest.mark.parametrize(
    ("words", "is_converted"), [("로봇", False), ("24", False), ("ai", True), ("로봇 Ai", True)]
)
def test_search_converts_the_case_of_columns_only_where_words_have_one(
    ben: User, as_user: Any, words: str, is_converted: bool
) -> None:
    make.draft(headline="글 01", deck="로봇과 AI가 24시간 일한다")
    make.draft(headline="글 02", deck="사람이 쉰다")
    client = as_user(ben)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(LIST, {"q": words}).text
    assert set(HEADLINE.findall(html)) == {"글 01"}
    if connection.vendor == "postgresql":
        assert any("UPPER(" in query["sql"] for query in queries) is is_converted


@pytest.mark.postgres
def test_stories_in_progress_are_found_by_index() -> None:
    make.draft()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    _label, condition = STATUS_FILTERS["writing"]
    plan = Draft.objects.filter(condition).never_published().order_by("-changed_at").explain()
    assert "articles_article" not in plan, plan
