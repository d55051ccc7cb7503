"""Poll embed in an iframe on another site, in a real browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support import make
from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@contextmanager
def elsewhere(html: str) -> Iterator[str]:
    """A server of another origin with this one page; yields its URL."""

    class Theirs(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            body = f'<!doctype html><html lang=ko><link rel=icon href="data:,"><body>{html}'
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), Theirs)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("width", [390, 800])
def test_poll_embed_fits_its_iframe_without_horizontal_scroll(
    width: int, page: Page, live_server: Any, client: Any, settings: Any
) -> None:
    settings.SITE_URL = live_server.url  # localhost; the other site is 127.0.0.1
    article = make.live(headline="문을 맡길까", poll=make.poll_data())
    page.set_viewport_size({"width": width, "height": 900})
    response = client.get("/oembed", {"url": f"{live_server.url}/articles/{article.slug}/"}).json()
    with elsewhere(response["html"]) as address:
        page.goto(address)
        frame = page.frame_locator("iframe")
        way = frame.get_by_role("link", name="기사에서 투표하기")
        expect(way).to_be_visible()
        inner = page.frames[1]
        assert inner.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert inner.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
        with page.context.expect_page() as opened:
            way.click()
        expect(opened.value.get_by_role("heading", name="문을 맡길까").first).to_be_visible()
