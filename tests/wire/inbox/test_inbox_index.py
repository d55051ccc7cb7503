"""Index of the inbox: every version by its words, in the transaction that stores it, page by page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from newsroom.search.expressions import AllOf
from tests.wire.inbox.conftest import NOON, Deliver
from wire.actions import join_story, split_story, versions
from wire.actions.erasing import erase_story
from wire.admin.stories import StoryAdmin
from wire.inbox_search import search
from wire.inbox_search.index import INDEX
from wire.inbox_search.terms import version_moment
from wire.models import IndexedVersion, MatchTerm, Story, Version
from wire.parsers.result import Caption, Dateline, Subject

pytestmark = pytest.mark.django_db
Listed = Callable[..., list[str]]
FAR = 1 << 62


def rows_of(term: str) -> list[int]:
    return INDEX.find_sort_keys(AllOf((term,)), above=-FAR, below=FAR, ascending=False, limit=99)


def test_every_version_is_found_by_parts_of_its_words(deliver: Deliver, listed: Listed) -> None:
    deliver("[속보] 강변길 다시 연다", body="가상시가 둑길을 연다.")
    deliver("강변길 다시 연다(종합)", body="가상시 자전거도로가 열린다.", minutes=30)
    deliver("새 다리 놓는다", body="누리도에 다리를 놓는다.", minutes=60)
    assert Story.objects.count() == 2
    for words in ("둑길", "자전거도로", "전거도", "가상시 자전거", '"둑길을 연다"', "상시가"):
        assert listed(q=words) == ["강변길 다시 연다"], words
    assert listed(q="다리 -강변길") == ["새 다리 놓는다"]
    assert listed(q="둑길 자전거도로") == []  # no version has both


def test_a_story_stands_at_its_newest_version_that_has_the_words(
    deliver: Deliver, listed: Listed
) -> None:
    deliver("[속보] 강변길 다시 연다", body="가상시가 둑길을 연다.")
    deliver("새 다리 놓는다", body="둑길 옆에 다리를 놓는다.", minutes=10)
    deliver("강변길 다시 연다(종합)", body="자전거도로가 열린다.", minutes=20)
    assert listed(q="둑길") == ["새 다리 놓는다", "강변길 다시 연다"]
    assert listed() == ["강변길 다시 연다", "새 다리 놓는다"]


def test_what_is_private_or_no_text_is_found_by_nothing(deliver: Deliver, listed: Listed) -> None:
    deliver(
        "강변길 다시 연다",
        body="둑길이다.",
        contacts=["hong@example.invalid"],
        notes=["비밀쪽지입니다"],
        boilerplate_lines=["제보받습니다"],
        captions=[Caption("까마귀 한 마리")],
    )
    for private in ("hong", "example", "비밀쪽지", "제보받습니다"):
        assert listed(q=private) == []
    assert listed(q="까마귀") == ["강변길 다시 연다"]


def test_words_and_filters_are_asked_for_together(deliver: Deliver, listed: Listed) -> None:
    deliver("[속보] 둑길 하나", source="나래", subjects=[Subject("medtop:01", "교통")])
    deliver("둑길 둘", source="나래", minutes=10)
    third = deliver("[속보] 둑길 셋", minutes=1440)
    Story.objects.filter(pk=third.story_id).update(status="cancelled")
    source = Story.objects.get(current__headline="둑길 둘").source_id
    assert listed(q="둑길", urgency="flash") == ["둑길 셋", "둑길 하나"]
    assert listed(q="둑길", source__id__exact=source) == ["둑길 둘", "둑길 하나"]
    assert listed(q="둑길", subject="교통", source__id__exact=source) == ["둑길 하나"]
    assert listed(q="둑길", status__exact="cancelled") == ["둑길 셋"]
    assert listed(q="둑길", day="2026-11-14", urgency="flash") == ["둑길 하나"]
    assert listed(urgency="flash", status__exact="usable") == ["둑길 하나"]


@pytest.mark.parametrize(
    ("query", "has_it"),
    [
        ({"place": "누리도"}, {"dateline": Dateline(("누리도",))}),
        ({"subject": "교통"}, {"subjects": [Subject("medtop:01", "교통")]}),
        ({"urgency": "flash"}, {"urgency": 1}),
    ],
)
def test_a_filter_is_about_the_current_version_and_the_words_about_any(
    deliver: Deliver, listed: Listed, query: dict[str, str], has_it: dict[str, Any]
) -> None:
    first = {"identifier": "urn:1", "agency_version": "1"}
    second = {"identifier": "urn:1", "agency_version": "2", "minutes": 5}
    deliver("둑길 소식", body="까마귀다.", **first)
    deliver("둑길 새 소식", body="둑길이다.", **second, **has_it)
    deliver("강변길 소식", body="까마귀 둑길.", identifier="urn:2", minutes=7)
    deliver("강변길 다음 소식", **has_it | second | {"identifier": "urn:2", "minutes": 8})
    deliver(
        "강변길 끝 소식", **second | {"identifier": "urn:2", "minutes": 9} | {"agency_version": "3"}
    )
    assert listed(**query) == ["둑길 새 소식"]
    assert listed(q="까마귀") == ["강변길 끝 소식", "둑길 새 소식"]
    for words in ("까마귀", "둑길", "새 소식"):
        assert listed(q=words, **query) == ["둑길 새 소식"], words


def test_a_word_to_leave_out_leaves_out_no_other_text(deliver: Deliver, listed: Listed) -> None:
    """The first text has all n-grams of the word, apart from each other."""
    deliver("소식 하나", body="가나다마 그리고 바나다라")
    deliver("소식 둘", body="가나다라", minutes=10)
    assert listed(q="소식 -가나다라") == ["소식 하나"]
    assert listed(q="소식 -바나") == ["소식 둘"]


def test_a_search_for_nothing_but_words_to_leave_out_says_so(deliver: Deliver, page: Any) -> None:
    deliver("둑길 하나")
    answer = page(q="-둑길")
    assert not answer.context["cl"].result_list
    assert "뺄 낱말만으로는 찾을 수 없습니다" in answer.content.decode()


@pytest.mark.parametrize("query", [{}, {"q": "둑길"}, {"urgency": "flash"}])
def test_pages_hold_each_story_once_in_both_directions(
    deliver: Deliver, page: Any, query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StoryAdmin, "list_per_page", 3)
    for n in range(8):
        # Two of one moment, and a longer report of each.
        deliver(f"[속보] 둑길 {'가나다라마바사아'[n]}마을", minutes=n // 2)
        deliver(f"[긴급] 둑길 {'가나다라마바사아'[n]}마을", body="둑길.", minutes=n // 2 + 30)
    with CaptureQueriesContext(connection) as captured:
        first = page(**query)
    assert "COUNT(" not in " ".join(row["sql"].upper() for row in captured)
    pages, url = [first], first.context["cl"].older_url
    while url:
        pages.append(page(**dict(parse_qsl(url.lstrip("?")))))
        url = pages[-1].context["cl"].older_url
    found = [[story.pk for story in each.context["cl"].result_list] for each in pages]
    newest = list(Story.objects.order_by("-news_at", "-pk").values_list("pk", flat=True))
    assert [len(ids) for ids in found] == [3, 3, 2]
    assert {pk for ids in found for pk in ids} == set(newest)
    if not query:
        assert [pk for ids in found for pk in ids] == newest
    back = page(**dict(parse_qsl(pages[-1].context["cl"].newer_url.lstrip("?"))))
    assert [story.pk for story in back.context["cl"].result_list] == found[1]
    top = page(**dict(parse_qsl(back.context["cl"].newer_url.lstrip("?"))))
    assert [story.pk for story in top.context["cl"].result_list] == found[0]
    assert not top.context["cl"].newer_url


@pytest.mark.parametrize("query", [{}, {"q": "둑길"}])
def test_the_way_back_from_an_empty_page_has_every_story(
    deliver: Deliver, page: Any, query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow(url: str) -> Any:
        return page(**dict(parse_qsl(url.lstrip("?")))).context["cl"]

    def ids(cl: Any) -> list[int]:
        return [story.pk for story in cl.result_list]

    monkeypatch.setattr(StoryAdmin, "list_per_page", 2)
    delivered = [deliver(f"둑길 {'가나다'[n]}마을 소식", minutes=n) for n in range(3)]
    pks = [version.story_id for version in delivered]
    first = page(**query).context["cl"]
    Story.objects.filter(pk=pks[0]).update(current=None)
    empty = follow(first.older_url)
    assert ids(empty) == []
    assert ids(follow(empty.newer_url)) == ids(first)
    Story.objects.filter(pk=pks[0]).update(current=delivered[0])
    second = follow(first.older_url)
    Story.objects.filter(pk__in=pks[1:]).update(current=None)
    empty = follow(second.newer_url)
    assert ids(empty) == []
    assert ids(follow(empty.older_url)) == ids(second) == pks[:1]


@pytest.mark.parametrize(
    "query",
    [{"older_than": "x"}, {"newer_than": "9" * 40 + ".1"}, {"q": "둑길", "older_than": "9" * 30}],
)
def test_a_place_that_is_none_is_refused(as_user: Any, ben: User, query: dict[str, str]) -> None:
    answer = as_user(ben).get(reverse("admin:wire_story_changelist"), query)
    assert answer.status_code == 302
    assert "e=1" in answer.url


def test_a_page_ends_after_so_many_candidates_and_the_next_goes_on(
    deliver: Deliver, page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MAX_CANDIDATES_PER_PAGE", 2)
    monkeypatch.setattr(StoryAdmin, "list_per_page", 1)
    for n in range(5):
        deliver(f"둑길 {'가나다라마'[n]}마을 소식", minutes=n)
    oldest = Story.objects.order_by("news_at").first()
    assert oldest
    Story.objects.filter(pk=oldest.pk).update(status="withheld")
    query, found, pages = {"q": "둑길", "status__exact": "withheld"}, [], 0
    while query:
        cl = page(**query).context["cl"]
        found += [story.pk for story in cl.result_list]
        query, pages = dict(parse_qsl(cl.older_url.lstrip("?"))), pages + 1
        assert pages < 6
    assert found == [oldest.pk]


def test_the_api_pages_through_a_search(deliver: Deliver, as_user: Any, ben: User) -> None:
    for n in range(5):
        deliver(f"둑길 {'가나다라마'[n]}마을 소식", minutes=n)
    client, url, found = as_user(ben), "/api/v1/desk/wire/?q=둑길&page_size=2", []
    while url:
        body = client.get(url).json()
        found.append([row["headline"][3:5] for row in body["results"]])
        last, url = body, body["next"]
    assert found == [["마마", "라마"], ["다마", "나마"], ["가마"]]
    back = client.get(last["previous"]).json()
    assert [row["headline"][3:5] for row in back["results"]] == found[1]
    stories = Story.objects.order_by("news_at")
    stories.filter(pk=stories[0].pk).update(current=None)
    empty = client.get(client.get(last["previous"]).json()["next"]).json()
    assert empty["results"] == []
    assert client.get(empty["previous"]).json()["results"] == back["results"]
    refused = client.get("/api/v1/desk/wire/?q=-둑길")
    assert refused.status_code == 400
    assert "q" in refused.json()["errors"][0]["pointer"]


def test_a_version_that_is_not_stored_is_not_in_the_index(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(version: Version, **_: Any) -> None:
        assert len(rows_of("둑길")) == 1
        raise RuntimeError("broken")

    monkeypatch.setattr(versions, "queue_photos", break_down)
    with pytest.raises(RuntimeError, match="broken"):
        deliver("둑길 하나", body="둑길이다.")
    assert rows_of("둑길") == []
    assert not IndexedVersion.objects.exists()


def test_joined_and_split_stories_are_found_where_their_texts_are(
    deliver: Deliver, listed: Listed, ben: User
) -> None:
    one, other = deliver("강변길 연다", body="둑길이다."), deliver("새 다리 놓는다", minutes=5)
    join_story(one.story, to=other.story_id, by=ben)
    assert listed(q="둑길") == ["새 다리 놓는다"]
    split_story(Story.objects.get(pk=other.story_id), versions=[other.number], by=ben)
    assert sorted(listed(q="강변길")) == ["강변길 연다"]


def test_an_erased_story_leaves_no_word_in_the_index(deliver: Deliver) -> None:
    version = deliver("강변길 연다", body="둑길이다.")
    deliver("새 다리 놓는다", body="누리도다.", minutes=5)
    assert erase_story(version.story, label="지운 기사", is_used=lambda: False) is not None
    assert rows_of("둑길") == []
    assert len(rows_of("누리도")) == 1
    assert IndexedVersion.objects.count() == 1
    assert not MatchTerm.objects.exclude(version__headline="새 다리 놓는다").exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM wire_indexedwords")
            assert cursor.fetchone() == (1,)


def test_the_command_makes_the_index_anew(deliver: Deliver, listed: Listed) -> None:
    for n in range(3):
        deliver(f"둑길 {'가나다'[n]}마을", minutes=n)
    IndexedVersion.objects.all().delete()
    assert listed(q="둑길") == []
    with pytest.raises(CommandError, match="lacks 3 versions"):
        call_command("reindex_wire", "--check", stdout=StringIO())
    output = StringIO()
    call_command("reindex_wire", stdout=output)
    call_command("reindex_wire", stdout=output)  # of what is there already
    assert output.getvalue().count("3 versions indexed") == 2
    assert listed(q="둑길") == ["둑길 다마을", "둑길 나마을", "둑길 가마을"]


def test_a_time_of_sending_in_the_future_is_not_the_place_in_the_index() -> None:
    arrived = datetime(2026, 11, 14, tzinfo=UTC)
    far = Version(sent_at=datetime(9999, 1, 1, tzinfo=UTC), arrived_at=arrived)
    old = Version(sent_at=datetime(1, 1, 2, tzinfo=UTC), arrived_at=arrived)
    assert version_moment(far) == arrived
    assert version_moment(old).year == 1970
    assert version_moment(Version(sent_at=NOON, arrived_at=NOON + timedelta(hours=1))) == NOON


def statements(page: Any, **query: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        page(**query)
    return [row["sql"] for row in captured]


def test_a_page_costs_the_same_statements_for_one_story_and_for_twenty(
    deliver: Deliver, page: Any
) -> None:
    deliver("[속보] 둑길 한빛전자 나래반도체 소식", body="둑길.")
    deliver("한빛전자 나래반도체 둑길 소식", body="둑길.", source="나래", minutes=1)
    page()  # what is looked up once
    assert [len(story.cluster.related) for story in page().context["cl"].result_list] == [1, 1]
    few = {name: len(statements(page, **query)) for name, query in QUERIES.items()}
    for n, name in enumerate(NAMES):  # ten events, each by two agencies
        ship = f"{NAMES[n - 1]}호"
        body = f"{name}섬 주민들이 둑길에 나와 {ship}를 맞았다."
        deliver(f"[속보] {name}섬 {ship} 입항", body=body, minutes=n)
        deliver(f"[속보] {name}섬에 {ship} 들어와", body=body, source="나래", minutes=n)
    assert Story.objects.count() == 22
    for query in ({}, {"q": "둑길"}, {"urgency": "flash"}):
        stories = page(**query).context["cl"].result_list
        assert len(stories) >= 21
        assert all(story.cluster for story in stories)
    many = {name: len(statements(page, **query)) for name, query in QUERIES.items()}
    assert many == few


NAMES = ("가온", "노을", "다솜", "마루", "버들", "소라", "아람", "자운", "초롱", "푸름")


QUERIES: dict[str, dict[str, str]] = {
    "all": {},
    "search": {"q": "둑길"},
    "urgent": {"urgency": "flash"},
    "taken": {"taken": "yes"},
    "question": {"question": "open"},
}
