"""Texts that only an earlier parsing of their delivery read are neither found nor matched."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command

from tests.wire.inbox.conftest import NOON, Deliver
from tests.wire.inbox.test_inbox_index import rows_of
from wire.actions.filing import file_delivery
from wire.models import IndexedVersion, MatchTerm, Version
from wire.models.versions import SUPERSEDED
from wire.parsers.result import ParsedDelivery, ParsedStory

pytestmark = pytest.mark.django_db
Listed = Callable[..., list[str]]


@pytest.mark.parametrize("identifier", ["", "가1"], ids=["weak", "identified"])
def test_superseded_text_is_not_found_until_a_parsing_finds_it_again(
    deliver: Deliver, listed: Listed, identifier: str
) -> None:
    version = deliver("새 다리 놓는다", body="전화 둑길 1234.", identifier=identifier)

    def read(body: str) -> None:
        text = ParsedStory(
            headline="새 다리 놓는다", paragraphs=[body], identifier=identifier, sent_at=NOON
        )
        text.agency = "가상통신"
        text.finish_blocks()
        parsed = ParsedDelivery([text], "yonhap", "utf-8")
        file_delivery(version.delivery, parsed=parsed, by=None)

    def terms() -> set[int]:
        return set(MatchTerm.objects.filter(version=version).values_list("kind", flat=True))

    kinds = terms()
    assert MatchTerm.Kind.EVENT in kinds
    read("누리도다.")
    assert (listed(q="둑길"), listed(q="누리도"), terms()) == ([], ["새 다리 놓는다"], set())
    output = StringIO()
    call_command("reindex_wire", stdout=output)
    assert output.getvalue().startswith("1 versions indexed")
    assert rows_of("둑길") == []
    read("전화 둑길 1234.")
    assert (listed(q="둑길"), listed(q="누리도"), terms()) == (["새 다리 놓는다"], [], kinds)


def test_the_command_drops_rows_of_superseded_texts(deliver: Deliver) -> None:
    version = deliver("강변길 연다", body="둑길이다.")
    deliver("새 다리 놓는다", minutes=5)
    Version.objects.filter(pk=version.pk).update(reading=SUPERSEDED)
    call_command("reindex_wire", stdout=StringIO())
    assert rows_of("둑길") == []
    assert IndexedVersion.objects.count() == 1
