"""Reader pages: content, caching, pagination, redirects and error pages."""

import json
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.html import escape

from articles.models import Article, Masthead
from articles.read_queries import current_layout
from articles.tasks import count_views
from desk.actions import freeze, publish_now, withdraw
from desk.actions.freezing import Correction
from pages.views.site import server_error
from tests.support import make
from tests.support.clients.view_beacons import post_views_of_readers
from tests.support.editions import publish_edition

pytestmark = pytest.mark.django_db

HOSTILE = """</script><script>alert("1")</script><img src=x onerror=alert(2)>'\""""


def text_of(response: Any) -> str:
    return str(response.content.decode())


def article_html(article: Article) -> str:
    response = Client().get(article.get_absolute_url())
    assert response.status_code == 200
    return text_of(response)


def linked_data(html: str) -> dict[str, Any]:
    """The one JSON-LD object of a page."""
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    json_ld: dict[str, Any] = json.loads(script)
    return json_ld


def masthead(**over: Any) -> Masthead:
    fields = {"name": "보기신문", "greeting": "반가워요", "tip_address": "tips@example.com"} | over
    return Masthead.objects.update_or_create(pk=1, defaults=fields)[0]


def publish_correction(article: Article, note: str) -> None:
    story = make.changed(make.draft_of(article), deck="고친 부제")
    data = Correction(kind="correction", note=note)
    publish_edition(freeze(story, by=make.ben(), correction=data), by=make.ben())


def test_article_page_has_all_required_parts() -> None:
    masthead()
    with time_machine.travel(datetime(2026, 11, 21, 9, 0, tzinfo=UTC), tick=False):
        article = make.live(
            lead_photo=make.photo(),
            poll=make.poll_data(),
            related=[make.live(headline="곁에 둔 기사")],
            source_name="보기통신",
            source_credit="(서울=보기통신)",
            ai_kind="summary",
        )
    html = article_html(article)
    for text in (
        "반가워요",
        "산업",
        "시험용 로봇",
        "연구실 복도에서 벌어진 일",
        "기사 3줄 요약",
        "로봇이 손잡이를 돌렸다",
        "문은 생각보다 무거웠다",
        "다음 시험은 계단이다",
        "<h2>문은 왜 무거웠을까?</h2>",
        "편집: 한빛 기자",
        "편집자: 한빛 기자",
        "2026.11.21 18:00",
        'datetime="2026-11-21T18:00:00+09:00"',
        'alt="문 앞에 선 로봇"',
        "/ 뉴스룸",
        "tips@example.com",
        "3줄 요약은 AI가 작성했습니다.",
        "보기통신",
        "부키와 모키의 티격태격",
        "찬/반 투표",
        "총 투표수",
        "로봇에게 문을 맡겨도 될까?",
        "댓글",
        "관련 기사",
        "곁에 둔 기사",
        "#로봇",
    ):
        assert text in html, text
    assert "최종 수정" not in html


def test_correction_is_shown_above_the_text_with_its_time() -> None:
    with time_machine.travel(datetime(2026, 11, 21, 9, 0, tzinfo=UTC), tick=False) as clock:
        article = make.live()
        clock.shift(timedelta(minutes=42))
        publish_correction(article, "8%가 맞습니다.")
    html = article_html(article)
    assert html.index("바로잡은 기사입니다") < html.index("기사 3줄 요약")
    assert "<strong>정정</strong>" in html
    assert "최종 수정" in html
    assert "2026.11.21 18:42" in html


