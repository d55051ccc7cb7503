"""Links of a body to other sites, with what the last check of each found. Nothing is fetched here.

At most two queries for any number of links, none without one. How many are checked has a bound, for a story
and for each host of it; the others stay unchecked, and are shown as such.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice

from desk.links.addresses import is_own_address, split_url
from desk.links.internal import MAX_LINK_PROBLEMS, LinkFault, address_fault, links_in
from desk.models import Draft, LinkCheck, LinkCheckRequest
from desk.models.link_checks import LinkState
from newsroom.http.ascii_urls import ascii_url

MAX_CHECKED_URLS, MAX_CHECKED_URLS_PER_HOST = 50, 10


@dataclass(frozen=True)
class ExternalLink:
    """A link to another site: its address as it is written, its text, and the last result.

    `status` is an HTTP status; None where there was no response.
    """

    url: str
    text: str
    state: LinkState = LinkState.UNCHECKED
    status: int | None = None
    checked_at: datetime | None = None

    @property
    def sentence(self) -> str:
        """The state in words, with the status, in the active language."""
        status = f" (HTTP {self.status})" if self.status and self.state != LinkState.OK else ""
        return f"{self.state.label}{status}"


@dataclass(frozen=True)
class ExternalLinks:
    """The links of a draft to other sites, in the order of the text; whether a check is under way."""

    links: list[ExternalLink]
    is_pending: bool

    @property
    def warnings(self) -> list[ExternalLink]:
        """Those that were checked and did not answer as a page does."""
        fine = {LinkState.OK, LinkState.UNCHECKED}
        return [link for link in self.links if link.state not in fine]

    @property
    def unchecked(self) -> list[ExternalLink]:
        return [link for link in self.links if link.state == LinkState.UNCHECKED]


def external_links_of(draft: Draft) -> ExternalLinks:
    """The links of the draft's body to other sites with their last results; at most 50."""
    found_links = ((link, external_url(link.url)) for link in links_in(draft.body))
    links = list(islice(((link, url) for link, url in found_links if url), MAX_LINK_PROBLEMS))
    if not links:
        return ExternalLinks([], is_pending=False)
    checks = LinkCheck.objects.in_bulk({url_hash(url) for _link, url in links})
    found = []
    for link, url in links:
        check = checks.get(url_hash(url))
        found.append(
            ExternalLink(
                link.url, link.text, LinkState(check.state), check.status, check.checked_at
            )
            if check
            else ExternalLink(link.url, link.text)
        )
    return ExternalLinks(found, is_pending=LinkCheckRequest.objects.filter(draft=draft).exists())


def external_urls_in(html: str) -> list[str]:
    """The addresses of other sites that are checked for this body, each once, in their order."""
    by_host, checked = Counter[str](), dict[str, None]()
    for link in links_in(html):
        if len(checked) == MAX_CHECKED_URLS:
            break
        url = external_url(link.url)
        host = host_of(url)
        if url and url not in checked and by_host[host] < MAX_CHECKED_URLS_PER_HOST:
            by_host[host] += 1
            checked[url] = None
    return list(checked)


def external_url(url: str) -> str:
    """The address to call for a link, in ASCII and without its fragment; empty for one that leads nowhere
    else: to this site, to a mailbox, or nowhere."""
    parts = split_url(url)
    if parts is None or not parts.netloc or is_own_address(parts):
        return ""
    if address_fault(url) not in {None, LinkFault.INSECURE}:
        return ""
    return ascii_url(parts._replace(scheme=parts.scheme or "https").geturl())


def host_of(url: str) -> str:
    parts = split_url(url)
    return (parts.hostname or "") if parts else ""


def url_hash(url: str) -> str:
    return sha256(url.encode()).hexdigest()
