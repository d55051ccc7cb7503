"""Versions of drafts: one for each save, autosaves thinned, old autosaves pruned, restoring."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Author
from audit.models import Entry
from desk.actions import (
    approve,
    autosave,
    autosave_new,
    delete_old_autosaves,
    edit,
    freeze,
    move_to_trash,
    promote_autosave,
    publish_now,
    restore_from_trash,
    restore_version,
    schedule_draft,
    start_from_wire,
    submit,
)
from desk.errors import EditedElsewhere, FieldGuarded, PollHasVotes, Trashed
from desk.errors.versions import NoSuchVersion, NothingToRestore, UnderReview
from desk.models import Draft, DraftVersion
from desk.tasks import delete_old_versions
from desk.versions.content import VERSIONED_FIELDS
from newsroom.celery import app
from newsroom.errors import NotAllowed
from polls.actions import cast_vote
from polls.voter_key import Voter
from tests.support import make
from wire.actions import receive_delivery
from wire.models import Source, Story

pytestmark = pytest.mark.django_db
NINE = datetime.fromisoformat("2026-11-20T09:00:10+09:00")
NOT_VERSIONED = {
    *("id", "article", "stage", "version", "wire_version", "field_setters", "form_token"),
    *("created_by", "changed_by", "approved_by", "approved_photo_text"),
    *("created_at", "changed_at", "trashed_at", "moved_from", "assigned_to", "due_at"),
    *("locked_by", "locked_at", "lock_active_at"),
}


def versions(draft: Draft) -> list[DraftVersion]:
    return list(DraftVersion.objects.filter(draft=draft).order_by("number"))


def kinds(draft: Draft) -> list[tuple[int, str]]:
    return [(version.number, version.kind) for version in versions(draft)]


def reloaded(draft: Draft) -> Draft:
    return Draft.objects.get(pk=draft.pk)


def typed(draft: Draft, by: User, at: datetime, headline: str) -> None:
    """An autosave at this time, on top of the newest version."""
    with time_machine.travel(at, tick=False):
        autosave(draft, by=by, version=reloaded(draft).version, headline=headline)


def test_every_field_of_a_draft_is_versioned_or_named_here() -> None:
    names = {field.name for field in Draft._meta.get_fields()}
    assert names == set(VERSIONED_FIELDS) | NOT_VERSIONED


def test_every_save_is_a_version_with_its_content(ben: User, ada: User) -> None:
    related, photo = make.live(), make.photo()
    draft = make.draft(
        by=ada, related=[related], lead_photo=photo, poll=make.poll_data(), notes="내일 사진"
    )
    edit(draft, by=ben, headline="둘째 머리", tags=["로봇"])
    first, second = versions(draft)
    assert (first.number, first.kind, first.saved_by) == (1, "save", ada)
    assert (second.number, second.saved_by) == (2, ben)
    assert second.changed_fields == ["headline", "tags"]
    assert first.content["headline"] != second.content["headline"] == "둘째 머리"
    assert first.content["authors"] == [
        {"id": make.author().pk, "slug": "한빛", "name": str(make.author())}
    ]
    assert (first.content["tags"], second.content["tags"]) == (["로봇", "연구"], ["로봇"])
    assert first.content["related"][0]["slug"] == related.slug
    assert first.content["lead_photo"]["id"] == photo.pk
    assert first.content["poll"]["question"] == "로봇에게 문을 맡겨도 될까?"
    assert [side["key"] for side in first.content["poll"]["sides"]] == ["pro", "con"]
    assert first.char_count > 50


def test_wire_copy_is_the_first_version(ben: User) -> None:
    receive_delivery(
        Source.objects.get(slug="yonhap"),
        raw="문이 열렸다\n\n연합뉴스 2026-11-20 09:00:00\n\n(서울=연합뉴스) 한빛 기자 = 열렸다.\n".encode(),
        by=ben,
    )
    draft = start_from_wire(Story.objects.get(), by=ben)
    assert versions(draft)[0].content["body"] == draft.body


def test_a_version_is_never_changed(ben: User) -> None:
    version = versions(make.draft())[0]
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        DraftVersion.objects.filter(pk=version.pk).update(number=7)


def test_trash_and_review_write_no_version(ben: User) -> None:
    draft = make.draft()
    move_to_trash(draft, by=ben)
    restore_from_trash(draft, by=ben)
    submit(draft, by=ben)
    assert kinds(draft) == [(1, "save")]
    edit(draft, by=ben, headline="다시")
    assert kinds(draft) == [(1, "save"), (4, "save")]


def test_draft_from_before_there_were_versions_keeps_what_it_held(ben: User) -> None:
    draft = make.draft(headline="옛 머리")
    DraftVersion.objects.all().delete()
    edit(draft, by=ben, headline="새 머리")
    assert [version.content["headline"] for version in versions(draft)] == ["옛 머리", "새 머리"]


# -- autosave --------------------------------------------------------------------------------


def test_autosaves_of_a_minute_are_one_version(ada: User) -> None:
    with time_machine.travel(NINE - timedelta(minutes=5)):
        draft = make.draft(by=ada)
    for seconds in (0, 5, 45, 55, 60):
        typed(draft, ada, NINE + timedelta(seconds=seconds), f"머리 {seconds}")
    assert kinds(draft) == [(1, "save"), (4, "autosave"), (6, "autosave")]
    assert [v.content["headline"] for v in versions(draft)[1:]] == ["머리 45", "머리 60"]
    assert versions(draft)[1].changed_fields == ["headline"]
    assert reloaded(draft).headline == "머리 60"


def test_autosave_that_another_person_followed_is_kept(ada: User, ben: User) -> None:
    """Else the difference of the other's version would show words that are not theirs."""
    draft = make.draft(by=ada)
    typed(draft, ada, NINE, "아다")
    typed(draft, ben, NINE + timedelta(seconds=5), "벤")
    typed(draft, ada, NINE + timedelta(seconds=9), "아다 또")
    typed(draft, ada, NINE + timedelta(seconds=12), "아다 마지막")
    assert [(v.saved_by, v.content["headline"]) for v in versions(draft)[1:]] == [
        (ada, "아다"),
        (ben, "벤"),
        (ada, "아다 마지막"),
    ]