def test_imprint_has_the_fields_required_by_press_law() -> None:
    masthead(
        publisher="김발행",
        editor="박편집",
        company="보기주식회사",
        address="서울 보기로 1",
        phone="02-0000-0000",
        registration_number="서울 아00000",
        registered_on=date(2024, 3, 4),
        founded_on=date(2024, 3, 11),
        youth_officer="이보호",
        copyright="무단 전재 금지",
    )
    html = text_of(Client().get("/"))
    for text in ("제호", "발행인", "편집인", "발행소", "전화", "등록번호", "등록연월일", "명칭"):
        assert f"<dt>{text}</dt>" in html, text
    for text in (
        "김발행",
        "박편집",
        "보기주식회사",
        "서울 보기로 1",
        "02-0000-0000",
        "서울 아00000",
    ):
        assert text in html, text
    for text in ("2024.03.04", "2024.03.11", "청소년보호책임자", "이보호", "무단 전재 금지"):
        assert text in html, text


def test_html_in_text_is_escaped_on_all_pages() -> None:
    masthead(name=HOSTILE[:60], copyright=HOSTILE)
    article = make.live(
        headline=HOSTILE,
        deck=HOSTILE,
        summary_1=HOSTILE,
        tags=[HOSTILE[:40]],
        lead_photo=make.photo(alt=HOSTILE, caption=HOSTILE, credit=HOSTILE),
        poll=make.poll_data(question=HOSTILE),
        ai_kind="summary",
        ai_note=HOSTILE,
        source_name=HOSTILE,
    )
    publish_correction(article, HOSTILE)
    for address in (article.get_absolute_url(), "/", "/articles/"):
        html = text_of(Client().get(address))
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert not re.search(r"""=\s*["'][^"'<>]*["']\s*onerror""", html)
    html = article_html(article)
    assert escape(HOSTILE) in html
    assert linked_data(html)["headline"] == HOSTILE


def test_structured_data_has_offsets_and_canonical_url() -> None:
    masthead()
    article = make.live(lead_photo=make.photo(), ai_kind="generated")
    publish_correction(article, "바로잡습니다.")
    html = article_html(article)
    data = linked_data(html)
    canonical = f"http://testserver/articles/{quote(article.slug)}/"
    assert data["@type"] == "NewsArticle"
    assert data["url"] == data["mainEntityOfPage"] == canonical
    assert f'<link rel="canonical" href="{canonical}">' in html
    assert f'<meta property="og:url" content="{canonical}">' in html
    assert data["datePublished"].endswith("+09:00")
    assert data["dateModified"] >= data["datePublished"]
    assert data["author"] == [
        {"@type": "Person", "name": "한빛", "url": f"http://testserver/authors/{quote('한빛')}/"}
    ]
    assert data["image"][0]["url"].startswith("http://testserver/media/photos/")
    assert data["correction"][0]["text"] == "바로잡습니다."
    assert data["digitalSourceType"].endswith("/TrainedAlgorithmicMediaDigitalSource")
    assert "max-image-preview:large" in html


def test_photo_has_srcset_and_placeholder() -> None:
    html = article_html(make.live(lead_photo=make.photo()))
    assert re.search(r'srcset="/media/photos/[\w-]+/480.jpg 480w, /media/photos/\S+ 640w"', html)
    assert 'width="640" height="400"' in html
    assert 'src="data:image/webp;base64,' in html


def test_page_is_publicly_cacheable_with_etag() -> None:
    article = make.live(poll=make.poll_data())
    client = Client()
    for address in ("/", article.get_absolute_url(), "/articles/", "/me/", "/account/"):
        response = client.get(address)
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        again = client.get(address, headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304, address


def test_page_has_no_inline_script_or_style() -> None:
    article = make.live(poll=make.poll_data(), lead_photo=make.photo())
    for address in ("/", article.get_absolute_url(), "/articles/", "/me/", "/account/", "/none/"):
        html = text_of(Client().get(address))
        for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL):
            assert "src=" in attributes or "application/ld+json" in attributes, body
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", html), address


@pytest.mark.parametrize("many", [1, 20])
def test_pages_use_at_most_four_queries(many: int, django_assert_max_num_queries: Any) -> None:
    author = make.author()
    picks = [make.live(lead_photo=make.photo(), poll=make.poll_data()) for _ in range(many)]
    article = make.live(related=picks, poll=make.poll_data())
    for address in (
        "/",
        article.get_absolute_url(),
        "/articles/",
        "/sections/산업/",
        author.get_absolute_url(),
        "/tags/로봇/",
    ):
        with django_assert_max_num_queries(4):
            assert Client().get(address).status_code == 200, address


