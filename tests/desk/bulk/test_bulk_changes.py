"""Bulk changes: a preview that changes nothing, results for each story, versions, permissions."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from desk.actions import approve, move_to_trash, put_on_legal_hold, submit
from desk.actions.bulk_changes import (
    MAX_BULK_STORIES,
    BulkChange,
    BulkKind,
    BulkOutcome,
    BulkResult,
    change_stories,
    preview_changes,
)
from desk.errors import TooManyStories
from desk.models import Draft
from newsroom.errors import NotAllowed
from outbox.models import Event
from tests.support import make

pytestmark = pytest.mark.django_db
CHANGED, UNCHANGED, REFUSED = BulkOutcome.CHANGED, BulkOutcome.UNCHANGED, BulkOutcome.REFUSED
STORIES, ARTICLES = (
    reverse("admin:desk_draft_changelist"),
    reverse("admin:articles_article_changelist"),
)


def versions_of(*drafts: Draft) -> dict[int, int | None]:
    return {draft.pk: Draft.objects.get(pk=draft.pk).version for draft in drafts}


def outcomes(results: list[BulkResult]) -> list[BulkOutcome]:
    return [result.outcome for result in results]


def tags_of(draft: Draft) -> list[str]:
    return sorted(Draft.objects.get(pk=draft.pk).tags.values_list("name", flat=True))


def tag(name: str) -> BulkChange:
    return BulkChange(BulkKind.ADD_TAG, tag=name)


# -- the change ------------------------------------------------------------------------------------


def test_each_kind_changes_its_value_and_says_before_and_after(ben: User) -> None:
    draft = make.draft_of(make.live(section=make.section("산업"), tags=["로봇"]))
    later = timezone.now() + timedelta(days=2)
    changes = [
        (BulkChange(BulkKind.SET_SECTION, section=make.section("과학")), "산업", "과학"),
        (BulkChange(BulkKind.ADD_TAG, tag="문"), "로봇", "로봇, 문"),
        (BulkChange(BulkKind.REMOVE_TAG, tag="로봇"), "로봇, 문", "문"),
        (BulkChange(BulkKind.PUT_ON_HOLD, reason="법원 결정"), "보류 아님", "법적 보류"),
        (BulkChange(BulkKind.END_HOLD), "법적 보류", "보류 아님"),
        (BulkChange(BulkKind.SET_EXPIRY, expires_at=later), "끝 없음", ""),
    ]
    for change, before, after in changes:
        (result,) = change_stories(versions_of(draft), change, by=ben)
        assert (result.outcome, result.before) == (CHANGED, before), change
        assert result.after == after or change.kind == BulkKind.SET_EXPIRY
    draft.refresh_from_db()
    assert draft.section
    assert draft.section.slug == "과학"
    assert tags_of(draft) == ["문"]
    assert draft.expires_at == later


def test_change_that_is_there_already_writes_nothing(ben: User) -> None:
    draft = make.draft(tags=["로봇"])
    entries = Entry.objects.count()
    assert outcomes(change_stories(versions_of(draft), tag("로봇"), by=ben)) == [UNCHANGED]
    assert Entry.objects.count() == entries


def test_preview_changes_nothing_and_refuses_what_the_change_refuses(ben: User) -> None:
    stories = [make.draft(tags=["로봇"]), make.draft(tags=["문"]), make.draft()]
    move_to_trash(stories[2], by=ben)
    before = [versions_of(*stories), Entry.objects.count(), Event.objects.count()]
    versions: dict[int, int | None] = dict.fromkeys([*(story.pk for story in stories), 99999])
    preview = preview_changes(versions, tag("문"), by=ben)
    assert [versions_of(*stories), Entry.objects.count(), Event.objects.count()] == before
    assert outcomes(preview) == [CHANGED, UNCHANGED, REFUSED, REFUSED]
    assert (preview[0].before, preview[0].after) == ("로봇", "로봇, 문")
    assert [r.refusal.code for r in preview if r.refusal] == ["trashed", "not_found"]
    read = {result.draft_id: result.version for result in preview}
    assert outcomes(change_stories(read, tag("문"), by=ben)) == outcomes(preview)


def test_story_changed_since_the_preview_is_refused_and_holds_up_no_other(
    ben: User, ada: User
) -> None:
    first, second = make.draft(tags=[]), make.draft(tags=[])
    read = versions_of(first, second)
    make.changed(first, deck="그 사이에 바뀐 부제")
    results = change_stories(read, tag("문"), by=ben)
    assert outcomes(results) == [REFUSED, CHANGED]
    assert results[0].refusal
    assert results[0].refusal.code == "edited_elsewhere"
    assert (tags_of(first), tags_of(second)) == ([], ["문"])


def test_hold_of_each_story_has_its_entry_and_its_event(ben: User) -> None:
    live = [make.live(), make.live()]
    drafts = [make.draft_of(article) for article in live]
    never = make.draft()
    Event.objects.all().delete()
    change = BulkChange(BulkKind.PUT_ON_HOLD, reason="법원 결정")
    results = change_stories(versions_of(*drafts, never), change, by=ben)
    assert outcomes(results) == [CHANGED, CHANGED, REFUSED]
    assert Entry.objects.filter(verb="put_on_hold", details__reason="법원 결정").count() == 2
    assert list(Event.objects.values_list("name", flat=True)) == ["article.held"] * 2


STAGES = ["writing", "submitted", "approved"]
OF_THE_TEXT = [
    tag("문"),
    BulkChange(BulkKind.REMOVE_TAG, tag="로봇"),
    BulkChange(BulkKind.SET_EXPIRY, expires_at=timezone.now() + timedelta(days=400)),
]


def reviewed_stories(ada: User, ben: User) -> list[Draft]:
    """A story in each stage of the review, with an article each."""
    stories = [make.draft_of(make.live(by=ada, tags=["로봇"])) for _ in STAGES]
    for story in stories[1:]:
        submit(story, by=ada)
    approve(stories[2], by=ben)
    return stories


@pytest.mark.parametrize("change", OF_THE_TEXT, ids=lambda change: change.kind.value)
def test_preview_and_result_say_which_stories_lose_their_approval(
    ada: User, ben: User, change: BulkChange
) -> None:
    stories = reviewed_stories(ada, ben)
    for run in (preview_changes, change_stories):
        results = run(versions_of(*stories), change, by=ben)
        assert outcomes(results) == [CHANGED] * 3
        assert [result.ended_stage for result in results] == ["", "submitted", "approved"]
    assert {Draft.objects.get(pk=story.pk).stage for story in stories} == {"writing"}


def test_hold_and_a_value_that_is_there_already_end_no_approval(ada: User, ben: User) -> None:
    stories = reviewed_stories(ada, ben)
    for change in (BulkChange(BulkKind.PUT_ON_HOLD, reason="법원 결정"), tag("로봇")):
        results = change_stories(versions_of(*stories), change, by=ben)
        assert {result.ended_stage for result in results} == {""}
    assert [Draft.objects.get(pk=story.pk).stage for story in stories] == STAGES


def test_api_and_page_say_which_stories_lose_their_approval(
    ada: User, ben: User, client: Client, desk_api: make.DeskClient
) -> None:
    stories = reviewed_stories(ada, ben)
    client.force_login(ben)
    asked = body(*stories, dry_run=True, kind="add_tag", tag="문")
    answer = desk_api.call("POST", "bulk/", asked).json()
    assert answer["approvals_ended"] == 1
    assert [each["ended_stage"] for each in answer["results"]] == [None, "submitted", "approved"]
    pks = [story.pk for story in stories]
    preview = client.post(STORIES, selected("add_tag", *pks, tag="문", step="preview")).text
    assert "기사 1건의 승인이 풀립니다" in preview
    assert "승인이 풀림" in preview
    versions = {f"version_{pk}": version for pk, version in versions_of(*stories).items()}
    done = client.post(STORIES, selected("add_tag", *pks, tag="문", step="apply", **versions)).text
    assert "기사 1건의 승인이 풀렸습니다" in done
    assert "제출한 기사 1건이 검토에서 빠졌습니다" in done


def test_terms_that_break_a_plan_are_refused_for_that_story(ben: User) -> None:
    release = make.planned()
    waits, other = make.draft_of(release.article), make.draft()
    change = BulkChange(BulkKind.SET_EXPIRY, expires_at=release.due_at - timedelta(minutes=1))
    results = change_stories(versions_of(waits, other), change, by=ben)
    assert outcomes(results) == [REFUSED, CHANGED]
    assert results[0].refusal
    assert results[0].refusal.code == "planned_outside"


def test_at_most_two_hundred_stories(ben: User) -> None:
    many: dict[int, int | None] = dict.fromkeys(range(1, MAX_BULK_STORIES + 2))
    with pytest.raises(TooManyStories):
        change_stories(many, tag("문"), by=ben)


def test_reporters_change_drafts_but_set_no_holds(ada: User, mo: User, mal: User) -> None:
    draft = make.draft_of(make.live(tags=[]))
    assert outcomes(change_stories(versions_of(draft), tag("문"), by=ada)) == [CHANGED]
    later = timezone.now() + timedelta(days=1)
    expiry = BulkChange(BulkKind.SET_EXPIRY, expires_at=later)
    (result,) = change_stories(versions_of(draft), expiry, by=ada)
    assert result.refusal
    assert result.refusal.code == "not_allowed"
    for person in (ada, mo, mal):
        with pytest.raises(NotAllowed):
            change_stories(versions_of(draft), BulkChange(BulkKind.END_HOLD), by=person)
    for person in (mo, mal):
        with pytest.raises(NotAllowed):
            preview_changes(versions_of(draft), tag("창"), by=person)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_bulk_changes_at_once_change_each_story_once() -> None:
    make.reference_rows()
    drafts, ben = [make.draft(tags=[]) for _ in range(6)], make.ben()
    read = versions_of(*drafts)
    results = make.race(2, lambda n: change_stories(read, tag(f"꼬리{n}"), by=ben))
    assert all(isinstance(each, list) for each in results), results
    changed = [
        sum(r.outcome == CHANGED for r in each) for each in results if isinstance(each, list)
    ]
    assert sum(changed) == 6
    assert [len(tags_of(draft)) for draft in drafts] == [1] * 6


# -- API -------------------------------------------------------------------------------------------


def body(*drafts: Draft, dry_run: bool = False, **change: Any) -> dict[str, Any]:
    items = [{"id": pk, "version": version} for pk, version in versions_of(*drafts).items()]
    return {"items": items, "change": change, "dry_run": dry_run}


def test_api_previews_and_changes(desk_api: make.DeskClient) -> None:
    draft, thrown = make.draft(tags=[]), make.draft()
    move_to_trash(thrown, by=make.ben())
    asked = body(draft, thrown, dry_run=True, kind="add_tag", tag="문")
    preview = desk_api.call("POST", "bulk/", asked)
    assert preview.status_code == 200, preview.content
    assert (preview.json()["changed"], preview.json()["refused"]) == (1, 1)
    assert tags_of(draft) == []
    done = desk_api.call("POST", "bulk/", asked | {"dry_run": False}).json()
    first, second = done["results"]
    assert (first["outcome"], first["before"], first["after"]) == ("changed", "없음", "문")
    assert (second["outcome"], second["code"]) == ("refused", "trashed")
    assert second["detail"] == "휴지통에 있는 원고입니다. 먼저 꺼내 주세요."
    assert tags_of(draft) == ["문"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "burn"}, "/change/kind"),
        ({"kind": "set_section"}, "/change/section"),
        ({"kind": "set_section", "section": "없는-섹션"}, "/change/section"),
        ({"kind": "add_tag", "tag": "★"}, "/change/tag"),
        ({"kind": "end_hold", "tag": "문"}, "/change/tag"),
        ({"kind": "put_on_hold"}, "/change/reason"),
        ({"kind": "set_expiry", "expires_at": "soon"}, "/change/expires_at"),
    ],
)
def test_bad_change_is_named(desk_api: make.DeskClient, change: Any, pointer: str) -> None:
    answer = desk_api.call("POST", "bulk/", body(make.draft(), **change))
    assert answer.status_code == 400, answer.content
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_change_without_versions_and_too_many_items_are_named(desk_api: make.DeskClient) -> None:
    change = {"kind": "add_tag", "tag": "문"}
    for items in ([{"id": 1}], [], [{"id": n, "version": 1} for n in range(1, 202)]):
        answer = desk_api.call("POST", "bulk/", {"items": items, "change": change})
        assert answer.status_code == 400, answer.content
        assert answer.json()["errors"][0]["pointer"].startswith("/items")


@pytest.mark.parametrize(
    ("role", "status"), [("reporter", 200), ("editor", 200), ("chief", 200), ("moderator", 403)]
)
def test_api_by_role(role: str, status: int) -> None:
    client = make.DeskClient(make.staff(f"the-{role}", role=role))
    answer = client.call("POST", "bulk/", body(make.draft(), kind="add_tag", tag="문"))
    assert answer.status_code == status


# -- admin -----------------------------------------------------------------------------------------


def selected(kind: str, *pks: int, **data: Any) -> dict[str, Any]:
    return {"action": f"bulk_{kind}", "_selected_action": [str(pk) for pk in pks], **data}


def test_stories_are_previewed_and_changed_from_their_list(client: Client, ben: User) -> None:
    client.force_login(ben)
    draft, thrown = make.draft(headline="문을 여는 로봇", tags=[]), make.draft()
    move_to_trash(thrown, by=ben)
    ask = client.post(STORIES, selected("add_tag", draft.pk))
    assert "바뀔 내용 보기" in ask.text
    page = client.post(STORIES, selected("add_tag", draft.pk, tag="문", step="preview"))
    assert "<ins>문</ins>" in page.text
    assert tags_of(draft) == []
    version = {f"version_{draft.pk}": draft.version}
    apply = selected("add_tag", draft.pk, tag="문", step="apply", **version)
    done = client.post(STORIES, apply)
    assert "기사 1건을 바꾸었습니다." in done.text
    assert tags_of(draft) == ["문"]
    again = client.post(STORIES, apply | {"tag": "창"})
    assert "1건은 거절되었습니다." in again.text
    assert tags_of(draft) == ["문"]


@pytest.mark.parametrize("text", ["²", "x", "", "9" * 5000, "-1", "1 OR 1=1"])
def test_selected_row_that_is_no_id_is_left_out(client: Client, ben: User, text: str) -> None:
    client.force_login(ben)
    draft = make.draft(headline="문을 여는 로봇")
    chosen = selected("add_tag", draft.pk)
    chosen["_selected_action"].append(text)
    page = client.post(STORIES, chosen)
    assert (page.status_code, "바뀔 내용 보기" in page.text) == (200, True)
    alone = client.post(STORIES, chosen | {"_selected_action": [text]}, follow=True)
    assert alone.status_code == 200
    assert alone.context["messages"]


def test_bad_value_is_shown_beside_its_field(client: Client, ben: User) -> None:
    client.force_login(ben)
    draft = make.draft(tags=[])
    page = client.post(STORIES, selected("add_tag", draft.pk, tag="가, 나", step="preview"))
    assert "태그 하나를" in page.text
    late = selected("set_expiry", draft.pk, expires_at="0001-01-01T00:00", step="preview")
    assert "1900" in client.post(STORIES, late).text


def test_articles_are_put_on_hold_from_their_list(client: Client, ben: User) -> None:
    client.force_login(ben)
    free, on_hold = make.live(), make.live()
    put_on_legal_hold(on_hold, reason="먼저", by=ben)
    page = client.post(
        ARTICLES, selected("put_on_hold", free.pk, on_hold.pk, reason="법원 결정", step="preview")
    )
    assert "기사 1건 바꾸기" in page.text
    draft = make.draft_of(free)
    client.post(
        ARTICLES,
        selected("put_on_hold", free.pk, reason="법원 결정", step="apply",
                 **{f"version_{draft.pk}": draft.version}),
    )  # fmt: skip
    assert Article.objects.get(pk=free.pk).held_at


def test_actions_are_offered_by_permission(client: Client, ada: User, mo: User) -> None:
    make.live()
    client.force_login(ada)
    html = client.get(STORIES).text
    assert "bulk_add_tag" in html
    assert "bulk_put_on_hold" not in html
    client.force_login(mo)
    assert "bulk_" not in client.get(ARTICLES).text
    article = Article.objects.get()
    client.post(ARTICLES, selected("put_on_hold", article.pk, reason="없음", step="apply"))
    article.refresh_from_db()
    assert article.held_at is None


def test_preview_page_of_twenty_has_bounded_queries(client: Client, ben: User) -> None:
    """Each story costs the queries of its own action; the page itself adds none."""
    client.force_login(ben)
    drafts = [make.draft(tags=[]) for _ in range(20)]
    counts = []
    for some in (drafts[:1], drafts[:11], drafts):
        data = selected("add_tag", *(d.pk for d in some), tag="문", step="preview")
        with CaptureQueriesContext(connection) as queries:
            client.post(STORIES, data)
        counts.append(len(queries))
    assert counts[2] - counts[1] <= (counts[1] - counts[0]) * 9 / 10 + 2


def test_trash_says_who_put_a_story_there_and_restores_it(
    client: Client, ben: User, ada: User
) -> None:
    thrown = make.draft(headline="버린 이야기", by=ada)
    move_to_trash(thrown, by=ben)
    client.force_login(ada)
    page = client.get(f"{STORIES}?standing=trash")
    assert '<span class="quiet">ben</span>' in page.text
    client.post(reverse("admin:desk_draft_take_out", args=[thrown.pk]))
    assert Draft.objects.get(pk=thrown.pk).trashed_at is None
