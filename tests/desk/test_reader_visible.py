"""What readers see: who may change it, and its audit entry (docs/rights.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.actions import delete_site_object, save_site_object
from articles.models import Article, Author, Masthead, Section, Tag
from audit.models import Entry
from media.models import Photo
from newsroom.errors import NotAllowed
from polls.models import Poll
from tests.support import make

pytestmark = pytest.mark.django_db

ROLES = ("reporter", "editor", "chief", "moderator", "nobody")
NEW = "다르게"


@dataclass(frozen=True)
class Thing:
    """Something readers see: the admin page that changes it at once, what is typed there, who may, and
    the verb in the audit log."""

    page: Callable[[], str]
    typed: Callable[[], dict[str, Any]]
    may: frozenset[str]
    verb: str
    path: str  # where readers see it


def changing(model: type, row: Callable[[], Any]) -> Callable[[], str]:
    name = f"admin:articles_{model.__name__.lower()}_change"
    return lambda: reverse(name, args=[row().pk])


DESK, CHIEF = frozenset({"editor", "chief"}), frozenset({"chief"})
THINGS = {
    "section": Thing(
        changing(Section, lambda: Section.objects.get(slug="산업")),
        lambda: {"name": NEW, "slug": "산업", "position": 3},
        CHIEF,
        "changed",
        "/api/v1/sections/",
    ),
    "new section": Thing(
        lambda: reverse("admin:articles_section_add"),
        lambda: {"name": NEW, "slug": "새-면", "position": 9},
        CHIEF,
        "added",
        "/api/v1/sections/",
    ),
    "author": Thing(
        changing(Author, lambda: Author.objects.get(slug="한빛")),
        lambda: {"name": NEW, "slug": "한빛", "role": "기자", "title": NEW, "bio": ""},
        DESK,
        "changed",
        "/api/v1/articles/",
    ),
    "new author": Thing(
        lambda: reverse("admin:articles_author_add"),
        lambda: {"name": NEW, "slug": "새-사람", "role": "기자", "title": "", "bio": ""},
        DESK,
        "added",
        "/api/v1/authors/",
    ),
    "tag": Thing(
        changing(Tag, lambda: Tag.objects.get(slug="로봇")),
        lambda: {"name": NEW, "slug": "로봇"},
        DESK,
        "changed",
        "/api/v1/tags/",
    ),
    "masthead": Thing(
        lambda: reverse("admin:articles_masthead_change", args=[1]),
        lambda: {"name": NEW, "greeting": "", "copyright": ""},
        CHIEF,
        "changed",
        "/api/v1/masthead/",
    ),
    "poll": Thing(
        lambda: reverse("admin:polls_poll_press", args=[Poll.objects.get().pk, "close"]),
        dict,
        DESK,
        "closed",
        "/api/v1/articles/{slug}/",
    ),
    "withdrawal": Thing(
        lambda: reverse(
            "admin:articles_article_press", args=[Article.objects.get().pk, "withdraw"]
        ),
        lambda: {"notice": NEW},
        DESK,
        "withdrew",
        "/api/v1/articles/{slug}/",
    ),
}


@pytest.fixture
def article() -> Article:
    Masthead.objects.create(pk=1)
    return make.live(poll=make.poll_data(), lead_photo=make.photo())


@pytest.fixture
def people() -> dict[str, User]:
    found = {role: make.staff(f"the-{role}", role=role) for role in ROLES if role != "nobody"}
    return found | {"nobody": make.person("nobody", is_staff=True)}


@pytest.mark.parametrize("name", THINGS)
def test_immediately_public_fields_are_changed_as_the_table_says(
    client: Client, article: Article, people: dict[str, User], name: str
) -> None:
    thing = THINGS[name]
    place, page = thing.path.format(slug=article.slug), thing.page()
    before, lines = client.get(place).content, Entry.objects.count()
    for role in ROLES:
        if role not in thing.may:
            admin = Client()
            admin.force_login(people[role])
            assert admin.post(page, thing.typed()).status_code == 403, role
    assert (client.get(place).content, Entry.objects.count()) == (before, lines)
    admin = Client()
    admin.force_login(people[min(thing.may)])  # one is enough: both would not find it unchanged
    assert admin.post(page, thing.typed()).status_code == 302
    assert client.get(place).content != before
    line = Entry.objects.get(verb=thing.verb, pk__gt=0, by=people[min(thing.may)].pk)
    assert line.by_name == str(people[min(thing.may)])


@pytest.mark.parametrize("role", ROLES)
def test_edition_fields_are_not_public_before_publication(
    client: Client, article: Article, people: dict[str, User], role: str
) -> None:
    addresses = ("/", f"/articles/{article.slug}/", f"/api/v1/articles/{article.slug}/")
    before = [client.get(address).content for address in addresses]
    writes = role in {"reporter", "editor", "chief"}
    photo, draft = Photo.objects.get(), make.draft_of(article)
    words = {"alt": NEW, "caption": NEW, "credit": NEW}
    admin, desk = Client(), make.DeskClient(people[role])
    admin.force_login(people[role])
    page = reverse("admin:media_photo_change", args=[photo.pk])
    typed = words | {"focal_x": "0.5", "focal_y": "0.5"}
    assert admin.post(page, typed).status_code == (302 if writes else 403)
    statuses = [
        desk.call("PATCH", f"photos/{photo.pk}/", words | {"alt": "또"}, etag="*").status_code,
        desk.call("PATCH", f"drafts/{draft.pk}/", {"headline": NEW}, etag="*").status_code,
    ]
    assert statuses == ([200, 200] if writes else [403, 403])
    assert [client.get(address).content for address in addresses] == before
    verbs = Entry.objects.filter(by=people[role].pk).values_list("verb", flat=True)
    assert sorted(verbs) == (
        ["described", "described", "edited", "issued"] if writes else ["issued"]
    )


@pytest.mark.parametrize("kind", [Section, Author, Tag, Masthead])
def test_single_permissions_do_not_bypass_publishing(
    article: Article, people: dict[str, User], kind: Any
) -> None:
    """A chief may give a reporter any permission; without the right to publish it shows readers nothing."""
    name = kind.__name__.lower()
    group = people["reporter"].groups.get()
    wanted = Permission.objects.filter(content_type__app_label="articles", content_type__model=name)
    group.permissions.add(*wanted)
    reporter = User.objects.get(pk=people["reporter"].pk)
    assert reporter.has_perm(f"articles.change_{name}")
    row = kind.objects.order_by("pk")[0]
    row.name = NEW
    with pytest.raises(NotAllowed):
        save_site_object(row, by=reporter)
    if not isinstance(row, Masthead):
        with pytest.raises(NotAllowed):
            delete_site_object(row, by=reporter)
    admin = Client()
    admin.force_login(reporter)
    for page in (f"admin:articles_{name}_change", f"admin:articles_{name}_delete"):
        assert admin.post(reverse(page, args=[row.pk]), {"post": "yes"}).status_code == 403
    assert not kind.objects.filter(name=NEW).exists()


def test_audit_entry_of_an_edit_names_its_fields(article: Article, people: dict[str, User]) -> None:
    author = Author.objects.get(slug="한빛")
    author.name, author.title = NEW, "선임기자"
    save_site_object(author, by=people["editor"])
    line = Entry.objects.get(kind="articles.author", verb="changed")
    assert line.details["fields"] == ["name", "title"]
