"""Permanent identifier (URN) of an article: the same everywhere, whatever its slug."""

import json
import re
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments.actions import post_comment
from desk.actions import edit, publish_now, restore, withdraw
from desk.actions.freezing import Correction
from desk.preview import preview_page_data
from outbox.models import Event
from tests.desk.commands.test_commands_archive import exported, imported, line
from tests.support import make
from tests.support.clients.change_feed_client import record_all_changes
from tests.support.database_reset import reset_database

pytestmark = pytest.mark.django_db
URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def identifiers_of(slug: str, section: str) -> dict[str, str]:
    """Identifiers of the only live article, by document."""
    record_all_changes()
    client = Client()
    feeds = {
        path: feedparser.parse(client.get(path).content).entries[0].id
        for feed_path in ("/feeds", f"/sections/{quote(section)}/feeds")
        for kind in ("rss", "atom")
        for path in (f"{feed_path}/{kind}.xml", f"{feed_path}/{kind}.xml?content=full")
    }
    detail = client.get(f"/api/v1/articles/{slug}/").json()
    page = client.get(f"/articles/{slug}/").content.decode()
    written = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert written
    return feeds | {
        "json": client.get("/feeds/feed.json").json()["items"][0]["id"],
        "ninjs": client.get(f"/api/v1/articles/{slug}/ninjs/").json()["uri"],
        "changes": client.get("/api/v1/articles/changes/").json()["results"][-1]["id"],
        "json_ld": detail["seo"]["json_ld"]["identifier"],
        "page": json.loads(written[1])["identifier"],
        "event": Event.objects.filter(name__startswith="article.").latest("pk").data["id"],
        "archive": exported()[0]["id"],
    }


def test_an_article_has_one_identifier_everywhere_through_its_life(
    ben: User, chief: User, settings: Any
) -> None:
    article = make.live(slug="first")
    identifiers = [identifiers_of("first", "산업")]
    draft = make.draft_of(article)
    note: Correction = {"kind": "correction", "note": "하나를 고쳤습니다."}
    moved: dict[str, Any] = {
        "slug": "second",
        "section": make.section("문화"),
        "headline": "고친 제목",
    }
    publish_now(edit(draft, by=ben, **moved), by=ben, correction=note)
    identifiers.append(identifiers_of("second", "문화"))
    settings.SITE_URL = "https://other.example.com"
    identifiers.append(identifiers_of("second", "문화"))
    withdraw(article, notice="사실과 달라 내립니다.", by=ben)
    assert Event.objects.latest("pk").data["id"] == article.urn()
    restore(article, by=chief)
    publish_now(edit(make.draft_of(article), by=ben, deck="되살린 부제"), by=ben)
    identifiers.append(identifiers_of("second", "문화"))
    assert {one for each in identifiers for one in each.values()} == {article.urn()}
    assert URN.fullmatch(article.urn())


def test_the_rss_guid_is_no_permalink_and_the_link_is_current(client: Client, ben: User) -> None:
    article = make.live(slug="first")
    publish_now(edit(make.draft_of(article), by=ben, slug="second"), by=ben)
    text = client.get("/feeds/rss.xml").content.decode()
    assert f'<guid isPermaLink="false">{article.urn()}</guid>' in text
    assert "<link>http://testserver/articles/second/</link>" in text


def test_comment_and_save_events_name_the_article_by_its_identifier() -> None:
    article = make.live()
    post_comment(article, by=make.reader("ann"), text="잘 읽었습니다.")
    event = Event.objects.get(name="comment.posted")
    assert event.data["article_id"] == article.urn()


def test_a_preview_has_the_identifier_of_its_article(ben: User) -> None:
    article = make.live()
    proof = preview_page_data(make.draft_of(article), photos_at="/")
    assert proof["seo"]["json_ld"]["identifier"] == article.urn()


def test_two_articles_cannot_have_one_identifier() -> None:
    article = make.live()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.create(slug="other", uid=article.uid)


# -- the archive -------------------------------------------------------------------------------


def test_the_archive_exports_and_imports_identifiers(ben: User, tmp_path: Path) -> None:
    urn = uuid.uuid4().urn
    others = [line(slug="옛-옆", related=["옛-로봇"]), line(id=urn)]
    assert "2 brought in" in imported(tmp_path, *others)  # one was reserved before it came
    assert Article.objects.get(slug="옛-로봇").urn() == urn
    assert {row["slug"]: row["id"] for row in exported()}["옛-로봇"] == urn


def test_an_archive_line_without_identifier_gets_a_new_one(ben: User, tmp_path: Path) -> None:
    imported(tmp_path, line())
    (row,) = exported()
    assert URN.fullmatch(row["id"])


def test_an_import_leaves_an_article_with_the_same_identifier_unchanged(
    ben: User, tmp_path: Path
) -> None:
    urn = uuid.uuid4().urn
    imported(tmp_path, line(id=urn))
    moved = line(id=urn.upper().replace("URN:UUID", "urn:uuid"), slug="새-로봇")
    output = imported(tmp_path, moved | {"former_slugs": ["옛-로봇"]})
    assert "0 brought in, 1 here already, 0 refused" in output
    assert Article.objects.get().slug == "옛-로봇"


def test_an_import_refuses_the_identifier_of_another_article(ben: User, tmp_path: Path) -> None:
    urn = uuid.uuid4().urn
    output = imported(tmp_path, line(id=urn), line(id=urn, slug="다른-로봇"))
    assert "1 brought in, 0 here already, 1 refused" in output
    assert "line 2: " in output
    assert "옛-로봇" in output


@pytest.mark.parametrize(
    "text",
    [
        "",
        "로봇",
        "urn:uuid:",
        "urn:uuid:" + "x" * 36,
        "6a2f41eadcc94342992565bd4701c9a1",
        "http://a/b",
        None,
        7,
    ],
)
def test_an_import_refuses_an_invalid_identifier(ben: User, tmp_path: Path, text: Any) -> None:
    output = imported(tmp_path, line(id=text))
    assert "0 brought in, 0 here already, 1 refused" in output
    assert "line 1: /id" in output


@pytest.mark.django_db(transaction=True)  # deletes all rows in the middle
def test_an_archive_is_imported_into_another_site_with_its_identifiers(
    ben: User, tmp_path: Path
) -> None:
    article = make.live(slug="moved-house")
    withdraw(article, notice="내립니다.", by=ben)
    (row,) = exported()
    reset_database()
    make.ben()
    assert "1 brought in" in imported(tmp_path, row)
    assert Article.objects.get().uid == article.uid
