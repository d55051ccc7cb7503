"""Keep what came, read it, put it where it belongs."""

import hashlib
import logging
from dataclasses import asdict

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record
from newsroom.errors import Refused
from newsroom.text.normalization import one_line
from wire.actions.settling import settle
from wire.errors import EmptyDelivery, SourceClosed, TooLarge
from wire.matching import content_hash, key_of
from wire.models import Delivery, Source, Story, Version
from wire.parsers.registry import Understood, understand
from wire.parsers.result import Parsed
from wire.parsers.yonhap.headline_marks import is_cancellation, is_correction, order_of

logger = logging.getLogger(__name__)

LIMIT = 1024 * 1024


def accept(
    source: Source, *, raw: bytes, by: User | None, name: str = "", content_type: str = ""
) -> Delivery:
    """Store a delivery and commit it; the next tick parses it (wire.tasks.parse_waiting).

    `by` None is the machine. Raises EmptyDelivery, TooLarge (1 MiB), SourceClosed; nothing is stored then.
    """
    if not source.active:
        raise SourceClosed
    if not raw.strip():
        raise EmptyDelivery
    if len(raw) > LIMIT:
        raise TooLarge(LIMIT)
    return keep(source, raw=raw, name=name, content_type=content_type, by=by)


def receive(
    source: Source, *, raw: bytes, by: User | None, name: str = "", content_type: str = ""
) -> Delivery:
    """Store a delivery and parse it at once, as the command does; else like `accept`.

    What cannot be read is a delivery with a reason, not an exception.
    """
    return parse(accept(source, raw=raw, name=name, content_type=content_type, by=by), by=by)


@transaction.atomic(durable=True)
def keep(source: Source, *, raw: bytes, name: str, content_type: str, by: User | None) -> Delivery:
    """The bytes as a row of their own, committed whatever becomes of them."""
    delivery = Delivery.objects.create(
        source=source,
        raw=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        name=one_line(name)[:200],
        content_type=one_line(content_type)[:200],
    )
    record(delivery, verb="received", by=by, source=source.slug, size=len(raw))
    return delivery


def parse(delivery: Delivery, *, by: User | None) -> Delivery:
    """The delivery, read. A failure is written on it with its reason; never raises for a bad text.

    While the database is away the delivery stays `received`, and the sweep tries again.
    """
    # Reasons are kept, so they are worded in the language of the house, whoever delivers.
    with translation.override(settings.LANGUAGE_CODE):
        try:
            understood = understand(
                bytes(delivery.raw), source=delivery.source, content_type=delivery.content_type
            )
            return file(delivery, understood=understood, by=by)
        except Refused as refusal:
            return fail(delivery, reason=str(refusal), by=by)
        except OperationalError:
            logger.exception("Delivery %s is not filed; the sweep will try again", delivery.pk)
            return delivery
        except Exception:
            # One text that our parser does not survive must not cost the sender its answer, nor
            # the sweep the deliveries behind it.
            logger.exception("Delivery %s could not be parsed", delivery.pk)
            return fail(delivery, reason=_("The parser broke on this text. See the log."), by=by)


def parse_again(delivery: Delivery, *, by: User) -> Delivery:
    """The delivery, read anew from its bytes: after a repair, or to be sure. Changes nothing else
    when the outcome is the same.
    """
    return parse(delivery, by=by)


@transaction.atomic
def file(delivery: Delivery, *, understood: Understood, by: User | None) -> Delivery:
    """Put the text where it belongs: a version of its story, or the version we have already."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    story = locked_story(delivery, understood.story)
    digest = content_hash(understood.story)
    version = story.versions.filter(content_hash=digest).first()
    if version is None:
        version = add_version(story, delivery=delivery, parsed=understood.story, digest=digest)
        settle(story, by=by)
        record(story, verb=f"wire_{version.signal}", by=by, version=version.number)
    own = version.delivery_id == delivery.pk
    outcome = Delivery.Status.PARSED if own else Delivery.Status.DUPLICATE
    if (delivery.status, delivery.version_id) == (outcome, version.pk):
        return delivery
    delivery.status, delivery.reason, delivery.version = outcome, "", version
    delivery.encoding = understood.encoding
    delivery.save(update_fields=["status", "reason", "version", "encoding"])
    return delivery


@transaction.atomic
def fail(delivery: Delivery, *, reason: str, by: User | None) -> Delivery:
    """Write on a delivery why it could not be read. What an earlier reading made of it stays."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.version_id or (delivery.status, delivery.reason) == ("failed", reason[:300]):
        return delivery
    delivery.status, delivery.reason = Delivery.Status.FAILED, reason[:300]
    delivery.save(update_fields=["status", "reason"])
    record(delivery, verb="failed", by=by, reason=reason)
    return delivery


def locked_story(delivery: Delivery, parsed: Parsed) -> Story:
    """The story this text belongs to, new or known, held until the transaction ends."""
    story, _made = Story.objects.get_or_create(
        source=delivery.source,
        key=key_of(parsed, source=delivery.source.slug),
        defaults={"news_at": parsed.sent_at or delivery.received_at},
    )
    return Story.objects.select_for_update().get(pk=story.pk)


def add_version(story: Story, *, delivery: Delivery, parsed: Parsed, digest: str) -> Version:
    """Freeze the text as the story's next version. Call it holding the story."""
    order = order_of(parsed.marks)
    known = list(story.versions.values_list("number", "mark_order", "sent_at", "delivery_id"))
    same_claim = [row for row in known if row[1:3] == (order, parsed.sent_at)]
    earlier_readings = delivery.versions.count()
    return Version.objects.create(
        story=story,
        delivery=delivery,
        number=max((row[0] for row in known), default=0) + 1,
        signal=signal_of(parsed.marks),
        mark_order=order,
        reading=earlier_readings + 1,
        silent_change=any(row[3] != delivery.pk for row in same_claim),
        content_hash=digest,
        **words_of(parsed),
    )


def signal_of(marks: list[str]) -> Version.Signal:
    if is_cancellation(marks):
        return Version.Signal.CANCELLATION
    return Version.Signal.CORRECTION if is_correction(marks) else Version.Signal.TEXT


def words_of(parsed: Parsed) -> dict[str, object]:
    """The columns of a version that hold the agency's words."""
    same = (
        "headline marks deck sent_at stamps contacts paragraphs rights ai_use_prohibited"
        " resale_prohibited notes furniture warnings embargo embargo_until"
    )
    return {
        **{name: getattr(parsed, name) for name in same.split()},
        "agency": parsed.agency[:80],
        "places": list(parsed.dateline.places),
        "dateline_agency": parsed.dateline.agency[:80],
        "bylines": [asdict(person) for person in parsed.bylines],
        "embargo_text": "\n".join(parsed.embargo_lines),
        "captions": [asdict(caption) for caption in parsed.captions],
    }
