"""Who reads, as far as counting needs it: whether it is a person, and the same one as before. Pure.

A reader is an address and a program, hashed with the article and the day under the house's own key, and
kept for half an hour: what is kept does not say who read what, nor that one reader read two articles.
"""

import ipaddress
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.crypto import salted_hmac

from newsroom.http.client_ip import client_ip

VISITOR_KEY_SALT = "articles.readership.visitors"
IPV6_PREFIX_BITS = 64  # bits of an IPv6 address; the rest a device changes as it likes
# Words in the names of programs that fetch without anybody reading. No browser has one of them.
BOT_USER_AGENT = re.compile(
    r"(?<!cu)bot(?:\b|_)|crawl|spider|slurp|yeti/|daum(?:oa)?[/ ]|scrap|fetch|preview|monitor|archiver"
    r"|facebookexternalhit|mediapartners|inspectiontool|google-|feed|rss|headless|phantomjs|lighthouse"
    r"|pagespeed|pingdom|gptbot|chatgpt|claude|perplexity|python|curl|wget|httpie|http-?client|okhttp"
    r"|java/|libwww|perl|ruby|php/|axios|node|go-http|postman|scan",
    re.IGNORECASE,
)
PREFETCH_HEADERS = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


def is_human_view(meta: Mapping[str, Any]) -> bool:
    """Whether somebody reads, by the WSGI environment: no robot, and no browser that only looks ahead."""
    agent = str(meta.get("HTTP_USER_AGENT", ""))
    ahead = any(
        re.search("pre(?:fetch|render|view)", str(meta.get(name, ""))) for name in PREFETCH_HEADERS
    )
    return bool(agent) and not ahead and not BOT_USER_AGENT.search(agent)


def visitor_key(meta: Mapping[str, Any], *, article_id: int, day: date, proxies: int) -> str:
    """The reader of an article on a day: 256 bits in hex that nobody can take back."""
    found = client_ip(meta, proxies=proxies)
    where = str(found or meta.get("REMOTE_ADDR", ""))
    if isinstance(found, ipaddress.IPv6Address):
        where = str(ipaddress.ip_network((found, IPV6_PREFIX_BITS), strict=False))
    who = "\n".join((day.isoformat(), str(article_id), where, str(meta.get("HTTP_USER_AGENT", ""))))
    return salted_hmac(VISITOR_KEY_SALT, who, algorithm="sha256").hexdigest()
