"""Related articles that a person restricted to sections may pick: nothing unpublished of other sections."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.models import Article
from desk.actions import edit, set_section_role
from desk.admin.story.forms import DraftForm
from desk.models import Draft
from desk.section_rights import pickable_articles
from tests.support import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cal() -> User:
    """A reporter of the section 문화 alone."""
    person = make.staff("cal", role="reporter")
    set_section_role(person, section=make.section("문화"), role="reporter", by=make.chief())
    return User.objects.get(pk=person.pk)  # without the roles that were read before


@pytest.fixture
def planned() -> Article:
    """An unpublished story of another section."""
    return make.planned(slug="숨은-기사", section=make.section("산업")).edition.article


def test_search_for_related_boxes_hides_unpublished_stories_of_other_sections(
    client: Client, cal: User, planned: Article
) -> None:
    make.live(headline="나간 기사", section=make.section("산업"))
    make.planned(slug="우리-기사", section=make.section("문화"))
    client.force_login(cal)
    rows = client.get(reverse("admin:desk_draft_stories")).json()["results"]
    assert [row["headline"] for row in rows] == ["우리-기사", "나간 기사"]


def test_api_answers_as_for_an_unknown_address(cal: User, planned: Article) -> None:
    shown = make.live(section=make.section("산업"))
    desk = make.DeskClient(cal)
    section = {"section": "문화", "headline": "글"}
    hidden = desk.call("POST", "drafts/", section | {"related": [planned.slug]})
    unknown = desk.call("POST", "drafts/", section | {"related": ["없는-기사"]})
    assert (hidden.status_code, unknown.status_code) == (400, 400)
    assert hidden.json()["errors"] == [
        {**error, "detail": error["detail"].replace("없는-기사", planned.slug)}
        for error in unknown.json()["errors"]
    ]
    allowed = desk.call("POST", "drafts/", section | {"related": [shown.slug]})
    assert allowed.status_code == 201
    patch = desk.call(
        "PATCH", f"drafts/{allowed.json()['id']}/", {"related": [planned.slug]}, etag="*"
    )
    assert patch.status_code == 400


def test_what_others_picked_for_the_story_stays(cal: User, planned: Article) -> None:
    draft = make.draft(by=cal, section=make.section("문화"))
    edit(draft, by=make.ben(), related=[planned])
    saved = make.DeskClient(cal).call(
        "PATCH", f"drafts/{draft.pk}/", {"related": [planned.slug], "notes": "메모"}, etag="*"
    )
    assert saved.status_code == 200
    assert saved.json()["related"] == [planned.slug]


def test_story_form_takes_no_hidden_story(cal: User, planned: Article) -> None:
    class Form(DraftForm):
        """As the admin makes one for each request."""

    draft = make.draft(by=cal, section=make.section("문화"))
    Form.restrict_choices(cal, draft)
    form = Form({"headline": "글", "related": [planned.pk]}, instance=draft)
    assert "related" in form.errors
    assert DraftForm.pickable is None
    assert planned in pickable_articles(make.ben(), Draft.objects.get(pk=draft.pk))
