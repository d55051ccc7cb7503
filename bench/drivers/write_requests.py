"""Driver of `bench.writes`, a process over the database to measure.

`python -m bench.drivers.write_requests prepare FOLDER` makes readers with sessions, a story with a poll and
20 comments, and writes the requests of each kind into a file. `… check` compares every count with its rows.
"""

import json
import random
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

if __name__ == "__main__":
    import newsroom.wsgi  # noqa: F401

from django.conf import settings
from django.core.management import call_command
from django.core.signing import get_cookie_signer
from django.db import connection
from django.test import Client

from accounts.actions import fill_account_defaults
from accounts.models import User
from articles.models import Article
from articles.readership.view_counts import count_pending_views
from bench.load.comments import load_comments
from comments.models import Comment
from polls.api.voter_cookie import VOTER_COOKIE, VOTER_COOKIE_SALT, new_voter_id
from tests.support import make

READERS, REACTED_COMMENTS = 400, 20
NEW_VOTERS, CHANGING_VOTERS, COMMENTS, VIEWS = 60_000, 2_000, 20_000, 40_000
CSRF_TOKEN = "bench" * 6 + "ab"
SEPARATOR = "\0"
HANGUL_FIRST, HANGUL_LAST = 0xAC00, 0xD7A3
BARE_TABLE_SQL = {
    "postgresql": "CREATE TABLE bench_row (id bigserial PRIMARY KEY, body text NOT NULL)",
    "sqlite": "CREATE TABLE bench_row (id integer PRIMARY KEY AUTOINCREMENT, body text NOT NULL)",
}


def request_text(method: str, path: str, body: str = "", **headers: str) -> str:
    """A whole HTTP/1.1 request, as a page of the site sends it."""
    lines = {"Host": urlsplit(settings.SITE_URL).netloc, "Origin": settings.SITE_URL}
    if body:
        lines |= {"Content-Type": "application/json", "Content-Length": str(len(body.encode()))}
    lines |= headers
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}"


def readers(number: int) -> list[dict[str, str]]:
    """The headers of so many signed-in readers."""
    people = [
        fill_account_defaults(User(email=f"writer{n}@example.com", nickname=f"글쓴이{n}"))
        for n in range(number)
    ]
    for one in people:
        one.set_unusable_password()
    return [signed_in(one) for one in User.objects.bulk_create(people)]


def signed_in(reader: User) -> dict[str, str]:
    client = Client()
    client.force_login(reader)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: CSRF_TOKEN}
    return {"Cookie": cookie_header(cookies), "X_CSRFToken": CSRF_TOKEN}


def cookie_header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def voters(number: int) -> list[dict[str, str]]:
    """The headers of so many browsers that have asked `me/state/` before."""
    signer = get_cookie_signer(salt=VOTER_COOKIE + VOTER_COOKIE_SALT)
    return [{"Cookie": f"{VOTER_COOKIE}={signer.sign(new_voter_id())}"} for _ in range(number)]


def vote_requests(story: Article, people: list[dict[str, str]], side: str) -> Iterator[str]:
    for headers in people:
        body = json.dumps({"side": side})
        yield request_text("PUT", f"/api/v1/polls/{story.poll_id}/vote/", body, **headers)


def comment_requests(story: Article, people: list[dict[str, str]]) -> Iterator[str]:
    """Comments of readers in turn, long enough to be compared with others (comments/near_duplicates.py)."""
    chance = random.Random(3)
    syllable = partial(chance.randint, HANGUL_FIRST, HANGUL_LAST)
    path = f"/api/v1/articles/{quote(story.slug)}/comments/"
    for number in range(COMMENTS):
        text = " ".join(f"{syllable():c}{syllable():c}" for _ in range(16))
        body = json.dumps({"text": text}, ensure_ascii=False)
        yield request_text("POST", path, body, **people[number % len(people)])


def reaction_requests(comments: Iterable[int], people: list[dict[str, str]]) -> Iterator[str]:
    """Each reader likes each comment, then dislikes it: every request changes something."""
    for value in ("like", "dislike"):
        for comment in comments:
            path, body = f"/api/v1/comments/{comment}/reaction/", json.dumps({"value": value})
            yield from (request_text("PUT", path, body, **headers) for headers in people)


def save_requests(story: Article, people: list[dict[str, str]]) -> Iterator[str]:
    """All readers save one story, then remove it."""
    for method in ("PUT", "DELETE"):
        path = f"/api/v1/articles/{quote(story.slug)}/save/"
        yield from (request_text(method, path, **headers) for headers in people)


def view_requests(story: Article) -> Iterator[str]:
    path = f"/api/v1/articles/{quote(story.slug)}/views/"
    for number in range(VIEWS):
        agent = f"Mozilla/5.0 (X11; Linux x86_64) reader/{number}"
        yield request_text("POST", path, "https://search.example", User_Agent=agent)


def prepare(folder: Path) -> None:
    make.reference_rows()
    story = make.live(poll=make.poll_data())
    load_comments(story, REACTED_COMMENTS, author=make.reader("chi"))
    loaded = Comment.objects.filter(article=story)
    loaded.update(likes=0, dislikes=0)  # as there are no rows of reactions
    comments = list(loaded.values_list("pk", flat=True))
    people, changing = readers(READERS), voters(CHANGING_VOTERS)
    with connection.cursor() as cursor:
        cursor.execute(BARE_TABLE_SQL[connection.vendor])
    kinds = {
        "bare": [request_text("POST", "/bench/insert/", json.dumps({"side": "pro"}))],
        "vote": vote_requests(story, voters(NEW_VOTERS), "pro"),
        "first vote": vote_requests(story, changing, "con"),
        "changed vote": [
            *vote_requests(story, changing, "pro"),
            *vote_requests(story, changing, "con"),
        ],
        "comment": comment_requests(story, people),
        "save": save_requests(story, people),
        "reaction": reaction_requests(comments, people),
        "view": view_requests(story),
    }
    for kind, requests in kinds.items():
        (folder / f"{kind}.requests").write_text(SEPARATOR.join(requests))


def check() -> None:
    """Print what was written, and compare the counts with their rows (exit status 1 if one differs)."""
    count_pending_views()
    invisible = Comment.objects.exclude(state=Comment.State.VISIBLE).count()
    print(
        f"{Comment.objects.count():,} comments, of which {invisible} are not visible; ",
        end="",
        flush=True,
    )
    call_command("reconcile", "--check")


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]))
    else:
        check()
