"""Intake of deliveries: store the bytes, parse them, write the outcome; `filing` files what was parsed."""

import hashlib
import logging

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from newsroom.errors import Refused
from newsroom.text.normalization import normalize_line
from wire.actions.filing import file_delivery
from wire.errors import EmptyDelivery, SourceClosed, TooLarge, Unreadable, Unsupported
from wire.models import Delivery, Source
from wire.parsers.payload import Payload
from wire.parsers.registry import parse_payload

logger = logging.getLogger(__name__)

MAX_DELIVERY_BYTES = 10 * 1024 * 1024
PARSED = {Delivery.Status.PARSED, Delivery.Status.DUPLICATE}


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

    While the database is unavailable a delivery that is `received` stays so, and the task tries again.
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
            logger.exception("Delivery %s: tried again while it is `received`", delivery.pk)
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
    """Write an outcome without a story, once. One that was parsed before keeps its version, and its outcome
    as well where nothing of a later reading is filed.
    """
    locked = Delivery.objects.select_for_update().filter(pk=delivery.pk).first()
    if locked is None:  # erased meanwhile
        return delivery
    delivery = locked
    reason += filed_in_part(delivery)
    if delivery.status in PARSED or (delivery.status, delivery.reason) == (status, reason[:300]):
        return delivery
    delivery.status, delivery.reason, delivery.format = status, reason[:300], kind
    delivery.unfinished_reading = None
    delivery.save(update_fields=["status", "reason", "format", "unfinished_reading"])
    record_audit(delivery, verb=status.value, by=by, reason=reason)
    return delivery


def filed_in_part(delivery: Delivery) -> str:
    """The sentence that says how many new texts an unfinished reading has filed; empty without one."""
    if delivery.unfinished_reading is None:
        return ""
    count = delivery.versions.filter(reading=delivery.unfinished_reading).count()
    return " " + _("New texts that are filed already: %(count)s.") % {"count": count}
