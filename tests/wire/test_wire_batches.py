"""A delivery of many texts is filed in batches; killed between or within them, it is finished later."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from accounts.models import User
from audit.models import Entry
from tests.wire.channels.conftest import Killed, dying_before_statement
from wire.actions import filing, insert_delivery, join_story, parse_delivery, receive_delivery
from wire.models import Delivery, Embargo, Source, Story, Version
from wire.parsers.result import SEOUL, ParsedDelivery, ParsedStory
from wire.tasks import parse_waiting
from wire.triggers import permit_erasure

SENT = datetime(2026, 11, 14, 9, 0, tzinfo=SEOUL)
MAX_STATEMENTS = 400


@pytest.fixture
def feeds(db: None) -> Source:
    return Source.objects.create(slug="feeds", name="가상통신", agency="가상통신")


@pytest.fixture
def _two_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "TEXTS_PER_TRANSACTION", 2)


def feed_of(names: Sequence[str]) -> bytes:
    """A feed with an entry for each name."""
    items = "".join(
        f"<item><title>{name} 소식</title><guid>{name}</guid><description>{name}의 글이다.</description>"
        "<pubDate>Sat, 14 Nov 2026 09:00:00 +0900</pubDate></item>"
        for name in names
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def stored(source: Source, names: Sequence[str]) -> Delivery:
    return insert_delivery(source, raw=feed_of(names), name="", content_type="", by=None)


@pytest.mark.django_db(transaction=True)
def test_killed_before_any_statement_each_story_is_filed_once(
    feeds: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state after the next run is that of a run that nobody killed; some kills leave a part filed."""
    monkeypatch.setattr(filing, "TEXTS_PER_TRANSACTION", 1)
    left: set[int] = set()
    for statement in range(1, MAX_STATEMENTS):
        names = [f"{statement}번 가", f"{statement}번 나"]
        receive_delivery(feeds, raw=feed_of(names[1:]), by=None)  # is known when the delivery comes
        delivery = stored(feeds, names)
        was_killed = parse_until_killed(delivery, statement)
        versions = Version.objects.filter(headline__startswith=f"{statement}번 ")
        if was_killed:
            left.add(versions.count())
        parse_waiting()
        delivery.refresh_from_db()
        assert delivery.status == Delivery.Status.PARSED
        assert delivery.version
        assert delivery.version.headline == f"{names[0]} 소식"
        assert sorted(versions.values_list("reading", "number")) == [(1, 1)] * 2
        assert [v.headline for v in delivery.known_texts.all()] == [f"{names[1]} 소식"]
        ids = [str(pk) for pk in versions.values_list("story", flat=True)]
        filed = Entry.objects.filter(kind="wire.story", verb="wire_text", subject__in=ids)
        assert filed.count() == 2
        if not was_killed:
            break
    assert left == {1, 2}, "a kill between two batches leaves the first"


def parse_until_killed(delivery: Delivery, statement: int) -> bool:
    """Parse a delivery in a process that dies before this statement; whether it died."""
    try:
        with dying_before_statement(statement):
            parse_delivery(delivery, by=None)
    except Killed:
        return True
    return False


@pytest.mark.usefixtures("_two_together")
def test_texts_of_one_time_count_in_the_order_of_the_delivery_across_batches(feeds: Source) -> None:
    texts = [
        ParsedStory(
            identifier="a", headline=f"{n}번째 글", paragraphs=[f"{n}번째 글이다."], sent_at=SENT
        )
        for n in range(5)
    ]
    delivery = stored(feeds, ["가"])
    filing.file_delivery(delivery, parsed=ParsedDelivery(texts, "feed", "utf-8"), by=None)
    story = Story.objects.get(identifier="a")
    assert story.current
    assert story.current.headline == "4번째 글"
    assert story.versions.count() == 5


@pytest.mark.usefixtures("_two_together")
@pytest.mark.django_db(transaction=True)
def test_stricter_of_two_embargoes_of_one_time_holds_although_a_kill_parted_them(
    feeds: Source,
) -> None:
    def text(until: datetime | None, n: int) -> ParsedStory:
        story = ParsedStory(
            identifier="a", headline="글", paragraphs=[f"{n}번째 글이다."], sent_at=SENT
        )
        story.embargo = Embargo.UNTIL if until else Embargo.OPEN
        story.embargo_until = until
        return story

    texts = [text(None, 1), text(None, 2), text(SENT + timedelta(hours=3), 3)]
    delivery = stored(feeds, ["가"])
    parsed = ParsedDelivery(texts, "feed", "utf-8")
    raised = False
    for statement in range(1, MAX_STATEMENTS):
        try:
            with dying_before_statement(statement):
                filing.file_delivery(delivery, parsed=parsed, by=None)
        except Killed:
            raised = True
            continue
        break
    assert raised
    assert Story.objects.get(identifier="a").embargo == Embargo.OPEN