def test_autosave_is_audited_once_until_somebody_saves(ada: User, ben: User) -> None:
    draft = make.draft(by=ada)
    for seconds in (0, 70, 140):
        typed(draft, ada, NINE + timedelta(seconds=seconds), f"머리 {seconds}")
    assert Entry.objects.filter(verb="autosaved").count() == 1
    promote_autosave(draft, by=ada, version=reloaded(draft).version)
    entry = Entry.objects.filter(verb="edited").get()
    assert entry.details["fields"] == ["headline"]
    typed(draft, ada, NINE + timedelta(seconds=210), "머리")
    typed(draft, ben, NINE + timedelta(seconds=280), "머리 둘")
    assert Entry.objects.filter(verb="autosaved").count() == 3


def test_saving_after_an_autosave_makes_it_an_explicit_version(ada: User, ben: User) -> None:
    draft = make.draft(by=ada)
    typed(draft, ada, NINE, "저절로")
    assert promote_autosave(draft, by=ben).version == 2  # another person's stays what it is
    saved = promote_autosave(draft, by=ada, version=2)
    assert kinds(draft) == [(1, "save"), (3, "save")]
    assert saved.headline == versions(draft)[1].content["headline"] == "저절로"
    assert promote_autosave(draft, by=ada, version=3).version == 3
    with pytest.raises(EditedElsewhere):
        promote_autosave(draft, by=ada, version=2)


def test_autosave_leaves_decisions_to_an_explicit_save(ada: User) -> None:
    draft = make.draft(by=ada, tags=["로봇"])
    saved = autosave(
        draft,
        by=ada,
        version=1,
        headline="머리",
        slug="주소",
        comments_mode="closed",
        embargo_until=timezone.now(),
        tags=["로봇", "로"],
    )
    assert saved.left_out == ["slug", "comments_mode", "embargo_until", "tags"]
    draft = reloaded(draft)
    assert (draft.headline, draft.slug, draft.comments_mode) == ("머리", "", "open")
    assert draft.embargo_until is None
    assert autosave(draft, by=ada, version=2, tags=[" 연구", "로봇"]).left_out == ["tags"]
    make.draft(tags=["연구"])
    assert autosave(draft, by=ada, version=2, tags=["연구", "로봇"]).left_out == []
    assert autosave(draft, by=ada, version=3, slug="또").draft.version == 3


def test_autosave_changes_no_poll_with_votes(ada: User, ben: User) -> None:
    article = publish_now(make.draft(by=ada, poll=make.poll_data()), by=ben).article
    draft = make.draft_of(article)
    assert draft.poll is not None
    cast_vote(draft.poll.pk, side="pro", voter=Voter(None, "b"))
    data = make.poll_data(question="다른 물음?")
    saved = autosave(draft, by=ada, version=draft.version, poll=data, headline="머리")
    assert saved.left_out == ["poll"]
    assert reloaded(draft).headline == "머리"


