"""Actions on site objects (masthead, sections, authors, tags), and events of polls that have closed."""

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

# Fields of site objects that feeds contain.
SHOWN_IN_FEEDS = ("name", "slug", "description", "copyright")

SiteObject = TypeVar("SiteObject", Masthead, Section, Author, Tag)


@transaction.atomic
def save_site_object(instance: SiteObject, *, by: User) -> SiteObject:
    """Save a new or changed site object, which is public at once. Raises NotAllowed."""
    exists = type(instance).objects.filter(pk=instance.pk).exists()
    require(may_edit_site_object(by, type(instance), "change" if exists else "add"))
    return write_site_object(instance, by=by)


@transaction.atomic
def import_site_object(instance: SiteObject, *, by: User) -> SiteObject:
    """Save a section or author that comes with an imported archive.

    Requires the permission to publish only: the operator of the import has decided on it.  Raises
    NotAllowed.
    """
    require(may_publish(by))
    return write_site_object(instance, by=by)


def write_site_object(instance: SiteObject, *, by: User) -> SiteObject:
    """Write the row, its audit entry and its event, and mark feeds that contain it as changed."""
    before = type(instance).objects.filter(pk=instance.pk).first()
    verb = "changed" if before else "added"
    instance.save()
    if changes_feeds(before, instance):
        append_change_of_all_feeds()
    record_audit(instance, verb=verb, by=by, fields=changed_fields(before, instance))
    key = event_key(instance)
    is_moved = before is not None and event_key(before) != key
    details = {"former_slugs": [event_key(before)]} if before and is_moved else {}
    publish_event(f"{instance._meta.model_name}.{verb}", key=key, **details)
    return instance


def changes_feeds(before: SiteObject | None, instance: SiteObject) -> bool:
    """Whether feeds contain a changed field. A new section, author or tag is in no article yet."""
    if before is None:
        return isinstance(instance, Masthead)
    return any(getattr(before, n, None) != getattr(instance, n, None) for n in SHOWN_IN_FEEDS)


@transaction.atomic
def delete_site_object(instance: Section | Author | Tag, *, by: User) -> None:
    """Delete a section, author or tag. Raises NotAllowed; StillUsed if an article refers to it."""
    require(may_edit_site_object(by, type(instance), "delete"))
    record_audit(instance, verb="removed", by=by)
    publish_event(f"{instance._meta.model_name}.removed", key=instance.slug)
    try:
        with transaction.atomic():
            instance.delete()
    except ProtectedError:
        raise StillUsed from None


def changed_fields(before: models.Model | None, instance: models.Model) -> list[str]:
    """Names of the fields that differ; none for a new instance."""
    names = [field.attname for field in instance._meta.concrete_fields] if before else []
    return sorted(name for name in names if getattr(before, name) != getattr(instance, name))


def event_key(instance: Masthead | Section | Author | Tag) -> str:
    return "masthead" if isinstance(instance, Masthead) else instance.slug


def publish_poll_closed_events() -> int:
    """Publish the events of polls that have closed, with the live articles that show them; how many.

    Here, since polls know no article.  Idempotent and safe to run concurrently.
    """
    closed = list(Poll.objects.closed_unpublished(database_now())[:MAX_POLLS_PER_RUN])
    slugs: dict[int, list[str]] = {poll.pk: [] for poll in closed}
    articles = Article.objects.live().filter(poll__in=slugs, poll__public=True).order_by("pk")
    for poll_id, slug in articles.values_list("poll", "slug"):
        slugs[poll_id].append(slug)
    return sum(publish_poll_closed(poll, articles=slugs[poll.pk]) for poll in closed)
