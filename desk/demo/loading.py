"""Put the demo newsroom together, by the newsroom's own actions."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Author, Masthead, Section
from audit.actions import record
from audit.models import Entry
from desk.actions import (
    approve,
    edit,
    plan,
    publish_past,
    start,
    start_from_wire,
    submit,
    withdraw_past,
)
from desk.actions.freezing import Correction
from desk.demo.errors import OthersArticles, PartTaken, ReachableFromOutside
from desk.demo.people import gathered
from desk.demo.pictures import drawn
from desk.demo.readers import read_and_answer
from desk.demo.site_setup import furnished
from desk.demo.texts import Story, agency_copy, as_html, stories
from desk.models import Draft, Release
from desk.permissions import may_publish, may_restore, may_write
from media.actions import take_in
from media.models import Photo
from newsroom.http.canonical_urls import is_reachable_from_outside
from wire.actions import receive
from wire.models import Delivery, Source
from wire.models import Story as WireStory

LOADED = "loaded_demo"
SOON = timedelta(minutes=2)
CORRECTED_AFTER = timedelta(hours=6)
WITHDRAWN_AFTER = timedelta(hours=9)


@dataclass
class Newsroom:
    """What the stories are made with, and what has become of them so far."""

    people: dict[str, User]
    photos: dict[str, Photo]
    sections: dict[str, Section]
    authors: dict[str, Author]
    now: datetime
    articles: dict[str, Article] = field(default_factory=dict)


def is_loaded() -> bool:
    return Entry.objects.filter(verb=LOADED).exists()


def load() -> None:
    """Fill an empty database with the demo newsroom; where it was filled before, change nothing.

    People, photos and agency copy come first, each in a transaction of its own, and are found again
    after a start that was killed; everything else comes whole or not at all.  Raises OthersArticles
    where there are stories that are not the demo's, PartTaken, ReachableFromOutside.
    """
    if is_reachable_from_outside():
        raise ReachableFromOutside
    refuse_full_house()
    people = gathered()
    refuse_wrong_cast(people)
    texts = stories()
    photos = {s.scene: photo_for(s, by=people["reporter"]) for s in texts if s.scene}
    take_the_wire(timezone.now())
    with transaction.atomic():
        refuse_full_house()
        tell(people, photos, texts)


def refuse_full_house() -> None:
    if Draft.objects.exists() or Article.objects.exists():
        raise OthersArticles


def refuse_wrong_cast(people: dict[str, User]) -> None:
    may = (
        may_write(people["reporter"]),
        may_publish(people["editor"]),
        may_restore(people["chief"]),
        people["moderator"].has_perm("comments.moderate_comment"),
    )
    if not all(may):
        raise PartTaken


def photo_for(story: Story, *, by: User) -> Photo:
    """The picture of a story; the same drawing is kept once."""
    raw = drawn(story.scene)
    kept = Photo.objects.filter(digest=hashlib.sha256(raw).hexdigest()).first()
    return kept or take_in(
        raw,
        by=by,
        name=f"{story.scene}.jpg",
        alt=story.alt,
        caption=story.caption,
        credit=story.credit,
    )


def take_the_wire(now: datetime) -> None:
    """Two stories of an invented agency, as they would come over the line."""
    source, _made = Source.objects.get_or_create(
        slug="nuri", defaults={"name": "누리통신(체험)", "agency": "누리통신"}
    )
    for number, (name, text) in enumerate(agency_copy().items(), 1):
        if not Delivery.objects.filter(source=source, name=name).exists():
            sent = timezone.localtime(now - number * timedelta(minutes=25))
            raw = text.replace("{stamp}", f"{sent:%Y-%m-%d %H:%M:%S}")
            receive(source, raw=raw.encode(), by=None, name=name)


def tell(people: dict[str, User], photos: dict[str, Photo], texts: list[Story]) -> None:
    """Every story to the place where it stands, then what readers made of them."""
    sections, authors = furnished(people["chief"])
    room = Newsroom(people, photos, sections, authors, timezone.now())
    for story in texts:
        if story.hours_ago:
            bring_out(room, story)
    for story in texts:
        if not story.hours_ago:
            keep_on_the_desk(room, story)
    start_from_wire(WireStory.objects.order_by("news_at")[0], by=people["reporter"])
    read_and_answer(room.articles, people, texts)
    record(Masthead.current(), verb=LOADED, by=people["chief"], stories=len(texts))


def bring_out(room: Newsroom, story: Story) -> None:
    """A story that readers have had for some hours: corrected or withdrawn where it says so."""
    editor, out = room.people["editor"], room.now - timedelta(hours=story.hours_ago)
    draft = begun(room, story, words=first_words(story))
    release = publish_past(handed_in(room, draft), at=out, by=editor)
    room.articles[story.key] = release.article
    if story.correction:
        draft = edit(draft, by=room.people["reporter"], **right_words(story))
        note: Correction = {"kind": "correction", "note": story.correction}
        draft = handed_in(room, draft)
        publish_past(draft, at=out + CORRECTED_AFTER, by=editor, corrections=[note])
    if story.withdrawn:
        gone = out + WITHDRAWN_AFTER
        withdraw_past(release.article, at=gone, notice=story.withdrawn, by=editor)


def keep_on_the_desk(room: Newsroom, story: Story) -> None:
    """A story that readers do not have yet: planned, handed in, or still being written."""
    draft = begun(room, story, words=right_words(story))
    if story.stage == "submitted":
        submit(draft, by=room.people["reporter"])
    elif story.schedule:
        at = moment_of(story.schedule, timezone.now())
        plan(handed_in(room, draft), at=at, by=room.people["editor"])
        if story.changed_deck:
            edit(draft, by=room.people["reporter"], deck=story.changed_deck)


def moment_of(word: str, now: datetime) -> datetime:
    """`soon` is two minutes from now, `tomorrow` seven in the morning in the newsroom's time."""
    if word == "soon":
        return now + SOON
    morning = timezone.localtime(now + timedelta(days=1))
    return morning.replace(hour=7, minute=0, second=0, microsecond=0)


def begun(room: Newsroom, story: Story, *, words: dict[str, Any]) -> Draft:
    """The story as a draft of the reporter's."""
    return start(
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
        embargo_until=moment_of(story.embargo, room.now) if story.embargo else None,
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


def handed_in(room: Newsroom, draft: Draft) -> Draft:
    """The draft after review: the reporter hands it in, the editor approves."""
    return approve(submit(draft, by=room.people["reporter"]), by=room.people["editor"])


def waiting() -> list[Release]:
    """What goes out next, for whoever wants to watch."""
    return list(Release.objects.upcoming().select_related("edition"))