@pytest.mark.parametrize("is_approved", [False, True])
def test_autosave_voids_no_review(ada: User, ben: User, is_approved: bool) -> None:
    draft = make.draft(by=ada)
    submit(draft, by=ada)
    if is_approved:
        approve(draft, by=ben)
    with pytest.raises(UnderReview):
        autosave(draft, by=ada, version=1, headline="머리")
    assert reloaded(draft).stage == ("approved" if is_approved else "submitted")


def test_autosave_overwrites_nobody(ada: User, ben: User, chi: User) -> None:
    draft = make.draft(by=ada)
    edit(draft, by=ben, headline="벤의 머리")
    with pytest.raises(EditedElsewhere):
        autosave(draft, by=ada, version=1, headline="아다의 머리")
    with pytest.raises(NotAllowed):
        autosave(draft, by=chi, version=2, headline="독자의 머리")
    move_to_trash(draft, by=ben)
    with pytest.raises(Trashed):
        autosave(draft, by=ada, version=3, headline="아다의 머리")
    assert reloaded(draft).headline == "벤의 머리"


def test_form_follows_up_on_an_autosave_whose_answer_was_lost(ada: User, ben: User) -> None:
    form, other = uuid4(), uuid4()
    draft = autosave_new(ada, form_token=form, headline="하나").draft
    autosave(draft, by=ada, version=1, form_token=form, headline="둘")
    assert autosave(draft, by=ada, version=1, form_token=form, headline="셋").draft.version == 3
    for token, user in ((other, ada), (form, ben), (None, ada)):
        with pytest.raises(EditedElsewhere):
            autosave(draft, by=user, version=1, form_token=token, headline="넷")
    edit(draft, by=ben, headline="벤")
    with pytest.raises(EditedElsewhere):
        autosave(draft, by=ada, version=3, form_token=form, headline="다섯")


# -- pruning ---------------------------------------------------------------------------------


def test_old_autosaves_are_pruned_but_for_those_that_matter(ada: User, ben: User) -> None:
    draft = make.draft(by=ada)
    for minute in range(6):
        typed(draft, ada, NINE + timedelta(minutes=minute), f"머리 {minute}")
        with time_machine.travel(NINE + timedelta(minutes=minute, seconds=5)):
            if minute == 1:
                publish_now(draft, by=ben)
            if minute == 2:
                schedule_draft(draft, at=timezone.now() + timedelta(days=90), by=ben)
            if minute == 3:
                submit(draft, by=ada)
                draft = reloaded(draft)
                Draft.objects.filter(pk=draft.pk).update(stage="writing")
    edited = make.draft(by=ada, headline="따로")
    assert delete_old_autosaves(before=NINE - timedelta(days=1)) == 0
    assert delete_old_autosaves(before=NINE + timedelta(days=1), batch_size=1) == 2
    remaining = [version.content["headline"] for version in versions(draft)[1:]]
    assert remaining == [
        "머리 1",
        "머리 2",
        "머리 3",
        "머리 5",
    ]  # live, scheduled, submitted, newest
    assert kinds(edited) == [(1, "save")]


def test_nightly_task_keeps_autosaves_for_thirty_days(ada: User) -> None:
    draft, now = make.draft(by=ada), timezone.now()
    for days in (31, 29, 0):
        typed(draft, ada, now - timedelta(days=days), f"{days}일 전")
    assert app.conf.beat_schedule["delete-old-autosaves"]["task"] == delete_old_versions.name
    assert delete_old_versions() == "1 autosaves deleted"
    assert [v.content["headline"] for v in versions(draft)[1:]] == ["29일 전", "0일 전"]


# -- restoring -------------------------------------------------------------------------------


def test_older_version_is_restored_as_a_new_one(ada: User, ben: User) -> None:
    photo = make.photo()
    first = {"headline": "처음 머리", "body": "<p>처음 글</p>", "authors": [make.author("하나")]}
    draft = make.draft(by=ada, lead_photo=photo, lead_photo_text={"caption": "설명"}, **first)
    edit(draft, by=ben, headline="나중", body="<p>나중</p>", authors=[make.author("둘")], tags=[])
    edit(draft, by=ben, lead_photo=None, notes="쪽지")
    submit(draft, by=ada)
    approve(draft, by=ben)
    restored = restore_version(draft, number=1, by=ada, version=3)
    draft = reloaded(draft)
    assert (draft.headline, draft.body, draft.notes) == ("처음 머리", "<p>처음 글</p>", "")
    assert [author.slug for author in draft.authors.all()] == ["하나"]
    assert sorted(tag.name for tag in draft.tags.all()) == ["로봇", "연구"]
    assert (draft.lead_photo, draft.lead_photo_text) == (photo, {"caption": "설명"})
    assert (draft.stage, draft.approved_by, draft.version) == ("writing", None, 4)
    newest = versions(draft)[-1]
    assert (newest.kind, newest.restored_number, newest.saved_by) == ("restore", 1, ada)
    assert newest.content == versions(draft)[0].content
    assert restored.missing == []
    assert Entry.objects.filter(verb="restored_version").get().details["number"] == 1
    with pytest.raises(NothingToRestore):
        restore_version(draft, number=1, by=ada)


