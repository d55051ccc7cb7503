"""Locks of legal erasures, on real threads against PostgreSQL."""

import threading
from typing import Any

import pytest
from django.db import transaction

from articles.models import Article
from desk.actions import record_failure
from desk.actions.legal import erased_rows
from desk.actions.legal.erasing import erase_article
from desk.models import Claim, Erasure, Release
from media.models import Photo
from polls.models import Poll
from tests.support import make
from tests.support.locks import waiting_for_locks
from tests.support.loopback.processes import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ORDER: Any = {"reason": "법원 결정", "reference": "2026카합0000"}


def test_stories_of_one_failed_bundle_are_erased_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each overwrites the reason on the releases of both."""
    make.reference_rows()
    chief, articles = make.chief(), [make.live(), make.live()]
    drafts = [make.changed(make.draft_of(article), headline="고친 머리") for article in articles]
    bundle = make.bundled(*drafts)
    record_failure(list(bundle.releases.values_list("pk", flat=True)), reason="고친 머리: 꽉 참")
    original, arrived = erased_rows.erase_reasons_of_bundles, list[int]()

    def erase_reasons_when_both_are_on_their_way(article: Article) -> None:
        arrived.append(article.pk)
        wait_until(lambda: len(arrived) == 2 or waiting_for_locks() == 1, within=20)
        original(article)

    monkeypatch.setattr(
        erased_rows, "erase_reasons_of_bundles", erase_reasons_when_both_are_on_their_way
    )
    outcomes = make.race(
        2,
        lambda number: erase_article(
            articles[number], by=chief, slug=articles[number].slug, **ORDER
        ),
    )
    assert [type(outcome) for outcome in outcomes] == [Erasure, Erasure], outcomes
    assert set(Release.objects.values_list("reason", flat=True)) == {""}


def test_claims_are_locked_before_photos_and_polls() -> None:
    make.reference_rows()
    article, chief = make.live(lead_photo=make.photo(), poll=make.poll_data()), make.chief()
    claim, is_held = make.claim(article), threading.Event()

    def work(number: int) -> Any:
        if number:
            assert is_held.wait(20)
            return erase_article(article, by=chief, slug=article.slug, **ORDER)
        with transaction.atomic():
            Claim.objects.select_for_update().get(pk=claim.pk)
            is_held.set()
            wait_until(lambda: waiting_for_locks() == 1, within=20)
            Photo.objects.select_for_update(nowait=True).get()
            Poll.objects.select_for_update(nowait=True).get()
        return None

    outcomes = make.race(2, work)
    assert {type(outcome) for outcome in outcomes} == {Erasure, type(None)}, outcomes
