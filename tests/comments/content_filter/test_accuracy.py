"""Accuracy of the content filter: evasions that it catches, innocent neighbours that it passes.

A line of the files is a comment; `\\n` stands for a line break. Those `_by_another` and
`_by_a_third` are of other authors than the rules; each file is asserted by itself.
"""

from pathlib import Path

import pytest

from comments.content_filter import find_words

FOLDER = Path(__file__).parent
AUTHORS = ("", "_by_another", "_by_a_third")


def read_texts(name: str, author: str) -> list[str]:
    lines = (FOLDER / f"{name}{author}.txt").read_text().split("\n")
    return [line.replace("\\n", "\n") for line in lines if line.strip()]


@pytest.mark.parametrize("author", AUTHORS)
def test_ninety_seven_of_a_hundred_evasions_are_found(author: str) -> None:
    """community B58."""
    texts = read_texts("evasions", author)
    missed = [text for text in texts if not find_words(text)]
    assert len(missed) <= len(texts) * 0.03, missed


@pytest.mark.parametrize("author", AUTHORS)
def test_at_most_one_of_a_hundred_neighbours_is_found(author: str) -> None:
    texts = read_texts("neighbours", author)
    flagged = [(text, find_words(text)) for text in texts if find_words(text)]
    assert len(flagged) <= len(texts) * 0.01, flagged


@pytest.mark.parametrize("name", ["evasions", "neighbours"])
def test_half_of_four_hundred_texts_are_of_other_authors_than_the_rules(
    name: str,
) -> None:
    own, *others = [len(read_texts(name, author)) for author in AUTHORS]
    assert own + sum(others) >= 400
    assert sum(others) >= 200


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("정말 ba보 맞네", "ba보"),
        ("이건 tlqkf!", "tlqkf"),
        ("너 시\u200b8\u200b 뭐야", "시\u200b8"),
        ("참 \u1109\u1175\u1107\u1161\u11af 덥다", "\u1109\u1175\u1107\u1161\u11af"),
        ("㈜회사 시★발", "시★발"),
        ("그래 ｂａ보!", "ｂａ보"),
        ("너 바아보오 맞지", "바아보오"),
        ("바보온달과 바보", "바보"),
    ],
)
def test_span_is_exact_in_the_original(text: str, span: str) -> None:
    (finding,) = find_words(text)
    assert text[finding.start : finding.end] == span
    assert finding.start == text.rindex(span)
