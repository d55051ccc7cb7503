"""Content that the demo has not: a moved address, a bundle, previews, views, votes, a failed delivery."""

import io
import json
import os
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.core.management import call_command
from django.db.models import UUIDField

from bench.recorded_responses.demo_newsroom import DemoNewsroom, run_periodic_tasks
from bench.recorded_responses.environment import STARTED_AT

DRAFTS_PATH = "/api/v1/desk/drafts/"
Card = dict[str, Any]


@dataclass(frozen=True)
class ExtraContent:
    """Addresses of the extra content that no list names."""

    former_slug: str
    preview_url: str


def add_extra_content(newsroom: DemoNewsroom) -> ExtraContent:
    """Add the content through the API, some minutes apart, and fix what is random in the database."""
    run_periodic_tasks()
    newsroom.advance(minutes=2)
    cards = newsroom.read("anybody", "/api/v1/articles/?page_size=50")["results"]
    drafts = newsroom.read("chief", f"{DRAFTS_PATH}?page_size=100")["results"]
    former_slug = move_article(newsroom, cards)
    newsroom.advance(minutes=2)
    create_bundle(newsroom, cards[0]["slug"])
    newsroom.advance(minutes=2)
    add_reader_activity(newsroom, cards)
    newsroom.advance(minutes=2)
    draft = next(draft for draft in drafts if draft["state"] == "writing")
    preview_url = create_previews(newsroom, draft["id"])
    receive_undecodable_delivery(newsroom)
    run_periodic_tasks()
    fix_article_identifiers()
    fix_file_times(Path(os.environ["NEWSROOM_DATA"]))
    newsroom.advance(minutes=7)
    call_command("publish_due", stdout=io.StringIO())  # a fresh heartbeat for /health/ready
    return ExtraContent(former_slug, preview_url)


def move_article(newsroom: DemoNewsroom, cards: list[Card]) -> str:
    """Publish the fourth article at another address, also in `cards`; its former slug."""
    former = str(cards[3]["slug"])
    found = newsroom.read("chief", f"{DRAFTS_PATH}?page_size=100")["results"]
    draft = next(d["id"] for d in found if former in json.dumps(d["article"], ensure_ascii=False))
    newsroom.change("chief", "PATCH", draft, data={"slug": "moved-here"})
    newsroom.act("chief", draft, "publish")
    cards[3] = cards[3] | {"slug": "moved-here"}
    return former


def create_bundle(newsroom: DemoNewsroom, slug: str) -> None:
    """Two drafts in a bundle, one whose schedule was cancelled, one in the trash."""
    page = newsroom.read("anybody", f"/api/v1/articles/{quote(slug)}/")
    drafts = [submit_draft(newsroom, page, number) for number in range(3)]
    bundled = [{"id": draft, "version": version_of(newsroom, draft)} for draft in drafts[:2]]
    at = (STARTED_AT + timedelta(days=2)).isoformat()
    bundle = {"title": "묶음", "drafts": bundled, "at": at}
    newsroom.call("editor", "POST", "/api/v1/desk/bundles/", bundle)
    newsroom.act("editor", drafts[2], "schedule", {"at": at})
    newsroom.act("editor", drafts[2], "unschedule")
    newsroom.act("editor", drafts[2], "send-back", {"note": "다시 써 주세요."})
    trashed = newsroom.call("reporter", "POST", DRAFTS_PATH, {"headline": "버릴 글"}).json()["id"]
    etag = newsroom.call("reporter", "GET", f"{DRAFTS_PATH}{trashed}/")["ETag"]
    newsroom.call("editor", "DELETE", f"{DRAFTS_PATH}{trashed}/", headers={"if-match": etag})


def submit_draft(newsroom: DemoNewsroom, page: Card, number: int) -> int:
    """A submitted draft with the section, authors, deck and summary of an article."""
    fields = {
        "headline": f"{number}번째 시험 기사",
        "deck": page["deck"],
        "summary": page["summary"],
        "body_html": "<h2>왜?</h2><p>까닭이 있습니다.</p>",
        "section": page["section"]["slug"],
        "authors": [author["slug"] for author in page["authors"]],
        "tags": ["시험", "로봇"],
    }
    draft = int(newsroom.call("reporter", "POST", DRAFTS_PATH, fields).json()["id"])
    newsroom.act("reporter", draft, "submit")
    return draft


def version_of(newsroom: DemoNewsroom, draft: int) -> int:
    return int(newsroom.read("editor", f"{DRAFTS_PATH}{draft}/")["version"])


def add_reader_activity(newsroom: DemoNewsroom, cards: list[Card]) -> None:
    """Page views, fewer for each next article; a saved article, a thread, a reaction, votes."""
    for place, card in enumerate(cards):
        for number in range(1 + 3 * (len(cards) - place)):
            path = f"/api/v1/articles/{quote(card['slug'])}/views/"
            newsroom.clients["anybody"].post(path, REMOTE_ADDR=f"192.0.2.{number + 1}")
    article = f"/api/v1/articles/{quote(cards[0]['slug'])}/"
    newsroom.call("reader by session", "PUT", f"{article}save/")
    comment = newsroom.call(
        "reader by session", "POST", f"{article}comments/", {"text": "잘 읽었습니다."}
    ).json()
    reply = {"text": "저도요.", "parent": comment["id"]}
    newsroom.call("moderator by session", "POST", f"{article}comments/", reply)
    reaction_path = f"/api/v1/comments/{comment['id']}/reaction/"
    newsroom.call("chief by session", "PUT", reaction_path, {"value": "like"})
    for card in cards:
        page = newsroom.read("anybody", f"/api/v1/articles/{quote(card['slug'])}/")
        if poll := page.get("poll"):
            path = f"/api/v1/polls/{poll['id']}/vote/"
            statuses = (200, 201, 204, 409)  # a closed poll
            newsroom.call("chief by session", "PUT", path, {"side": "con"}, expected=statuses)


def create_previews(newsroom: DemoNewsroom, draft: int) -> str:
    """A preview link of the editor and one of the reporter; the URL of the latter."""
    path = f"{DRAFTS_PATH}{draft}/previews/"
    newsroom.call("editor", "POST", path, {"days": 3})
    return str(newsroom.call("reporter", "POST", path, {"days": 1}).json()["url"])


def receive_undecodable_delivery(newsroom: DemoNewsroom) -> None:
    newsroom.call(
        "chief",
        "POST",
        "/api/v1/wire/nuri/",
        b"\xff\xfe\x00nothing",
        content_type="text/plain",
        expected=(200, 201, 202, 400, 422),
    )


def fix_article_identifiers() -> None:
    """Derive each article's UUID from its slug: the order in which they are drawn may change."""
    articles = apps.get_model("articles", "Article")._base_manager
    (field,) = [f.name for f in articles.model._meta.fields if isinstance(f, UUIDField)]
    for pk, slug in articles.values_list("pk", "slug"):
        identifier = uuid.uuid5(uuid.NAMESPACE_URL, slug or f"no address {pk}")
        articles.filter(pk=pk).update(**{field: identifier})


def fix_file_times(folder: Path) -> None:
    """Set the modification time of every file but the database: photos are served with it."""
    moment = STARTED_AT.timestamp()
    for path in folder.rglob("*"):
        if path.is_file() and "sqlite" not in path.name:
            os.utime(path, (moment, moment))
