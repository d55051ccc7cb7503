"""Blocks of a body as readers, feeds and agencies get them, and what of them is never public."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from articles.models import Article, BoxedArticle, Edition
from articles.search.documents import plain_text
from desk.actions import (
    approve,
    edit,
    freeze,
    publish_now,
    put_on_legal_hold,
    submit,
    withdraw,
)
from desk.errors import PhotoTextChanged
from desk.links import LinkFault, link_problems_of
from desk.models import Draft
from desk.rendering import render_body
from media.actions import describe_photo
from media.models import Photo
from outbox.models import Event
from tests.support import make

pytestmark = pytest.mark.django_db
YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
EMBED = (
    f'<figure data-embed="{YOUTUBE}">'
    "<figcaption>시험 주행 <small>시험통신</small></figcaption></figure>"
)
BLOCKS = (
    '<blockquote class="pull-quote"><p>문은 무거웠다</p></blockquote>'
    '<aside class="fact-box"><h2>로봇 규격</h2><p>키는 2미터</p></aside>'
)


def figure(photo: Photo, caption: str = "") -> str:
    image = f'<img src="/media/photos/{photo.key}/640.jpg" alt="문">'
    return f"<figure>{image}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"


def box(*articles: Article) -> str:
    ids = " ".join(str(article.uid) for article in articles)
    return f'<aside class="related-box" data-related="{ids}"></aside>'


def page_of(client: Client, article: Article) -> dict[str, Any]:
    response = client.get(f"/api/v1/articles/{article.slug}/")
    assert response.status_code == 200
    page: dict[str, Any] = response.json()
    return page


# -- photos -------------------------------------------------------------------------------------------


def test_photo_in_a_body_has_its_size_its_files_and_a_credit(client: Client) -> None:
    photo = make.photo(credit="뉴스룸 <b>")
    Photo.objects.filter(pk=photo.pk).update(
        sources=[
            {"name": f"{width}.jpg", "width": width, "height": width // 2, "type": "image/jpeg"}
            for width in (480, 640)
        ]
    )
    path = f"/media/photos/{photo.key}"
    own = "문이 열린 뒤 <small>독자 제공</small>"
    article = make.live(body=f"<p>글</p>{figure(photo, own)}{figure(photo, '설명')}{figure(photo)}")
    image = (
        f'<img loading="lazy" decoding="async" src="{path}/640.jpg" alt="문" width="640" height="320"'
        f' srcset="{path}/480.jpg 480w, {path}/640.jpg 640w" sizes="(min-width: 48rem) 45rem, 100vw">'
    )
    credit = '<small class="credit">뉴스룸 &lt;b&gt;</small>'
    assert page_of(client, article)["body_html"] == (
        f"<p>글</p><figure>{image}<figcaption>문이 열린 뒤 "
        '<small class="credit">독자 제공</small></figcaption></figure>'
        f"<figure>{image}<figcaption>설명 {credit}</figcaption></figure>"
        f"<figure>{image}<figcaption>{credit}</figcaption></figure>"
    )


def test_file_that_a_photo_does_not_have_is_replaced_and_an_unknown_photo_vanishes() -> None:
    photo = make.photo(credit="")
    gone = Photo(key="nosuchphoto12")
    body = f"<p>글</p>{figure(photo)}{figure(gone, '없는 사진')}{figure(gone)[8:-9]}<p>끝</p>"
    html = render_body(body.replace("640.jpg", "900.jpg"), {photo.key: photo})
    assert f'src="/media/photos/{photo.key}/{photo.sources[-1]["name"]}"' in html
    assert "nosuchphoto12" not in html
    assert "없는 사진" not in html
    assert html.endswith("</figure><p>끝</p>")


def test_bodies_without_blocks_are_rendered_as_before(client: Client) -> None:
    body = '<h2>가</h2><p>나 <a href="/b">다</a></p><blockquote><p>라</p></blockquote>'
    stored = body.replace('"/b"', '"/b" rel="noopener"')
    assert page_of(client, make.live(body=body))["body_html"] == stored


def test_photo_is_private_until_its_edition_is_live_and_when_it_is_withdrawn(
    client: Client, ben: User
) -> None:
    """publishing 41: files of photos in drafts and planned editions have no public address."""
    photo, later = make.photo(), make.photo()
    draft = make.draft(body=f"<p>글</p>{figure(photo)}")
    files = [f"/media/photos/{photo.key}/{source['name']}" for source in photo.sources]

    def statuses() -> set[int]:
        responses: list[Any] = [client.get(path) for path in files]
        for response in responses:
            response.getvalue()
        return {response.status_code for response in responses}

    assert statuses() == {404}
    freeze(draft, by=ben)
    assert statuses() == {404}
    draft.refresh_from_db()
    article = publish_now(draft, by=ben).article
    assert statuses() == {200}
    assert client.get(f"/media/photos/{later.key}/640.jpg").status_code == 404
    publish_now(make.changed(make.draft_of(article), body="<p>사진 없이</p>"), by=ben)
    assert statuses() == {404}
    publish_now(make.changed(make.draft_of(article), body=f"<p>다시</p>{figure(photo)}"), by=ben)
    assert statuses() == {200}
    article.refresh_from_db()
    withdraw(article, by=ben, notice="사실과 달랐습니다.")
    assert statuses() == {404}
    assert not Photo.objects.filter(public=True).exists()


def test_approval_binds_to_the_credit_of_a_photo_in_the_body(
    settings: Any, ada: User, ben: User
) -> None:
    settings.FOUR_EYES = True
    photo = make.photo()
    draft = make.draft(by=ada, body=f"<p>글</p>{figure(photo)}")
    approve(submit(draft, by=ada), by=ben)
    describe_photo(photo, by=ben, credit="바꾼 출처")
    with pytest.raises(PhotoTextChanged):
        freeze(Draft.objects.get(), by=ben)


def test_approval_does_not_bind_to_library_texts_that_the_body_has_itself(
    settings: Any, ada: User, ben: User, chief: User
) -> None:
    settings.FOUR_EYES = True
    photo = make.photo()
    body = f"<p>글</p>{figure(photo, '설명 <small>시험통신</small>')}"
    approve(submit(make.draft(by=ada, body=body), by=ada), by=ben)
    describe_photo(photo, by=ben, alt="바꾼 설명", credit="바꾼 출처")
    assert "바꾼" not in freeze(Draft.objects.get(), by=chief).body_html


def test_approval_binds_to_the_alternative_text_that_the_body_leaves_out(
    settings: Any, ada: User, ben: User, chief: User
) -> None:
    settings.FOUR_EYES = True
    photo = make.photo()
    body = f"<p>글</p>{figure(photo, '설명 <small>시험통신</small>')}".replace(' alt="문"', "")
    approve(submit(make.draft(by=ada, body=body), by=ada), by=ben)
    describe_photo(photo, by=ben, credit="바꾼 출처")
    assert "바꾼" not in freeze(Draft.objects.get(), by=chief).body_html
    describe_photo(photo, by=ben, alt="바꾼 설명")
    with pytest.raises(PhotoTextChanged):
        freeze(Draft.objects.get(), by=chief)


# -- embeds, quotes, boxes ------------------------------------------------------------------------------


def test_embed_is_a_link_with_what_a_script_needs(client: Client, settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 1
    article = make.live(body=f"<p>글</p>{EMBED}{BLOCKS}")
    html = page_of(client, article)["body_html"]
    assert html == (
        '<p>글</p><figure class="embed" data-provider="youtube" data-name="YouTube"'
        f' data-url="{YOUTUBE}" data-frame="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ">'
        f'<p class="embed-link"><a href="{YOUTUBE}" rel="noopener">YouTube에서 보기</a></p>'
        f'<figcaption>시험 주행 <small class="credit">시험통신</small></figcaption></figure>{BLOCKS}'
    )
    for _from_the_cache in range(2):
        page = client.get(f"/articles/{article.slug}/")
    assert "<iframe" not in page.text
    assert (
        "frame-src https://www.youtube-nocookie.com https://platform.twitter.com"
        " https://www.instagram.com https://tv.naver.com https://play-tv.kakao.com"
    ) in page["Content-Security-Policy"]
    plain = client.get(f"/articles/{make.live().slug}/")
    assert "frame-src" not in plain["Content-Security-Policy"]


def test_search_finds_captions_quotes_and_boxes_but_no_words_of_ours() -> None:
    edition = make.live(body=f"<p>글</p>{EMBED}{BLOCKS}").live
    assert edition is not None
    assert plain_text(edition.body_html).split("\n") == [
        *("글", "시험 주행 시험통신", "문은 무거웠다", "로봇 규격", "키는 2미터"),
    ]


def test_feeds_and_agencies_get_full_figures_plain_links_and_no_related_boxes(
    client: Client,
) -> None:
    photo, other = make.photo(), make.live(headline="곁의 기사")
    body = f"<p>글</p>{figure(photo, '설명')}{EMBED}{BLOCKS}{box(other)}"
    article = make.live(headline="실린 기사", body=body)
    items = client.get("/feeds/feed.json?content=full").json()["items"]
    (full,) = [item["content_html"] for item in items if item["title"] == "실린 기사"]
    ninjs = client.get(f"/api/v1/articles/{article.slug}/ninjs/").json()["bodies"][0]["value"]
    for html in (full, ninjs):
        assert (
            f'<figure><p><a href="{YOUTUBE}" rel="noopener">YouTube에서 보기</a></p><figcaption>'
            in html
        )
        assert '<small class="credit">뉴스룸</small></figcaption></figure>' in html
        assert "곁의 기사" not in html
        assert "related" not in html
        assert "data-" not in html
    assert f'src="http://testserver/media/photos/{photo.key}/' in full
    for name in ("rss.xml", "atom.xml"):
        assert (
            client.get(f"/feeds/{name}?content=full").text.count("곁의 기사") == 1
        )  # its own entry


# -- related boxes ---------------------------------------------------------------------------------------


def test_related_box_shows_live_stories_alone_and_tells_nothing_of_others(
    client: Client, ben: User
) -> None:
    """publishing 40: one that is planned is not shown until it is live."""
    shown = make.live(headline="나온 <기사>", slug="나온-기사")
    planned = make.planned().edition.article
    hidden = {"id": str(planned.uid), "slug": planned.slug}
    article = make.live(body=f"<p>글</p>{box(planned)}<p>사이</p>{box(planned, shown)}")

    def body() -> str:
        return str(page_of(client, article)["body_html"])

    assert body() == (
        '<p>글</p><p>사이</p><aside class="related-box"><p class="related-title">함께 읽을 기사</p>'
        '<ul><li><a href="/articles/나온-기사/">나온 &lt;기사&gt;</a></li></ul></aside>'
    )
    everywhere = [
        client.get(path).text
        for path in (
            f"/api/v1/articles/{article.slug}/",
            f"/api/v1/articles/{article.slug}/ninjs/",
            f"/articles/{article.slug}/",
            "/feeds/rss.xml?content=full",
            "/api/v1/articles/",
            f"/api/v1/articles/?q={planned.slug}",
        )
    ]
    assert not [text for text in everywhere for word in hidden.values() if word in text]
    publish_now(Draft.objects.get(article=planned), by=ben)
    assert body().count("<li>") == 3
    put_on_legal_hold(shown, by=ben, reason="다투는 중")
    assert "나온" not in body()
    planned.refresh_from_db()
    withdraw(planned, by=ben, notice="내립니다.")
    assert body() == "<p>글</p><p>사이</p>"


def test_page_with_a_box_is_purged_with_the_stories_in_it(client: Client, ben: User) -> None:
    planned = make.planned().edition.article
    article = make.live(body=f"<p>글</p>{box(planned)}")
    assert list(BoxedArticle.objects.values_list("article", "related_uid")) == [
        (article.pk, planned.uid)
    ]
    publish_now(Draft.objects.get(article=planned), by=ben)
    event = Event.objects.filter(key=planned.key()).latest("pk")
    assert event.data["beside"] == [article.slug]
    page = client.get(f"/api/v1/articles/{article.slug}/")
    planned.refresh_from_db()
    assert any(planned.slug in key or "article-" in key for key in page["Surrogate-Key"].split())
    publish_now(make.changed(make.draft_of(article), body="<p>상자 없이</p>"), by=ben)
    assert not BoxedArticle.objects.exists()


def test_a_box_costs_one_query_however_many_stories_and_boxes(client: Client) -> None:
    others = [make.live() for _ in range(6)]
    counts = []
    for body in ("", box(others[0]), box(*others) + "<p>글</p>" + box(*others)):
        article = make.live(body=f"<p>글</p>{body}")
        client.get(f"/api/v1/articles/{article.slug}/")
        with CaptureQueriesContext(connection) as captured:
            page_of(client, article)
        counts.append(len(captured))
    assert counts[1:] == [counts[0] + 1] * 2


def test_link_checker_warns_of_stories_in_boxes_that_readers_do_not_see(ben: User) -> None:
    live, planned = make.live(), make.planned().edition.article
    gone = make.live(headline="내린 기사")
    withdraw(gone, by=ben, notice="내립니다.")
    on_hold, own = make.live(headline="보류된 기사"), make.live(headline="이 기사")
    put_on_legal_hold(on_hold, reason="법원 결정", by=ben)
    unknown = Article(slug="x")
    body = f"<p>글</p>{box(live, planned, gone, on_hold, own, unknown)}"
    draft = make.changed(make.draft_of(own), body=body)
    assert [
        (problem.text, problem.fault) for problem in link_problems_of(draft, reader=make.ben())
    ] == [
        (planned.slug, LinkFault.UNPUBLISHED),
        (gone.slug, LinkFault.WITHDRAWN),
        ("보류된 기사", LinkFault.ON_HOLD),
        ("이 기사", LinkFault.OWN_STORY),
        ("", LinkFault.UNKNOWN),
    ]


def test_preview_shows_the_blocks_as_readers_will_see_them(client: Client, ben: User) -> None:
    photo, live = make.photo(), make.live(headline="나온 기사")
    hidden = make.planned().edition.article
    draft = make.draft(body=f"<p>글</p>{figure(photo, '설명')}{EMBED}{box(live, hidden)}")
    desk = make.DeskClient(ben)
    path = desk.call("POST", f"drafts/{draft.pk}/previews/", {}).json()["url"]
    page = client.get(path.removeprefix("http://testserver"))
    assert "나온 기사" in page.text
    assert hidden.slug not in page.text
    assert str(hidden.uid) not in page.text
    assert "/media/photos/" not in page.text
    assert f'/photos/{photo.key}/640.jpg 640w"' in page.text
    assert "frame-src" in page["Content-Security-Policy"]


def test_editions_keep_their_blocks_when_the_draft_changes(ben: User) -> None:
    article = make.live(body=f"<p>글</p>{EMBED}")
    edit(make.draft_of(article), by=ben, body="<p>글만</p>")
    edition = Edition.objects.get(article=article)
    assert YOUTUBE in edition.body
    assert YOUTUBE in edition.body_html