@pytest.mark.parametrize("many", [1, 20])
def test_article_lists_have_constant_number_of_queries(
    many: int, django_assert_num_queries: Any
) -> None:
    for _ in range(many):
        article = make.live(poll=make.poll_data())
        post_views_of_readers(article.slug, 1)
    count_views()
    for address in ("/", "/articles/", article.get_absolute_url()):
        with django_assert_num_queries(2):
            assert Client().get(address).status_code == 200


def test_front_page_lists_the_most_read() -> None:
    assert "많이 본 기사" not in text_of(Client().get("/"))
    for number in range(1, 8):
        post_views_of_readers(make.live(headline=f"독자 {number}명이 읽은 기사").slug, number)
    count_views()
    html = text_of(Client().get("/"))
    listed = html.split("많이 본 기사")[1].split("</ol>")[0]
    assert re.findall(r"독자 (\d)명", listed) == ["7", "6", "5", "4", "3", "2"]


def test_front_page_leads_with_the_newest_article() -> None:
    make.live(headline="먼저 나온 기사")
    make.live(headline="나중에 나온 기사")
    html = text_of(Client().get("/"))
    assert html.index("나중에 나온 기사") < html.index("먼저 나온 기사")


def test_front_page_without_articles() -> None:
    assert "아직 발행한 기사가 없습니다." in text_of(Client().get("/"))


@pytest.mark.parametrize(
    "address", ["/articles/", "/sections/산업/", "/authors/한빛/", "/tags/연구/"]
)
def test_article_lists_paginate_to_the_end(address: str) -> None:
    headlines = {make.live().live.headline for _ in range(43)}  # type: ignore[union-attr]  # live
    listed, html = set[str](), text_of(Client().get(address))
    for _ in range(3):
        listed |= {h for h in headlines if f">{h}<" in html}
        if older := re.search(r'rel="next" href="(\?cursor=[^"]+)"', html):
            html = text_of(Client().get(f"{address}{older[1]}&utm_source=letter"))
    assert listed == headlines
    assert 'rel="next"' not in html
    assert 'rel="prev"' in html


@pytest.mark.parametrize("cursor", ["x", "%00", "a" * 3000, "eyJh:bad"])
def test_cursor_of_another_list_is_404(cursor: str) -> None:
    make.live()
    assert Client().get(f"/articles/?cursor={cursor}").status_code == 404


def test_section_author_and_tag_lists_have_their_articles_only() -> None:
    make.live(section=make.section("연구"), headline="연구 면의 기사")
    make.live(section=make.section("정책"), headline="정책 면의 기사")
    html = text_of(Client().get("/sections/연구/"))
    assert "연구 면의 기사" in html
    assert "정책 면의 기사" not in html


def test_withdrawn_article_page_is_410_with_the_notice_only(chief: Any) -> None:
    article = make.live(headline="사라질 제목", tags=["하나뿐인태그"])
    withdraw(article, notice="사실과 달라 <b>내립니다</b>.", by=chief)
    response = Client().get(article.get_absolute_url())
    html = text_of(response)
    assert response.status_code == 410
    assert response["Cache-Control"] == "no-store"
    assert "사실과 달라 &lt;b&gt;내립니다&lt;/b&gt;." in html
    assert "noindex" in html
    for address in (article.get_absolute_url(), "/", "/articles/", "/sections/산업/"):
        assert "사라질 제목" not in text_of(Client().get(address))
    assert Client().get("/tags/하나뿐인태그/").status_code == 404


def test_former_slug_redirects_to_the_article() -> None:
    article = make.live(slug="옛-주소")
    publish_now(make.changed(make.draft_of(article), slug="새-주소"), by=make.ben())
    response = Client().get("/articles/옛-주소/")
    assert response.status_code == 301
    assert response["Location"] == f"/articles/{quote('새-주소')}/"


