"""A word in every text of a story and of what belongs to it; after its legal erasure no table has it."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import User
from articles.models import Article
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from articles.tasks import update_change_feed, update_search_index
from comments.actions import hide_comment, post_comment, report_comment
from desk.actions import (
    approve,
    autosave,
    cancel_bundle,
    create_preview,
    edit,
    end_legal_hold,
    publish_now,
    put_on_legal_hold,
    record_failure,
    restore,
    send_back,
    start_from_wire,
    submit,
    withdraw,
)
from desk.actions.collaboration.remarks import add_remark
from desk.actions.legal.claim_decisions import accept_claim
from desk.actions.legal.erasing import erase_article
from desk.models import Bundle, Draft, Release
from desk.tasks import finish_committed_erasures
from media.actions import import_photo
from media.models import Photo
from polls.actions import VoteClass, cast_vote, decide_votes
from polls.voter_key import Voter
from tests.support import make
from wire.actions import receive_delivery
from wire.models import Source, Story

pytestmark = pytest.mark.django_db
WORD = "까마귀열쇠"
WIRE = (
    f"{WORD}\n\n(서울=연합뉴스) {WORD} 기자 = {WORD} 로봇이 복도를 걸었다.\n\n문 앞에서 멈췄다.\n"
)
# Tables and columns in which the word must have stood, so that the test shows something.
PLANTED = {
    *("articles_edition.headline", "articles_edition.body", "articles_edition.correction_note"),
    *("articles_article.corrections", "articles_searchrow.text"),
    *("audit_entry.label", "audit_entry.details", "comments_comment.text", "comments_comment.reason"),
    *("comments_report.note", "desk_claim.passage", "desk_claim.reason", "desk_claim.wanted_text"),
    *("desk_claim.answer_note", "desk_draft.headline", "desk_draft.notes", "desk_draft.ai_note"),
    *("desk_draftversion.content", "desk_notice.label", "desk_notice.reason", "desk_release.reason"),
    *("desk_remark.quote", "desk_remark.text", "media_photo.alt", "media_photo.caption"),
    *("media_photo.credit", "media_photo.title", "polls_poll.question", "polls_side.argument"),
    *("wire_delivery.raw", "wire_version.headline", "wire_version.paragraphs"),
}  # fmt: skip


def has_word(value: Any) -> bool:
    """Whether a value of a column has the word, as text, as bytes, or in JSON of ASCII letters."""
    if isinstance(value, bytes | bytearray | memoryview):
        return WORD.encode() in bytes(value)
    text = str(value)
    return WORD in text or json.dumps(WORD)[1:-1] in text


def columns_with_word() -> set[str]:
    """table.column of everything in the database that has the word, whether a model has it or not."""
    found = set[str]()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                pairs = zip(names, row, strict=True)
                found |= {f"{table}.{name}" for name, value in pairs if has_word(value)}
    return found


@pytest.fixture
def article(ben: User, chief: User, ada: User) -> Article:
    """A story of agency copy with the word in every text that people can type for it or about it."""
    receive_delivery(Source.objects.get(slug="yonhap"), raw=WIRE.encode(), by=None, name=WORD)
    draft = start_from_wire(Story.objects.get(), by=ada)
    words = {"alt": WORD, "caption": WORD, "credit": WORD}
    photo = import_photo(make.image_bytes(), by=ben, name=f"{WORD}.jpg", **words)
    sides = [
        {"key": key, "label": WORD, "persona": WORD, "argument": WORD} for key in ("pro", "con")
    ]
    draft = edit(
        draft, by=ada,
        **make.draft_data(
            **dict.fromkeys(EDITORIAL_FIELD_NAMES, WORD),
            headline=f"{WORD} 머리", summary_1=WORD, summary_2=WORD, summary_3=WORD,
            body=f"<p>{WORD}</p>", notes=WORD, slug="지울-기사", source_name=WORD, ai_note=WORD,
            source_url=f"https://example.com/{WORD}", source_credit=WORD, ai_kind="assisted",
            lead_photo=photo, lead_photo_text=words, social_photo=photo,
            poll=make.poll_data(title=WORD, question=f"{WORD}?", sides=sides),
        ),
    )  # fmt: skip
    autosave(draft, by=ada, version=draft.version, form_token=uuid4(), deck=f"{WORD} 부제")
    send_back(submit(draft, by=ada), by=ben, note=f"{WORD}를 고쳐 주세요.")
    approve(submit(draft, by=ada), by=ben)
    use_photo_elsewhere(photo, by=ada, editor=ben)
    add_remark(draft, by=ada, text=f"@ben {WORD}를 보세요.", quote=WORD)
    create_preview(draft, by=ben, valid_for=timedelta(days=1))
    bundle = make.bundled(Draft.objects.get(pk=draft.pk), make.draft(headline="함께 나갈 이야기"))
    release_ids = list(bundle.releases.values_list("pk", flat=True))
    record_failure(release_ids, reason=f"“{WORD} 머리”: 사진이 없습니다.")
    cancel_bundle(Bundle.objects.get(), by=ben)
    article = publish_now(draft, by=ben, correction=None).article
    put_on_legal_hold(article, reason=f"{WORD} 사유", by=ben)
    end_legal_hold(article, by=ben)
    talk(article, chief=chief)
    claim = make.claim(article, passage=WORD, reason=WORD, wanted_text=WORD)
    accept_claim(claim, by=ben, note=f"{WORD} 자리에 24시간")
    withdraw(article, notice=f"{WORD} 때문에 내립니다.", by=ben)
    restore(article, by=chief)
    publish_now(draft, by=ben, correction={"kind": "correction", "note": f"{WORD} 정정"})
    failing = Release.objects.filter(article=article).order_by("pk").first()
    assert failing
    record_failure([failing.pk], reason=WORD)
    update_search_index()
    update_change_feed()
    return Article.objects.get(pk=article.pk)


def use_photo_elsewhere(photo: Photo, *, by: User, editor: User) -> None:
    """Another story that was approved with the photo at its head, in its body and for sharing, and that has
    it no more."""
    body = f'<p>글</p><figure><img src="/media/photos/{photo.key}/640.jpg"></figure>'
    photos = {"lead_photo": photo, "social_photo": photo}
    other = make.draft(by=by, headline="다른 이야기", body=body, **photos)
    approve(submit(other, by=by), by=editor)
    other = Draft.objects.get(pk=other.pk)
    assert has_word(other.approved_photo_text)
    edit(other, by=by, body="<p>글</p>", lead_photo=None, social_photo=None)


def talk(article: Article, *, chief: User) -> None:
    """A comment, a report and a vote, each with what moderators and editors note about it."""
    chi, mal, mo = make.reader("chi"), make.reader("mal"), make.staff("mo", role="moderator")
    assert article.poll
    comment = post_comment(article, by=chi, text=f"{WORD}라니요")
    report_comment(comment.pk, reason="other", note=f"{WORD} 신고", by=mal)
    hide_comment(comment, by=mo, reason=f"{WORD} 언급")
    cast_vote(article.poll.pk, side="pro", voter=Voter(account=chi.pk))
    counted, voided = VoteClass(state="counted"), VoteClass(state="void")
    decide_votes(article.poll, votes=counted, to="void", reason=f"{WORD} 표", by=chief)
    decide_votes(article.poll, votes=voided, to="counted", reason=f"{WORD} 표를 다시", by=chief)


def test_no_table_has_the_word_after_the_erasure(article: Article, chief: User) -> None:
    assert PLANTED - columns_with_word() == set()
    erase_article(
        article,
        by=chief,
        slug=article.slug,
        reason="법원 결정",
        reference="2026카합0000",
        comments=True,
    )
    finish_committed_erasures()
    assert columns_with_word() == set()
