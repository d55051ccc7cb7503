"""Load the demo newsroom, with the same actions that staff and readers use."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
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
    """What the stories are created with, and the articles so far, by key of their story."""

    people: dict[str, User]
    photos: dict[str, Photo]
    sections: dict[str, Section]
    authors: dict[str, Author]
    now: datetime
    articles: dict[str, Article] = field(default_factory=dict)


def is_loaded() -> bool:
    return Entry.objects.filter(verb=LOADED_VERB).exists()


def load_demo() -> None:
    """Load the demo newsroom into an empty database.

    Accounts, photos and agency copy are created first, each in its own transaction, and found again after
    a start that was interrupted; everything else is created in one transaction.

    Raises OthersArticles where there are stories that are not the demo's, PartTaken, ReachableFromOutside.
    """
    if is_reachable_from_outside():
        raise ReachableFromOutside
    require_empty_database()
    people = get_or_create_people()
    require_demo_roles(people)
    stories = load_stories()
    photos = get_or_create_photos(stories, by=people["reporter"])
    receive_wire_copy(timezone.now())
    with transaction.atomic():
        require_empty_database()
        create_stories(people, photos, stories)


def require_empty_database() -> None:
    if Draft.objects.exists() or Article.objects.exists():
        raise OthersArticles


def require_demo_roles(people: dict[str, User]) -> None:
    has_roles = (
        may_write(people["reporter"]),
        may_publish(people["editor"]),
        may_restore(people["chief"]),
        people["moderator"].has_perm("comments.moderate_comment"),
    )
    if not all(has_roles):
        raise PartTaken


def get_or_create_photos(stories: list[Story], *, by: User) -> dict[str, Photo]:
    """{scene: its photo}. Scenes are drawn in a thread while those before are imported.

    Pillow releases the interpreter's lock for most of the work.
    """
    illustrated = [story for story in stories if story.scene]
    with ThreadPoolExecutor(max_workers=1) as pool:
        pictures = pool.map(draw_scene, [story.scene for story in illustrated])
        return {
            story.scene: get_or_create_photo(story, raw, by=by)
            for story, raw in zip(illustrated, pictures, strict=True)
        }


def get_or_create_photo(story: Story, raw: bytes, *, by: User) -> Photo:
    """The photo of a story; an existing one of the same drawing is used again."""
    existing = Photo.objects.filter(digest=hashlib.sha256(raw).hexdigest()).first()
    return existing or import_photo(
        raw,
        by=by,
        name=f"{story.scene}.jpg",
        alt=story.alt,
        caption=story.caption,
        credit=story.credit,
    )


def receive_wire_copy(now: datetime) -> None:
    """Receive two stories of an invented agency, as deliveries of a wire source."""
    source, _created = Source.objects.get_or_create(
        slug="nuri", defaults={"name": "누리통신(체험)", "agency": "누리통신"}
    )
    for number, (name, text) in enumerate(load_wire_copy().items(), 1):
        if not Delivery.objects.filter(source=source, name=name).exists():
            sent = timezone.localtime(now - number * timedelta(minutes=25))
            raw = text.replace("{stamp}", f"{sent:%Y-%m-%d %H:%M:%S}")
            receive_delivery(source, raw=raw.encode(), by=None, name=name)


def create_stories(people: dict[str, User], photos: dict[str, Photo], stories: list[Story]) -> None:
    """Create every story in its state, then the activity of readers."""
    sections, authors = get_or_create_taxonomy(people["chief"])
    context = DemoContext(people, photos, sections, authors, timezone.now())
    for story in stories:
        if story.hours_ago:
            publish_story(context, story)
    for story in stories:
        if not story.hours_ago:
            create_unpublished_story(context, story)
    start_from_wire(WireStory.objects.order_by("news_at")[0], by=people["reporter"])
    add_reader_activity(context.articles, people, stories)
    record_audit(Masthead.current(), verb=LOADED_VERB, by=people["chief"], stories=len(stories))


def publish_story(context: DemoContext, story: Story) -> None:
    """A story that was published some hours ago; corrected or withdrawn where it says so."""
    editor, published_at = context.people["editor"], context.now - timedelta(hours=story.hours_ago)
    draft = create_draft(context, story, text=first_text(story))
    release = publish_backdated(submit_and_approve(context, draft), at=published_at, by=editor)
    context.articles[story.key] = release.article
    if story.correction:
        draft = edit(draft, by=context.people["reporter"], **corrected_text(story))
        note: Correction = {"kind": "correction", "note": story.correction}
        draft = submit_and_approve(context, draft)
        publish_backdated(draft, at=published_at + CORRECTED_AFTER, by=editor, corrections=[note])
    if story.withdrawn:
        withdrawn_at = published_at + WITHDRAWN_AFTER
        withdraw_backdated(release.article, at=withdrawn_at, notice=story.withdrawn, by=editor)


def create_unpublished_story(context: DemoContext, story: Story) -> None:
    """A story that is scheduled, submitted or still being written."""
    draft = create_draft(context, story, text=corrected_text(story))
    if story.stage == "submitted":
        submit(draft, by=context.people["reporter"])
    elif story.schedule:
        at = resolve_time(story.schedule, timezone.now())
        schedule_draft(submit_and_approve(context, draft), at=at, by=context.people["editor"])
        if story.changed_deck:
            edit(draft, by=context.people["reporter"], deck=story.changed_deck)


def resolve_time(word: str, now: datetime) -> datetime:
    """`soon` is two minutes from now, `tomorrow` seven in the morning in the newsroom's time."""
    if word == "soon":
        return now + SOON
    morning = timezone.localtime(now + timedelta(days=1))
    return morning.replace(hour=7, minute=0, second=0, microsecond=0)


