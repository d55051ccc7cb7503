"""Intake of deliveries: store the bytes, parse them, file the text as a version of its story."""

import hashlib
import logging
from dataclasses import asdict

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from newsroom.errors import Refused
from newsroom.text.normalization import normalize_line
from wire.actions.locking import lock_story_row
from wire.actions.photo_queue import queue_photos
from wire.actions.settling import refresh_story
from wire.errors import EmptyDelivery, SourceClosed, TooLarge
from wire.matching import content_hash, story_key
from wire.models import Delivery, Source, Story, Version
from wire.parsers.payload import Payload
from wire.parsers.registry import parse_payload
from wire.parsers.result import ParsedDelivery, ParsedStory
from wire.parsers.yonhap.header import (
    has_cancellation_mark,
    has_correction_mark,
    mark_order,
)

logger = logging.getLogger(__name__)

MAX_DELIVERY_BYTES = 1024 * 1024


def store_delivery(
    source: Source, *, raw: bytes, by: User | None, name: str = "", content_type: str = ""
) -> Delivery:
    """Store a delivery and commit it; `wire.tasks.parse_waiting` parses it within seconds.

    `by` None is a program. Raises EmptyDelivery, TooLarge (1 MiB), SourceClosed; nothing is stored then.
    """
    if not source.active:
        raise SourceClosed
    if not raw.strip():
        raise EmptyDelivery
    if len(raw) > MAX_DELIVERY_BYTES:
        raise TooLarge(MAX_DELIVERY_BYTES)
    return insert_delivery(source, raw=raw, name=name, content_type=content_type, by=by)


def receive_delivery(
    source: Source, *, raw: bytes, by: User | None, name: str = "", content_type: str = ""
) -> Delivery:
    """Store a delivery and parse it at once, as the command does; else like `store_delivery`.

    A text that cannot be read is a failed delivery with a reason, not an exception.
    """
    return parse_delivery(
        store_delivery(source, raw=raw, name=name, content_type=content_type, by=by), by=by
    )


@transaction.atomic(durable=True)
def insert_delivery(
    source: Source, *, raw: bytes, name: str, content_type: str, by: User | None
) -> Delivery:
    """Insert the bytes as a row, committed whatever the outcome of parsing."""
    return add_delivery(source, raw=raw, name=name, content_type=content_type, by=by)


def add_delivery(
    source: Source, *, raw: bytes, name: str, content_type: str, by: User | None
) -> Delivery:
    """Insert the bytes as a row, in the caller's transaction."""
    delivery = Delivery.objects.create(
        source=source,
        raw=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        name=normalize_line(name)[:200],
        content_type=normalize_line(content_type)[:200],
    )
    record_audit(delivery, verb="received", by=by, source=source.slug, size=len(raw))
    return delivery


def parse_delivery(delivery: Delivery, *, by: User | None) -> Delivery:
    """Parse a delivery and file it. A failure is written on it with its reason, never raised.

    While the database is unavailable the delivery stays `received`, and the task tries again.
    """
    # Reasons are stored, so they are in the site's language, not in the client's.
    with translation.override(settings.LANGUAGE_CODE):
        try:
            parsed = parse_payload(payload_of(delivery), source=delivery.source)
            return file_delivery(delivery, parsed=parsed, by=by)
        except Refused as refusal:
            return fail_delivery(delivery, reason=str(refusal), by=by)
        except Delivery.DoesNotExist:
            logger.warning("Delivery %s was erased before it was filed", delivery.pk)
            return delivery
        except OperationalError:
            logger.exception("Delivery %s is not filed; the task will try again", delivery.pk)
            return delivery
        except Exception:
            # One text that breaks the parser must not fail the sender's request, nor keep the task
            # from the deliveries after it.
            logger.exception("Delivery %s could not be parsed", delivery.pk)
            return fail_delivery(
                delivery, reason=_("The parser broke on this text. See the log."), by=by
            )


def payload_of(delivery: Delivery) -> Payload:
    return Payload(
        raw=bytes(delivery.raw),
        content_type=delivery.content_type,
        name=delivery.name,
        charset=delivery.source.charset,
    )


def reparse_delivery(delivery: Delivery, *, by: User) -> Delivery:
    """Parse a delivery again from its bytes, after a repair. Without a new outcome nothing changes."""
    return parse_delivery(delivery, by=by)


