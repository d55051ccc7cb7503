"""What happens to the furniture of the site (the masthead, sections, authors, tags), and which polls
under stories have come to their end."""

from typing import TypeVar

from django.db import models, transaction
from django.db.models import ProtectedError

from accounts.models import User
from articles.errors import StillUsed
from articles.models import Article, Author, Masthead, Section, Tag
from articles.permissions import may_edit_site_object, may_publish
from articles.syndication.feed_updates import append_change_of_all_feeds
from audit.actions import record_audit
from newsroom.db.expressions import database_now
from newsroom.errors import require
from outbox.actions import publish_event
from polls.actions import publish_poll_closed
from polls.models import Poll

MAX_POLLS_PER_RUN = 200

# What the feeds say of the furniture.
SHOWN_IN_FEEDS = ("name", "slug", "description", "copyright")

SiteObject = TypeVar("SiteObject", Masthead, Section, Author, Tag)


@transaction.atomic
def save_site_object(thing: SiteObject, *, by: User) -> SiteObject:
    """Keep a piece of furniture as it was filled in, new or changed; readers see it at once.

    Raises NotAllowed.
    """
    is_here = type(thing).objects.filter(pk=thing.pk).exists()
    require(may_edit_site_object(by, type(thing), "change" if is_here else "add"))
    return write_site_object(thing, by=by)


@transaction.atomic
def import_site_object(thing: SiteObject, *, by: User) -> SiteObject:
    """Keep a new section or author that a line of the archive brings along; whoever runs the import has
    decided on it. Raises NotAllowed for somebody who may not publish."""
    require(may_publish(by))
    return write_site_object(thing, by=by)


def write_site_object(thing: SiteObject, *, by: User) -> SiteObject:
    """Write the row, its line in the audit log and its event."""
    before = type(thing).objects.filter(pk=thing.pk).first()
    verb = "changed" if before else "added"
    thing.save()
    if changes_feeds(before, thing):
        append_change_of_all_feeds()
    record_audit(thing, verb=verb, by=by, fields=changed_fields(before, thing))
    key = event_key(thing)
    moved = {"former_slugs": [event_key(before)]} if before and event_key(before) != key else {}
    publish_event(f"{thing._meta.model_name}.{verb}", key=key, **moved)
    return thing


def changes_feeds(before: SiteObject | None, thing: SiteObject) -> bool:
    """Whether the feeds say another thing of it now. What is new is named by no story yet."""
    if before is None:
        return isinstance(thing, Masthead)
    return any(getattr(before, n, None) != getattr(thing, n, None) for n in SHOWN_IN_FEEDS)


@transaction.atomic
def delete_site_object(thing: Section | Author | Tag, *, by: User) -> None:
    """Take a piece of furniture away. Raises NotAllowed, StillUsed where an article or edition holds
    on to it."""
    require(may_edit_site_object(by, type(thing), "delete"))
    record_audit(thing, verb="removed", by=by)
    publish_event(f"{thing._meta.model_name}.removed", key=thing.slug)
    try:
        with transaction.atomic():
            thing.delete()
    except ProtectedError:
        raise StillUsed from None


def changed_fields(before: models.Model | None, thing: models.Model) -> list[str]:
    """The names of the fields that differ from before; none of something new."""
    names = [field.attname for field in thing._meta.concrete_fields] if before else []
    return sorted(name for name in names if getattr(before, name) != getattr(thing, name))


def event_key(thing: Masthead | Section | Author | Tag) -> str:
    return "masthead" if isinstance(thing, Masthead) else thing.slug


def publish_poll_closed_events() -> int:
    """Let the world hear of the polls that have closed under stories readers see; how many.

    Polls know no article, so the addresses are found here. Safe to call twice, anywhere, at once.
    """
    ended = list(Poll.objects.closed_unpublished(database_now())[:MAX_POLLS_PER_RUN])
    at: dict[int, list[str]] = {poll.pk: [] for poll in ended}
    showing = Article.objects.live().filter(poll__in=at, poll__public=True).order_by("pk")
    for poll, slug in showing.values_list("poll", "slug"):
        at[poll].append(slug)
    return sum(publish_poll_closed(poll, articles=at[poll.pk]) for poll in ended)
