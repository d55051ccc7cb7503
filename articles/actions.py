"""What happens to the furniture of the site (the masthead, sections, authors, tags), and which polls
under stories have come to their end."""

from typing import TypeVar

from django.db import models, transaction
from django.db.models import ProtectedError

from articles.errors import StillUsed
from articles.feed_changes import append_change_of_all_feeds
from articles.models import Article, Author, Masthead, Section, Tag
from dispatch.actions import announce
from logbook.actions import record
from polls.actions import database_now, tell_closing
from polls.models import Poll

AT_ONCE = 200

# What the feeds say of the furniture.
SHOWN_IN_FEEDS = ("name", "slug", "description", "copyright")

Furniture = TypeVar("Furniture", Masthead, Section, Author, Tag)


@transaction.atomic
def furnish(thing: Furniture, *, by: models.Model) -> Furniture:
    """Keep a piece of furniture as it was filled in, new or changed; readers see it at once."""
    before = type(thing).objects.filter(pk=thing.pk).first()
    verb = "changed" if before else "added"
    thing.save()
    if is_news_to_feeds(before, thing):
        append_change_of_all_feeds()
    record(thing, verb=verb, by=by)
    key = name_of(thing)
    moved = {"former_slugs": [name_of(before)]} if before and name_of(before) != key else {}
    announce(f"{thing._meta.model_name}.{verb}", key=key, **moved)
    return thing


def is_news_to_feeds(before: Furniture | None, thing: Furniture) -> bool:
    """Whether the feeds say another thing of it now. What is new is named by no story yet."""
    if before is None:
        return isinstance(thing, Masthead)
    return any(getattr(before, n, None) != getattr(thing, n, None) for n in SHOWN_IN_FEEDS)


@transaction.atomic
def clear_away(thing: Section | Author | Tag, *, by: models.Model) -> None:
    """Take a piece of furniture away. Raises StillUsed where an article or edition holds on to it."""
    record(thing, verb="removed", by=by)
    announce(f"{thing._meta.model_name}.removed", key=thing.slug)
    try:
        with transaction.atomic():
            thing.delete()
    except ProtectedError:
        raise StillUsed from None


def name_of(thing: Masthead | Section | Author | Tag) -> str:
    return "masthead" if isinstance(thing, Masthead) else thing.slug


def tell_closed_polls() -> int:
    """Let the world hear of the polls that have closed under stories readers see; how many.

    Polls know no article, so the addresses are found here. Safe to call twice, anywhere, at once.
    """
    ended = list(Poll.objects.closed_untold(database_now())[:AT_ONCE])
    at: dict[int, list[str]] = {poll.pk: [] for poll in ended}
    showing = Article.objects.live().filter(poll__in=at, poll__public=True).order_by("pk")
    for poll, slug in showing.values_list("poll", "slug"):
        at[poll].append(slug)
    return sum(tell_closing(poll, articles=at[poll.pk]) for poll in ended)
