"""Nu Html Checker (W3C) on every kind of page: no error and no warning."""

import json
import re
import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from articles.models import Article, Masthead
from articles.tasks import count_views
from comments.actions import post_comment
from desk.actions import publish_now, withdraw
from desk.actions.freezing import Correction
from newsroom.api.problem_details import csrf_failure
from newsroom.text.dates import rfc3339_seconds
from tests.support import make
from tests.support.clients.search_client import index_pending_articles
from tests.support.clients.view_beacons import post_views_of_readers
from tests.support.contract.javascript import NU_HTML_CHECKER, installed_packages

pytestmark = pytest.mark.django_db
# One short run: compiling for speed and collecting garbage in threads would cost more than it saves.
JAVA_OPTIONS = ("-Xmx512m", "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
BODY = """<p>로봇은 <strong>잠시</strong> 멈춰 <em>섰</em>습니다. <a href="https://example.com/a?b=1&amp;c=2">자료</a></p>
<h2>문은 왜 무거웠을까?</h2><h3>경첩</h3><ul><li>하나</li><li>둘<ol start="3"><li>셋</li></ol></li></ul>
<figure><img src="/media/photos/KEY/640.jpg" alt="문"><figcaption>시험실</figcaption></figure>
<blockquote cite="https://example.com/q"><p>“무거웠다.”</p></blockquote>
<table><thead><tr><th scope="col">날</th><th scope="col">문</th></tr></thead>
<tbody><tr><td>하루</td><td>열림</td></tr></tbody></table>
<blockquote class="pull-quote"><p>문은 무거웠다</p></blockquote>
<aside class="fact-box"><h3>로봇 규격</h3><ul><li>키 2미터</li></ul></aside>
<figure data-embed="https://youtu.be/dQw4w9WgXcQ"><figcaption>주행 <small>통신</small></figcaption></figure>
<aside data-related="UID"></aside>
<hr><p>H<sub>2</sub>O, x<sup>2</sup>, <code>a &lt; b</code></p><pre>줄</pre>"""


def story() -> Article:
    """An article with everything that a page can show."""
    photo = make.photo()
    full = {
        "headline": 'A <b>"문"</b> & 로봇의 하루',
        "body": BODY.replace("KEY", photo.key).replace("UID", str(make.live().uid)),
        "lead_photo": photo,
        "poll": make.poll_data(),
        "source_name": "시험통신",
        "source_url": "https://example.com/robot",
        "ai_kind": "assisted",
        "ai_note": "초안을 다듬는 데 썼습니다.",
        "related": [make.live()],
    }
    article = make.live(**full)
    note: Correction = {"kind": "correction", "note": "하나를 고쳤습니다."}
    publish_now(
        make.changed(make.draft_of(article), deck="고친 부제"), by=make.ben(), correction=note
    )
    post_comment(article, by=make.reader("ann"), text="잘 읽었습니다.")
    return article


@pytest.fixture
def pages(client: Client) -> dict[str, str]:
    """The HTML of every kind of page, by name."""
    addresses = {"front-empty": "/", "list-empty": "/articles/", "search-form": "/search/"}
    pages_html = dict(read(client, addresses))
    Masthead.objects.create(
        pk=1, name="시험 신문", greeting="안녕하세요", publisher="한빛", youth_officer="나래",
        registered_on="2020-01-02", founded_on="2020-02-03", copyright="© 시험 신문",
    )  # fmt: skip
    article, gone = story(), make.live(slug="gone")
    withdraw(gone, notice="사실과 달라\n내립니다.", by=make.ben())
    for _ in range(22):
        make.live()
    post_views_of_readers(article.slug, 3)
    count_views()
    index_pending_articles()
    article.refresh_from_db()
    addresses = {
        "front": "/",
        "list": "/articles/",
        "section": f"/sections/{quote('산업')}/",
        "tag": f"/tags/{quote('로봇')}/",
        "author": f"/authors/{quote('한빛')}/",
        "article": article.get_absolute_url(),
        "withdrawn": "/articles/gone/",
        "missing": "/articles/nowhere/",
        "search-hits": f"/search/?q={quote('로봇')}",
        "search-none": f"/search/?q={quote('찾을수없는말')}",
        "search-refused": f"/search/?q={quote('가')}",
        "account": "/account/?next=/me/",
        "verify": "/account/verify/key/",
        "forgotten": "/account/password/",
        "new-password": "/account/password/key/",
        "me": "/me/",
        "embed": f"/polls/{article.poll_id}/embed/",
    }
    pages_html |= dict(read(client, addresses))
    assert 'rel="next"' in pages_html["list"] or "cursor=" in pages_html["list"]
    refused = csrf_failure(RequestFactory().post("/account/"))
    return pages_html | {
        "broken": render_to_string("pages/broken.html"),
        "csrf": refused.content.decode(),
        "proof": preview_of(article),
    }


def preview_of(article: Article) -> str:
    """The HTML of a preview page."""
    draft = make.changed(make.draft_of(article), headline="아직 나가지 않은 제목")
    desk = make.DeskClient(make.ben())
    address = desk.call("POST", f"drafts/{draft.pk}/previews/", {"days": 1}).json()["url"]
    return Client().get(urlsplit(address).path).content.decode()


def read(client: Client, addresses: dict[str, str]) -> Iterator[tuple[str, str]]:
    statuses = {"withdrawn": 410, "missing": 404}
    for name, address in addresses.items():
        response = client.get(address)
        assert response.status_code == statuses.get(name, 200), name
        yield name, response.content.decode()


def checker_messages(pages: dict[str, str], folder: Path) -> dict[str, list[str]]:
    """The messages of one run of the checker on all these pages, by page."""
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page)
    jar = installed_packages() / NU_HTML_CHECKER
    options = ["--stdout", "--exit-zero-always", "--format", "json"]
    done = subprocess.run(
        ["java", *JAVA_OPTIONS, "-jar", str(jar), *options, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found = dict[str, list[str]]()
    messages: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    for m in messages:
        page, place = Path(m.get("url", "")).stem, m.get("lastLine")
        found.setdefault(page, []).append(
            f"{page}:{place}: {m['message']} … {m.get('extract', '')}"
        )
    return found


@pytest.mark.java
def test_pages_pass_the_nu_html_checker(pages: dict[str, str], tmp_path: Path) -> None:
    harmed = re.sub(r'(<time datetime="[^"+]+)', r"\1.123456", pages["article"], count=1)
    messages = checker_messages(pages | {"harmed": harmed}, tmp_path)
    assert any("datetime" in fault for fault in messages.pop("harmed", []))
    assert not messages, "\n".join(chain.from_iterable(messages.values()))


def test_datetime_attributes_have_whole_seconds_and_offset(pages: dict[str, str]) -> None:
    exact = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+]09:00")
    for name, page in pages.items():
        assert not re.search(r"T\d\d:\d\d:\d\d\.\d", page), name
        assert "<time>" not in page, name
        for value in re.findall(r'<time[^>]* datetime="([^"]*)"', page):
            assert exact.fullmatch(value) or re.fullmatch(r"\d{4}-\d\d-\d\d", value), (name, value)


def test_rfc3339_filter_has_whole_seconds() -> None:
    assert rfc3339_seconds("2026-11-28T05:23:59.909486+09:00") == "2026-11-28T05:23:59+09:00"
    assert rfc3339_seconds("2026-11-27T20:23:59Z") == "2026-11-28T05:23:59+09:00"
    assert rfc3339_seconds(None) == ""
