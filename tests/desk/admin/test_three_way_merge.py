"""Stale saves of the story page: merged field by field, and refused where both sides changed a field."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from desk.actions import autosave, edit
from desk.models import Draft
from media.actions import describe_photo
from tests.desk.admin.test_admin_stories import StoryPage, admin_messages
from tests.support import make

pytestmark = pytest.mark.django_db


def send(page: StoryPage, story: Draft, form: dict[str, Any], **typed: Any) -> Any:
    data = form | {"_continue": "1"} | typed
    return page.client.post(page.address(story), data, follow=True)


def test_fields_changed_by_one_side_only_are_merged_by_themselves(ada: User, ben: User) -> None:
    """publishing 28, 29"""
    story, page = make.draft(), StoryPage(ben)
    form = page.filled(story)
    edit(story, by=ada, deck="에이다의 부제", tags=["도서관"], authors=[make.author("서윤")])
    response = send(page, story, form, headline="벤의 제목", body="<p>벤이 고친 본문입니다.</p>")
    assert "ada 님이 저장한 것과 합쳤습니다: 부제" in admin_messages(response)
    story.refresh_from_db()
    assert (story.headline, story.deck) == ("벤의 제목", "에이다의 부제")
    assert "벤이 고친 본문" in story.body
    assert [tag.name for tag in story.tags.all()] == ["도서관"]
    assert [author.slug for author in story.authors.all()] == ["서윤"]
    assert (story.version, story.changed_by) == (3, ben)


def test_field_changed_on_both_sides_is_shown_side_by_side_and_chosen(ada: User, ben: User) -> None:
    story, page = make.draft(), StoryPage(ben)
    form = page.filled(story)
    newer = edit(
        story,
        by=ada,
        headline="에이다의 제목",
        body="<p>에이다의 본문</p>",
        summary_1="에이다의 요약",
    )
    typed = {"headline": "벤의 제목", "body": "<p>벤의 본문</p>", "deck": "벤의 부제"}
    conflict = send(page, story, form, **typed).context["conflict"]
    sides = {field.group: (field.mine, field.theirs) for field in conflict.fields}
    assert sides == {
        "headline": ("벤의 제목", "에이다의 제목"),
        "body": ("벤의 본문", "에이다의 본문"),
    }
    assert conflict.merged == ["요약 1"]
    choices = {"choose_headline": "mine", "choose_body": "theirs", "merge": newer.version}
    response = send(page, story, form, **typed, **choices)
    assert "합쳤습니다" in admin_messages(response)
    story.refresh_from_db()
    assert (story.headline, story.body) == ("벤의 제목", "<p>에이다의 본문</p>")
    assert (story.deck, story.summary_1) == ("벤의 부제", "에이다의 요약")


def marked(passages: Any, side: str) -> list[str]:
    """The rows of one side as text: `[-removed-]`, `{+added+}`; "" where the side has nothing."""
    signs = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    cells = [getattr(row, side) for passage in passages for row in passage.rows]
    return [
        "".join(signs[part.op].format(part.text) for part in cell.segments) if cell else ""
        for cell in cells
    ]


def test_conflict_shows_words_of_both_sides_against_the_version_that_was_opened(
    ada: User, ben: User
) -> None:
    intro = "<p>첫째 문단.</p><p>둘째 문단은 길다.</p><p>셋째 문단.</p>"
    story, page = make.draft(body=intro, deck="처음 부제", tags=["로봇"]), StoryPage(ben)
    form = page.filled(story)
    edit(
        story,
        by=ada,
        body="<p>첫째 문단.</p><p>둘째 문단은 짧다.</p><p>셋째 문단.</p>",
        deck="에이다의 부제",
        tags=["로봇", "문"],
    )
    typed = {
        "body": "<p>첫째 문단.</p><p>둘째 문단은 길고 좋다.</p><p>새 문단.</p><p>셋째 문단.</p>",
        "tags": "로봇, 계단",
    }
    conflict = send(page, story, form, **typed).context["conflict"]
    body, tags = conflict.fields
    assert conflict.has_base
    assert marked(body.passages, "theirs") == [
        *("첫째 문단.", "둘째 문단은 [-길다-]{+짧다+}.", "", "셋째 문단."),
    ]
    assert marked(body.passages, "mine") == [
        *("첫째 문단.", "둘째 문단은 [-길다-]{+길고 좋다+}.", "{+새 문단.+}", "셋째 문단."),
    ]
    assert marked(tags.passages, "theirs") == ["로봇", "{+문+}"]
    assert marked(tags.passages, "mine") == ["로봇", "{+계단+}"]
    (change,) = conflict.changes
    assert (change.label, marked(change.passages, "theirs")) == (
        "부제",
        ["[-처음 -]{+에이다의 +}부제"],
    )
    assert marked(change.passages, "mine") == ["처음 부제"]


def test_conflict_of_every_field_is_shown_in_words(ada: User, ben: User) -> None:
    """References by name, times and choices as people read them, whether the form is valid or not."""
    first, other = make.photo(), make.photo(alt="계단 위의 로봇")
    picks = [make.live(slug="먼저-글"), make.live(slug="나중-글")]
    later = timezone.now() + timedelta(days=9)
    story, page = make.draft(lead_photo=first, poll=make.poll_data()), StoryPage(ben)
    form = page.filled(story)
    question = make.poll_data(question="문을 로봇이 여나?")
    edit(
        story, by=ada, lead_photo=other, poll=question, section=make.section("과학"), notes="메모",
        authors=[make.author("서윤")], related=picks[:1], ai_kind="assisted", embargo_until=later,
    )  # fmt: skip
    typed: dict[str, Any] = {
        "photo_caption": "벤의 설명", "poll_question": "벤의 질문?", "section": make.section("문화").pk,
        "authors": [make.author("도윤").pk], "related": [picks[1].pk, "x", 10**30], "notes": "벤 메모",
        "ai_kind": "generated", "embargo_until": "2030-01-02T09:00", "source_url": "https://",
    }  # fmt: skip
    response = send(page, story, form, **typed, compare="1")
    conflict = response.context["conflict"]
    both = {field.group: field.passages for field in conflict.fields}
    assert set(both) == {*typed, "lead_photo", "poll"} - {
        *("photo_caption", "poll_question", "source_url"),
    }
    text = {group: "\n".join(marked(rows, "theirs")) for group, rows in both.items()}
    mine = {group: "\n".join(marked(rows, "mine")) for group, rows in both.items()}
    assert "[-산업-]{+과학+}" in text["section"]
    assert "[-산업-]{+문화+}" in mine["section"]
    assert "서윤" in text["authors"]
    assert "도윤" in mine["authors"]
    assert ("먼저-글" in text["related"], "나중-글" in mine["related"]) == (True, True)
    assert "{+계단 위의 +}로봇" in text["lead_photo"]
    assert "벤의 설명" in mine["lead_photo"]
    assert "여나" in text["poll"]
    assert "벤의 질문" in mine["poll"].replace("{+", "").replace("+}", "")
    assert "2030" in mine["embargo_until"]
    assert "AI" in text["ai_kind"]
    assert Draft.objects.get(pk=story.pk).version == 2


def test_conflict_with_a_thinned_autosave_compares_both_texts(ada: User, ben: User) -> None:
    story, page = make.draft(by=ada, deck="처음 부제"), StoryPage(ben)
    autosave(story, by=ada, version=1, deck="쓰는 부제")
    form = page.filled(story)
    autosave(story, by=ada, version=2, deck="다 쓴 부제")  # takes the place of the first
    conflict = send(page, story, form, deck="벤의 부제").context["conflict"]
    (field,) = conflict.fields
    assert not conflict.has_base
    assert marked(field.passages, "theirs") == ["다 쓴 부제"]
    assert marked(field.passages, "mine") == ["[-다 쓴 -]{+벤의 +}부제"]


@pytest.mark.parametrize("typed", [{"headline": "벤의 제목"}, {}, {"source_url": "https://"}])
def test_seeing_what_was_changed_saves_nothing(ada: User, ben: User, typed: dict[str, str]) -> None:
    """Not even what could be merged, and whether the form is valid or not."""
    story, page = make.draft(deck="처음 부제"), StoryPage(ben)
    form = page.filled(story)
    same = page.client.post(page.address(story), form | typed | {"compare": "1"})
    assert same.status_code == 200
    assert same.context["conflict"] is None
    if "source_url" not in typed:
        assert "아무도 이 원고를 저장하지 않았습니다" in same.text
    edit(story, by=ada, deck="에이다의 부제")
    shown = page.client.post(page.address(story), form | typed | {"compare": "1"})
    assert shown.status_code == 200
    assert shown.context["conflict"].merged == ["부제"]
    assert typed.get("headline", story.headline) in shown.text
    story.refresh_from_db()
    assert (story.version, story.deck, story.headline != "벤의 제목") == (2, "에이다의 부제", True)
    if "source_url" not in typed:
        merged = send(page, story, form, **typed, merge=2)
        assert merged.redirect_chain
        assert Draft.objects.get().headline == typed.get("headline", story.headline)


def test_choice_left_open_or_made_for_an_older_version_is_asked_again(ada: User, ben: User) -> None:
    story, page = make.draft(), StoryPage(ben)
    form = page.filled(story)
    newer = edit(story, by=ada, headline="에이다의 제목")
    typed = {"headline": "벤의 제목", "merge": newer.version}
    assert send(page, story, form, **typed).context["conflict"].fields
    edit(story, by=ada, headline="에이다의 다음 제목")
    response = send(page, story, form, **typed, choose_headline="mine")
    (field,) = response.context["conflict"].fields
    assert (field.choice, field.theirs) == ("mine", "에이다의 다음 제목")
    assert Draft.objects.get().headline == "에이다의 다음 제목"


def test_same_change_on_both_sides_is_no_conflict(ada: User, ben: User) -> None:
    story, page = make.draft(), StoryPage(ben)
    form = page.filled(story)
    edit(story, by=ada, headline="같은 제목")
    response = send(page, story, form, headline="같은 제목", deck="벤의 부제")
    assert "저장했습니다" in admin_messages(response)
    assert Draft.objects.get().deck == "벤의 부제"


def test_button_never_decides_on_a_text_that_was_not_seen(ada: User, ben: User) -> None:
    """What is published, approved or scheduled is what the user has read."""
    story, page = make.draft(), StoryPage(ben)
    form = page.filled(story)
    edit(story, by=ada, deck="에이다의 부제")
    conflict = send(page, story, form, headline="벤의 제목", do="publish").context["conflict"]
    assert (conflict.fields, conflict.merged) == ([], ["부제"])
    assert Draft.objects.get().article is None


def test_photo_and_its_text_are_chosen_as_one(ada: User, ben: User) -> None:
    first, second = make.photo(), make.photo(alt="다른 사진")
    story, page = make.draft(lead_photo=first), StoryPage(ben)
    form = page.filled(story)
    edit(story, by=ada, lead_photo=second)
    response = send(page, story, form, photo_caption="벤의 사진 설명")
    assert [field.group for field in response.context["conflict"].fields] == ["lead_photo"]
    assert Draft.objects.get().lead_photo == second


def test_library_text_of_a_photo_that_changes_is_no_change_of_the_story(
    ada: User, ben: User
) -> None:
    photo = make.photo()
    story, page = make.draft(lead_photo=photo), StoryPage(ben)
    form = page.filled(story)
    describe_photo(photo, by=ada, caption="사진 창고의 새 설명")
    response = send(page, story, form, headline="벤의 제목")
    assert response.context is not None
    assert Draft.objects.get().headline == "벤의 제목"


@pytest.mark.parametrize("base", ["", "[]", "{", '{"headline": 5}', "null"])
def test_form_without_a_usable_base_is_refused_with_both_texts(
    ada: User, ben: User, base: str
) -> None:
    story, page = make.draft(), StoryPage(ben)
    form = page.filled(story) | {"base": base}
    edit(story, by=ada, deck="에이다의 부제")
    response = send(page, story, form, deck="벤의 부제")
    assert "에이다의 부제" in response.text
    assert "벤의 부제" in response.text
    assert Draft.objects.get().deck == "에이다의 부제"


def test_conflict_shows_the_photos_for_sharing_by_their_names(ada: User, ben: User) -> None:
    photos = [make.photo(alt=alt) for alt in ("처음", "에이다의 사진", "벤의 사진")]
    story, page = make.draft(social_photo=photos[0]), StoryPage(ben)
    form = page.filled(story)
    edit(story, by=ada, social_photo=photos[1])
    response = send(page, story, form, social_photo=photos[2].pk)
    [conflict] = response.context["conflict"].fields
    assert conflict.group == "social_photo"
    rows = [row for passage in conflict.passages for row in passage.rows]
    mine = " ".join(str(segment) for row in rows if row.mine for segment in row.mine.segments)
    assert "벤의 사진" in mine, mine
