"""Legal erasure: nothing of the text is left in any table or file, and the address says so."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, Edition
from articles.tasks import update_change_feed, update_search_index
from audit.actions import record_audit
from audit.models import REDACTED, Entry
from comments.actions import post_comment
from comments.models import Comment
from desk.actions import (
    create_preview,
    edit,
    publish_now,
    restore,
    restore_from_trash,
    start_another_from_wire,
    start_from_wire,
    withdraw,
)
from desk.actions.collaboration.remarks import add_remark
from desk.actions.legal.erasing import erase_article
from desk.archive.exporting import export_lines
from desk.errors import EditedElsewhere, NeverPublished
from desk.errors.legal import AlreadyErased, NoErasureReason, SlugNotConfirmed
from desk.models import Draft, Erasure
from desk.tasks import finish_committed_erasures
from media.models import Photo
from newsroom.errors import NotAllowed, Refused
from outbox.models import Event
from polls.actions import VoteClass, cast_vote, decide_votes
from polls.models import Poll
from polls.voter_key import Voter
from tests.support import make
from wire.actions import receive_delivery
from wire.models import Delivery, Source, Story

pytestmark = pytest.mark.django_db
WORD = "까마귀열쇠"  # stands in every field of the story that holds text
ORDER = {"reason": "법원 결정", "reference": "2026카합0000"}


def erase(article: Article, by: User, **over: Any) -> Erasure:
    return erase_article(article, by=by, **{"slug": article.slug, **ORDER, **over})


def secret_story(photo: Photo | None = None, **over: Any) -> Article:
    """A live article with the word in every field, two editions, a correction, a preview, a poll."""
    fields = {
        "headline": f"{WORD} 머리", "deck": WORD, "summary_1": WORD, "summary_2": WORD,
        "summary_3": WORD, "body": f"<p>{WORD}</p>", "tags": ["로봇"], "notes": WORD, "slug": "지울-기사",
        "source_name": WORD, "source_url": "https://example.com/", "source_credit": WORD,
        "ai_kind": "assisted", "ai_note": WORD, "lead_photo": photo or make.photo(alt=WORD),
        "lead_photo_text": {"alt": WORD}, "poll": make.poll_data(question=f"{WORD}?"),
    }  # fmt: skip
    article = make.live(**fields | over)
    draft, ben = make.draft_of(article), make.ben()
    create_preview(draft, by=ben, valid_for=timedelta(days=1))
    add_remark(draft, by=ben, text=f"{WORD}를 확인해 주세요.", quote=WORD)
    note = {"kind": "correction", "note": f"{WORD} 정정"}
    publish_now(draft, by=ben, correction=note)  # type: ignore[arg-type]
    return Article.objects.get(pk=article.pk)


def rows_with(word: str) -> set[str]:
    """model.column of every text in the database that has the word."""
    found = set[str]()
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                for value in model._default_manager.values_list(field.name, flat=True):
                    if word in str(value):
                        found.add(f"{model._meta.label}.{field.name}")
    return found


def raw_words(word: str) -> list[str]:
    """Tables of SQLite, the search index among them, whose rows have the word."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(word in str(row) for row in cursor.fetchall()):
                found.append(table)
    return found


# -- what is gone ----------------------------------------------------------------------------------


def test_no_text_is_left_anywhere(chief: User, chi: User) -> None:
    article = secret_story()
    make.claim(article, passage=f"{WORD} 부분")
    post_comment(article, by=chi, text="댓글은 남습니다")
    update_search_index()
    update_change_feed()
    before = rows_with(WORD)
    assert {"articles.Edition.headline", "articles.SearchRow.text", "audit.Entry.label"} <= before
    erase(article, chief)
    assert rows_with(WORD) == set()
    assert raw_words(WORD) == []
    assert Comment.objects.get().text == "댓글은 남습니다"
    assert not Poll.objects.exists()


def test_address_answers_with_a_neutral_notice(chief: User, api: APIClient, client: Client) -> None:
    article = secret_story()
    erase(article, chief)
    answer = api.get(f"/api/v1/articles/{article.slug}/")
    assert answer.status_code == 410
    assert "법률이나 법원의 결정에 따라" in answer.json()["detail"] + str(answer.json())
    page = client.get(article.get_absolute_url())
    assert page.status_code == 410
    assert WORD not in page.text
    assert api.get(f"/api/v1/articles/{article.slug}/editions/").status_code in {404, 410}
    assert api.get("/api/v1/articles/").json()["results"] == []


