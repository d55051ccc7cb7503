"""Stale saves of the story page: merged field by field, and refused where both sides changed a field."""

from typing import Any

import pytest

from accounts.models import User
from desk.actions import edit
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