def test_single_fields_are_restored(ada: User) -> None:
    draft = make.draft(by=ada, headline="처음", notes="처음")
    edit(draft, by=ada, headline="나중", notes="나중")
    restore_version(draft, number=1, by=ada, fields=["notes"])
    draft = reloaded(draft)
    assert (draft.headline, draft.notes) == ("나중", "처음")


def test_restoring_publishes_nothing_and_lifts_no_embargo(ben: User) -> None:
    article = make.live(headline="공개된 머리")
    draft = make.draft_of(article)
    ends = timezone.now() + timedelta(days=2)
    edit(draft, by=ben, headline="고친 머리", expires_at=ends)
    restore_version(draft, number=1, by=ben)
    draft, article = reloaded(draft), make.draft_of(article).article  # type: ignore[assignment]
    assert (draft.headline, draft.expires_at) == ("공개된 머리", ends)
    assert article.live is not None
    assert (article.live.number, article.expires_at) == (1, ends)
    restore_version(draft, number=1, by=ben, fields=["expires_at"])
    assert reloaded(draft).expires_at is None


def test_guarded_fields_are_restored_by_those_who_may_change_them(ada: User, ben: User) -> None:
    draft = make.draft(by=ada, slug="처음-주소", headline="처음")
    edit(draft, by=ben, slug="나중-주소", headline="나중")
    publish_now(draft, by=ben)
    with pytest.raises(FieldGuarded):
        restore_version(draft, number=1, by=ada)
    restore_version(draft, number=1, by=ada, fields=["headline"])
    restore_version(draft, number=1, by=ben)
    assert reloaded(draft).slug == "처음-주소"


def test_poll_that_people_voted_in_stays(ada: User, ben: User) -> None:
    draft = make.draft(by=ada, headline="처음")
    edit(draft, by=ada, poll=make.poll_data(), headline="나중")
    publish_now(draft, by=ben)
    poll = reloaded(draft).poll
    assert poll is not None
    cast_vote(poll.pk, side="pro", voter=Voter(None, "b"))
    with pytest.raises(PollHasVotes):
        restore_version(draft, number=1, by=ada)
    restore_version(draft, number=1, by=ada, fields=["headline"])
    edit(draft, by=ada, poll=None)
    restore_version(draft, number=2, by=ada)  # the same poll again, with its votes
    assert reloaded(draft).poll == poll


def test_what_was_deleted_since_is_named(ben: User) -> None:
    gone = make.author("떠난이")
    draft = make.draft(authors=[gone, make.author("한빛")], headline="처음")
    edit(draft, by=ben, authors=[make.author("한빛")], headline="나중")
    Author.objects.filter(pk=gone.pk).delete()
    assert restore_version(draft, number=1, by=ben).missing == [str(gone)]
    assert [author.slug for author in reloaded(draft).authors.all()] == ["한빛"]


def test_restoring_is_refused_like_any_edit(ben: User, chi: User) -> None:
    draft = make.draft(headline="처음")
    edit(draft, by=ben, headline="나중")
    refusals: list[tuple[Any, dict[str, Any]]] = [
        (NoSuchVersion, {"number": 7, "by": ben}),
        (EditedElsewhere, {"number": 1, "by": ben, "version": 1}),
        (NotAllowed, {"number": 1, "by": chi}),
    ]
    for refusal, arguments in refusals:
        with pytest.raises(refusal):
            restore_version(draft, **arguments)
    move_to_trash(draft, by=ben)
    with pytest.raises(Trashed):
        restore_version(draft, number=1, by=ben)


def test_frozen_version_is_marked_with_its_edition(ben: User) -> None:
    draft = make.draft()
    edition = freeze(draft, by=ben)
    [mark] = versions(draft)[0].marks.all()
    assert (mark.kind, mark.edition) == ("frozen", edition)
