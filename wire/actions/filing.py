"""Filing of parsed deliveries: each text becomes a version of its story, so many in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from wire.actions.locking import lock_source, lock_story_row
from wire.actions.placing import (
    ask_about,
    find_filed,
    index_text,
    lock_identified_story,
    place_text,
)
from wire.actions.settling import refresh_story
from wire.actions.superseding import read_replaced, replaced_texts, supersede_others
from wire.actions.versions import add_version, signal_of
from wire.matching import content_hash, facts_of_story, story_key
from wire.models import Delivery, Story, Version
from wire.parsers.marks import mark_order
from wire.parsers.result import ParsedDelivery, ParsedStory
from wire.story_updates import collecting_updates

# How long a transaction holds the source, and how many stories it locks. An ordinary delivery is one.
TEXTS_PER_TRANSACTION = 50


@dataclass
class Filing:
    """One parsing of a delivery on its way into stories.

    `former` has the version whose place a text takes, by the text's `id()`; `is_repeated`: texts of the
    delivery were filed before. `first` is the version of its first text, `own` are the ids of those that no
    other delivery brought.
    """

    reading: int
    is_repeated: bool
    former: dict[int, Version]
    first: Version | None = None
    own: list[int] = field(default_factory=list)


def file_delivery(delivery: Delivery, *, parsed: ParsedDelivery, by: User | None) -> Delivery:
    """File each text as a version of its story, or find the version with the same content.

    1. File the texts in the order of the delivery, which so decides between those of one and the same time;
       `TEXTS_PER_TRANSACTION` are one transaction. Killed between two of them the delivery is `received`,
       also one that was parsed before: the next run finds what is filed, and goes on in the same reading.
    2. In the last transaction note what only an earlier parsing read, and mark the delivery as parsed.

    Raises Delivery.DoesNotExist for one that a legal erasure deleted or emptied meanwhile.
    """
    filing: Filing | None = None
    *batches, last = in_batches(parsed.stories)
    for texts in batches:
        with transaction.atomic():
            locked = lock_delivery(delivery)
            filing = filing or begin_filing(locked, parsed.stories)
            mark_unfinished(locked, filing)
            file_texts(locked, texts, filing, by=by)
    with transaction.atomic():
        locked = lock_delivery(delivery)
        filing = filing or begin_filing(locked, parsed.stories)
        file_texts(locked, last, filing, by=by, is_last=True)
        return finish_filing(locked, parsed, filing)


def in_batches(texts: Sequence[ParsedStory]) -> Iterator[Sequence[ParsedStory]]:
    """The texts in order, as many together as one transaction files."""
    for start in range(0, len(texts), TEXTS_PER_TRANSACTION):
        yield texts[start : start + TEXTS_PER_TRANSACTION]


def lock_delivery(delivery: Delivery) -> Delivery:
    """The delivery, locked until the transaction ends. Raises Delivery.DoesNotExist where it was erased."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("source")
    return rows.without_raw().exclude(raw=b"").get(pk=delivery.pk)


def begin_filing(delivery: Delivery, texts: Sequence[ParsedStory]) -> Filing:
    """What is known of a locked delivery before its first text is filed.

    One that is `received` goes on with the reading that was interrupted or is under way in another process.
    """
    last_reading = delivery.versions.aggregate(last=Max("reading"))["last"]
    reading = (last_reading or 0) + 1
    if delivery.status == Delivery.Status.RECEIVED:
        reading = delivery.unfinished_reading or 1
    return Filing(
        reading=reading,
        is_repeated=last_reading is not None,
        former=replaced_texts(delivery, texts) if last_reading is not None else {},
    )


def mark_unfinished(delivery: Delivery, filing: Filing) -> None:
    """Mark a locked delivery as filed in part, so that `parse_waiting` goes on where this run is killed."""
    unfinished = (Delivery.Status.RECEIVED, filing.reading)
    if (delivery.status, delivery.unfinished_reading) == unfinished:
        return
    delivery.status, delivery.unfinished_reading = unfinished
    delivery.save(update_fields=["status", "unfinished_reading"])


def file_texts(
    delivery: Delivery,
    texts: Sequence[ParsedStory],
    filing: Filing,
    *,
    by: User | None,
    is_last: bool = False,
) -> None:
    """File texts of a locked delivery, in the caller's transaction.

    Stories with an identifier are locked first, in the order of their keys, so that two deliveries of the
    same ones do not wait for each other; the handlers of updates are called once all are filed.
    """
    is_superseding = is_last and filing.is_repeated
    if is_superseding or not all(text.identifier for text in texts):
        lock_source(delivery.source_id)
    locked = lock_identified_stories(delivery, texts)
    with collecting_updates():
        versions = [
            file_in_story(delivery, text, locked[id(text)], reading=filing.reading, by=by)
            if text.identifier
            else file_weak_story(
                delivery,
                text,
                former=read_replaced(filing.former.get(id(text))),
                reading=filing.reading,
                by=by,
            )
            for text in texts
        ]
        filing.first = filing.first or versions[0]
        filing.own += [v.pk for v in versions if v.delivery_id == delivery.pk]
        if is_superseding:
            supersede_others(delivery, filing.own, reading=filing.reading, by=by)
    delivery.known_texts.add(*(v for v in versions if v.delivery_id != delivery.pk))


def finish_filing(delivery: Delivery, parsed: ParsedDelivery, filing: Filing) -> Delivery:
    """Mark a locked delivery as parsed, once."""
    outcome = Delivery.Status.PARSED if filing.own else Delivery.Status.DUPLICATE
    first = filing.first
    if first is None or (delivery.status, delivery.version_id) == (outcome, first.pk):
        return delivery
    delivery.status, delivery.reason, delivery.version = outcome, "", first
    delivery.encoding, delivery.format = parsed.encoding, parsed.format
    delivery.unfinished_reading = None
    delivery.save(
        update_fields=["status", "reason", "version", "encoding", "format", "unfinished_reading"]
    )
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
