"""Cache purges: after an event no shared cache holds a stale response (publishing 54, 55)."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.actions import delete_site_object, publish_poll_closed_events, save_site_object
from articles.models import Article, Author, Masthead, Section, Tag
from comments.actions import delete_comment, post_comment
from comments.models import Comment
from desk.actions import publish_now, restore, withdraw
from desk.tasks import process_due
from media.models import Photo
from outbox.actions import publish_event
from outbox.models import Event, Subscriber
from outbox.worker import deliver_all_due
from polls.actions import close_poll
from tests.support import make
from tests.support.faults.strict_cache import CachedResponse, StrictCache, response_body
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import deliver_all_and_repeats, make_retries_due, subscriber
from tests.support.shared_rows import SharedRows

pytestmark = pytest.mark.django_db
Kind = Subscriber.Kind


@dataclass
class PublishedSite:
    """Two sections, three articles, two of them related; a poll, a photo, a comment."""

    chi: User
    stories: list[Article] = field(default_factory=list)

    def __post_init__(self) -> None:
        photo = make.photo()
        first = make.live(
            slug="로봇-문",
            section=make.section("산업"),
            authors=[make.author("한빛")],
            tags=["로봇"],
            poll=make.poll_data(results="after_close"),
            lead_photo=photo,
        )
        second = make.live(
            slug="고양이",
            section=make.section("생활"),
            authors=[make.author("나래")],
            tags=["고양이"],
            related=[first],
        )
        third = make.live(
            slug="바다", section=make.section("생활"), authors=[make.author("나래")], tags=["바다"]
        )
        self.stories = [first, second, third]
        self.comment = post_comment(first, by=self.chi, text="문이 무겁군요.")
        self.photo = photo

    @property
    def first(self) -> Article:
        return Article.objects.get(pk=self.stories[0].pk)

    def publish_changes(self, **changes: Any) -> None:
        publish_now(make.changed(make.draft_of(self.first), **changes), by=make.ben())

    def urls(self) -> list[str]:
        """All public URLs, with the list filters of the articles."""
        own = ["/", "/articles/", "/account/", "/api/v1/articles/", "/api/v1/articles/?page_size=1"]
        own += [f"/api/v1/{name}/" for name in ("sections", "authors", "tags", "masthead")]
        own += [f"/api/v1/comments/{self.comment.pk}/"]
        for slug in [quote(story.slug) for story in self.stories]:
            api = f"/api/v1/articles/{slug}/"
            own += [f"/articles/{slug}/", api, f"{api}editions/", f"{api}comments/"]
        kinds: list[tuple[str, Any]] = [("section", Section), ("author", Author), ("tag", Tag)]
        for kind, model in kinds:
            for slug in [quote(thing.slug) for thing in model.objects.all()]:
                own += [f"/{kind}s/{slug}/", f"/api/v1/articles/?{kind}={slug}"]
                own += [f"/api/v1/authors/{slug}/"] if kind == "author" else []
        return own


WRITTEN: list[PublishedSite] = []
FIRST_COPIES: dict[str, CachedResponse] = {}


def write_site() -> None:
    WRITTEN[:] = [PublishedSite(make.reader("chi"))]
    FIRST_COPIES.clear()


SITE = SharedRows(write_site)


@pytest.fixture
def site(db: None, settings: Any) -> PublishedSite:
    SITE.insert(settings)
    return copy.deepcopy(WRITTEN[0])


def publish_article(site: PublishedSite) -> None:
    make.live(slug="새-소식", section=make.section("산업"), tags=["로봇", "새것"])


def publish_due_release(site: PublishedSite) -> None:
    release = make.planned(slug="예약-소식", section=make.section("산업"))
    type(release).objects.filter(pk=release.pk).update(due_at=timezone.now())
    process_due()


def update(site: PublishedSite) -> None:
    site.publish_changes(headline="로봇, 문을 다시 닫다")


def correct(site: PublishedSite) -> None:
    story = make.changed(make.draft_of(site.first), headline="로봇은 문을 열지 못했다")
    publish_now(story, by=make.ben(), correction={"kind": "correction", "note": "열지 못했습니다."})


def change_slug(site: PublishedSite) -> None:
    site.publish_changes(slug="로봇과-문")


def change_section(site: PublishedSite) -> None:
    site.publish_changes(section=make.section("생활"), authors=[make.author("나래")], tags=["바다"])


def withdraw_article(site: PublishedSite) -> None:
    withdraw(site.first, notice="사실과 달라 내립니다.", by=make.ben())


def restore_article(site: PublishedSite) -> None:
    withdraw_article(site)
    restore(site.first, by=make.staff("chief", role="chief"))
    site.publish_changes(headline="로봇, 고쳐 쓴 기사로 돌아오다")


def rename_section(site: PublishedSite) -> None:
    section = make.section("산업")
    section.name = "산업과 기술"
    save_site_object(section, by=make.chief())


def change_section_slug(site: PublishedSite) -> None:
    section = make.section("산업")
    section.slug = "기술"
    save_site_object(section, by=make.chief())


def rename_author(site: PublishedSite) -> None:
    author = make.author("한빛")
    author.name, author.bio = "한빛나", "로봇을 씁니다."
    save_site_object(author, by=make.chief())


def change_author_slug(site: PublishedSite) -> None:
    author = make.author("한빛")
    author.slug = "한빛나"
    save_site_object(author, by=make.chief())


def rename_tag(site: PublishedSite) -> None:
    tag = Tag.objects.get(slug="로봇")
    tag.name = "로보틱스"
    save_site_object(tag, by=make.chief())


def create_section(site: PublishedSite) -> None:
    save_site_object(Section(name="과학", slug="과학", position=9), by=make.chief())


def delete_section(site: PublishedSite) -> None:
    delete_site_object(Section.objects.create(name="옛", slug="옛"), by=make.chief())


def change_masthead(site: PublishedSite) -> None:
    sign = Masthead.current()
    sign.name, sign.tip_address = "새 이름", "tip@example.com"
    save_site_object(sign, by=make.chief())


def write_comment(site: PublishedSite) -> None:
    post_comment(site.first, by=site.chi, text="경첩에 기름을 칩시다.")


def delete_own_comment(site: PublishedSite) -> None:
    delete_comment(Comment.objects.get(pk=site.comment.pk), by=site.chi)


def close_a_poll(site: PublishedSite) -> None:
    poll = site.first.poll
    assert poll is not None
    close_poll(poll, by=make.ben())
    assert publish_poll_closed_events() == 1


CHANGES: list[Callable[[PublishedSite], None]] = [
    publish_article, publish_due_release, update, correct, change_slug, change_section, withdraw_article,
    restore_article, rename_section, change_section_slug, rename_author, change_author_slug, rename_tag,
    create_section, delete_section, change_masthead, write_comment, delete_own_comment, close_a_poll,
]  # fmt: skip


def fill(shared_cache: StrictCache, site: PublishedSite) -> None:
    """Ask for all public URLs. The first test of these rows asks the origin; the others have its copies."""
    shared_cache.copies.update(FIRST_COPIES)
    if not FIRST_COPIES:
        for path in site.urls():
            shared_cache.get(path)
        FIRST_COPIES.update(shared_cache.copies)
    assert len(shared_cache.copies) > 30


def stale_paths(shared_cache: StrictCache, reader: Client) -> list[str]:
    """The paths of cached responses that differ from a new one."""
    bodies = {path: copy.body for path, copy in shared_cache.copies.items()}
    return [path for path, body in bodies.items() if response_body(reader.get(path)) != body]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("kind", ["fastly", "varnish"])
def test_purge_by_surrogate_keys_leaves_no_stale_response(
    site: PublishedSite, receiver: HTTPReceiver, kind: str, change: Callable[[PublishedSite], None]
) -> None:
    """publishing 54."""
    shared_cache = StrictCache(receiver, Client())
    deliver_all_and_repeats()
    caches: dict[str, dict[str, Any]] = {
        "fastly": {"kind": Kind.PURGE_FASTLY, "key": "k", "options": {"service": "s"}},
        "varnish": {"kind": Kind.PURGE_HTTP, "options": {"by": "keys"}},
    }
    subscriber(f"http://127.0.0.1:{receiver.port}", **caches[kind])
    fill(shared_cache, site)
    change(site)
    assert (
        stale_paths(shared_cache, Client()) or change is delete_section
    )  # otherwise the test would prove nothing
    deliver_all_and_repeats()
    assert stale_paths(shared_cache, Client()) == []


# On every page, or on pages that cannot be listed: outbox/cache_targets.py.
ON_EVERY_PAGE = {
    rename_section, change_section_slug, rename_author, change_author_slug, rename_tag, create_section,
    delete_section, change_masthead,
}  # fmt: skip
COUNTED_ON_CARDS = {write_comment, delete_own_comment, close_a_poll}
ARTICLE_CHANGES = [c for c in CHANGES if c not in ON_EVERY_PAGE]


@pytest.mark.parametrize("change", ARTICLE_CHANGES, ids=lambda change: change.__name__)
def test_purge_by_url_leaves_no_stale_article(
    site: PublishedSite, receiver: HTTPReceiver, change: Callable[[PublishedSite], None]
) -> None:
    shared_cache = StrictCache(receiver, Client())
    deliver_all_and_repeats()
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP)
    article_part = f"articles/{quote(site.first.slug)}/"
    lists = [] if change in COUNTED_ON_CARDS else ["/", "/articles/", "/api/v1/articles/"]
    paths = [*lists, *(path for path in site.urls() if article_part in path)]
    for path in paths:
        shared_cache.get(path)
    assert len(shared_cache.copies) == len(paths) >= 4
    change(site)
    deliver_all_and_repeats()
    assert stale_paths(shared_cache, Client()) == []


def test_new_article_in_a_section_does_not_purge_its_other_articles(
    site: PublishedSite, receiver: HTTPReceiver
) -> None:
    shared_cache = StrictCache(receiver, Client())
    deliver_all_and_repeats()
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP, options={"by": "keys"})
    for path in site.urls():
        shared_cache.get(path)
    publish_article(site)
    deliver_all_and_repeats()
    assert f"/articles/{quote('로봇-문')}/" in shared_cache.copies
    assert "/" not in shared_cache.copies


def test_event_with_sections_does_not_purge_other_sections(
    site: PublishedSite, receiver: HTTPReceiver
) -> None:
    shared_cache = StrictCache(receiver, Client())
    deliver_all_and_repeats()
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP, options={"by": "keys"})
    for path in site.urls():
        shared_cache.get(path)
    lists = {"sections": ["산업"], "authors": ["한빛"], "tags": ["로봇"]}
    publish_event("article.updated", key=site.first.key(), slug="로봇-문", **lists)
    deliver_all_and_repeats()
    purged = {
        f"/sections/{quote('산업')}/",
        f"/authors/{quote('한빛')}/",
        f"/tags/{quote('로봇')}/",
        "/",
    }
    still_cached = {
        f"/sections/{quote('생활')}/",
        f"/authors/{quote('나래')}/",
        f"/tags/{quote('바다')}/",
    }
    assert purged.isdisjoint(shared_cache.copies)
    assert still_cached <= shared_cache.copies.keys()


def test_withdrawn_photo_file_is_purged(site: PublishedSite, receiver: HTTPReceiver) -> None:
    shared_cache = StrictCache(receiver, Client())
    deliver_all_and_repeats()
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP, options={"by": "keys"})
    photo = Photo.objects.get(pk=site.photo.pk)
    path = f"/media/photos/{photo.key}/{photo.sources[0]['name']}"
    shared_cache.get(path)
    publish_event("article.withdrawn", key="article-1", slug="로봇-문", photos=[photo.key])
    deliver_all_and_repeats()
    assert path not in shared_cache.copies


@pytest.mark.django_db(transaction=True)
def test_purges_are_sent_after_the_commit(receiver: HTTPReceiver) -> None:
    """publishing 55"""
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP)
    with transaction.atomic():
        make.live(slug="robot")
        assert Event.objects.filter(name="article.published").exists()
        assert receiver.got == []
    deliver_all_due()
    assert "/api/v1/articles/" in {got.path for got in receiver.got}


def test_repeated_purge_removes_a_response_cached_between_commit_and_purge(
    site: PublishedSite, receiver: HTTPReceiver, settings: Any
) -> None:
    """publishing 55: another web process answers from its response cache at the time of the purge."""
    settings.RESPONSE_CACHE_SECONDS = 60  # until it is switched off below
    web = Client()  # with a response cache of its own, like a process
    shared_cache = StrictCache(receiver, web)
    deliver_all_and_repeats()
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP)
    path = f"/api/v1/articles/{quote('로봇-문')}/"
    web.get(path)
    withdraw_article(site)
    deliver_all_due()
    assert path not in shared_cache.copies
    assert "문" in shared_cache.get(path).decode()  # a cache hit, which the shared cache stores
    assert path in shared_cache.copies
    settings.RESPONSE_CACHE_SECONDS = 0
    make_retries_due()
    deliver_all_due()
    assert "사실과 달라 내립니다." in shared_cache.get(path).decode()
    assert path not in shared_cache.copies


def test_every_public_response_has_surrogate_keys(site: PublishedSite) -> None:
    client = Client()
    for path in site.urls():
        response = client.get(path)
        assert response.status_code == 200, path
        assert response["Cache-Tag"] == ",".join(response["Surrogate-Key"].split(" ")), path
        assert response["Surrogate-Key"].isascii()


def test_article_responses_have_the_keys_of_what_they_show(site: PublishedSite) -> None:
    article, related = quote("고양이"), quote("로봇-문")
    poll = f"poll-{site.first.poll_id}"
    for path in (f"/articles/{article}/", f"/api/v1/articles/{article}/"):
        keys = Client().get(path)["Surrogate-Key"].split(" ")
        assert {f"article-{article}", f"article-{related}", poll, "masthead"} <= {*keys}
        assert f"named-section-{quote('생활')}" in keys
        assert f"named-author-{quote('나래')}" in keys
        assert f"named-tag-{quote('고양이')}" in keys
        assert "list" not in keys


def test_list_response_has_the_keys_of_its_filter_and_cards(site: PublishedSite) -> None:
    for path in (f"/sections/{quote('산업')}/", f"/api/v1/articles/?section={quote('산업')}"):
        keys = Client().get(path)["Surrogate-Key"].split(" ")
        assert {"list", f"section-{quote('산업')}", f"article-{quote('로봇-문')}"} <= {*keys}
        assert "newest" not in keys
        assert f"article-{quote('바다')}" not in keys
    assert "newest" in Client().get("/api/v1/articles/")["Surrogate-Key"].split(" ")


def test_no_key_names_an_unpublished_article(site: PublishedSite) -> None:
    hidden = make.planned(slug="비밀-소식").article
    site.publish_changes(related=[hidden])
    keys = Client().get(f"/api/v1/articles/{quote('로봇-문')}/")["Surrogate-Key"]
    assert quote("비밀-소식") not in keys


def test_error_responses_have_no_keys(site: PublishedSite) -> None:
    withdraw_article(site)
    gone = Client().get(f"/api/v1/articles/{quote('로봇-문')}/")
    nothing = Client().get("/articles/no-such-story/")
    for response in (gone, nothing):
        assert response.status_code in {404, 410}
        assert "Surrogate-Key" not in response
        assert response["Cache-Control"] == "no-store"