def test_files_of_its_own_photos_are_deleted_after_the_commit(chief: User) -> None:
    photo = make.photo(alt=WORD)
    article = secret_story(photo=photo)
    folder = Path(settings.MEDIA_ROOT) / "photos" / photo.key
    assert list(folder.iterdir())
    erasure = erase(article, chief)
    assert erasure.photos == 1
    assert not Photo.objects.exists()
    assert finish_committed_erasures() == "1 erasures finished"
    assert not list(folder.iterdir())
    assert finish_committed_erasures() == "0 erasures finished"


def test_photo_of_a_former_version_is_deleted(chief: User) -> None:
    former = make.photo(alt=WORD)
    article = secret_story(photo=former)
    publish_now(make.changed(make.draft_of(article), lead_photo=make.photo(alt=WORD)), by=chief)
    assert erase(article, chief).photos == 2
    assert not Photo.objects.filter(pk=former.pk).exists()


def test_photo_that_another_story_shows_stays(chief: User, api: APIClient) -> None:
    photo = make.photo(alt="공용 사진")
    other = make.live(lead_photo=photo)
    erasure = erase(secret_story(photo=photo), chief)
    finish_committed_erasures()
    assert erasure.photos == 0
    shown = api.get(f"/api/v1/articles/{other.slug}/").json()["lead_photo"]["sources"][0]["url"]
    file = Client().get(shown.replace("http://testserver", ""))
    assert file.status_code == 200
    file.close()


def test_photo_in_the_body_of_another_draft_stays(chief: User) -> None:
    photo = make.photo(alt="본문 사진")
    name = photo.sources[-1]["name"]
    make.draft(
        body=f'<figure><img src="/media/photos/{photo.key}/{name}" alt="문"></figure><p>가</p>'
    )
    erase(secret_story(photo=photo), chief)
    assert Photo.objects.filter(pk=photo.pk).exists()


@pytest.mark.parametrize("shared", [True, False])
def test_poll_that_another_story_has_stays_with_its_audit_log(shared: bool, chief: User) -> None:
    article = make.live(poll=make.poll_data())
    poll = Poll.objects.get()
    cast_vote(poll.pk, side="pro", voter=Voter(browser="a"))
    cast_vote(poll.pk, side="con", voter=Voter(browser="b"))
    decide_votes(poll, votes=VoteClass(state="counted"), to="void", reason=WORD, by=chief)
    record_audit(poll, verb="closed", by=chief, reason=WORD)
    if shared:
        Draft.objects.filter(pk=make.draft().pk).update(poll=poll)
    erase(article, chief)
    assert Poll.objects.filter(pk=poll.pk).exists() == shared
    about = Entry.objects.filter(kind__in=["polls.poll", "polls.vote"])
    reason = WORD if shared else REDACTED
    assert [entry.details["reason"] for entry in about] == [reason, reason]


def test_agency_copy_stays_where_another_story_was_begun_from_it(chief: User) -> None:
    raw = f"{WORD}\n\n(서울=연합뉴스) 홍길동 기자 = 로봇이 복도를 걸었다.\n".encode()
    source = Source.objects.get(slug="yonhap")
    receive_delivery(source, raw=raw, by=None)
    receive_delivery(source, raw=raw, by=None)  # sent twice
    stories = [
        start(Story.objects.get(), by=chief) for start in (start_from_wire, start_another_from_wire)
    ]
    fields = make.draft_data()
    articles = [publish_now(edit(s, by=chief, **fields), by=chief).article for s in stories]
    erase(articles[0], chief)
    assert Story.objects.get().current
    assert Delivery.objects.count() == 2
    erase(articles[1], chief)
    assert not Story.objects.exists()
    assert not Delivery.objects.exists()
    receive_delivery(source, raw=raw, by=None)  # an order to the paper binds no agency
    assert Story.objects.get().current


def test_comments_are_emptied_where_it_is_asked_for(chief: User, chi: User) -> None:
    article = secret_story()
    comment = post_comment(article, by=chi, text=f"{WORD}라니요")
    erase(article, chief, comments=True)
    finish_committed_erasures()
    comment.refresh_from_db()
    assert (comment.text, comment.author, comment.state) == ("", None, "deleted")
    article.counts.refresh_from_db()
    assert article.counts.comments == 0
    assert rows_with(WORD) == set()


def test_archive_and_reimport_leave_it_out(chief: User) -> None:
    article, other = secret_story(), make.live()
    erase(article, chief)
    assert [line["slug"] for line in export_lines()] == [other.slug]


# -- what stays ------------------------------------------------------------------------------------