@transaction.atomic
def file_delivery(delivery: Delivery, *, parsed: ParsedDelivery, by: User | None) -> Delivery:
    """File each text as a version of its story, or find the version with the same content.

    Stories are locked in the order of their keys, so that two deliveries of the same ones do not wait for
    each other.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    last_reading = delivery.versions.aggregate(last=Max("reading"))["last"] or 0
    filed = {
        id(story): file_story(delivery, story, reading=last_reading + 1, by=by)
        for story in sorted(
            parsed.stories, key=lambda story: story_key(story, source=delivery.source.slug)
        )
    }
    versions = [filed[id(story)] for story in parsed.stories]
    is_new = any(version.delivery_id == delivery.pk for version in versions)
    outcome = Delivery.Status.PARSED if is_new else Delivery.Status.DUPLICATE
    if (delivery.status, delivery.version_id) == (outcome, versions[0].pk):
        return delivery
    delivery.status, delivery.reason, delivery.version = outcome, "", versions[0]
    delivery.encoding, delivery.format = parsed.encoding, parsed.format
    delivery.save(update_fields=["status", "reason", "version", "encoding", "format"])
    return delivery


def file_story(
    delivery: Delivery, parsed: ParsedStory, *, reading: int, by: User | None
) -> Version:
    """File one text; the version that holds it, new or known."""
    story = lock_story(delivery, parsed)
    digest = content_hash(parsed)
    version = story.versions.filter(content_hash=digest).first()
    if version is None:
        version = add_version(
            story, delivery=delivery, parsed=parsed, digest=digest, reading=reading
        )
        refresh_story(story, by=by)
        queue_photos(version, delivery=delivery)
        record_audit(story, verb=f"wire_{version.signal}", by=by, version=version.number)
    return version


@transaction.atomic
def fail_delivery(delivery: Delivery, *, reason: str, by: User | None) -> Delivery:
    """Write on a delivery why it could not be read. A version from an earlier parsing stays."""
    locked = Delivery.objects.select_for_update().filter(pk=delivery.pk).first()
    if locked is None:  # erased meanwhile
        return delivery
    delivery = locked
    if delivery.version_id or (delivery.status, delivery.reason) == ("failed", reason[:300]):
        return delivery
    delivery.status, delivery.reason = Delivery.Status.FAILED, reason[:300]
    delivery.save(update_fields=["status", "reason"])
    record_audit(delivery, verb="failed", by=by, reason=reason)
    return delivery


def lock_story(delivery: Delivery, parsed: ParsedStory) -> Story:
    """The story that the text belongs to, created where it is new, locked until the transaction ends.

    One that is erased while this transaction waits for its lock is created anew.
    """
    while True:
        story, _made = Story.objects.get_or_create(
            source=delivery.source,
            key=story_key(parsed, source=delivery.source.slug),
            defaults={
                "news_at": parsed.sent_at or delivery.received_at,
                "identifier": parsed.identifier[:300],
                "weak_key": not parsed.identifier,
            },
        )
        locked = lock_story_row(story.pk)
        if locked is not None:
            return locked


def add_version(
    story: Story, *, delivery: Delivery, parsed: ParsedStory, digest: str, reading: int
) -> Version:
    """Freeze the text as the story's next version. The caller holds the lock on the story."""
    order = mark_order(parsed.marks)
    rows = list(story.versions.values_list("number", "mark_order", "sent_at", "delivery_id"))
    same_claim = [row for row in rows if row[1:3] == (order, parsed.sent_at)]
    return Version.objects.create(
        story=story,
        delivery=delivery,
        number=max((row[0] for row in rows), default=0) + 1,
        signal=signal_of(parsed),
        mark_order=order,
        reading=reading,
        silent_change=any(row[3] != delivery.pk for row in same_claim),
        content_hash=digest,
        **version_columns(parsed),
    )


def signal_of(parsed: ParsedStory) -> Version.Signal:
    if parsed.signal:
        return Version.Signal(parsed.signal)
    if parsed.pub_status == Version.PubStatus.CANCELED or has_cancellation_mark(parsed.marks):
        return Version.Signal.CANCELLATION
    return Version.Signal.CORRECTION if has_correction_mark(parsed.marks) else Version.Signal.TEXT


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