@pytest.mark.usefixtures("_two_together")
def test_delivery_that_is_erased_between_two_batches_is_filed_no_further(
    feeds: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_texts: Callable[..., None] = filing.file_texts

    def erased_after(delivery: Delivery, *arguments: object, **options: object) -> None:
        file_texts(delivery, *arguments, **options)
        with permit_erasure():
            Delivery.objects.filter(pk=delivery.pk).update(raw=b"")

    monkeypatch.setattr(filing, "file_texts", erased_after)
    delivery = stored(feeds, ["가", "나", "다", "라"])
    parse_delivery(delivery, by=None)
    assert Version.objects.count() == 2
    monkeypatch.undo()
    parse_waiting()
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.UNSUPPORTED, "its bytes are gone"
    assert Version.objects.count() == 2


def cut_off(names: Sequence[str]) -> ParsedDelivery:
    """What a parser that cut the texts off read of `feed_of(names)`."""
    texts = [
        ParsedStory(identifier=name, headline=f"{name} 소식", paragraphs=["잘린 글."], sent_at=SENT)
        for name in names
    ]
    return ParsedDelivery(texts, "feed", "utf-8")


@pytest.mark.django_db(transaction=True)
def test_reading_anew_that_is_killed_is_finished_by_the_task(
    feeds: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either nothing of it is stored, or the next run of the task finishes it in the same reading."""
    monkeypatch.setattr(filing, "TEXTS_PER_TRANSACTION", 1)
    left = set[tuple[str, int]]()
    for statement in range(1, MAX_STATEMENTS, 3):
        names = [f"{statement}번 {name}" for name in "가나"]
        delivery = stored(feeds, names)
        filing.file_delivery(delivery, parsed=cut_off(names), by=None)
        delivery.refresh_from_db()
        was_killed = parse_until_killed(delivery, statement)
        delivery.refresh_from_db()
        if was_killed:
            left.add((delivery.status, delivery.versions.count()))
        is_begun = delivery.versions.count() > len(names)
        assert parse_waiting() == (1 if was_killed and is_begun else 0)
        delivery.refresh_from_db()
        assert (delivery.status, delivery.unfinished_reading) == (Delivery.Status.PARSED, None)
        readings = sorted(delivery.versions.values_list("reading", flat=True))
        assert readings == ([0, 0, 2, 2] if is_begun else [1, 1])
        if not was_killed:
            break
    assert left == {("parsed", 2), ("received", 3)}


@pytest.mark.usefixtures("_two_together")
@pytest.mark.parametrize("is_parsed_before", [False, True])
def test_delivery_that_breaks_in_its_second_batch_says_so_and_is_not_tried_again(
    feeds: Source, monkeypatch: pytest.MonkeyPatch, *, is_parsed_before: bool
) -> None:
    names = ["가", "나", "다"]
    delivery = stored(feeds, names)
    if is_parsed_before:
        delivery = filing.file_delivery(delivery, parsed=cut_off(names), by=None)
    file_texts: Callable[..., None] = filing.file_texts

    def broken_in_the_last(*arguments: object, is_last: bool = False, **options: object) -> None:
        if is_last:
            raise ValueError
        file_texts(*arguments, **options)

    with monkeypatch.context() as broken:
        broken.setattr(filing, "file_texts", broken_in_the_last)
        delivery = parse_delivery(delivery, by=None)
    assert delivery.status == Delivery.Status.FAILED
    assert delivery.reason.endswith("이미 저장한 새 기사문: 2건.")
    assert Entry.objects.filter(kind="wire.delivery", verb="failed").count() == 1
    assert parse_waiting() == 0
    delivery = parse_delivery(delivery, by=None)
    assert (delivery.status, delivery.reason) == (Delivery.Status.PARSED, "")
    readings = sorted(delivery.versions.values_list("reading", flat=True))
    assert readings == ([0, 0, 0, 2, 2, 3] if is_parsed_before else [1, 1, 2])


@pytest.mark.usefixtures("_two_together")
def test_text_read_anew_follows_its_story_that_was_joined_between_two_batches(
    feeds: Source, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def weak(headline: str) -> ParsedStory:
        text = f"{headline}에 관한 글이다."
        return ParsedStory(headline=headline, paragraphs=[text], agency="가상통신", sent_at=SENT)

    found = [weak("가상시 강변길 연다"), weak("누리도 새 다리 놓는다")]
    misread, right = weak("쪽번호 3"), weak("나래군 도서관 문 연다")
    delivery = stored(feeds, ["가"])
    former = ParsedDelivery([*found, misread], "feed", "utf-8")
    delivery = filing.file_delivery(delivery, parsed=former, by=None)
    moved = delivery.versions.get(headline=misread.headline).story
    target = delivery.versions.get(headline=found[0].headline).story
    file_texts: Callable[..., None] = filing.file_texts

    def joined_after(*arguments: object, is_last: bool = False, **options: object) -> None:
        file_texts(*arguments, is_last=is_last, **options)
        if not is_last:
            join_story(moved, to=target.pk, by=ben)

    monkeypatch.setattr(filing, "file_texts", joined_after)
    repaired = ParsedDelivery([*found, right], "feed", "utf-8")
    filing.file_delivery(delivery, parsed=repaired, by=None)
    moved.refresh_from_db()
    target.refresh_from_db()
    assert (moved.current, moved.merged_into) == (None, target)
    assert target.versions.filter(headline=right.headline).exists()
    assert not moved.versions.exists()
