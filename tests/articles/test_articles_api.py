"""Reader API of articles: lists, detail page, change history, sections, authors, tags, masthead."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, Masthead
from desk.actions import edit, publish_now, withdraw
from polls.actions import cast_vote
from polls.voter_key import Voter
from tests.support import make

pytestmark = pytest.mark.django_db
CARD = {
    "slug", "url", "section", "headline", "deck", "summary", "lead_photo", "authors",
    "published_at", "updated_at", "counts",
}  # fmt: skip
PAGE = CARD | {
    "tags", "body_html", "contact", "edition", "corrections", "source", "ai_disclosure", "poll",
    "related", "comments_open", "seo", "seo_title", "seo_description", "social_photo",
}  # fmt: skip


def get_json(api: APIClient, path: str, **parameters: Any) -> Any:
    response = api.get(f"/api/v1/{path}", parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def test_article_detail_contains_the_whole_page(api: APIClient) -> None:
    Masthead.objects.create(pk=1, tip_address="tips@example.com")
    pick = make.live(headline="옆집 로봇 이야기")
    article = make.live(
        poll=make.poll_data(),
        lead_photo=make.photo(),
        related=[pick],
        source_name="가상통신",
        ai_kind="assisted",
        ai_note="번역에 썼습니다",
    )
    page = get_json(api, f"articles/{article.slug}/")
    assert set(page) == PAGE
    assert len(page["summary"]) == 3
    assert page["authors"] == [{"slug": "한빛", "name": "한빛", "role": "편집", "title": "기자"}]
    assert [tag["name"] for tag in page["tags"]] == ["로봇", "연구"]
    assert page["contact"] == {"email": "tips@example.com"}
    assert page["counts"] == {"comments": 0, "saves": 0, "votes": 0, "views": 0}
    assert page["poll"]["total_votes"] == 0
    assert [side["persona"]["name"] for side in page["poll"]["sides"]] == ["부키", "모키"]
    assert [card["headline"] for card in page["related"]] == ["옆집 로봇 이야기"]
    assert page["source"] == {"name": "가상통신", "url": "", "credit": ""}
    assert page["ai_disclosure"] == {"kind": "assisted", "note": "번역에 썼습니다"}
    assert page["lead_photo"]["sources"][-1]["width"] == 640
    assert page["published_at"].endswith("+09:00")


def test_a_card_has_the_documented_fields(api: APIClient) -> None:
    make.live()
    assert set(get_json(api, "articles/")["results"][0]) == CARD


def test_the_article_detail_costs_at_most_three_queries(
    api: APIClient, django_assert_max_num_queries: Any
) -> None:
    picks = [make.live() for _ in range(5)]
    article = make.live(poll=make.poll_data(), lead_photo=make.photo(), related=picks)
    with django_assert_max_num_queries(3):
        get_json(api, f"articles/{article.slug}/")


@pytest.mark.parametrize("stories", [1, 20])
def test_the_article_list_costs_the_same_queries_for_one_and_twenty(
    api: APIClient, django_assert_num_queries: Any, stories: int
) -> None:
    for _ in range(stories):
        make.live(lead_photo=make.photo(), poll=make.poll_data())
    with django_assert_num_queries(1):
        assert len(get_json(api, "articles/")["results"]) == stories


def test_filters_of_the_article_list_combine(api: APIClient) -> None:
    wanted = make.live(section=make.section("정책"), tags=["규제"])
    make.live(section=make.section("정책"), tags=["투자"])
    make.live(section=make.section("산업"), tags=["규제"])
    filtered = get_json(api, "articles/", section="정책", tag="규제", author="한빛")
    assert [card["slug"] for card in filtered["results"]] == [wanted.slug]


def test_a_date_range_includes_its_start_and_excludes_its_end(api: APIClient) -> None:
    article = make.live()
    at = Article.objects.get(pk=article.pk).first_published_at
    assert at is not None
    assert len(get_json(api, "articles/", published_after=at.isoformat())["results"]) == 1
    assert len(get_json(api, "articles/", published_before=at.isoformat())["results"]) == 0


def test_pagination_returns_every_article_once_while_others_are_published(api: APIClient) -> None:
    before = {make.live().slug for _ in range(7)}
    page = get_json(api, "articles/", page_size=3)
    slugs = [card["slug"] for card in page["results"]]
    while page["next"]:
        make.live()
        page = api.get(page["next"]).json()
        slugs += [card["slug"] for card in page["results"]]
    assert len(slugs) == len(set(slugs))
    assert before <= set(slugs)


def test_the_previous_link_leads_back_to_the_same_page(api: APIClient) -> None:
    for _ in range(5):
        make.live()
    first = get_json(api, "articles/", page_size=2)
    second = api.get(first["next"]).json()
    assert api.get(second["previous"]).json()["results"] == first["results"]
    assert first["previous"] is None


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [
        ({"nosuch": "1"}, "/nosuch"),
        ({"page_size": "0"}, "/page_size"),
        ({"page_size": "101"}, "/page_size"),
        ({"page_size": "9" * 400}, "/page_size"),
        ({"cursor": "\x00"}, "/cursor"),
        ({"cursor": "garbage"}, "/cursor"),
        ({"published_after": "yesterday"}, "/published_after"),
        ({"published_after": "0001-01-01"}, "/published_after"),
        ({"published_before": "9999-12-31T23:59:59-12:00"}, "/published_before"),
        ({"section": "\x00"}, "/section"),
        ({"section": ["a", "b"]}, "/section"),
    ],
)
def test_invalid_parameters_are_refused_by_name(
    api: APIClient, parameters: dict[str, Any], pointer: str
) -> None:
    response = api.get("/api/v1/articles/", parameters)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_a_cursor_is_valid_for_its_own_list_only(api: APIClient) -> None:
    for _ in range(3):
        make.live()
    cursor = get_json(api, "articles/", page_size=1)["next"].split("cursor=")[1].split("&")[0]
    assert api.get(f"/api/v1/articles/?section=a&cursor={cursor}").status_code == 400


def test_an_article_that_is_not_live_is_404(api: APIClient) -> None:
    release = make.planned(slug="곧-나갑니다")
    scheduled = api.get(f"/api/v1/articles/{release.article.slug}/")
    unknown = api.get("/api/v1/articles/none-such/")
    assert scheduled.status_code == unknown.status_code == 404
    assert scheduled.content == unknown.content


def test_a_withdrawn_article_is_410_with_its_notice(api: APIClient, ben: User) -> None:
    article = make.live()
    withdraw(article, notice="사실이 아닌 부분이 있어 내렸습니다.", by=ben)
    response = api.get(f"/api/v1/articles/{article.slug}/")
    assert response.status_code == 410
    assert response.json()["detail"] == "사실이 아닌 부분이 있어 내렸습니다."
    assert response.json()["code"] == "withdrawn"


def test_a_former_slug_redirects_to_the_article(api: APIClient, ben: User) -> None:
    article = make.live(slug="옛-주소")
    publish_now(edit(make.draft_of(article), by=ben, slug="새-주소"), by=ben)
    response = api.get("/api/v1/articles/옛-주소/")
    assert response.status_code == 301
    assert api.get(response["Location"]).json()["slug"] == "새-주소"


def test_the_change_history_is_public_with_its_correction_notes(api: APIClient, ben: User) -> None:
    article = make.live()
    story = edit(make.draft_of(article), by=ben, headline="고친 제목")
    publish_now(
        story, by=ben, correction={"kind": "correction", "note": "제목의 숫자를 바로잡았습니다."}
    )
    history = get_json(api, f"articles/{article.slug}/editions/")["results"]
    assert [line["number"] for line in history] == [2, 1]
    assert history[0]["correction"]["note"] == "제목의 숫자를 바로잡았습니다."
    assert history[1]["correction"] is None
    page = get_json(api, f"articles/{article.slug}/")
    assert [note["kind"] for note in page["corrections"]] == ["correction"]


def test_hidden_poll_results_are_in_no_response(api: APIClient) -> None:
    article = make.live(poll=make.poll_data(results="after_close"))
    cast_vote(Article.objects.get(pk=article.pk).poll_id or 0, side="pro", voter=Voter(browser="b"))
    page = get_json(api, f"articles/{article.slug}/")
    assert page["poll"]["total_votes"] is None
    assert page["counts"]["votes"] is None
    assert {side["votes"] for side in page["poll"]["sides"]} == {None}


def test_a_public_read_sets_no_cookie_and_answers_304_by_etag(api: APIClient) -> None:
    article = make.live()
    first = api.get(f"/api/v1/articles/{article.slug}/")
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    assert "public" in first["Cache-Control"]
    conditional = api.get(
        f"/api/v1/articles/{article.slug}/", headers={"If-None-Match": first["ETag"]}
    )
    assert conditional.status_code == 304


def test_an_unpublished_edit_changes_no_byte_of_the_article(api: APIClient, ben: User) -> None:
    """publishing 26."""
    article = make.live()
    before = api.get(f"/api/v1/articles/{article.slug}/")
    edit(make.draft_of(article), by=ben, headline="아직 아무도 못 보는 제목", slug="다른-주소")
    after = api.get(f"/api/v1/articles/{article.slug}/")
    assert (before.content, before["ETag"]) == (after.content, after["ETag"])


@pytest.mark.parametrize("path", ["sections/", "authors/", "tags/", "masthead/", "authors/한빛/"])
def test_sections_authors_tags_and_masthead_are_listed(api: APIClient, path: str) -> None:
    make.live()
    assert get_json(api, path)


def test_a_tag_without_live_articles_is_not_listed(api: APIClient) -> None:
    make.planned(tags=["비밀"])
    assert get_json(api, "tags/")["results"] == []


def test_the_published_time_is_the_scheduled_time(
    api: APIClient, run_clock: Callable[[], Any]
) -> None:
    """publishing 13."""
    due = timezone.now() + timedelta(minutes=5)
    release = make.planned(at=due)
    with time_machine.travel(due + timedelta(minutes=50), tick=False):
        run_clock()
    page = get_json(api, f"articles/{release.article.slug}/")
    assert page["published_at"] == timezone.localtime(due).isoformat()
