"""Visitors: bot and prefetch detection, and anonymous keys to recognise repeated page views. Pure.

A visitor key is a keyed hash of client address, user agent, article and day, kept for half an hour.  It
does not reveal who read what, nor that one visitor read two articles.
"""

import ipaddress
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.crypto import salted_hmac

from newsroom.http.client_ip import client_ip

VISITOR_KEY_SALT = "articles.readership.visitors"
IPV6_PREFIX_BITS = 64  # of an address; devices change the rest at will
# Words in the user agents of programs, none of which is in that of a browser.
BOT_USER_AGENT = re.compile(
    r"(?<!cu)bot(?:\b|_)|crawl|spider|slurp|yeti/|daum(?:oa)?[/ ]|scrap|fetch|preview|monitor|archiver"
    r"|facebookexternalhit|mediapartners|inspectiontool|google-|feed|rss|headless|phantomjs|lighthouse"
    r"|pagespeed|pingdom|gptbot|chatgpt|claude|perplexity|python|curl|wget|httpie|http-?client|okhttp"
    r"|java/|libwww|perl|ruby|php/|axios|node|go-http|postman|scan",
    re.IGNORECASE,
)
PREFETCH_HEADERS = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
PREFETCH_PATTERN = re.compile("pre(?:fetch|render|view)")


def is_human_view(meta: Mapping[str, Any]) -> bool:
    """Whether a request (its WSGI environment) is from a person: no bot, no prefetch, no prerender."""
    agent = str(meta.get("HTTP_USER_AGENT", ""))
    is_prefetch = any(PREFETCH_PATTERN.search(str(meta.get(name, ""))) for name in PREFETCH_HEADERS)
    return bool(agent) and not is_prefetch and not BOT_USER_AGENT.search(agent)


def visitor_key(meta: Mapping[str, Any], *, article_id: int, day: date, proxies: int) -> str:
    """Irreversible key of a visitor for an article and a day: an HMAC-SHA256 in hex.

    `proxies` is the number of trusted proxies (`client_ip`).
    """
    ip = client_ip(meta, proxies=proxies)
    address = str(ip or meta.get("REMOTE_ADDR", ""))
    if isinstance(ip, ipaddress.IPv6Address):
        address = str(ipaddress.ip_network((ip, IPV6_PREFIX_BITS), strict=False))
    agent = str(meta.get("HTTP_USER_AGENT", ""))
    visitor = "\n".join((day.isoformat(), str(article_id), address, agent))
    return salted_hmac(VISITOR_KEY_SALT, visitor, algorithm="sha256").hexdigest()
