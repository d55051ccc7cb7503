"""Embeds of other sites in a body: the allow-list of providers, canonical addresses and frames. Pure.

Readers get a link to the address. A script replaces it by the frame on a click: nothing is requested from a
provider before that (docs/body.md).
"""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

MAX_URL_CHARS = 500


class EmbedProvider(NamedTuple):
    """A site that may be embedded. `patterns` match host (without `www.` and `m.`), path and `v`; their
    named groups fill the templates `address` and `frame`."""

    key: str
    name: str
    patterns: tuple[str, ...]
    address: str
    frame: str


class Embed(NamedTuple):
    """A post or video: its provider, its canonical address, and the address of its frame."""

    provider: EmbedProvider
    url: str
    frame: str


EMBED_PROVIDERS = (
    EmbedProvider(
        "youtube",
        "YouTube",
        (
            r"youtube\.com/watch/?\?v=(?P<id>[\w-]{11})",
            r"youtube(?:-nocookie)?\.com/(?:embed|shorts|live)/(?P<id>[\w-]{11})",
            r"youtu\.be/(?P<id>[\w-]{11})",
        ),
        "https://www.youtube.com/watch?v={id}",
        "https://www.youtube-nocookie.com/embed/{id}",
    ),
    EmbedProvider(
        "x",
        "X",
        (
            r"(?:x|twitter)\.com/(?P<user>\w{1,15})/status/(?P<id>\d{1,20})(?:/(?:photo|video)/\d)?",
            r"(?:x|twitter)\.com/(?P<user>i)/web/status/(?P<id>\d{1,20})",
        ),
        "https://x.com/{user}/status/{id}",
        "https://platform.twitter.com/embed/Tweet.html?id={id}&dnt=true",
    ),
    EmbedProvider(
        "instagram",
        "Instagram",
        (r"instagram\.com/(?:[\w.]{1,30}/)?(?P<kind>p|reel|tv)/(?P<id>[\w-]{5,40})(?:/embed)?",),
        "https://www.instagram.com/{kind}/{id}/",
        "https://www.instagram.com/{kind}/{id}/embed/",
    ),
    EmbedProvider(
        "navertv",
        "네이버TV",
        (r"tv\.naver\.com/(?:v|embed)/(?P<id>\d{1,12})",),
        "https://tv.naver.com/v/{id}",
        "https://tv.naver.com/embed/{id}",
    ),
    EmbedProvider(
        "kakaotv",
        "카카오TV",
        (
            r"tv\.kakao\.com/(?:v|channel/\d{1,12}/cliplink)/(?P<id>\d{1,12})",
            r"play-tv\.kakao\.com/embed/player/cliplink/(?P<id>\d{1,12})",
        ),
        "https://tv.kakao.com/v/{id}",
        "https://play-tv.kakao.com/embed/player/cliplink/{id}",
    ),
)
PATTERNS = tuple(
    (provider, re.compile(pattern, re.ASCII))
    for provider in EMBED_PROVIDERS
    for pattern in provider.patterns
)
# Sources of frames for the Content-Security-Policy of pages with an embed.
FRAME_SOURCES = tuple(
    f"https://{urlsplit(provider.frame).hostname}" for provider in EMBED_PROVIDERS
)


def find_embed(url: str) -> Embed | None:
    """The embed at an address, however its provider spells it; None for any other address."""
    text = url.strip()
    if len(text) > MAX_URL_CHARS:
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or port not in {None, 80, 443} or "@" in parts.netloc:
        return None
    address = re.sub(r"^(?:www|m|mobile)\.", "", host) + parts.path.rstrip("/")
    if video := parse_qs(parts.query).get("v"):
        address += f"?v={video[0]}" if address.endswith("/watch") else ""
    for provider, pattern in PATTERNS:
        if match := pattern.fullmatch(address):
            found = match.groupdict()
            return Embed(provider, provider.address.format(**found), provider.frame.format(**found))
    return None
