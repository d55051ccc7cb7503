"""After an event was told, no cache holds anything that readers would not get anew (publishing 54, 55)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
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
from outbox.actions import REPEAT_PURGE_AFTER, publish_event
from outbox.models import Event, Subscriber
from outbox.worker import deliver_all_due
from polls.actions import close_poll
from tests.support import make
from tests.support.outbox import deliver_all_and_repeats, subscriber
from tests.support.receivers import HTTPReceiver
from tests.support.strict_cache import StrictCache, response_body

pytestmark = pytest.mark.django_db
Kind = Subscriber.Kind


@dataclass
class World:
    """Two sections, two stories that stand beside each other, a third elsewhere; a poll, a comment."""

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

    def put_out(self, **over: Any) -> None:
        publish_now(make.changed(make.draft_of(self.first), **over), by=make.ben())

    def addresses(self) -> list[str]:
        """Everything that readers can open, with the filters that stories have."""
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


@pytest.fixture
def world(chi: User) -> World:
    return World(chi)


def publish(world: World) -> None:
    make.live(slug="새-소식", section=make.section("산업"), tags=["로봇", "새것"])


def publish_by_the_clock(world: World) -> None:
    release = make.planned(slug="예약-소식", section=make.section("산업"))
    type(release).objects.filter(pk=release.pk).update(due_at=timezone.now())
    process_due()


def update(world: World) -> None:
    world.put_out(headline="로봇, 문을 다시 닫다")


def correct(world: World) -> None:
    story = make.changed(make.draft_of(world.first), headline="로봇은 문을 열지 못했다")
    publish_now(story, by=make.ben(), correction={"kind": "correction", "note": "열지 못했습니다."})


def rename(world: World) -> None:
    world.put_out(slug="로봇과-문")


def move(world: World) -> None:
    world.put_out(section=make.section("생활"), authors=[make.author("나래")], tags=["바다"])


def take_down(world: World) -> None:
    withdraw(world.first, notice="사실과 달라 내립니다.", by=make.ben())


def bring_back(world: World) -> None:
    take_down(world)
    restore(world.first, by=make.staff("chief", role="chief"))
    world.put_out(headline="로봇, 고쳐 쓴 기사로 돌아오다")


def rename_section(world: World) -> None:
    section = make.section("산업")
    section.name = "산업과 기술"
    save_site_object(section, by=make.chief())


def readdress_section(world: World) -> None:
    section = make.section("산업")
    section.slug = "기술"
    save_site_object(section, by=make.chief())


def rename_author(world: World) -> None:
    author = make.author("한빛")
    author.name, author.bio = "한빛나", "로봇을 씁니다."
    save_site_object(author, by=make.chief())


def readdress_author(world: World) -> None:
    author = make.author("한빛")
    author.slug = "한빛나"
    save_site_object(author, by=make.chief())


def rename_tag(world: World) -> None:
    tag = Tag.objects.get(slug="로봇")
    tag.name = "로보틱스"
    save_site_object(tag, by=make.chief())


def new_section(world: World) -> None:
    save_site_object(Section(name="과학", slug="과학", position=9), by=make.chief())


def old_section(world: World) -> None:
    delete_site_object(Section.objects.create(name="옛", slug="옛"), by=make.chief())


def masthead(world: World) -> None:
    sign = Masthead.current()
    sign.name, sign.tip_address = "새 이름", "tip@example.com"
    save_site_object(sign, by=make.chief())


def say(world: World) -> None:
    post_comment(world.first, by=world.chi, text="경첩에 기름을 칩시다.")


def take_back(world: World) -> None:
    delete_comment(Comment.objects.get(pk=world.comment.pk), by=world.chi)


def end_poll(world: World) -> None:
    poll = world.first.poll
    assert poll is not None
    close_poll(poll, by=make.ben())
    assert publish_poll_closed_events() == 1


CHANGES: list[Callable[[World], None]] = [
    publish, publish_by_the_clock, update, correct, rename, move, take_down, bring_back,
    rename_section, readdress_section, rename_author, readdress_author, rename_tag, new_section,
    old_section, masthead, say, take_back, end_poll,
]  # fmt: skip


def stale(shelf: StrictCache, reader: Client) -> list[str]:
    """The copies that are not what readers would get anew."""
    held = {path: copy.body for path, copy in shelf.copies.items()}
    return [path for path, body in held.items() if response_body(reader.get(path)) != body]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("kind", ["fastly", "varnish"])
def test_what_a_cache_with_keys_still_holds_is_what_readers_would_get(
    world: World, receiver: HTTPReceiver, kind: str, change: Callable[[World], None]
) -> None:
    shelf = StrictCache(receiver, Client())
    deliver_all_and_repeats()
    caches: dict[str, dict[str, Any]] = {
        "fastly": {"kind": Kind.PURGE_FASTLY, "key": "k", "options": {"service": "s"}},
        "varnish": {"kind": Kind.PURGE_HTTP, "options": {"by": "keys"}},
    }
    subscriber(f"http://127.0.0.1:{receiver.port}", **caches[kind])
    for path in world.addresses():
        shelf.get(path)
    assert len(shelf.copies) > 30
    change(world)
    assert stale(shelf, Client()) or change is old_section  # or it would show nothing
    deliver_all_and_repeats()
    assert stale(shelf, Client()) == []


# What stands on every page, or on pages that nobody can count up: outbox/cache_targets.py.
EVERYWHERE = {
    rename_section, readdress_section, rename_author, readdress_author, rename_tag, new_section,
    old_section, masthead,
}  # fmt: skip
COUNTED_ON_CARDS = {say, take_back, end_poll}
OF_STORIES = [c for c in CHANGES if c not in EVERYWHERE]


@pytest.mark.parametrize("change", OF_STORIES, ids=lambda change: change.__name__)
def test_a_cache_that_knows_addresses_alone_holds_no_old_story(
    world: World, receiver: HTTPReceiver, change: Callable[[World], None]
) -> None:
    shelf = StrictCache(receiver, Client())
    deliver_all_and_repeats()
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP)
    own = f"articles/{quote(world.first.slug)}/"
    lists = [] if change in COUNTED_ON_CARDS else ["/", "/articles/", "/api/v1/articles/"]
    asked = [*lists, *(path for path in world.addresses() if own in path)]
    for path in asked:
        shelf.get(path)
    assert len(shelf.copies) == len(asked) >= 4
    change(world)
    deliver_all_and_repeats()
    assert stale(shelf, Client()) == []


def test_a_story_does_not_leave_the_cache_because_its_section_has_another(
    world: World, receiver: HTTPReceiver
) -> None:
    shelf = StrictCache(receiver, Client())
    deliver_all_and_repeats()
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP, options={"by": "keys"})
    for path in world.addresses():
        shelf.get(path)
    publish(world)
    deliver_all_and_repeats()
    assert f"/articles/{quote('로봇-문')}/" in shelf.copies
    assert "/" not in shelf.copies


def test_an_event_that_says_where_the_story_stands_leaves_other_sections_alone(
    world: World, receiver: HTTPReceiver
) -> None:
    shelf = StrictCache(receiver, Client())
    deliver_all_and_repeats()
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP, options={"by": "keys"})
    for path in world.addresses():
        shelf.get(path)
    stands = {"sections": ["산업"], "authors": ["한빛"], "tags": ["로봇"]}
    publish_event("article.updated", key=world.first.key(), slug="로봇-문", **stands)
    deliver_all_and_repeats()
    gone = {
        f"/sections/{quote('산업')}/",
        f"/authors/{quote('한빛')}/",
        f"/tags/{quote('로봇')}/",
        "/",
    }
    stays = {f"/sections/{quote('생활')}/", f"/authors/{quote('나래')}/", f"/tags/{quote('바다')}/"}
    assert gone.isdisjoint(shelf.copies)
    assert stays <= shelf.copies.keys()


def test_a_withdrawn_photo_s_file_can_be_purged(world: World, receiver: HTTPReceiver) -> None:
    shelf = StrictCache(receiver, Client())
    deliver_all_and_repeats()
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP, options={"by": "keys"})
    photo = Photo.objects.get(pk=world.photo.pk)
    path = f"/media/photos/{photo.key}/{photo.sources[0]['name']}"
    shelf.get(path)
    publish_event("article.withdrawn", key="article-1", slug="로봇-문", photos=[photo.key])
    deliver_all_and_repeats()
    assert path not in shelf.copies


@pytest.mark.django_db(transaction=True)
def test_purges_leave_after_the_commit_and_not_before(receiver: HTTPReceiver) -> None:
    """publishing 55"""
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP)
    with transaction.atomic():
        make.live(slug="robot")
        assert Event.objects.filter(name="article.published").exists()
        assert receiver.got == []
    deliver_all_due()
    assert "/api/v1/articles/" in {got.path for got in receiver.got}


def test_a_reader_in_between_does_not_bring_the_old_words_back(
    world: World, receiver: HTTPReceiver, settings: Any
) -> None:
    """publishing 55: another web process answers from memory in the moment of the purge."""
    settings.RESPONSE_CACHE_SECONDS = 60  # until we say that its moment is over
    web = Client()  # with a memory of its own, as every process has
    shelf = StrictCache(receiver, web)
    deliver_all_and_repeats()
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Kind.PURGE_HTTP)
    path = f"/api/v1/articles/{quote('로봇-문')}/"
    web.get(path)
    take_down(world)
    deliver_all_due()
    assert path not in shelf.copies
    assert "문" in shelf.get(path).decode()  # the process remembers, and the cache keeps it
    assert path in shelf.copies
    settings.RESPONSE_CACHE_SECONDS = 0
    time.sleep(REPEAT_PURGE_AFTER / timedelta(seconds=1))
    deliver_all_due()
    assert "사실과 달라 내립니다." in shelf.get(path).decode()
    assert path not in shelf.copies


def test_every_public_answer_says_what_it_shows(world: World) -> None:
    reader = Client()
    for path in world.addresses():
        answer = reader.get(path)
        assert answer.status_code == 200, path
        assert answer["Cache-Tag"] == ",".join(answer["Surrogate-Key"].split(" ")), path
        assert answer["Surrogate-Key"].isascii()


def test_a_story_s_answers_name_what_they_show(world: World) -> None:
    story, beside = quote("고양이"), quote("로봇-문")
    poll = f"poll-{world.first.poll_id}"
    for path in (f"/articles/{story}/", f"/api/v1/articles/{story}/"):
        said = Client().get(path)["Surrogate-Key"].split(" ")
        assert {f"article-{story}", f"article-{beside}", poll, "masthead"} <= {*said}
        assert f"named-section-{quote('생활')}" in said
        assert f"named-author-{quote('나래')}" in said
        assert f"named-tag-{quote('고양이')}" in said
        assert "list" not in said


def test_a_list_s_answer_names_its_filter_and_its_cards(world: World) -> None:
    for path in (f"/sections/{quote('산업')}/", f"/api/v1/articles/?section={quote('산업')}"):
        said = Client().get(path)["Surrogate-Key"].split(" ")
        assert {"list", f"section-{quote('산업')}", f"article-{quote('로봇-문')}"} <= {*said}
        assert "newest" not in said
        assert f"article-{quote('바다')}" not in said
    assert "newest" in Client().get("/api/v1/articles/")["Surrogate-Key"].split(" ")


def test_no_key_names_a_story_that_readers_cannot_open(world: World) -> None:
    hidden = make.planned(slug="비밀-소식").article
    world.put_out(related=[hidden])
    said = Client().get(f"/api/v1/articles/{quote('로봇-문')}/")["Surrogate-Key"]
    assert quote("비밀-소식") not in said


def test_what_is_not_there_has_no_keys(world: World) -> None:
    take_down(world)
    gone = Client().get(f"/api/v1/articles/{quote('로봇-문')}/")
    nothing = Client().get("/articles/no-such-story/")
    for answer in (gone, nothing):
        assert answer.status_code in {404, 410}
        assert "Surrogate-Key" not in answer
        assert answer["Cache-Control"] == "no-store"
