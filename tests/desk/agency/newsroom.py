"""Stories that were begun from agency copy, by the real actions, and what their agency sends later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from articles.models import Article
from desk.actions import edit, publish_now, schedule_draft, start_from_wire
from desk.models import Draft, Release
from tests.support import make
from tests.support.formats.wire_copy import agency_copy
from wire.actions import receive_delivery
from wire.models import Source, Story

TITLE = "강변길 다시 연다"
CANCELLED = f"[전문취소] {TITLE}"
CORRECTED = f"<고침> {TITLE}"


def yonhap(**over: Any) -> Source:
    """The source, with these settings from now on."""
    agency = {"name": "연합뉴스", "agency": "연합뉴스"}
    source, _made = Source.objects.get_or_create(slug="yonhap", defaults=agency)
    Source.objects.filter(pk=source.pk).update(**over)
    return Source.objects.get(pk=source.pk)


def arrives(
    headline: str = TITLE, *, hour: int = 9, body: Sequence[str] = ("길이 열린다.",)
) -> Story:
    """The agency sends this; the story that it belongs to."""
    sent = f"2026-10-01 {hour:02}:00:00"
    delivery = receive_delivery(yonhap(), raw=agency_copy(headline, sent=sent, body=body), by=None)
    assert delivery.version, delivery.reason
    return delivery.version.story


def begun(story: Story | None = None, *, by: User | None = None, **over: Any) -> Draft:
    """A complete draft, begun from the story."""
    by = by or make.staff("ada", role="reporter")
    draft = start_from_wire(story or arrives(), by=by)
    return edit(draft, by=by, **make.draft_data(**over))


def planned(draft: Draft | None = None, *, at: datetime | None = None) -> Release:
    at = at or timezone.now() + timedelta(seconds=25)
    return schedule_draft(draft or begun(), at=at, by=make.ben())


def live(draft: Draft | None = None) -> Article:
    return publish_now(draft or begun(), by=make.ben()).article