def test_entry_and_event_tell_of_it_without_its_text(chief: User) -> None:
    article = secret_story()
    Event.objects.all().delete()
    erase(article, chief, version=make.draft_of(article).version)
    entry = Entry.objects.get(verb="erased")
    assert (entry.by, entry.label) == (chief.pk, article.slug)
    assert entry.details == {
        **ORDER, "editions": 2, "photos": 1, "comments": False,
    }  # fmt: skip
    events = {event.name: event.data for event in Event.objects.all()}
    assert set(events) == {"article.withdrawn", "article.erased"}
    assert events["article.erased"]["slug"] == article.slug
    assert len(events["article.erased"]["photos"]) == 1
    assert list(Edition.objects.values_list("number", "headline")) == [
        (1, "(삭제됨)"),
        (2, "(삭제됨)"),
    ]


def test_nothing_brings_it_back(chief: User) -> None:
    article = secret_story()
    erase(article, chief)
    draft = make.draft_of(article)
    assert draft.trashed_at
    for bring_back in (
        lambda: restore(article, by=chief),
        lambda: restore_from_trash(draft, by=chief),
        lambda: erase(article, chief),
    ):
        with pytest.raises(AlreadyErased):
            bring_back()
    with pytest.raises(Refused):
        publish_now(draft, by=chief)


def test_withdrawn_article_is_erased_too(chief: User, api: APIClient) -> None:
    article = secret_story()
    withdraw(article, notice=f"{WORD} 때문에 내립니다.", by=chief)
    erase(article, chief)
    assert WORD not in api.get(f"/api/v1/articles/{article.slug}/").text


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"slug": "다른-기사"}, SlugNotConfirmed),
        ({"slug": ""}, SlugNotConfirmed),
        ({"reason": " "}, NoErasureReason),
        ({"reference": "\u3164"}, NoErasureReason),
        ({"version": 1_000}, EditedElsewhere),
    ],
)
def test_unconfirmed_erasure_is_refused(
    chief: User, over: dict[str, Any], refusal: type[Refused]
) -> None:
    article = secret_story()
    with pytest.raises(refusal):
        erase(article, chief, **over)
    assert Article.objects.live().filter(pk=article.pk).exists()


def test_chiefs_alone_erase_and_only_what_readers_have_had(
    chief: User, ben: User, ada: User, mo: User
) -> None:
    article = secret_story()
    for person in (ben, ada, mo):
        with pytest.raises(NotAllowed):
            erase(article, person)
    with pytest.raises(NeverPublished):
        erase(make.planned(slug="나갈-기사").article, chief)


def test_editions_stay_frozen_for_everybody_else(chief: User) -> None:
    frozen, erased = secret_story(), secret_story(slug="또-지울-기사")
    erase(erased, chief)
    for article in (frozen, erased):
        with pytest.raises(Exception, match="frozen"), transaction.atomic():
            Edition.objects.filter(article=article).update(headline="바꾼 제목")


# -- doors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"), [("chief", 200), ("editor", 403), ("reporter", 403), ("moderator", 403)]
)
def test_api_by_role(role: str, status: int) -> None:
    article = secret_story()
    client = make.DeskClient(make.staff(f"the-{role}", role=role))
    body = {"slug": article.slug, **ORDER}
    answer = client.call("POST", f"articles/{article.slug}/erase/", body, etag="*")
    assert answer.status_code == status, answer.content
    if status == 200:
        assert (answer.json()["editions"], answer.json()["photos"]) == (2, 1)
        assert client.call("POST", f"articles/{article.slug}/erase/", body).status_code == 428


def test_chief_erases_on_the_article_page(chief: User, ben: User, client: Client) -> None:
    article = secret_story()
    page = reverse("admin:articles_article_press", args=[article.pk, "erase"])
    client.force_login(ben)
    assert client.get(page).status_code == 403
    client.force_login(chief)
    assert "되돌릴 수 없습니다" in client.get(page).text
    wrong = client.post(page, {**ORDER, "slug": "다른-기사"})
    assert "확인을 위해" in wrong.text
    done = client.post(page, {**ORDER, "slug": article.slug, "comments": "on"}, follow=True)
    assert "삭제했습니다" in done.text
    assert WORD not in done.text
    assert "법에 따라 삭제" in done.text
    story = client.get(reverse("admin:desk_draft_change", args=[make.draft_of(article).pk]))
    assert WORD not in story.text


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_erasures_at_once_one_is_made() -> None:
    make.reference_rows()
    article, chief = secret_story(), make.chief()
    outcomes = make.race(2, lambda _number: erase(article, chief))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyErased", "Erasure"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_erasure_and_publication_at_once_leave_no_text() -> None:
    make.reference_rows()
    article, chief = secret_story(), make.chief()
    draft, ben = make.draft_of(article), make.ben()

    def act(number: int) -> Any:
        return publish_now(draft, by=ben) if number else erase(article, chief)

    make.race(2, act)
    assert Erasure.objects.filter(article=article).exists()
    assert rows_with(WORD) == set()
    assert not Article.objects.live().filter(pk=article.pk).exists()
