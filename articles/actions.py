"""What happens to the furniture of the site: the masthead, sections, authors and tags."""

from typing import TypeVar

from django.db import models, transaction
from django.db.models import ProtectedError

from articles.errors import StillUsed
from articles.models import Author, Masthead, Section, Tag
from dispatch.actions import announce
from logbook.actions import record

Furniture = TypeVar("Furniture", Masthead, Section, Author, Tag)


@transaction.atomic
def furnish(thing: Furniture, *, by: models.Model) -> Furniture:
    """Keep a piece of furniture as it was filled in, new or changed; readers see it at once."""
    verb = "changed" if type(thing).objects.filter(pk=thing.pk).exists() else "added"
    thing.save()
    record(thing, verb=verb, by=by)
    announce(f"{thing._meta.model_name}.{verb}", key=name_of(thing))
    return thing


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
