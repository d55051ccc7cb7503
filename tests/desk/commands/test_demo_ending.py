"""Where the demo does not go in."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from desk.demo.loading import get_or_create_photo, receive_wire_copy
from desk.demo.people import DEMO_ACCOUNTS, get_or_create_people
from desk.demo.pictures import SCENES, draw_scene
from desk.demo.texts import load_reader_activity, load_stories
from tests.support import make
from wire.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_ones_own_machine(settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"


def test_demo_is_refused_in_a_database_with_articles() -> None:
    make.live()
    with pytest.raises(CommandError, match="체험용이 아닌"):
        call_command("demo")
    assert Article.objects.count() == 1
    assert not User.objects.filter(email="chief@example.com").exists()


def test_demo_is_refused_in_a_database_with_drafts() -> None:
    make.draft()
    with pytest.raises(CommandError):
        call_command("demo")


def test_existing_account_keeps_its_password_and_gets_no_role() -> None:
    before = make.person("editor")
    get_or_create_people()
    now = User.objects.get(pk=before.pk)
    assert now.password == before.password
    assert not now.groups.exists()
    assert not now.is_staff


def test_demo_is_refused_where_an_existing_account_lacks_its_role() -> None:
    make.person("editor")
    with pytest.raises(CommandError, match="역할"):
        call_command("demo")
    assert not Article.objects.exists()


def test_demo_leaves_existing_nicknames() -> None:
    make.person("first", nickname="느티나무")
    assert get_or_create_people()["reader"].nickname != "느티나무"


def test_demo_agency_copy_is_received_once() -> None:
    receive_wire_copy(timezone.now())
    receive_wire_copy(timezone.now())
    assert Delivery.objects.count() == 2


def test_demo_photo_of_an_interrupted_start_is_used_again(ada: User) -> None:
    story = next(story for story in load_stories() if story.scene)
    raw = draw_scene(story.scene)
    assert get_or_create_photo(story, raw, by=ada) == get_or_create_photo(story, raw, by=ada)


def test_demo_scene_is_deterministic() -> None:
    assert draw_scene("stars") == draw_scene("stars")


def test_demo_texts_are_consistent() -> None:
    texts = load_stories()
    assert {s.scene for s in texts if s.scene} == set(SCENES)
    known = {s.key for s in texts}
    people = {part.key for part in DEMO_ACCOUNTS}
    activity = load_reader_activity()
    assert {c["story"] for c in activity["comment"]} <= known
    assert {c["by"] for c in activity["comment"]} <= people
    assert {key for keys in activity["saves"].values() for key in keys} <= known
