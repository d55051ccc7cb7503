"""Blocks of a body in the archive: related boxes, photos that are gone, texts of the social photo."""

import uuid
from pathlib import Path

import pytest

from accounts.models import User
from articles.models import Article, PhotoUse
from desk.actions import withdraw
from media.actions import describe_photo
from outbox.models import Event
from tests.desk.commands.test_commands_archive import (
    exported,
    imported,
    iso_days_ago,
    line,
    renamed,
)
from tests.support import make

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


def test_photo_that_is_not_in_the_library_is_left_out_of_an_export(
    ben: User, tmp_path: Path
) -> None:
    photo, gone = make.photo(), make.photo()
    figures = "".join(
        f'<figure><img src="/media/photos/{key}/640.jpg" alt="문"></figure>'
        for key in (gone.key, photo.key)
    )
    make.live(slug="옛-기사", body=f"<p>글</p>{figures}")
    PhotoUse.objects.filter(photo=gone).delete()
    gone.delete()
    (row,) = exported()
    assert gone.key not in row["body_html"]
    assert row["body_html"].count("<figure>") == 1
    assert "1 brought in, 0 here already, 0 refused" in imported(tmp_path, renamed(row))


def test_text_of_the_social_photo_is_the_one_that_readers_had(ben: User, tmp_path: Path) -> None:
    photo = make.photo(alt="예전 설명")
    make.live(slug="옛-기사", social_photo=photo, lead_photo=photo)
    describe_photo(photo, by=ben, alt="새 설명")
    (row,) = exported()
    assert row["social_photo_text"]["alt"] == "예전 설명"
    assert "1 brought in" in imported(tmp_path, renamed(row))
    live = Article.objects.get(slug="새-기사").live
    assert live
    assert (live.social_photo_text or {})["alt"] == "예전 설명"
    assert (live.lead_photo_text or {})["alt"] == "예전 설명"
