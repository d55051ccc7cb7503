"""Links that readers could not follow, as their addresses and the pages and articles of this site show.

Only the database is asked, in at most three queries for any number of links; no address is fetched.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from articles.body_blocks import boxed_ids
from articles.models import Article, FormerSlug
from articles.models.identifiers import article_urn
from desk.html_normalizer import LINK_SCHEMES
from desk.models import Draft
from desk.section_rights import section_roles_of, visible_drafts
from newsroom.text.normalization import canonical_slug

MAX_LINK_PROBLEMS, MAX_LINK_TEXT = 50, 80
MAX_EXAMINED_LINKS = 1000  # of a body; no story has as many, and each may take a millisecond
MAX_CACHED_PATHS = 1024
SHOWN_COLUMNS = ("slug", "live_id", "withdrawn_at", "embargo_until", "expires_at", "held_at")
ARTICLE_PATH = re.compile(r"/articles/([^/]+)/?")
STAFF_PATHS = ("/admin/", "/desk/", "/api/v1/desk/")
HOST_NAME = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*\.?|[\d.]+|\[[0-9a-f:.]+\]"
)
WEB_SCHEMES = {"http", "https"}


class LinkFault(models.TextChoices):
    """What is wrong with a link; the label is the sentence for the newsroom."""

    MALFORMED = "malformed", _("This is no complete address.")
    STAFF_ONLY = "staff_only", _("This address is for staff only; readers cannot open it.")
    UNPUBLISHED = "unpublished", _("This story is not published; readers cannot open it.")
    WITHDRAWN = "withdrawn", _("This article was withdrawn; readers see its notice.")
    ON_HOLD = "on_hold", _("This article is on legal hold; no box shows it.")
    OWN_STORY = "own_story", _("This is the story itself; its boxes do not show it.")
    UNKNOWN = "unknown", _("There is no such page on this site.")
    INSECURE = "insecure", _("This address begins with http; https is safer, if the site has it.")


@dataclass(frozen=True)
class Link:
    """A link of a body: its address as it is written, and its text."""

    url: str
    text: str


@dataclass(frozen=True)
class LinkProblem:
    """A link that readers could not follow, or, for `INSECURE`, a hint."""

    url: str
    text: str
    fault: LinkFault

    @property
    def sentence(self) -> str:
        """The fault in words, in the active language."""
        return str(self.fault.label)


class LinkParser(HTMLParser):
    """Collects the links of sanitized HTML in `links`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[Link] = []
        self.url: str | None = None
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.url, self.texts = dict(attrs).get("href") or "", []
        elif tag == "img" and self.url is not None:
            self.texts.append(dict(attrs).get("alt") or "")

    def handle_data(self, data: str) -> None:
        if self.url is not None:
            self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.url is not None:
            text = " ".join("".join(self.texts).split())
            self.links.append(Link(self.url, text[:MAX_LINK_TEXT]))
            self.url = None


def links_in(html: str) -> list[Link]:
    """The links of a sanitized body, in their order, each once; at most the first 1,000."""
    if "<a " not in html and "<a>" not in html:
        return []
    parser = LinkParser()
    parser.feed(html)
    parser.close()
    return list(dict.fromkeys(parser.links))[:MAX_EXAMINED_LINKS]


def link_problems_of(draft: Draft, *, reader: Any) -> list[LinkProblem]:
    """The problems of the links in the draft's body, in the order of the text; at most 50.

    Before them those of its related boxes. A link of the story to its own address is none. An unpublished
    story that the reader may not see is unknown to them, like an address of which there is none. At most
    three queries, none without links to articles, and two for related boxes.
    """
    links = links_in(draft.body)
    slugs = {link.url: slug for link in links if (slug := article_slug_in(link.url))}
    faults = article_faults(set(slugs.values()), of=draft, reader=reader)
    problems = related_box_problems(draft, reader=reader)
    for link in links:
        if len(problems) >= MAX_LINK_PROBLEMS:
            break
        fault = faults.get(slugs.get(link.url, "")) or address_fault(link.url)
        if fault:
            problems.append(LinkProblem(link.url, link.text, fault))
    return problems[:MAX_LINK_PROBLEMS]


def related_box_problems(draft: Draft, *, reader: Any) -> list[LinkProblem]:
    """Stories in the related boxes of the draft's body that readers would not see there. At most two
    queries."""
    uids = boxed_ids(draft.body)
    if not uids:
        return []
    rows = Article.objects.filter(uid__in=uids).select_related("live")
    articles = {row.uid: row for row in rows.only("uid", "live__headline", *SHOWN_COLUMNS)}
    now = timezone.now()
    hidden = {
        row.slug: row.pk
        for row in articles.values()
        if not row.withdrawn_at and not row.is_shown(now)
    }
    planned = planned_addresses((), hidden, reader=reader) if hidden else set()
    problems = []
    for uid in uids:
        article = articles.get(uid)
        if article is None or (article.slug in hidden and article.slug not in planned):
            name, fault = "", LinkFault.UNKNOWN
        elif fault_in_box := boxed_article_fault(article, of=draft, hidden=hidden):
            name = article.live.headline if article.live else article.slug
            fault = fault_in_box
        else:
            continue
        problems.append(LinkProblem(article_urn(uid), name[:MAX_LINK_TEXT], fault))
    return problems


