"""Index of the inbox: of a long text its beginning is indexed, in the order of the text."""

import random

import pytest

from newsroom.search.tokenizer import extract_ngrams, iter_ngram_parts
from tests.wire.inbox.conftest import Deliver
from tests.wire.inbox.test_inbox_index import rows_of
from wire.inbox_search.terms import index_terms


@pytest.mark.django_db
def test_a_long_text_is_indexed_as_far_as_the_index_holds(deliver: Deliver) -> None:
    chance = random.Random(1)
    body = "".join(chr(0xAC00 + chance.randrange(11172)) for _ in range(120_000))
    version = deliver("긴 글", body=body)
    terms = index_terms(version, source_id=1)
    assert extract_ngrams(body[:55_000]) <= terms
    assert 600_000 < sum(len(term.encode()) for term in terms) <= 901_000
    assert rows_of(body[:3])
    assert not rows_of(body[-3:])


def test_the_parts_of_a_long_text_have_all_its_terms_in_its_order() -> None:
    line = " ".join(f"K-pop 공연{n}회, New York 가·나" for n in range(200))
    parts = list(iter_ngram_parts(line))
    assert len(parts) > 2
    assert set().union(*parts) == extract_ngrams(line)
    body = "가나다" + "라" * 500 + "마바사"
    first, *_, last = iter_ngram_parts(body)
    assert "가나다" in first
    assert "마바사" in last
    assert not {"마바사", "마바"} & first
