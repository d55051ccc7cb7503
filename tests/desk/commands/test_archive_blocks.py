"""Blocks of a body in the archive: related boxes, photos that are gone, texts of the social photo."""

import uuid
from pathlib import Path

import pytest

from accounts.models import User
from articles.models import Article
from desk.actions import withdraw
from outbox.models import Event
from tests.desk.commands.test_commands_archive import imported, iso_days_ago, line

pytestmark = pytest.mark.django_db


def test_page_with_a_box_is_purged_with_a_story_that_was_imported_after_it(
    ben: User, tmp_path: Path
) -> None:
    uid = uuid.uuid4()
    box = f'<aside class="related-box" data-related="{uid}"></aside>'
    imported(
        tmp_path,
        line(slug="먼저", body_html=f"<p>글</p>{box}"),
        line(slug="나중", id=uid.urn, published_at=iso_days_ago(1)),
    )
    later = Article.objects.get(slug="나중")
    withdraw(later, by=ben, notice="내립니다.")
    event = Event.objects.filter(key=later.key(), name="article.withdrawn").get()
    assert event.data["beside"] == ["먼저"]