def boxed_article_fault(
    article: Article, *, of: Draft, hidden: Collection[str]
) -> LinkFault | None:
    """Why a related box of the draft does not show this article; None where it does."""
    if article.pk == of.article_id:
        return LinkFault.OWN_STORY
    if article.withdrawn_at:
        return LinkFault.WITHDRAWN
    if article.slug in hidden:
        return LinkFault.UNPUBLISHED
    return LinkFault.ON_HOLD if article.held_at else None


# -- addresses ---------------------------------------------------------------------------------------


def address_fault(url: str) -> LinkFault | None:
    """The fault that shows in the address itself, articles aside; None for one without. No queries."""
    parts = split_url(url)
    if parts is None:
        return LinkFault.MALFORMED
    if parts.scheme == "mailto":
        return (
            None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", parts.path) else LinkFault.MALFORMED
        )
    if parts.scheme == "tel":
        return None if re.search(r"\d", parts.path) else LinkFault.MALFORMED
    if is_own_address(parts) and (fault := path_fault(parts.path or "/")):
        return fault
    is_secure = parts.scheme != "http" or (is_own_address(parts) and is_own_site_insecure())
    return None if is_secure else LinkFault.INSECURE


def is_own_site_insecure() -> bool:
    return settings.SITE_URL.startswith("http:")


def split_url(url: str) -> SplitResult | None:
    """The parts of an address; None for one that leads nowhere."""
    try:
        parts = urlsplit(url.strip())
        _port = parts.port  # raises ValueError for a bad one
    except ValueError:
        return None
    if parts.scheme and parts.scheme not in LINK_SCHEMES:
        return None
    if parts.scheme in {"mailto", "tel"}:
        return parts
    if parts.scheme or parts.netloc:
        return parts if is_host_name(parts.hostname or "") else None
    return parts if parts.path.startswith("/") else None  # else relative to the page, or a fragment


def is_host_name(host: str) -> bool:
    if host == urlsplit(settings.SITE_URL).hostname:
        return True
    try:
        punycode(host)
    except UnicodeError:
        return False
    return HOST_NAME.fullmatch(host.lower()) is not None


def is_own_address(parts: SplitResult) -> bool:
    """Whether an address of the web is on this site."""
    if not parts.netloc:
        return parts.scheme not in {"mailto", "tel"}
    own = urlsplit(settings.SITE_URL)
    return parts.hostname == own.hostname and (parts.port or 0) in {own.port or 0, 80, 443}


@lru_cache(MAX_CACHED_PATHS)
def path_fault(path: str) -> LinkFault | None:
    """The fault of a path of this site: for staff only, or no page at all."""
    path = unquote(path)
    if path.startswith(STAFF_PATHS):
        return LinkFault.STAFF_ONLY
    try:
        resolve(path)
    except Resolver404:
        try:
            resolve(f"{path}/")
        except Resolver404:
            return LinkFault.UNKNOWN
    return None


def article_slug_in(url: str) -> str:
    """The canonical slug of the article of this site that an address names; empty for any other."""
    parts = split_url(url)
    if parts is None or not is_own_address(parts):
        return ""
    found = ARTICLE_PATH.fullmatch(unquote(parts.path))
    return canonical_slug(found[1]) if found and "\x00" not in found[1] else ""


# -- articles of this site ---------------------------------------------------------------------------


def article_faults(slugs: Iterable[str], *, of: Draft, reader: Any) -> dict[str, LinkFault]:
    """The faults of these addresses of articles, former ones included. At most three queries."""
    left = {slug for slug in slugs if slug != unicodedata.normalize("NFC", of.slug).lower()}
    faults: dict[str, LinkFault] = {}
    if not left:
        return faults
    articles = {row.slug: row for row in Article.objects.at(*left).only(*SHOWN_COLUMNS)}
    if missing := left - articles.keys():
        former = FormerSlug.objects.filter(slug__in=missing).select_related("article")
        articles |= {row.slug: row.article for row in former}
    hidden: dict[str, int] = {}  # articles that readers cannot open and were not told of
    for slug, article in articles.items():
        if article.pk == of.article_id:
            continue
        if article.withdrawn_at:
            faults[slug] = LinkFault.WITHDRAWN
        elif not article.is_shown(timezone.now()):
            hidden[slug] = article.pk
    if missing := (left - articles.keys()) | hidden.keys():
        planned = planned_addresses(missing, hidden, reader=reader)
        faults |= {
            slug: LinkFault.UNPUBLISHED if slug in planned else LinkFault.UNKNOWN
            for slug in missing
        }
    return faults


def planned_addresses(
    slugs: Collection[str], hidden: Mapping[str, int], *, reader: Any
) -> set[str]:
    """Those of these addresses at which a story that the reader may see is to appear; `hidden` has the ids
    of articles that exist already."""
    at_article, at_slug = Q(article__in=hidden.values()), Q(slug__in=slugs, trashed_at=None)
    visible = visible_drafts(reader).filter(at_article | at_slug)
    rows = set(visible.values_list("slug", "article"))
    articles = {article_id for _slug, article_id in rows}
    sees_all = section_roles_of(reader) is None
    return {slug for slug, _article_id in rows} | {
        slug for slug, article_id in hidden.items() if sees_all or article_id in articles
    }
