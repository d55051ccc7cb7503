"""Versions of stories: a parsed text frozen as the next version of its story."""

from dataclasses import asdict

from accounts.models import User
from audit.actions import record_audit
from wire.actions.indexing import index_version
from wire.actions.photo_queue import queue_photos
from wire.actions.settling import refresh_story
from wire.models import Delivery, Story, Version
from wire.parsers.marks import has_cancellation_mark, has_correction_mark, mark_order
from wire.parsers.result import ParsedStory


def add_version(
    story: Story,
    *,
    delivery: Delivery,
    parsed: ParsedStory,
    digest: str,
    reading: int,
    by: User | None,
) -> Version:
    """Freeze the text as the story's next version. The caller holds the lock on the story."""
    order = mark_order(parsed.marks)
    rows = list(story.versions.values_list("number", "mark_order", "sent_at", "delivery_id"))
    same_claim = [row for row in rows if row[1:3] == (order, parsed.sent_at)]
    version = Version.objects.create(
        story=story,
        delivery=delivery,
        arrived_at=delivery.received_at,
        number=max((row[0] for row in rows), default=0) + 1,
        signal=signal_of(parsed),
        mark_order=order,
        reading=reading,
        silent_change=any(row[3] != delivery.pk for row in same_claim),
        content_hash=digest,
        **version_columns(parsed),
    )
    index_version(version, story=story)
    refresh_story(story, by=by, added=version)
    queue_photos(version, delivery=delivery)
    record_audit(story, verb=f"wire_{version.signal}", by=by, version=version.number)
    return version


def signal_of(parsed: ParsedStory) -> Version.Signal:
    """What a text is. Whatever cancels comes first, also beside the signal or mark of a correction."""
    signals = Version.Signal
    if (
        parsed.pub_status == Version.PubStatus.CANCELED
        or parsed.signal == signals.CANCELLATION
        or has_cancellation_mark(parsed.marks)
    ):
        return signals.CANCELLATION
    if parsed.signal:
        return signals(parsed.signal)
    return signals.CORRECTION if has_correction_mark(parsed.marks) else signals.TEXT


def version_columns(parsed: ParsedStory) -> dict[str, object]:
    """The columns of a version that hold the agency's text."""
    same = (
        "headline marks deck sent_at stamps contacts paragraphs rights ai_use_prohibited"
        " resale_prohibited notes boilerplate_lines warnings embargo embargo_until"
        " agency_version pub_status urgency language references usage_terms expires_at"
    )
    return {
        **{name: getattr(parsed, name) for name in same.split()},
        "agency": parsed.agency[:80],
        "places": list(parsed.dateline.places),
        "dateline_agency": parsed.dateline.agency[:80],
        "bylines": [asdict(person) for person in parsed.bylines],
        "embargo_text": "\n".join(parsed.embargo_lines),
        "captions": [asdict(caption) for caption in parsed.captions],
        "blocks": [asdict(block) for block in parsed.blocks],
        "media": [asdict(media) for media in parsed.media],
        "subjects": [asdict(subject) for subject in parsed.subjects],
    }
