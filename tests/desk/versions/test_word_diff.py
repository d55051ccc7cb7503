"""Word diff: what is marked, how blocks are aligned, and that its work is bounded."""

import random
import time

import pytest

from desk.versions.comparison import blocks_of, compare, fold
from newsroom.text.word_diff import Budget, Row, Segment, diff_blocks, text_block


def rows_of(before: str, after: str) -> list[Row]:
    return diff_blocks(list(blocks_of("body", before)), list(blocks_of("body", after)), Budget())


def marked(segments: tuple[Segment, ...]) -> str:
    """The text with [-removed-] and [+added+]."""
    signs = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("[+", "+]")}
    return "".join(f"{signs[s.op][0]}{s.text}{signs[s.op][1]}" for s in segments)


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        ("문이 열렸다.", "문이 닫혔다.", "문이 [-열렸다-].", "문이 [+닫혔다+]."),
        ("The robot waits", "The tall robot waits", "The robot waits", "The [+tall +]robot waits"),
        ("하나, 둘, 셋", "하나, 셋", "하나, [-둘, -]셋", "하나, 셋"),
        ("", "새로", "", "[+새로+]"),
    ],
)
def test_words_that_differ_are_marked(before: str, after: str, left: str, right: str) -> None:
    [row] = diff_blocks([text_block(before)], [text_block(after)], Budget())
    assert (marked(row.before), marked(row.after)) == (left, right)


def test_blocks_are_aligned_by_what_they_share() -> None:
    rows = rows_of(
        "<h2>제목</h2><p>하나 둘 셋 넷</p><p>지울 문단</p><p>끝</p>",
        "<h2>제목</h2><p>새로 쓴 전혀 다른 말</p><p>하나 둘 셋 다섯</p><p>끝</p>",
    )
    assert [row.kind for row in rows] == ["equal", "added", "changed", "removed", "equal"]
    assert rows[0].before_kind == "h2"
    assert marked(rows[2].after) == "하나 둘 셋 [+다섯+]"


def test_formatting_links_lists_and_photos_count() -> None:
    [bold] = rows_of("<p>굵은 말</p>", "<p><strong>굵은</strong> 말</p>")
    assert bold.after[0] == Segment("insert", "굵은", ("strong",))
    [link] = rows_of(
        '<p><a href="https://a.example/">말</a></p>', '<p><a href="https://b.example/">말</a></p>'
    )
    assert link.before[0].marks == ("→ https://a.example/",)
    [item] = rows_of("<p>하나</p>", "<ul><li><p>하나</p></li></ul>")
    assert (item.kind, item.before_kind, item.after_kind) == ("changed", "p", "li")
    photo = '<figure><img src="/media/photos/{}/640.jpg" alt="문"><figcaption>설명</figcaption></figure>'
    rows = rows_of(photo.format("aaaaaaaa"), photo.format("bbbbbbbb"))
    assert [row.kind for row in rows] == ["changed", "equal"]


def test_long_equal_stretches_are_folded() -> None:
    body = [f"<p>그대로 {n}</p>" for n in range(10)]
    changed = [*body[:5], "<p>새로</p>", *body[5:]]
    passages = list(fold(rows_of("".join(body), "".join(changed))))
    assert [(p.is_folded, len(p.rows)) for p in passages] == [(True, 4), (False, 3), (True, 4)]
    assert [len(p.rows) for p in fold(rows_of("".join(body[:3]), "".join(body[:3])))] == [3]


def test_fields_that_look_the_same_are_left_out() -> None:
    assert (
        compare({"related": [{"id": 1, "name": "가"}]}, {"related": [{"id": 1, "name": "가"}]})
        == []
    )
    [field] = compare({"authors": [], "notes": "한\n줄"}, {"authors": [], "notes": "한\n둘"})
    assert (field.name, [row.kind for row in field.rows]) == (
        "notes",
        ["equal", "changed"],
    )
    [mode] = compare({"comments_mode": "open"}, {"comments_mode": "closed"})
    assert mode.rows[0].after[0].text != "closed"


@pytest.mark.parametrize("words_of_block", [40, 300, 20_000])
def test_time_is_bounded(words_of_block: int) -> None:
    """Texts of 120 kB and two words, the worst case of difflib."""
    chosen = random.Random(1)

    def body() -> str:
        count = 20_000 // words_of_block
        texts = (" ".join(chosen.choices("가나", k=words_of_block)) for _ in range(count))
        return "".join(f"<p>{text}</p>" for text in texts)

    before, after = body(), body()
    began = time.process_time()
    compare({"body": before}, {"body": after})
    assert time.process_time() - began < 5
