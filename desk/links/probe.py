"""Probe of links to other sites: HEAD, and GET where HEAD is not answered with a page; redirects followed.

Every call, that of a redirect too, goes through the HTTP client of the outbox, with its SSRF guard: public
addresses alone, pinned, with one deadline. No database here.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from queue import Empty, SimpleQueue
from urllib.parse import urljoin

from desk.links.external import host_of
from desk.models.link_checks import LinkState
from newsroom.http.ascii_urls import ascii_url
from outbox.errors import ForbiddenAddress, ForbiddenPort
from outbox.http_client import HTTPClient, OutboundRequest
from outbox.ssrf_guard import IPNetwork

PROBE_TIMEOUT_SECONDS, HEAD_TIMEOUT_SECONDS = 8.0, 4.0
MAX_REDIRECTS = 5
# None, those of OUTBOX_PRIVATE_NETWORKS neither: a link of a text must tell nobody what answers there.
PRIVATE_NETWORKS: Sequence[IPNetwork] = ()
MAX_HOSTS_AT_ONCE = 4
MAX_FAILURES_IN_A_ROW = 2  # of one host; its other links count as not answered
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
# Answers to a program that say nothing about the page: sign-in, robots not wanted, too many requests.
REFUSAL_STATUSES = {401, 403, 405, 406, 407, 429, 451, 999}
HEADERS = {"User-Agent": "Newsroom-LinkCheck/1", "Accept": "text/html,*/*;q=0.8"}


@dataclass(frozen=True)
class Finding:
    """What a probe found: a state that is stored, and the last HTTP status."""

    state: LinkState
    status: int | None = None


Findings = dict[str, Finding]  # by address


def probe_all(urls: Iterable[str]) -> Iterator[Findings]:
    """The findings of one host after another, as they arrive. Hosts are probed beside each other, the links
    of one host one by one.

    In daemon threads: the process can end at any time, without waiting for a site or for hosts in the
    queue. Raises what the probe of a host raised; the hosts in the queue are dropped then.
    """
    by_host = defaultdict[str, list[str]](list)
    for url in urls:
        by_host[host_of(url)].append(url)
    waiting, results = SimpleQueue[list[str]](), SimpleQueue[Findings | Exception]()
    for group in by_host.values():
        waiting.put(group)
    for _number in range(min(MAX_HOSTS_AT_ONCE, len(by_host))):
        threading.Thread(
            target=probe_hosts, args=(waiting, results), name="link-probe", daemon=True
        ).start()
    try:
        for _host in by_host:
            result = results.get()
            if isinstance(result, Exception):
                raise result
            yield result
    finally:
        drop_all(waiting)


def probe_hosts(
    waiting: "SimpleQueue[list[str]]", results: "SimpleQueue[Findings | Exception]"
) -> None:
    """Probe hosts, in a thread, until none is waiting; one result for each."""
    while True:
        try:
            urls = waiting.get_nowait()
        except Empty:
            return
        try:
            results.put(dict(probe_host(urls)))
        except Exception as error:  # noqa: BLE001 -- raised in the thread that reads the results
            results.put(error)


def drop_all(waiting: "SimpleQueue[list[str]]") -> None:
    """Empty a queue from which other threads read."""
    try:
        while True:
            waiting.get_nowait()
    except Empty:
        pass


def probe_host(urls: list[str]) -> Iterator[tuple[str, Finding]]:
    """Probe the links of one host over one connection, as long as the host answers."""
    failures = 0
    with HTTPClient(private_networks=PRIVATE_NETWORKS) as client:
        for url in urls:
            finding = Finding(LinkState.NO_ANSWER)
            if failures < MAX_FAILURES_IN_A_ROW:
                finding = probe(url, client=client)
            failures = failures + 1 if finding.state == LinkState.NO_ANSWER else 0
            yield url, finding


def probe(url: str, *, client: HTTPClient) -> Finding:
    """Probe one address: HEAD first, then GET unless HEAD was answered with a page."""
    began = time.monotonic()
    finding = follow(url, "HEAD", client=client, deadline=began + HEAD_TIMEOUT_SECONDS)
    if finding.state in {LinkState.OK, LinkState.FORBIDDEN, LinkState.OTHER_PORT}:
        return finding
    return follow(url, "GET", client=client, deadline=began + PROBE_TIMEOUT_SECONDS)


def follow(url: str, method: str, *, client: HTTPClient, deadline: float) -> Finding:
    """Call an address and the ones it redirects to; what the last of them answered."""
    for _hop in range(MAX_REDIRECTS + 1):
        try:
            request = OutboundRequest(url, method=method, headers=HEADERS)
            response = client.call(request, deadline=deadline)
        except ForbiddenPort:
            return Finding(LinkState.OTHER_PORT)
        except ForbiddenAddress:
            return Finding(LinkState.FORBIDDEN)
        except (OSError, HTTPException):
            return Finding(LinkState.NO_ANSWER)
        if response.status not in REDIRECT_STATUSES or not response.location:
            return finding_of(response.status)
        try:
            url = ascii_url(urljoin(url, response.location))
        except ValueError:
            return Finding(LinkState.BROKEN, response.status)
    return Finding(LinkState.REFUSED, response.status)  # some sites lead on only those with cookies


def finding_of(status: int) -> Finding:
    if 200 <= status <= 299:
        return Finding(LinkState.OK, status)
    return Finding(LinkState.REFUSED if status in REFUSAL_STATUSES else LinkState.BROKEN, status)
