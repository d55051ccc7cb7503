"""Intake of deliveries: store the bytes, parse them, file the text as a version of its story."""

import hashlib
import logging
from collections.abc import Sequence

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from newsroom.errors import Refused
from newsroom.text.normalization import normalize_line
from wire.actions.locking import lock_source, lock_story_row
from wire.actions.placing import (
    ask_about,
    find_filed,
    index_text,
    lock_identified_story,
    place_text,
)
from wire.actions.settling import refresh_story
from wire.actions.superseding import replaced_texts, supersede_others
from wire.actions.versions import add_version, signal_of
from wire.errors import EmptyDelivery, SourceClosed, TooLarge, Unreadable, Unsupported
from wire.matching import content_hash, facts_of_story, story_key
from wire.models import Delivery, Source, Story, Version
from wire.parsers.marks import mark_order
from wire.parsers.payload import Payload
from wire.parsers.registry import parse_payload
from wire.parsers.result import ParsedDelivery, ParsedStory
from wire.story_updates import collecting_updates

logger = logging.getLogger(__name__)

MAX_DELIVERY_BYTES = 10 * 1024 * 1024


def store_delivery(
    source: Source, *, raw: bytes, by: User | None, name: str = "", content_type: str = ""
) -> Delivery:
    """Store a delivery and commit it; `wire.tasks.parse_waiting` parses it within seconds.

    `by` None is a program. Raises EmptyDelivery, TooLarge (10 MiB), SourceClosed; nothing is stored then.
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
        except (Unsupported, Unreadable) as refusal:
            return reject_delivery(delivery, kind=kind_of(refusal), reason=str(refusal), by=by)
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

    Stories with an identifier are locked first, in the order of their keys, so that two deliveries of the
    same ones do not wait for each other. The texts are filed in the order of the delivery, which so decides
    between those of one and the same time; the handlers of updates are called once all are filed.
    """
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("source")
    delivery = rows.get(pk=delivery.pk)
    if not all(story.identifier for story in parsed.stories):
        lock_source(delivery.source_id)
    last_reading = delivery.versions.aggregate(last=Max("reading"))["last"]
    reading = (last_reading or 0) + 1
    locked = lock_identified_stories(delivery, parsed.stories)
    replaced = replaced_texts(delivery, parsed.stories) if last_reading is not None else {}
    with collecting_updates():
        versions = [
            file_in_story(delivery, text, locked[id(text)], reading=reading, by=by)
            if text.identifier
            else file_weak_story(
                delivery, text, former=replaced.get(id(text)), reading=reading, by=by
            )
            for text in parsed.stories
        ]
        if last_reading is not None:
            supersede_others(delivery, versions, reading=reading, by=by)
    delivery.known_texts.add(*(v for v in versions if v.delivery_id != delivery.pk))
    is_new = any(version.delivery_id == delivery.pk for version in versions)
    outcome = Delivery.Status.PARSED if is_new else Delivery.Status.DUPLICATE
    if (delivery.status, delivery.version_id) == (outcome, versions[0].pk):
        return delivery
    delivery.status, delivery.reason, delivery.version = outcome, "", versions[0]
    delivery.encoding, delivery.format = parsed.encoding, parsed.format
    delivery.save(update_fields=["status", "reason", "version", "encoding", "format"])
    return delivery


def lock_identified_stories(delivery: Delivery, texts: Sequence[ParsedStory]) -> dict[int, Story]:
    """The stories of the texts with an identifier, locked in the order of their keys; by the text's `id()`.

    Texts of one story share the instance, so that each sees what the one before it changed.
    """
    keyed = [(story_key(t, source=delivery.source.slug), t) for t in texts if t.identifier]
    stories: dict[str, Story] = {}
    for key, text in sorted(keyed, key=lambda pair: pair[0]):
        if key not in stories:
            stories[key] = lock_identified_story(delivery, text)
    return {id(text): stories[key] for key, text in keyed}


def file_in_story(
    delivery: Delivery, parsed: ParsedStory, story: Story, *, reading: int, by: User | None
) -> Version:
    """File one text in the story of its identifier, which is locked; the version that holds it."""
    digest = content_hash(parsed)
    version = story.versions.filter(content_hash=digest).first()
    if version is not None:
        note_arrival(story, version, delivery=delivery, by=by)
        return version
    return add_version(
        story, delivery=delivery, parsed=parsed, digest=digest, reading=reading, by=by
    )


def file_weak_story(
    delivery: Delivery,
    parsed: ParsedStory,
    *,
    former: Version | None,
    reading: int,
    by: User | None,
) -> Version:
    """File a text without an identifier; `former` is what an earlier parsing read in its place.

    The caller holds the lock on the source.
    """
    digest = content_hash(parsed)
    known = find_filed(delivery.source_id, digest)
    story = lock_story_row(known.story_id) if known else None
    if known and story and (version := story.versions.filter(pk=known.pk).first()):
        note_arrival(story, version, delivery=delivery, by=by)
        return version
    text = facts_of_story(
        parsed,
        signal=signal_of(parsed),
        mark_order=mark_order(parsed.marks),
        arrived_at=delivery.received_at,
    )
    place = place_text(delivery, parsed, text, former=former, by=by)
    version = add_version(
        place.story, delivery=delivery, parsed=parsed, digest=digest, reading=reading, by=by
    )
    index_text(version, text, source_id=delivery.source_id)
    ask_about(version, place, by=by)
    return version


def note_arrival(story: Story, version: Version, *, delivery: Delivery, by: User | None) -> None:
    """Note on a version that an earlier delivery brought the same text, which was parsed later."""
    if delivery.received_at < version.arrived_at:
        story.versions.filter(pk=version.pk).update(arrived_at=delivery.received_at)
        refresh_story(story, by=by)


def fail_delivery(delivery: Delivery, *, reason: str, by: User | None) -> Delivery:
    """Write on a delivery why it could not be read. A version from an earlier parsing stays."""
    return write_outcome(delivery, status=Delivery.Status.FAILED, reason=reason, by=by)


def reject_delivery(delivery: Delivery, *, kind: str, reason: str, by: User | None) -> Delivery:
    """Write on a delivery that it is in no format that a parser reads, and what it looks like."""
    status = Delivery.Status.UNSUPPORTED
    return write_outcome(delivery, status=status, reason=reason, kind=kind, by=by)


def kind_of(refusal: Refused) -> str:
    """The code of what the bytes look like; those that cannot be decoded are binary."""
    return refusal.kind if isinstance(refusal, Unsupported) else "binary"


@transaction.atomic
def write_outcome(
    delivery: Delivery, *, status: Delivery.Status, reason: str, by: User | None, kind: str = ""
) -> Delivery:
    """Write an outcome without a story, once. One that was parsed before keeps its version."""
    locked = Delivery.objects.select_for_update().filter(pk=delivery.pk).first()
    if locked is None:  # erased meanwhile
        return delivery
    delivery = locked
    if delivery.version_id or (delivery.status, delivery.reason) == (status, reason[:300]):
        return delivery
    delivery.status, delivery.reason, delivery.format = status, reason[:300], kind
    delivery.save(update_fields=["status", "reason", "format"])
    record_audit(delivery, verb=status.value, by=by, reason=reason)
    return delivery
