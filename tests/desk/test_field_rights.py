"""Field-level permissions of drafts: who may change guarded fields."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from desk.actions import approve, edit, publish_now, schedule_draft, send_back, submit, withdraw
from desk.actions.drafts import FIELD_CLEANERS, PLAIN_FIELDS, SINGLE_LINE_FIELDS
from desk.errors import FieldGuarded, NotApproved, PhotoTextChanged
from desk.field_rights import GUARDED_FIELDS, UNGUARDED_FIELDS
from desk.models import Draft
from media.actions import describe_photo
from newsroom.errors import NotAllowed
from polls.models import Poll
from tests.desk.admin.test_admin_stories import StoryPage
from tests.support import make

pytestmark = pytest.mark.django_db

EVERYBODY, DESK = "ada bea ben chief", "ben chief"
# {field: {situation: who may change it}}. ada created the draft; bea is another reporter; mo a moderator.
TABLE = {
    name: {
        "unset": EVERYBODY,
        "set by ada": f"ada {DESK}",
        "set by ben": DESK,
        "planned": DESK if guard.publishers_only_once_public else EVERYBODY,
        "live": DESK if guard.publishers_only_once_public else EVERYBODY,
        "withdrawn": DESK if guard.publishers_only_once_public else EVERYBODY,
    }
    for name, guard in GUARDED_FIELDS.items()
}
ROLES = {"ada": "reporter", "bea": "reporter", "ben": "editor", "chief": "chief", "mo": "moderator"}
CASES = [(field, situation) for field, rows in TABLE.items() for situation in rows]
IN_API = {"comments_mode": "comments"}


def minutes(number: int) -> datetime:
    now = timezone.now().replace(second=0, microsecond=0)
    return now + timedelta(minutes=number)


def values(field: str, situation: str) -> tuple[Any, Any]:
    """The value that was set, and another; times that no other rule refuses."""
    return {
        # What readers have is under no new embargo; what waits goes out in five minutes.
        "embargo_until": (minutes(3), minutes(-9 if situation in {"live", "planned"} else 2)),
        "expires_at": (minutes(90), minutes(120)),
        "slug": ("먼저-정한-주소", "나중-주소"),
        "comments_mode": ("closed", "hold"),
    }[field]


def story(field: str, situation: str, people: dict[str, User]) -> Draft:
    draft = make.draft(by=people["ada"])
    first, _second = values(field, situation)
    if situation.startswith("set by"):
        return edit(draft, by=people[situation.removeprefix("set by ")], **{field: first})
    if situation == "planned":
        schedule_draft(draft, at=timezone.now() + make.DUE_AFTER, by=people["ben"])
    elif situation in {"live", "withdrawn"}:
        article = publish_now(draft, by=people["ben"]).article
        if situation == "withdrawn":
            withdraw(article, notice="내립니다.", by=people["ben"])
    return draft


@pytest.fixture
def people() -> dict[str, User]:
    return {name: make.staff(name, role=role) for name, role in ROLES.items()}


@pytest.mark.parametrize(("field", "situation"), CASES)
def test_api_allows_guarded_fields_as_the_table_says(
    people: dict[str, User], field: str, situation: str
) -> None:
    draft = story(field, situation, people)
    draft.refresh_from_db()
    before, setters = getattr(draft, field), draft.field_setters
    api_field = IN_API.get(field, field)
    label = str(Draft._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    _first, value = values(field, situation)
    at = f"drafts/{draft.pk}/"
    for name, person in people.items():
        answer = make.DeskClient(person).call("PATCH", at, {api_field: value}, etag="*")
        stored = getattr(Draft.objects.get(pk=draft.pk), field)
        if name in TABLE[field][situation].split():
            assert (name, answer.status_code, stored) == (name, 200, value)
            Draft.objects.filter(pk=draft.pk).update(**{field: before, "field_setters": setters})
            continue
        assert (name, answer.status_code, stored) == (name, 403, before)
        if name != "mo":  # may not open the page at all
            assert answer.json()["code"] == "not_allowed"
            assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{api_field}"]
            assert answer.json()["detail"].startswith(f"{label}: ")


@pytest.mark.parametrize(("field", "situation"), CASES)
def test_story_page_disables_guarded_fields_for_others(
    people: dict[str, User], field: str, situation: str
) -> None:
    draft = story(field, situation, people)
    _first, value = values(field, situation)
    is_time = isinstance(value, datetime)
    typed = f"{timezone.localtime(value):%Y-%m-%dT%H:%M}" if is_time else value
    for name in ("bea", "ada", "chief"):  # bea first: what she may change, ada may change after her
        page = StoryPage(people[name])
        form = page.client.get(page.address(draft)).context["adminform"].form
        may = name in TABLE[field][situation].split()
        assert form.fields[field].disabled is not may, name
        before = getattr(Draft.objects.get(pk=draft.pk), field)
        if not may:
            assert "발행할 수 있는 사람" in form.fields[field].help_text
            page.send(draft, **{field: typed})
            assert getattr(Draft.objects.get(pk=draft.pk), field) == before
    page.send(draft, **{field: typed})  # the chief's
    assert getattr(Draft.objects.get(pk=draft.pk), field) == value


def test_story_page_is_forbidden_to_a_moderator(people: dict[str, User]) -> None:
    draft, client = make.draft(), Client()
    client.force_login(people["mo"])
    assert client.get(reverse("admin:desk_draft_change", args=[draft.pk])).status_code == 403


def test_guarded_field_reset_to_its_default_is_open_again(ada: User, ben: User) -> None:
    draft = edit(make.draft(by=ada), by=ben, embargo_until=minutes(5))
    with pytest.raises(FieldGuarded):
        edit(draft, by=ada, embargo_until=None)
    edit(draft, by=ben, embargo_until=None)
    assert edit(draft, by=ada, embargo_until=minutes(7)).embargo_until == minutes(7)


def test_unchanged_guarded_value_is_allowed(ada: User, ben: User) -> None:
    """A program that sends back all it has read is not refused."""
    article = make.live(expires_at=minutes(90))
    draft = edit(make.draft_of(article), by=ada, expires_at=minutes(90), slug="", deck="새 부제")
    assert draft.deck == "새 부제"


def test_guarded_value_without_a_known_setter_needs_a_publisher(ada: User, ben: User) -> None:
    draft = make.draft(by=ada)
    Draft.objects.filter(pk=draft.pk).update(embargo_until=minutes(5))
    with pytest.raises(NotAllowed):
        edit(draft, by=ada, embargo_until=None)
    assert edit(draft, by=ben, embargo_until=None).embargo_until is None


def test_refused_guarded_field_changes_nothing_else(ada: User, ben: User) -> None:
    draft = edit(make.draft(by=ada), by=ben, embargo_until=minutes(5))
    lines = Entry.objects.count()
    with pytest.raises(FieldGuarded):
        edit(draft, by=ada, embargo_until=None, headline="같이 고친 제목")
    draft.refresh_from_db()
    assert draft.headline != "같이 고친 제목"
    assert (draft.version, Entry.objects.count()) == (2, lines)


def test_change_of_a_guarded_field_ends_the_approval(
    settings: Any, ada: User, ben: User, chief: User
) -> None:
    settings.FOUR_EYES = True
    draft = make.draft(by=ada)
    submit(draft, by=ada)
    approve(draft, by=ben)
    edit(draft, by=chief, embargo_until=minutes(-5))
    with pytest.raises(NotApproved):
        publish_now(draft, by=ben)
    submit(draft, by=ada)
    with pytest.raises(NotApproved):  # the last editor may not approve
        approve(draft, by=chief)
    approve(draft, by=ben)
    assert publish_now(draft, by=chief).article.first_published_at is not None


def test_approval_covers_the_photo_text_of_the_library(
    settings: Any, ada: User, ben: User, chief: User
) -> None:
    """A changed description of a photo is not published with an approved story."""
    settings.FOUR_EYES = True
    photo = make.photo()
    draft = make.draft(by=ada, lead_photo=photo)
    submit(draft, by=ada)
    approve(draft, by=ben)
    describe_photo(photo, by=ada, caption="바꿔치기한 캡션")
    with pytest.raises(PhotoTextChanged):
        publish_now(draft, by=ben)
    assert send_back(draft, by=ben).approved_photo_text is None
    submit(draft, by=ada)
    approve(draft, by=ben)
    publish_now(draft, by=chief)


def test_photo_text_that_was_approved_is_forgotten_with_the_approval(ada: User, ben: User) -> None:
    draft = make.draft(by=ada, lead_photo=make.photo())
    approve(submit(draft, by=ada), by=ben)
    edit(Draft.objects.get(), by=ada, lead_photo=None)
    assert Draft.objects.get().approved_photo_text is None


def test_field_rights_table_names_every_draft_field() -> None:
    written = {
        *SINGLE_LINE_FIELDS,
        *PLAIN_FIELDS,
        *FIELD_CLEANERS,
        "body",
        "slug",
        "poll",
        "authors",
        "tags",
        "related",
    }
    assert written == {*GUARDED_FIELDS, *UNGUARDED_FIELDS}
    assert not set(GUARDED_FIELDS) & set(UNGUARDED_FIELDS)


def test_unguarded_fields_reach_readers_only_with_an_edition(client: Client, ada: User) -> None:
    article = make.live(poll=make.poll_data(), lead_photo=make.photo(), related=[make.live()])
    changes: dict[str, Any] = dict.fromkeys(UNGUARDED_FIELDS, "몰래 고친 말")
    changes |= {
        "body": "<p>몰래 고친 말</p>",
        "section": make.section("몰래"),
        "authors": [make.author("몰래")],
        "tags": ["몰래"],
        "related": [],
        "poll": make.poll_data(question="몰래 고친 말?", closes_at=minutes(60)),
        "lead_photo": make.photo(alt="몰래 고친 말"),
        "lead_photo_text": {"alt": "몰래 고친 말"},
        "social_photo": make.photo(alt="몰래 고친 말"),
        "source_url": "https://example.com/other",
        "ai_kind": "generated",
        "comments_mode": "closed",
    }
    addresses = [
        f"/articles/{article.slug}/",
        f"/api/v1/articles/{article.slug}/",
        "/feeds/atom.xml",
    ]
    before = [client.get(address).content for address in addresses]
    edit(make.draft_of(article), by=ada, **changes)
    assert [client.get(address).content for address in addresses] == before


def test_reporter_cannot_close_a_public_poll(client: Client, ada: User) -> None:
    article = make.live(poll=make.poll_data())
    poll = Poll.objects.get()
    edit(make.draft_of(article), by=ada, poll=make.poll_data(closes_at=minutes(1)))
    poll.refresh_from_db()
    assert poll.closes_at is None
    client.force_login(ada)
    answer = client.post(reverse("admin:polls_poll_press", args=[poll.pk, "close"]))
    assert answer.status_code == 403
    poll.refresh_from_db()
    assert poll.closes_at is None
