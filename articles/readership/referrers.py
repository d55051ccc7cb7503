"""Referrer classes: what kind of site a page view came from, as one of six words. Pure.

Only the class is counted (`ReferrerViews`); neither the address nor the host of a referrer is stored.
"""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from articles.models import ReferrerClass

MAX_REFERRER_CHARS = 2000
MAX_HOST_CHARS = 253  # RFC 1035, section 3.1
GOOGLE_SEARCH = re.compile(r"google\.(?:com|[a-z]{2}|com?\.[a-z]{2})")
SEARCH_HOSTS = (
    "search.naver.com search.daum.net search.nate.com search.zum.com search.yahoo.com search.yahoo.co.jp"
    " bing.com duckduckgo.com baidu.com yandex.com yandex.ru ecosia.org search.brave.com startpage.com"
    " kagi.com perplexity.ai chatgpt.com"
)
PORTAL_HOSTS = "naver.com daum.net nate.com zum.com msn.com yahoo.com yahoo.co.jp news.google.com"
SOCIAL_HOSTS = (
    "facebook.com fb.com instagram.com threads.net threads.com x.com twitter.com t.co youtube.com youtu.be"
    " tiktok.com linkedin.com lnkd.in reddit.com pinterest.com bsky.app mastodon.social kakao.com kko.to"
    " band.us t.me telegram.org line.me whatsapp.com discord.com"
)
OTHER_HOSTS = "mail.naver.com mail.daum.net mail.google.com docs.google.com mail.yahoo.com"
CLASS_BY_HOST: dict[str, ReferrerClass] = {
    host: kind
    for kind, hosts in (
        (ReferrerClass.SEARCH, SEARCH_HOSTS),
        (ReferrerClass.PORTAL, PORTAL_HOSTS),
        (ReferrerClass.SOCIAL, SOCIAL_HOSTS),
        (ReferrerClass.OTHER, OTHER_HOSTS),
    )
    for host in hosts.split()
}
# Packages of Android apps, which browsers name as `android-app://package/`.
CLASS_BY_ANDROID_APP = {
    "com.google.android.googlequicksearchbox": ReferrerClass.SEARCH,
    "com.nhn.android.search": ReferrerClass.PORTAL,
    "net.daum.android.daum": ReferrerClass.PORTAL,
    "com.kakao.talk": ReferrerClass.SOCIAL,
    "com.facebook.katana": ReferrerClass.SOCIAL,
    "com.instagram.android": ReferrerClass.SOCIAL,
    "com.twitter.android": ReferrerClass.SOCIAL,
    "com.linkedin.android": ReferrerClass.SOCIAL,
    "org.telegram.messenger": ReferrerClass.SOCIAL,
    "jp.naver.line.android": ReferrerClass.SOCIAL,
}
# Browsers inside of apps send no referrer; their user agents name the app.
CLASS_BY_APP_BROWSER = (
    (
        re.compile(r"KAKAOTALK|FBAN/|FBAV/|Instagram|Line/|Twitter for|Threads"),
        ReferrerClass.SOCIAL,
    ),
    (re.compile(r"NAVER\(inapp|DaumApps"), ReferrerClass.PORTAL),
)


def classify_referrer(
    referrer: str, *, own_hosts: Collection[str], user_agent: str = ""
) -> ReferrerClass:
    """The class of a referrer: an address or origin, as `document.referrer` says it.

    Without a readable one the user agent decides, which names the app whose browser it is; else "direct".
    """
    address = split_address(referrer)
    if address is None:
        return class_of_app_browser(user_agent)
    scheme, host = address
    if scheme == "android-app":
        return CLASS_BY_ANDROID_APP.get(host, ReferrerClass.OTHER)
    if host in own_hosts:
        return ReferrerClass.INTERNAL
    return class_of_host(host)


def split_address(referrer: str) -> tuple[str, str] | None:
    """Scheme and host of an address, in lower case; None where it has none of the web or of an app."""
    try:
        parts = urlsplit(referrer.strip()[:MAX_REFERRER_CHARS])
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    is_address = (
        parts.scheme in {"http", "https", "android-app"} and 0 < len(host) <= MAX_HOST_CHARS
    )
    return (parts.scheme, host) if is_address else None


def class_of_host(host: str) -> ReferrerClass:
    """The class of a host by its longest known suffix; "other" for an unknown one."""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        suffix = ".".join(labels[start:])
        if suffix in CLASS_BY_HOST:
            return CLASS_BY_HOST[suffix]
        if GOOGLE_SEARCH.fullmatch(suffix):
            return ReferrerClass.SEARCH
    return ReferrerClass.OTHER


def class_of_app_browser(user_agent: str) -> ReferrerClass:
    """The class of a view without a referrer."""
    for pattern, kind in CLASS_BY_APP_BROWSER:
        if pattern.search(user_agent):
            return kind
    return ReferrerClass.DIRECT
