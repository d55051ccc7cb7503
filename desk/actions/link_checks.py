"""Link checks: ask for one with a save, carry out those that are due, delete old results.

A save only writes that the links of its draft are to be checked. Other sites are called by
`carry_out_link_check` with no transaction open (desk/link_check_worker.py).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from desk.links.external import external_urls_in, url_hash
from desk.links.probe import Findings, probe_all
from desk.models import Draft, LinkCheck, LinkCheckRequest

# How long a claimed check is left alone; that of a process that died is carried out again afterwards.
CLAIM_LEASE = timedelta(minutes=5)
RESULT_RETENTION = timedelta(days=30)


def request_link_check(draft: Draft) -> None:
    """Have the links of a locked draft to other sites checked soon, with LINK_CHECKS. No queries without
    such links."""
    if settings.LINK_CHECKS and external_urls_in(draft.body):
        LinkCheckRequest.objects.bulk_create(
            [LinkCheckRequest(draft=draft, due_at=timezone.now())],
            update_conflicts=True,
            unique_fields=["draft"],
            update_fields=["due_at"],
        )


def claim_link_check(now: datetime) -> LinkCheckRequest | None:
    """Claim the oldest due check for CLAIM_LEASE; None without one."""
    for request in LinkCheckRequest.objects.due(now)[:10]:
        same = LinkCheckRequest.objects.filter(pk=request.pk, due_at=request.due_at)
        request.due_at = now + CLAIM_LEASE
        if same.update(due_at=request.due_at):
            return request
    return None


def carry_out_link_check(request: LinkCheckRequest) -> int:
    """Check the links of a claimed request; how many were probed.

    1. Read the body, and leave out addresses whose last result can be used again.
    2. Probe the others, which may take a while; no transaction is open. The results of each host are saved
       as they arrive, so that a check that is interrupted goes on where it was.
    3. Delete the request unless another save has asked anew.
    """
    body = Draft.objects.filter(pk=request.pk).values_list("body", flat=True).first()
    urls = {url_hash(url): url for url in external_urls_in(body or "")}
    known = LinkCheck.objects.filter(pk__in=urls).reusable(timezone.now())
    for digest in known.values_list("pk", flat=True):
        del urls[digest]
    for findings in probe_all(urls.values()):
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