def create_draft(context: DemoContext, story: Story, *, text: dict[str, Any]) -> Draft:
    """The story as a draft by the reporter; `text`: summary lines and body."""
    return start_draft(
        context.people["reporter"],
        headline=story.headline,
        deck=story.deck,
        section=context.sections[story.section],
        authors=[context.authors[name] for name in story.authors],
        tags=story.tags,
        lead_photo=context.photos.get(story.scene),
        related=[context.articles[key] for key in story.related],
        poll=poll_data(story, context.now),
        comments_mode=story.comments,
        notes=story.notes,
        ai_kind=story.ai_kind,
        ai_note=story.ai_note,
        source_name=story.source_name,
        source_url=story.source_url,
        source_credit=story.source_credit,
        embargo_until=resolve_time(story.embargo, context.now) if story.embargo else None,
        expires_at=context.now + timedelta(days=story.days_shown) if story.days_shown else None,
        **text,
    )


def first_text(story: Story) -> dict[str, Any]:
    """The text of the first edition; with its error, where it is corrected later."""
    fields = corrected_text(story)
    if not story.wrong:
        return fields
    right, wrong = story.wrong
    return {name: text.replace(right, wrong) for name, text in fields.items()}


def corrected_text(story: Story) -> dict[str, Any]:
    one, two, three = story.summary
    body = as_html(story.body)
    return {"summary_1": one, "summary_2": two, "summary_3": three, "body": body}


def poll_data(story: Story, now: datetime) -> dict[str, Any] | None:
    """Data for `polls.actions.create_poll`; without an end, where the poll is closed by hand."""
    if not story.poll:
        return None
    poll = story.poll
    closes = None if poll.get("closed") else now + timedelta(days=7)
    return {
        "title": poll["title"],
        "question": poll["question"],
        "opens_at": now - timedelta(hours=story.hours_ago),
        "closes_at": closes,
        "sides": [{"key": key, "argument": poll[key]} for key in ("pro", "con")],
    }


def submit_and_approve(context: DemoContext, draft: Draft) -> Draft:
    """Submit the draft as the reporter and approve it as the editor."""
    return approve(submit(draft, by=context.people["reporter"]), by=context.people["editor"])


def upcoming_releases() -> list[Release]:
    """Scheduled releases in the order of their publication."""
    return list(Release.objects.upcoming().select_related("edition"))
