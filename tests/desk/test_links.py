"""Link checker of bodies: what readers could not follow, in the desk API and on the story page."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from desk.actions import move_to_trash, publish_now, set_section_role, withdraw
from desk.links import (
    Link,
    LinkFault,
    address_fault,
    external_urls_in,
    internal,
    link_problems_of,
    links_in,
)
from desk.section_rights import section_roles_of
from tests.support import make

Queries = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def site(settings: LazySettings) -> str:
    settings.SITE_URL = "https://news.example.com"
    return str(settings.SITE_URL)


ADDRESSES = (
    ("https://example.com/쪽?a=1#b", None),
    ("https://한글.kr/", None),
    ("//example.com/x", None),
    ("https://192.0.2.7/x", None),
    ("http://example.com/x", LinkFault.INSECURE),
    ("http://news.example.com/", LinkFault.INSECURE),
    ("https://", LinkFault.MALFORMED),
    ("https://example", LinkFault.MALFORMED),
    ("https://exa mple.com/", LinkFault.MALFORMED),
    ("https://example.com:99999/", LinkFault.MALFORMED),
    ("https://[::1/", LinkFault.MALFORMED),
    ("https:/example.com/", LinkFault.MALFORMED),
    ("example.com/x", LinkFault.MALFORMED),
    ("#top", LinkFault.MALFORMED),
    ("", LinkFault.MALFORMED),
    ("mailto:ada@example.com", None),
    ("mailto:ada", LinkFault.MALFORMED),
    ("tel:02-000-0000", None),
    ("tel:", LinkFault.MALFORMED),
    ("/", None),
    ("/search/?q=로봇", None),
    ("/sections/산업", None),
    ("https://news.example.com/tags/%EB%A1%9C%EB%B4%87/", None),
    ("/admin/desk/draft/1/change/", LinkFault.STAFF_ONLY),
    ("https://news.example.com/desk/preview/abc/", LinkFault.STAFF_ONLY),
    ("/no/such/page/", LinkFault.UNKNOWN),
    ("https://elsewhere.example/admin/", None),
)


@pytest.mark.parametrize(("url", "fault"), ADDRESSES)
def test_faults_that_show_in_an_address(site: str, url: str, fault: LinkFault | None) -> None:
    assert address_fault(url) == fault


def test_links_are_read_with_their_text_each_once() -> None:
    body = (
        '<p><a href="/a?x=1&amp;y=2"><strong>굵은</strong>\n 글</a> <a href="/a?x=1&amp;y=2">굵은 글</a>'
        '<a href="/b"><img src="/media/photos/x/1.jpg" alt="사진"></a> 링크 밖</p>'
    )
    assert links_in(body) == [Link("/a?x=1&y=2", "굵은 글"), Link("/b", "사진")]
    assert links_in("<p>링크가 없는 글, <abbr>약자</abbr></p>") == []


def anchors(*urls: str) -> str:
    return "".join(f'<p><a href="{url}">글</a></p>' for url in urls)


def faults(body: str, **over: Any) -> list[tuple[str, str]]:
    draft = make.draft(body=body, **over)
    draft.refresh_from_db()
    problems = link_problems_of(draft, reader=make.ben())
    return [(problem.url, str(problem.fault)) for problem in problems]


ELSEWHERE = ("예약한-글", "쓰는-글", "끝난-글", "버린-글", "없는-글")


@pytest.mark.django_db
def test_stories_of_other_sections_are_told_as_unknown(client: Client, site: str) -> None:
    """Whether and where a story exists shows to those alone who may read it, through every door."""
    culture, now = make.section("문화"), timezone.now()
    person = make.staff("restricted", role="editor")
    set_section_role(person, section=culture, role="editor", by=make.chief())
    person = User.objects.get(pk=person.pk)
    make.planned(slug="예약한-글")
    make.draft(slug="쓰는-글")
    make.live(slug="끝난-글", expires_at=now + make.DUE_AFTER)
    moved = make.live(slug="옛-끝난-글", expires_at=now + make.DUE_AFTER)
    publish_now(make.changed(make.draft_of(moved), slug="새-끝난-글"), by=make.ben())
    move_to_trash(make.draft(slug="버린-글"), by=make.ben())
    make.live(slug="나온-글")
    withdraw(make.live(slug="내린-글"), by=make.ben(), notice="사실과 달랐습니다.")
    make.draft(slug="우리-글", section=culture)
    make.planned(slug="우리-예약", section=culture)
    names = (*ELSEWHERE, "옛-끝난-글", "나온-글", "내린-글", "우리-글", "우리-예약")
    draft = make.draft(section=culture, body=anchors(*(f"/articles/{name}/" for name in names)))
    with time_machine.travel(now + 2 * make.DUE_AFTER):
        read = make.DeskClient(person).call("GET", f"drafts/{draft.pk}/").json()["link_problems"]
        client.force_login(person)
        page = client.get(f"/admin/desk/draft/{draft.pk}/change/").context["panel"]
        seen_by_all = make.DeskClient(make.chief()).call("GET", f"drafts/{draft.pk}/").json()
    found = {problem["url"].split("/")[2]: problem["fault"] for problem in read}
    assert found == dict.fromkeys((*ELSEWHERE, "옛-끝난-글"), "unknown") | {
        "내린-글": "withdrawn",  # readers see its notice
        "우리-글": "unpublished",
        "우리-예약": "unpublished",
    }
    assert {each.url.split("/")[2]: str(each.fault) for each in page.link_problems} == found
    all_found = {each["url"].split("/")[2]: each["fault"] for each in seen_by_all["link_problems"]}
    assert [all_found[name] for name in ELSEWHERE] == [*["unpublished"] * 3, *["unknown"] * 2]


@pytest.mark.django_db
def test_links_to_our_articles_are_looked_up(site: str) -> None:
    make.live(slug="나온-글")
    gone = make.live(slug="내린-글")
    withdraw(gone, by=make.ben(), notice="사실과 달랐습니다.")
    make.planned(slug="예약한-글")
    make.draft(slug="쓰는-글")
    move_to_trash(make.draft(slug="버린-글"), by=make.ben())
    assert faults(
        anchors(
            "/articles/나온-글/",
            "/articles/%EB%82%98%EC%98%A8-%EA%B8%80",
            f"{site}/articles/나온-글/?from=x#댓글",
            "https://elsewhere.example/articles/없는-글/",
            "/articles/내린-글/",
            "/articles/예약한-글/",
            f"{site}/articles/쓰는-글/",
            "/articles/버린-글/",
            "/articles/없는-글/",
        )
    ) == [
        ("/articles/내린-글/", "withdrawn"),
        ("/articles/예약한-글/", "unpublished"),
        (f"{site}/articles/쓰는-글/", "unpublished"),
        ("/articles/버린-글/", "unknown"),
        ("/articles/없는-글/", "unknown"),
    ]


@pytest.mark.django_db
def test_former_addresses_count_as_the_article_they_lead_to(site: str) -> None:
    for slug in ("옛-글", "옛-내린-글"):
        article = make.live(slug=slug)
        publish_now(make.changed(make.draft_of(article), slug=f"새-{slug}"), by=make.ben())
    withdraw(article, by=make.ben(), notice="사실과 달랐습니다.")
    found = faults(anchors("/articles/옛-글/", "/articles/옛-내린-글/"))
    assert found == [("/articles/옛-내린-글/", "withdrawn")]


@pytest.mark.django_db
def test_a_story_may_link_to_its_own_address(site: str) -> None:
    assert faults(anchors("/articles/이-글/", "/articles/이-글/#표"), slug="이-글") == []


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_links(
    site: str, django_assert_num_queries: Queries
) -> None:
    make.live(slug="나온-글")
    ben = make.ben()
    section_roles_of(ben)  # read once for each request
    for count in (1, 20):
        urls = [f"/articles/{n}-없는-글/" for n in range(count)]
        draft = make.draft(body=anchors("/articles/나온-글/", *urls))
        with django_assert_num_queries(3):
            assert len(link_problems_of(draft, reader=ben)) == count
    outside = make.draft(body=anchors("https://example.com/"))
    with django_assert_num_queries(0):
        assert link_problems_of(outside, reader=ben) == []


@pytest.mark.django_db
def test_a_body_full_of_links_is_looked_at_up_to_a_bound(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved, real = list[str](), internal.resolve
    monkeypatch.setattr(internal, "resolve", lambda path: [resolved.append(path), real(path)][1])
    internal.path_fault.cache_clear()
    wrong = make.draft(body=anchors(*(f"/없는/{n}/" for n in range(2000))))
    assert len(link_problems_of(wrong, reader=make.ben())) == 50
    assert len(resolved) == 50 * 2  # with a slash at the end, and with one more
    assert len(link_problems_of(wrong, reader=make.ben())) == 50
    assert len(resolved) == 50 * 2  # once for each path
    right = anchors(*(f"https://{n}.example.com/" for n in range(2000)))
    assert len(links_in(right)) == 1000
    assert len(external_urls_in(right)) == 50


@pytest.mark.django_db
def test_the_desk_api_tells_them_and_publishes_all_the_same(
    desk_api: make.DeskClient, site: str
) -> None:
    draft = make.draft(body=anchors("/articles/없는-글/"))
    answer = desk_api.call("GET", f"drafts/{draft.pk}/")
    assert answer.json()["link_problems"] == [
        {
            "url": "/articles/없는-글/",
            "text": "글",
            "fault": "unknown",
            "sentence": "이 사이트에 없는 페이지입니다.",
        }
    ]
    with CaptureQueriesContext(connection) as listed:
        (row,) = desk_api.call("GET", "drafts/").json()["results"]
    assert "link_problems" not in row
    assert not any("formerslug" in query["sql"] for query in listed.captured_queries)
    published = desk_api.call("POST", f"drafts/{draft.pk}/publish/", {}, etag=answer["ETag"])
    assert published.status_code == 200


@pytest.mark.django_db
def test_the_story_page_shows_them_before_the_buttons(client: Client, site: str) -> None:
    draft = make.draft(body=anchors("/articles/없는-글/", "http://example.com/"))
    client.force_login(make.ben())
    page = client.get(f"/admin/desk/draft/{draft.pk}/change/").content.decode()
    head = page[: page.index('class="press-box"')]
    assert "확인할 링크 2개" in head
    assert "이 사이트에 없는 페이지입니다." in head
    assert "http로 시작하는 주소입니다" in head
