"""Where the demo does not go in."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from desk.demo.loading import photo_for, take_the_wire
from desk.demo.people import CAST, gathered
from desk.demo.pictures import SCENES, drawn
from desk.demo.texts import stories, what_readers_did
from tests.support import make
from wire.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_ones_own_machine(settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"


def test_a_database_with_other_peoples_articles_is_left_alone() -> None:
    make.live()
    with pytest.raises(CommandError, match="체험용이 아닌"):
        call_command("demo")
    assert Article.objects.count() == 1
    assert not User.objects.filter(email="chief@example.com").exists()


def test_a_story_that_is_only_being_written_counts_as_well() -> None:
    make.draft()
    with pytest.raises(CommandError):
        call_command("demo")


def test_an_account_that_was_there_keeps_its_password_and_gets_no_role() -> None:
    before = make.person("editor")
    gathered()
    now = User.objects.get(pk=before.pk)
    assert now.password == before.password
    assert not now.groups.exists()
    assert not now.is_staff


def test_the_demo_gives_nobody_a_role_who_had_an_account() -> None:
    make.person("editor")
    with pytest.raises(CommandError, match="역할"):
        call_command("demo")
    assert not Article.objects.exists()


def test_a_nickname_that_somebody_has_is_not_taken_away() -> None:
    make.person("first", nickname="느티나무")
    assert gathered()["reader"].nickname != "느티나무"


def test_agency_copy_comes_once() -> None:
    take_the_wire(timezone.now())
    take_the_wire(timezone.now())
    assert Delivery.objects.count() == 2


def test_a_picture_of_a_start_that_was_killed_is_found_again(ada: User) -> None:
    story = next(story for story in stories() if story.scene)
    assert photo_for(story, by=ada) == photo_for(story, by=ada)


def test_a_scene_looks_the_same_each_time() -> None:
    assert drawn("stars") == drawn("stars")


def test_the_texts_fit_together() -> None:
    texts = stories()
    assert {s.scene for s in texts if s.scene} == set(SCENES)
    known = {s.key for s in texts}
    people = {part.key for part in CAST}
    did = what_readers_did()
    assert {c["story"] for c in did["comment"]} <= known
    assert {c["by"] for c in did["comment"]} <= people
    assert {key for keys in did["saves"].values() for key in keys} <= known
