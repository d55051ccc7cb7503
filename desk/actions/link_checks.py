"""Link checks: ask for one with a save, carry out those that are due, delete old results.

A save only writes that the links of its draft are to be checked. Other sites are called by
`carry_out_link_check` with no transaction open (desk/workers/link_checks.py).
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from desk.links.external import external_urls_in, url_hash
from desk.links.probe import Findings, probe_all
from desk.models import Draft, LinkCheck, LinkCheckRequest

logger = logging.getLogger(__name__)
# How long a claimed check is left alone; that of a process that died is carried out again afterwards.
CLAIM_LEASE = timedelta(minutes=5)
MAX_CHECK_ATTEMPTS = 3
RESULT_RETENTION = timedelta(days=30)


def request_link_check(draft: Draft, *, former_body: str = "") -> None:
    """Have the links of a locked draft to other sites checked soon, with LINK_CHECKS. No queries without
    such links.

    With the links of `former_body` unchanged nothing is asked for anew: a check under way goes on, and
    results are used again.
    """
    urls = external_urls_in(draft.body) if settings.LINK_CHECKS else []
    if not urls:
        return
    asked = [LinkCheckRequest(draft=draft, due_at=timezone.now())]
    if urls != external_urls_in(former_body):
        LinkCheckRequest.objects.bulk_create(
            asked,
            update_conflicts=True,
            unique_fields=["draft"],
            update_fields=["due_at", "attempts"],
        )
    elif known_hashes(urls) != set(map(url_hash, urls)):
        LinkCheckRequest.objects.bulk_create(asked, ignore_conflicts=True)


def known_hashes(urls: Iterable[str]) -> set[str]:
    """The hashes of those of these addresses whose last result can be used again."""
    checks = LinkCheck.objects.filter(pk__in=map(url_hash, urls)).reusable(timezone.now())
    return set(checks.values_list("pk", flat=True))


def claim_link_check(now: datetime) -> LinkCheckRequest | None:
    """Claim the oldest due check for CLAIM_LEASE, which counts as an attempt; None without one."""
    for request in LinkCheckRequest.objects.due(now)[:10]:
        same = LinkCheckRequest.objects.filter(pk=request.pk, due_at=request.due_at)
        request.due_at = now + CLAIM_LEASE
        request.attempts += 1
        if same.update(due_at=request.due_at, attempts=F("attempts") + 1):
            return request
    return None


def carry_out_link_check(request: LinkCheckRequest) -> int:
    """Check the links of a claimed request; how many were probed.

    1. Read the body, and leave out addresses whose last result can be used again.
    2. Probe the others, which may take a while; no transaction is open. The results of each host are saved
       as they arrive, so that a check that is interrupted goes on where it was.
    3. Delete the request unless another save has asked anew.

    A failure is raised; after MAX_CHECK_ATTEMPTS the request is deleted, and the links that are left stay
    unchecked.
    """
    if request.attempts > MAX_CHECK_ATTEMPTS:  # the process ended in each of them
        logger.warning("The links of draft %s are not checked any more", request.pk)
        end_link_check(request)
        return 0
    try:
        return probe_links(request)
    except Exception:
        if request.attempts == MAX_CHECK_ATTEMPTS:
            end_link_check(request)
        raise


def probe_links(request: LinkCheckRequest) -> int:
    """Probe the links of a claimed request that have no result yet; how many were probed."""
    body = Draft.objects.filter(pk=request.pk).values_list("body", flat=True).first()
    urls = external_urls_in(body or "")
    known = known_hashes(urls)
    urls = [url for url in urls if url_hash(url) not in known]
    for findings in probe_all(urls):
        record_findings(findings)
    end_link_check(request)
    return len(urls)


@transaction.atomic
def record_findings(findings: Findings) -> None:
    """Save the findings, in the order of their keys against deadlocks."""
    now = timezone.now()
    checks = [
        LinkCheck(url_hash=url_hash(url), state=found.state, status=found.status, checked_at=now)
        for url, found in findings.items()
    ]
    LinkCheck.objects.bulk_create(
        sorted(checks, key=lambda check: check.url_hash),
        update_conflicts=True,
        unique_fields=["url_hash"],
        update_fields=["state", "status", "checked_at"],
    )


@transaction.atomic
def end_link_check(request: LinkCheckRequest) -> None:
    """Delete a claimed request unless another save has asked anew."""
    LinkCheckRequest.objects.filter(pk=request.pk, due_at=request.due_at).delete()


@transaction.atomic
def delete_due_link_checks(now: datetime) -> None:
    """Delete the requests that are due, without carrying them out."""
    LinkCheckRequest.objects.due(now).order_by().delete()


@transaction.atomic
def delete_old_link_checks(*, before: datetime) -> int:
    """Delete results from before this time; how many."""
    deleted, _by_model = LinkCheck.objects.filter(checked_at__lt=before).delete()
    return deleted
