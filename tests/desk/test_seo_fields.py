"""Title, description and photo for search and sharing: their fallbacks, and the privacy of the photo."""

import json
import re
import threading
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Edition, PhotoUse
from desk.actions import approve, edit, publish_now, restore_version, start_draft, submit, withdraw
from desk.actions.legal.erasing import erase_article
from desk.archive.exporting import export_lines
from desk.archive.importing import import_line
from desk.errors import NotReady, PhotoTextChanged
from media.actions import describe_photo
from media.models import Photo
from tests.support import make

pytestmark = pytest.mark.django_db
OWN: dict[str, Any] = {
    "seo_title": "검색에 보일 제목",
    "seo_description": "검색에 보일 설명입니다.",
}


def head_of(article: Article) -> dict[str, str]:
    """The title and the meta elements of the page of an article."""
    html = Client().get(article.get_absolute_url()).content.decode()
    metas = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html)
    title = re.search(r"<title>([^<]*)</title>", html)
    assert title
    return {name: unescape(value) for name, value in metas} | {"title": title[1]}


def file_status(photo: Photo) -> int:
    answer = Client().get(f"/media/photos/{photo.key}/{photo.sources[-1]['name']}")
    if answer.streaming:
        assert b"".join(answer)
    return answer.status_code


def page_of(article: Article) -> dict[str, Any]:
    page: dict[str, Any] = Client().get(f"/api/v1/articles/{article.slug}/").json()
    return page


def test_blank_fields_fall_back_to_headline_deck_and_lead_photo() -> None:
    lead = make.photo(alt="문 앞의 로봇")
    article = make.live(headline="로봇, 문을 열다", deck="석 달의 기록", lead_photo=lead)
    head, page = head_of(article), page_of(article)
    assert head["title"].startswith("로봇, 문을 열다 | ")
    assert head["og:title"] == head["twitter:title"] == page["seo"]["title"] == "로봇, 문을 열다"
    assert (
        head["description"]
        == head["og:description"]
        == page["seo"]["description"]
        == "석 달의 기록"
    )
    assert lead.key in head["og:image"]
    assert head["twitter:card"] == "summary_large_image"
    assert (page["seo_title"], page["seo_description"], page["social_photo"]) == ("", "", None)


def test_own_fields_are_shown_to_search_engines_and_cards_and_not_on_the_page() -> None:
    lead, social = make.photo(alt="문 앞의 로봇"), make.photo(alt="넓게 찍은 로봇")
    article = make.live(
        headline="로봇, 문을 열다",
        lead_photo=lead,
        social_photo=social,
        poll=make.poll_data(),
        **OWN,
    )
    head, page = head_of(article), page_of(article)
    assert head["title"].startswith("검색에 보일 제목 | ")
    for name in ("og:title", "twitter:title"):
        assert head[name] == OWN["seo_title"]
    for name in ("description", "og:description", "twitter:description"):
        assert head[name] == OWN["seo_description"]
    assert social.key in head["og:image"]
    assert social.key in head["twitter:image"]
    assert head["og:image:alt"] == "넓게 찍은 로봇"
    assert page["headline"] == page["seo"]["json_ld"]["headline"] == "로봇, 문을 열다"
    assert lead.key in json.dumps(page["seo"]["json_ld"]["image"])
    assert page["seo"]["open_graph"]["og:image"] == page["social_photo"]["sources"][-1]["url"]
    assert page["lead_photo"]["alt"] == "문 앞의 로봇"
    oembed = Client().get(reverse("oembed"), {"url": page["url"], "format": "json"}).json()
    assert oembed["title"] == OWN["seo_title"]
    assert social.key in oembed["thumbnail_url"]
    html = Client().get(article.get_absolute_url()).content.decode()
    assert "<h1>로봇, 문을 열다</h1>" in html
    assert OWN["seo_title"] not in html.partition("<body")[2]


def test_card_of_a_story_without_lead_photo_has_the_social_photo() -> None:
    social = make.photo()
    article = make.live(social_photo=social)
    assert head_of(article)["twitter:card"] == "summary_large_image"
    assert social.key in json.dumps(page_of(article)["seo"]["json_ld"]["image"])


def test_social_photo_is_private_until_its_edition_is_live_and_when_it_is_gone(ben: User) -> None:
    first, second = make.photo(alt="첫 사진"), make.photo(alt="둘째 사진")
    planned = make.planned(social_photo=first)
    assert file_status(first) == 404
    article = publish_now(make.draft_of(planned.article), by=ben).article
    assert file_status(first) == 200
    draft = edit(make.draft_of(article), by=ben, social_photo=second)
    assert (file_status(first), file_status(second)) == (200, 404)
    publish_now(draft, by=ben)
    assert (file_status(first), file_status(second)) == (404, 200)
    with time_machine.travel(timezone.now()):
        Article.objects.update(expires_at=timezone.now())
        assert file_status(second) == 404
        Article.objects.update(expires_at=None)
    withdraw(article, notice="내렸습니다.", by=ben)
    assert file_status(second) == 404
    assert not PhotoUse.objects.exists()
    assert not Photo.objects.filter(public=True).exists()