def test_decomposed_hangul_slug_redirects_to_the_canonical_url() -> None:
    make.live(slug="한글-주소")
    response = Client().get(f"/articles/{quote(unicodedata.normalize('NFD', '한글-주소'))}/")
    assert response.status_code == 301
    assert response["Location"] == f"/articles/{quote('한글-주소')}/"


def test_unpublished_story_is_on_no_page() -> None:
    make.planned(headline="내일의 제목", slug="tomorrow", tags=["내일의태그"])
    for address in ("/articles/tomorrow/", "/tags/내일의태그/"):
        assert Client().get(address).status_code == 404
    for address in ("/", "/articles/", "/sections/산업/", "/authors/한빛/"):
        assert "내일의 제목" not in text_of(Client().get(address))


@pytest.mark.parametrize(
    "address", ["/none/", "/articles/none/", "/sections/none/", "/articles/%00/", "/tags/a%FFb/"]
)
def test_not_found_is_a_page_for_browsers(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")
    assert "찾으시는 페이지가 없습니다" in text_of(response)


def test_not_found_is_a_problem_document_for_api_clients() -> None:
    response = Client().get("/api/v1/none/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_server_error_is_a_page_or_a_problem_document() -> None:
    article = make.live()
    Article.objects.filter(pk=article.pk).update(corrections=[{"at": "no moment"}])
    client = Client(raise_request_exception=False)
    page = client.get(article.get_absolute_url())
    assert page.status_code == 500
    assert "저희 쪽에 문제가 생겼습니다" in text_of(page)
    problem = client.get(f"/api/v1{article.get_absolute_url()}")
    assert problem.status_code == 500
    assert problem["Content-Type"] == "application/problem+json"


def test_server_error_page_needs_no_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert server_error(RequestFactory().get("/")).status_code == 500


@pytest.mark.parametrize("address", ["/", "/articles/", "/me/", "/robots.txt"])
def test_pages_refuse_post(address: str) -> None:
    assert Client().post(address).status_code in {403, 405}
    assert Client().head(address).status_code == 200


def test_robots_txt_allows_published_pages() -> None:
    response = Client().get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    rules = text_of(response)
    assert "Disallow: /admin/" in rules
    assert "Disallow: /articles" not in rules
    assert "Disallow: /\n" not in rules


def test_pages_with_a_secret_url_are_no_store_and_no_referrer() -> None:
    for address in ("/account/verify/a-secret/", "/account/password/a-secret/"):
        response = Client().get(address)
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "a-secret" not in text_of(response)


def test_preview_page_has_no_reader_controls() -> None:
    article = make.live(poll=make.poll_data())
    page = Client().get(f"/api/v1/articles/{article.slug}/").json()
    html = render_preview(page)
    assert "미리보기입니다" in html
    assert "시험용 로봇" in html
    for text in ("data-comments", "data-vote=", "data-save", "ld+json", 'rel="canonical"'):
        assert text not in html


def render_preview(page: dict[str, Any]) -> str:
    base_context = current_layout()._asdict()
    return render_to_string("pages/article.html", {"page": page, "is_preview": True} | base_context)


def test_times_are_shown_in_korean_time() -> None:
    article = make.live()
    Article.objects.filter(pk=article.pk).update(
        first_published_at=datetime(2026, 1, 1, 15, 30, tzinfo=UTC), published_at=timezone.now()
    )
    assert "2026.01.02 00:30" in article_html(article)


def test_social_sign_in_is_offered_once_its_keys_are_set(settings: Any) -> None:
    assert "data-providers" not in text_of(Client().get("/account/"))
    settings.SOCIALACCOUNT_PROVIDERS = {"kakao": {}}
    html = text_of(Client().get("/account/"))
    assert "카카오로 계속하기" in html
    assert "네이버" not in html
