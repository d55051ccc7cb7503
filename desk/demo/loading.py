"""Put the demo newsroom together, by the newsroom's own actions."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Author, Masthead, Section
from audit.actions import record_audit
from audit.models import Entry
from desk.actions import (
    approve,
    edit,
    publish_backdated,
    schedule_draft,
    start_draft,
    start_from_wire,
    submit,
    withdraw_backdated,
)
from desk.actions.freezing import Correction
from desk.demo.errors import OthersArticles, PartTaken, ReachableFromOutside
from desk.demo.people import get_or_create_people
from desk.demo.pictures import draw_scene
from desk.demo.readers import add_reader_activity
from desk.demo.site_setup import get_or_create_taxonomy
from desk.demo.texts import Story, as_html, load_stories, load_wire_copy
from desk.models import Draft, Release
from desk.permissions import may_publish, may_restore, may_write
from media.actions import import_photo
from media.models import Photo
from newsroom.http.canonical_urls import is_reachable_from_outside
from wire.actions import receive_delivery
from wire.models import Delivery, Source
from wire.models import Story as WireStory

LOADED_VERB = "loaded_demo"
SOON = timedelta(minutes=2)
CORRECTED_AFTER = timedelta(hours=6)
WITHDRAWN_AFTER = timedelta(hours=9)


@dataclass
class DemoContext:
    """What the stories are made with, and what has become of them so far."""

    people: dict[str, User]
    photos: dict[str, Photo]
    sections: dict[str, Section]
    authors: dict[str, Author]
    now: datetime
    articles: dict[str, Article] = field(default_factory=dict)


def is_loaded() -> bool:
    return Entry.objects.filter(verb=LOADED_VERB).exists()


def load_demo() -> None:
    """Fill an empty database with the demo newsroom; where it was filled before, change nothing.

    People, photos and agency copy come first, each in a transaction of its own, and are found again
    after a start that was killed; everything else comes whole or not at all.  Raises OthersArticles
    where there are stories that are not the demo's, PartTaken, ReachableFromOutside.
    """
    if is_reachable_from_outside():
        raise ReachableFromOutside
    require_empty_database()
    people = get_or_create_people()
    require_demo_roles(people)
    texts = load_stories()
    photos = {s.scene: get_or_create_photo(s, by=people["reporter"]) for s in texts if s.scene}
    receive_wire_copy(timezone.now())
    with transaction.atomic():
        require_empty_database()
        create_stories(people, photos, texts)


def require_empty_database() -> None:
    if Draft.objects.exists() or Article.objects.exists():
        raise OthersArticles


def require_demo_roles(people: dict[str, User]) -> None:
    may = (
        may_write(people["reporter"]),
        may_publish(people["editor"]),
        may_restore(people["chief"]),
        people["moderator"].has_perm("comments.moderate_comment"),
    )
    if not all(may):
        raise PartTaken


def get_or_create_photo(story: Story, *, by: User) -> Photo:
    """The picture of a story; the same drawing is kept once."""
    raw = draw_scene(story.scene)
    kept = Photo.objects.filter(digest=hashlib.sha256(raw).hexdigest()).first()
    return kept or import_photo(
        raw,
        by=by,
        name=f"{story.scene}.jpg",
        alt=story.alt,
        caption=story.caption,
        credit=story.credit,
    )


def receive_wire_copy(now: datetime) -> None:
    """Two stories of an invented agency, as they would come over the line."""
    source, _made = Source.objects.get_or_create(
        slug="nuri", defaults={"name": "누리통신(체험)", "agency": "누리통신"}
    )
    for number, (name, text) in enumerate(load_wire_copy().items(), 1):
        if not Delivery.objects.filter(source=source, name=name).exists():
            sent = timezone.localtime(now - number * timedelta(minutes=25))
            raw = text.replace("{stamp}", f"{sent:%Y-%m-%d %H:%M:%S}")
            receive_delivery(source, raw=raw.encode(), by=None, name=name)


def create_stories(people: dict[str, User], photos: dict[str, Photo], texts: list[Story]) -> None:
    """Every story to the place where it stands, then what readers made of them."""
    sections, authors = get_or_create_taxonomy(people["chief"])
    room = DemoContext(people, photos, sections, authors, timezone.now())
    for story in texts:
        if story.hours_ago:
            publish_story(room, story)
    for story in texts:
        if not story.hours_ago:
            create_unpublished_story(room, story)
    start_from_wire(WireStory.objects.order_by("news_at")[0], by=people["reporter"])
    add_reader_activity(room.articles, people, texts)
    record_audit(Masthead.current(), verb=LOADED_VERB, by=people["chief"], stories=len(texts))


def publish_story(room: DemoContext, story: Story) -> None:
    """A story that readers have had for some hours: corrected or withdrawn where it says so."""
    editor, out = room.people["editor"], room.now - timedelta(hours=story.hours_ago)
    draft = create_draft(room, story, words=first_words(story))
    release = publish_backdated(submit_and_approve(room, draft), at=out, by=editor)
    room.articles[story.key] = release.article
    if story.correction:
        draft = edit(draft, by=room.people["reporter"], **right_words(story))
        note: Correction = {"kind": "correction", "note": story.correction}
        draft = submit_and_approve(room, draft)
        publish_backdated(draft, at=out + CORRECTED_AFTER, by=editor, corrections=[note])
    if story.withdrawn:
        gone = out + WITHDRAWN_AFTER
        withdraw_backdated(release.article, at=gone, notice=story.withdrawn, by=editor)


def create_unpublished_story(room: DemoContext, story: Story) -> None:
    """A story that readers do not have yet: planned, handed in, or still being written."""
    draft = create_draft(room, story, words=right_words(story))
    if story.stage == "submitted":
        submit(draft, by=room.people["reporter"])
    elif story.schedule:
        at = resolve_time(story.schedule, timezone.now())
        schedule_draft(submit_and_approve(room, draft), at=at, by=room.people["editor"])
        if story.changed_deck:
            edit(draft, by=room.people["reporter"], deck=story.changed_deck)


def resolve_time(word: str, now: datetime) -> datetime:
    """`soon` is two minutes from now, `tomorrow` seven in the morning in the newsroom's time."""
    if word == "soon":
        return now + SOON
    morning = timezone.localtime(now + timedelta(days=1))
    return morning.replace(hour=7, minute=0, second=0, microsecond=0)