def test_photo_stays_public_while_another_story_shares_it(ben: User) -> None:
    photo = make.photo()
    one, _other = make.live(social_photo=photo), make.live(lead_photo=photo)
    withdraw(one, notice="내렸습니다.", by=ben)
    assert file_status(photo) == 200


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["lead_photo", "social_photo"])
def test_photo_is_public_when_one_story_goes_as_another_comes(name: str) -> None:
    photo = make.photo()
    gone = make.live(social_photo=photo)
    fields: dict[str, Any] = {name: photo}
    coming = make.draft(**fields)
    ben, together = make.ben(), threading.Barrier(2)

    def work(number: int) -> Model:
        together.wait(10)
        if number:
            return publish_now(coming, by=ben)
        return withdraw(gone, notice="내렸습니다.", by=ben)

    results = make.race(2, work)
    assert not [result for result in results if isinstance(result, Exception)]
    assert Photo.objects.get().public
    assert PhotoUse.objects.get().article == make.draft_of(Edition.objects.last().article).article  # type: ignore[union-attr]
    assert file_status(photo) == 200


def test_library_changes_the_words_of_a_live_card_with_the_next_edition_only(ben: User) -> None:
    social = make.photo(alt="예전 설명")
    article = make.live(social_photo=social)
    describe_photo(social, by=ben, alt="새 설명")
    assert page_of(article)["social_photo"]["alt"] == "예전 설명"
    publish_now(make.draft_of(article), by=ben)
    assert page_of(article)["social_photo"]["alt"] == "새 설명"


@pytest.mark.parametrize("name", ["alt", "caption", "credit"])
def test_approval_is_of_the_words_of_the_social_photo_too(
    ada: User, ben: User, settings: Any, name: str
) -> None:
    settings.FOUR_EYES = True
    social = make.photo(alt="승인한 설명")
    story = start_draft(ada, **make.draft_data(social_photo=social))
    approve(submit(story, by=ada), by=ben)
    changes: dict[str, Any] = {name: "바뀐 설명"}
    describe_photo(social, by=ben, **changes)
    with pytest.raises(PhotoTextChanged):
        publish_now(type(story).objects.get(pk=story.pk), by=ben)


def test_story_waits_for_a_social_photo_that_has_no_files_yet(ben: User) -> None:
    social = make.photo(alt="올리는 중인 사진")
    Photo.objects.filter(pk=social.pk).update(state=Photo.State.PROCESSING)
    story = make.draft(social_photo=social)
    with pytest.raises(NotReady):
        publish_now(story, by=ben)
    data = make.DeskClient(ben).call("GET", f"drafts/{story.pk}/").json()
    assert any("올리는 중인 사진" in problem for problem in data["problems"])


def test_versions_keep_the_fields_and_restore_them(ben: User) -> None:
    social = make.photo()
    story = make.draft(social_photo=social, **OWN)
    changed = edit(story, by=ben, social_photo=None, seo_title="", seo_description="")
    api = make.DeskClient(ben)
    content = api.call("GET", f"drafts/{story.pk}/versions/1/").json()["content"]
    assert (content["social_photo"], content["seo_title"]) == (social.pk, OWN["seo_title"])
    restored = restore_version(changed, number=1, by=ben).draft
    assert (restored.social_photo, restored.seo_title) == (social, OWN["seo_title"])


def test_desk_api_reads_and_writes_the_fields(ben: User) -> None:
    social, api = make.photo(), make.DeskClient(ben)
    made = api.call("POST", "drafts/", {"headline": "제목", "social_photo": social.pk, **OWN})
    assert made.json() | OWN | {"social_photo": social.pk} == made.json()
    refused = api.call("POST", "drafts/", {"social_photo": 987654})
    assert refused.json()["errors"][0]["pointer"] == "/social_photo"
    address = f"drafts/{made.json()['id']}/"
    cleared = api.call("PATCH", address, {"social_photo": None}, etag=made["ETag"])
    assert cleared.json()["social_photo"] is None


def test_erasure_empties_the_fields_and_deletes_the_photo(chief: User) -> None:
    article = make.live(social_photo=make.photo(alt="지울 사진"), **OWN)
    erase_article(article, by=chief, slug=article.slug, reason="법원 결정", reference="2026카합1")
    edition, draft = Edition.objects.get(), make.draft_of(article)
    for row in (edition, draft):
        assert (row.seo_title, row.seo_description, row.social_photo) == ("", "", None)
    assert edition.social_photo_text is None
    assert not Photo.objects.exists()


def test_archive_carries_the_fields(ben: User) -> None:
    lead = make.photo(alt="문 앞")
    article = make.live(
        lead_photo=lead, social_photo=make.photo(alt="공유용"), slug="옮길-기사", **OWN
    )
    (line,) = export_lines()
    assert line["social_photo"] in line["photos"]
    assert len(line["photos"]) == 2
    before = page_of(article)
    line |= {"slug": "옮긴-기사", "id": "urn:uuid:6f1d7a52-93cb-4b0e-8d1c-0f6b9a3f2c47"}
    import_line(json.loads(json.dumps(line)), file_slugs=set(), dropped=set(), by=ben)
    after = page_of(Article.objects.get(slug="옮긴-기사"))
    for name in ("seo_title", "seo_description"):
        assert after[name] == before[name]
    assert after["social_photo"]["alt"] == before["social_photo"]["alt"] == "공유용"
    assert after["lead_photo"]["alt"] == "문 앞"
