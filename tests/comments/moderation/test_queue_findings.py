"""Findings of the content filter in the moderation queue: each passage marked, flags before moderators."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import edit_comment, post_comment, show_comment
from comments.actions.classifying import classify_due_comments
from comments.classifier import ClassifierAnswer
from comments.finding_texts import marked_excerpt, marked_parts
from comments.models import Comment, ModerationItem
from desk.admin.moderation.views import PAGE_ROWS
from tests.comments.content_filter.test_word_lists import add_words, word
from tests.support.moderation import held_comment

pytestmark = pytest.mark.django_db
FETCH = {"X-Requested-With": "fetch"}


def spans(*pairs: tuple[int, int]) -> list[Any]:
    return [SimpleNamespace(start=start, end=end) for start, end in pairs]


def test_every_passage_is_marked_in_the_list_and_on_the_screen(
    article: Article, mal: User, mo: User
) -> None:
    """community B96: the number of queries does not grow with the comments and their findings."""
    client, queue = Client(), reverse("admin:moderation")
    client.force_login(mo)
    comment = held_comment(article, by=mal, text="바보라는 말에 또 바1보라니 <b>")
    client.get(queue)
    with CaptureQueriesContext(connection) as one:
        page = client.get(queue).content.decode()
    panel = client.get(reverse("admin:moderation_item", args=[comment.pk]), headers=FETCH)
    for content in (page, panel.content.decode()):
        assert "<mark>바보</mark>라는 말에 또 <mark>바1보</mark>라니 &lt;b&gt;" in content
    for number in range(PAGE_ROWS):
        held_comment(article, by=mal, text=f"바보 {number} 같은 바보 {number * 7}")
    with CaptureQueriesContext(connection) as many:
        page = client.get(queue).content.decode()
    assert page.count("<mark>바보</mark>") + page.count("<mark>바1보</mark>") == 2 * PAGE_ROWS
    assert len(many) == len(one)


def test_parts_join_overlaps_and_leave_the_whole_text_unmarked() -> None:
    text = "가나다라마바사"
    assert [part.text for part in marked_parts(text, spans((1, 3), (2, 4), (5, 6)))] == [
        *("가", "나다라", "마", "바", "사"),
    ]
    assert marked_parts(text, spans((0, 7))) == [(text, False)]
    assert marked_parts("", spans()) == []
    long = f"{'가' * 100}나쁜{'다' * 100}"
    parts = marked_excerpt(long, spans((100, 102)), limit=60)
    assert parts == [
        ("…", False),
        ("가" * 20, False),
        ("나쁜", True),
        ("다" * 38, False),
        ("…", False),
    ]
    assert marked_excerpt("가나", spans((0, 1)), limit=60) == [("가", True), ("나", False)]


def test_a_flagged_word_is_shown_and_brought_before_moderators(
    article: Article, chi: User, mo: User
) -> None:
    add_words(mo, word("고구마", "flag"))
    plain = post_comment(article, by=chi, text="잘 읽었습니다")
    flagged = post_comment(article, by=chi, text="이런 고구마를 봤나")
    assert (flagged.state, ModerationItem.objects.get().comment) == ("visible", flagged)
    assert ModerationItem.objects.get().is_flagged
    verbs = Entry.objects.filter(kind="comments.comment", subject=str(flagged.pk)).order_by("pk")
    assert [(row.verb, row.details.get("reason")) for row in verbs] == [
        ("posted", None),
        ("flagged", "word"),
    ]
    edit_comment(plain, by=chi, text="잘 읽었습니다, 고구마")
    assert ModerationItem.objects.count() == 2
    client = Client()
    client.force_login(mo)
    assert "<mark>고구마</mark>" in client.get(reverse("admin:moderation")).content.decode()


def test_a_held_comment_is_not_flagged_besides_and_its_edit_changes_its_place(
    article: Article, mal: User, mo: User
) -> None:
    add_words(mo, word("고구마", "flag"))
    waiting = held_comment(article, by=mal, text="바보 고구마")
    first = ModerationItem.objects.get()
    assert (first.is_held, first.is_flagged) == (True, False)
    edit_comment(waiting, by=mal, text="공손한 말")
    second = ModerationItem.objects.get()
    assert second.is_held
    assert second.urgency < first.urgency
    show_comment(Comment.objects.get(), by=mo)
    assert not ModerationItem.objects.exists()


def test_what_the_classifier_releases_is_flagged_for_its_words(
    article: Article, chi: User, mo: User, settings: Any
) -> None:
    settings.COMMENT_CLASSIFIER_URL = "https://classifier.example/"
    add_words(mo, word("고구마", "flag"))
    comment = post_comment(article, by=chi, text="이런 고구마를 봤나")
    assert ModerationItem.objects.get().is_held
    answer = ClassifierAnswer(is_allowed=True, label="")
    assert classify_due_comments(classify=lambda *_args, **_options: answer) == 1
    item = ModerationItem.objects.get()
    assert (item.comment.state, item.is_held, item.is_flagged) == ("visible", False, True)
    assert item.comment == comment