def create_draft(room: DemoContext, story: Story, *, words: dict[str, Any]) -> Draft:
    """The story as a draft of the reporter's."""
    return start_draft(
        room.people["reporter"],
        headline=story.headline,
        deck=story.deck,
        section=room.sections[story.section],
        authors=[room.authors[name] for name in story.authors],
        tags=story.tags,
        lead_photo=room.photos.get(story.scene),
        related=[room.articles[key] for key in story.related],
        poll=poll_of(story, room.now),
        comments_mode=story.comments,
        notes=story.notes,
        ai_kind=story.ai_kind,
        ai_note=story.ai_note,
        source_name=story.source_name,
        source_url=story.source_url,
        source_credit=story.source_credit,
        embargo_until=resolve_time(story.embargo, room.now) if story.embargo else None,
        expires_at=room.now + timedelta(days=story.days_shown) if story.days_shown else None,
        **words,
    )


def first_words(story: Story) -> dict[str, Any]:
    """The words of the first edition: with the mistake, where one is corrected later."""
    words = right_words(story)
    if not story.wrong:
        return words
    right, wrong = story.wrong
    return {name: text.replace(right, wrong) for name, text in words.items()}


def right_words(story: Story) -> dict[str, Any]:
    one, two, three = story.summary
    body = as_html(story.body)
    return {"summary_1": one, "summary_2": two, "summary_3": three, "body": body}


def poll_of(story: Story, now: datetime) -> dict[str, Any] | None:
    """The poll as the desk composes it; one that will be closed has no end before that."""
    if not story.poll:
        return None
    asked = story.poll
    closes = None if asked.get("closed") else now + timedelta(days=7)
    return {
        "title": asked["title"],
        "question": asked["question"],
        "opens_at": now - timedelta(hours=story.hours_ago),
        "closes_at": closes,
        "sides": [{"key": key, "argument": asked[key]} for key in ("pro", "con")],
    }


def submit_and_approve(room: DemoContext, draft: Draft) -> Draft:
    """The draft after review: the reporter hands it in, the editor approves."""
    return approve(submit(draft, by=room.people["reporter"]), by=room.people["editor"])


def upcoming_releases() -> list[Release]:
    """What goes out next, for whoever wants to watch."""
    return list(Release.objects.upcoming().select_related("edition"))
