"""Word lists in the database: versions, what counts now, restoring, the admin page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import post_comment
from comments.actions.screening import screen_comment
from comments.actions.word_lists import (
    changed_entries,
    current_words,
    restore_word_list,
    save_word_list,
)
from comments.content_filter import DEFAULT_WORDS
from comments.errors import BlockedWord, InvalidWord, WordListChanged
from comments.models import Comment, WordList, WordListTrial
from newsroom.errors import NotAllowed

pytestmark = pytest.mark.django_db


def word(text: str, severity: str = "hold", mode: str = "word") -> dict[str, str]:
    return {"text": text, "severity": severity, "mode": mode, "note": ""}


def add_words(by: User, *words: dict[str, str]) -> WordList:
    current = WordList.objects.latest("number")
    entries = changed_entries(current.entries, added=words, removed=[])
    return save_word_list(entries, by=by, base_number=current.number, note="시험")


def test_first_version_has_the_default_words() -> None:
    first = WordList.objects.get()
    assert first.number == 1
    assert len(first.entries) == len(DEFAULT_WORDS)
    assert screen_comment("너 바1보 맞지") is not None


def test_a_saved_change_counts_at_once_and_costs_one_query(
    mo: User, django_assert_num_queries: Any
) -> None:
    assert screen_comment("감자 같은 소리") is None
    add_words(mo, word("감자"))
    assert screen_comment("감자 같은 소리") is not None
    with django_assert_num_queries(1):
        current_words()


def test_each_change_is_a_version_in_the_audit_log(mo: User) -> None:
    saved = add_words(mo, word("감자"), word("고구마", "flag"))
    entry = Entry.objects.get(verb="list_changed")
    assert (saved.number, entry.by, entry.details["added"]) == (2, mo.pk, ["감자", "고구마"])


def test_an_older_version_is_restored_as_a_new_one(mo: User) -> None:
    first = WordList.objects.get()
    add_words(mo, word("감자"))
    restored = restore_word_list(first, by=mo, base_number=2)
    assert (restored.number, restored.restored_number) == (3, 1)
    assert restored.entries == first.entries
    assert screen_comment("감자") is None
    assert Entry.objects.get(verb="list_restored").details["removed"] == ["감자"]


def test_a_change_of_a_list_that_changed_meanwhile_is_refused(mo: User) -> None:
    add_words(mo, word("감자"))
    with pytest.raises(WordListChanged):
        save_word_list([], by=mo, base_number=1)
    assert WordList.objects.count() == 2


def test_only_moderators_change_the_list(ada: User) -> None:
    with pytest.raises(NotAllowed):
        save_word_list([], by=ada, base_number=1)


@pytest.mark.parametrize("text", ["", "가" * 41, "!!!", "\u200b"])
def test_words_without_letters_or_too_long_are_refused(text: str) -> None:
    with pytest.raises(InvalidWord):
        changed_entries([], added=[word(text)], removed=[])


def test_severities_refuse_hold_or_mark_a_comment(article: Article, chi: User, mo: User) -> None:
    add_words(mo, word("감자", "block"), word("고구마", "hold"), word("옥수수", "flag"))
    with pytest.raises(BlockedWord) as refusal:
        post_comment(article, by=chi, text="이 감1자 같은")
    assert "감자" not in str(refusal.value.fields)
    waiting = post_comment(article, by=chi, text="이런 고구마야")
    flagged = post_comment(article, by=chi, text="이런 옥수수야")
    assert (waiting.state, flagged.state) == (Comment.State.HELD, Comment.State.VISIBLE)
    finding = flagged.findings.get()
    assert (finding.severity, finding.match, finding.list_number) == ("flag", "옥수수", 2)


def test_findings_are_stored_with_exact_spans_and_replaced_by_an_edit(
    article: Article, chi: User, as_user: Any
) -> None:
    """community B61."""
    text = "정말 ba보 같은 시★발"
    comment = post_comment(article, by=chi, text=text)
    shown = as_user(chi).get(f"/api/v1/comments/{comment.pk}/").json()
    assert "ba보" not in str({key: shown[key] for key in shown if key != "text"})
    spans = [text[f.start : f.end] for f in comment.findings.order_by("start")]
    assert spans == ["ba보", "시★발"]
    as_user(chi).patch(f"/api/v1/comments/{comment.pk}/", {"text": "좋은 글"}, format="json")
    comment.refresh_from_db()
    assert comment.state == Comment.State.HELD  # an edit does not release it
    assert not comment.findings.exists()


def test_words_of_the_settings_replace_those_of_the_list(settings: Any) -> None:
    settings.COMMENT_MODERATED_WORDS = ["감자"]
    assert screen_comment("바보야") is None
    assert screen_comment("감1자야") is not None
    settings.COMMENT_ALLOWED_WORDS = ["감자튀김"]
    assert screen_comment("감자튀김") is None


def test_a_failure_of_the_filter_holds_the_comment(
    article: Article, chi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any) -> None:
        raise ValueError

    monkeypatch.setattr("comments.actions.screening.screen_text", fail)
    comment = post_comment(article, by=chi, text="평범한 글")
    assert comment.state == Comment.State.HELD
    assert comment.findings.get().rule == "error"


def test_the_admin_page_adds_removes_and_searches(mo: User, client: Client) -> None:
    client.force_login(mo)
    url = reverse("admin:comments_wordlist_edit")
    page = client.get(url, {"q": "바보온달"})
    assert "allowed:바보온달" in page.content.decode()
    body = {
        "base": "1", "words": "감자\n고구마", "severity": "hold", "mode": "word", "note": "새말",
        "days": "7", "remove": ["allowed:바보온달"], "save": "1",
    }  # fmt: skip
    assert client.post(url, body).status_code == 302
    saved = WordList.objects.latest("number")
    assert saved.created_by == mo
    assert saved.entry("감자", "word")
    assert saved.entry("바보온달", "allowed") is None
    stale = client.post(url, body)
    assert stale.status_code == 200
    assert WordList.objects.count() == 2


def test_a_list_that_has_not_changed_is_no_new_version(mo: User, client: Client) -> None:
    """A form without the name of its button only tries the list: Enter in a field does not save."""
    client.force_login(mo)
    url = reverse("admin:comments_wordlist_edit")
    body = {"base": "1", "words": "", "severity": "hold", "mode": "word", "note": "", "days": "7"}
    assert "바뀐 것이 없습니다" in client.post(url, body | {"save": "1"}).text
    assert client.post(url, body | {"words": "감자"}).status_code == 302
    assert (WordList.objects.count(), WordListTrial.objects.count()) == (1, 1)


def test_the_admin_page_is_for_moderators(ada: User, client: Client) -> None:
    client.force_login(ada)
    assert client.get(reverse("admin:comments_wordlist_edit")).status_code == 403
    assert client.get(reverse("admin:comments_wordlist_changelist")).status_code == 403


def test_the_admin_restores_a_version(mo: User, client: Client) -> None:
    first = WordList.objects.get()
    add_words(mo, word("감자"))
    client.force_login(mo)
    page = client.get(reverse("admin:comments_wordlist_change", args=[first.pk]))
    assert page.status_code == 200
    client.post(reverse("admin:comments_wordlist_press", args=[first.pk, "restore"]))
    assert WordList.objects.latest("number").restored_number == 1


def test_a_search_keeps_what_was_typed(mo: User, client: Client) -> None:
    client.force_login(mo)
    url = reverse("admin:comments_wordlist_edit")
    body = {
        "base": "1", "words": "감자\n고구마", "severity": "block", "mode": "word", "note": "새말",
        "days": "x", "remove": ["allowed:바보온달"], "q": "시발", "use": "", "search": "1",
    }  # fmt: skip
    page = client.post(url, body)
    content = page.content.decode()
    assert "감자\n고구마" in content
    assert all(f'value="{value}"' in content for value in ("새말", "x", "시발"))
    assert '<option value="block" selected>' in content
    assert 'class="errorlist' not in content
    marked = [row["text"] for row in page.context["rows"] if row["is_removed"]]
    assert marked == ["바보온달"]
    assert all("시발" in row["text"] for row in page.context["rows"][1:])
    assert WordList.objects.count() == 1


def test_a_dry_run_can_be_changed_further(mo: User, client: Client) -> None:
    client.force_login(mo)
    url = reverse("admin:comments_wordlist_edit")
    body = {
        "base": "1", "words": "감자\n고구마", "severity": "block", "mode": "word", "note": "새말",
        "days": "9", "remove": ["allowed:바보온달"], "try": "1",
    }  # fmt: skip
    trial = client.get(client.post(url, body)["Location"]).content.decode()
    again = f"{url}?trial={WordListTrial.objects.get().pk}"
    assert again in trial
    page = client.get(again)
    assert {row["text"] for row in page.context["rows"] if row["is_removed"]} == {"바보온달"}
    form = page.context["form"]
    assert set(form["words"].value().split("\n")) == {"감자", "고구마"}
    assert [form[name].value() for name in ("severity", "mode", "note", "days")] == [
        *("block", "word", "새말", 9)
    ]
    for unknown in ("999999", "x", "9" * 40):
        assert client.get(url, {"trial": unknown}).status_code == 200
