"""Requests of the desk API, of previews and of the wire API, as staff and as those who may not."""

import re
from typing import Any
from urllib.parse import quote

from bench.recorded_responses.public_api_requests import UNKNOWN_ID
from bench.recorded_responses.requester import Requester, relative_url

DESK = "/api/v1/desk/"
STAFF = ("chief", "editor", "reporter")
NOT_STAFF = ("anybody", "reader by session", "moderator by session")
LISTS = ("drafts", "bundles", "releases", "notices", "photos", "wire")
KINDS_WITH_DETAIL = ("drafts", "bundles", "releases", "photos", "wire")
DRAFT_STATES = (
    *("writing", "submitted", "approved", "scheduled", "live", "expired", "withdrawn", "trashed"),
    "x",
)
DRAFT_QUERIES = (
    *("mine=true", "trashed=true", f"q={quote('로봇')}", "section=industry", "section=nothing"),
)
RELEASE_STATES = ("pending", "done", "cancelled", "overtaken", "failed", "waiting", "x")
WIRE_QUERIES = (
    *("status=usable", "status=withheld", "source=nuri", f"q={quote('해솔')}"),
    *("sent_after=2026-06-15", "sent_before=2026-06-01T00:00:00Z"),
)
MAX_PHOTO_FILES = 6


def request_desk(requester: Requester, preview_path: str) -> None:
    for kind in LISTS:
        request_list(requester, f"{DESK}{kind}/")
    request_filters(requester)
    for kind in KINDS_WITH_DETAIL:
        request_details(requester, kind)
    request_photo_files(requester)
    request_preview(requester, preview_path)


def request_list(requester: Requester, path: str) -> None:
    requester.get(path, *STAFF, *NOT_STAFF, "chief by session")
    requester.follow_pages(f"{path}?page_size=3", client="editor")
    for query in ("page_size=0", "cursor=bad", "nothing=1"):
        requester.get(f"{path}?{query}", "editor")


def request_filters(requester: Requester) -> None:
    for state in DRAFT_STATES:
        requester.get(f"{DESK}drafts/?state={state}", *STAFF)
    for query in DRAFT_QUERIES:
        requester.get(f"{DESK}drafts/?{query}", *STAFF)
    for kind in ("bundles", "releases"):
        for state in RELEASE_STATES:
            requester.get(f"{DESK}{kind}/?state={state}", "editor")
    requester.get(f"{DESK}notices/?unseen=true", *STAFF)
    requester.get(f"{DESK}photos/?q={quote('그림')}", "reporter")
    for query in WIRE_QUERIES:
        requester.get(f"{DESK}wire/?{query}", *STAFF)


def request_details(requester: Requester, kind: str) -> None:
    path = f"{DESK}{kind}/"
    rows: list[dict[str, Any]] = requester.newsroom.read("chief", f"{path}?page_size=100")[
        "results"
    ]
    for pk in [*(row["id"] for row in rows), UNKNOWN_ID]:
        requester.get(f"{path}{pk}/", *STAFF)
    first = f"{path}{rows[0]['id']}/"
    etag = requester.get(first, "chief").get("ETag")
    if etag:
        requester.get(first, "chief", if_none_match=etag)
    requester.get(first, *NOT_STAFF)
    if kind == "drafts":
        for row in rows:
            requester.get(f"{path}{row['id']}/previews/", "editor")


def request_photo_files(requester: Requester) -> None:
    output = requester.newsroom.clients["chief"].get(f"{DESK}photos/").content.decode()
    files = sorted(set(re.findall(r"/desk/photos/[^\"\\ ]+", output)))
    for path in files[:MAX_PHOTO_FILES]:
        requester.get(relative_url(path), "chief by session", "anybody")


def request_preview(requester: Requester, path: str) -> None:
    html = requester.get(path).content.decode()
    for photo in sorted(set(re.findall(r"/desk/preview/[^\"\\ ]+/photos/[^\"\\, ]+", html))):
        requester.get(photo)
    requester.get("/desk/preview/nothing/")


def request_wire(requester: Requester) -> None:
    clients = (*STAFF, "anybody")
    for number in (1, 2, 3, 99):
        requester.get(f"/api/v1/wire/nuri/deliveries/{number}/", *clients)
    requester.get("/api/v1/wire/nothing/deliveries/1/", *clients)
