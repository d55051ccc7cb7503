"""Claims by section: editors of the section of the story and chiefs see and handle them, by every door."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from desk.actions import edit, publish_now
from desk.actions.collaboration.section_roles import set_section_role
from desk.errors.collaboration import OtherSection
from desk.models import Claim, Notice
from desk.notifications.claims import notify_of_claim
from desk.notifications.resolve import reassign_undelivered
from desk.section_rights import may_approve_draft, people_with_right
from tests.support import make
from tests.support.claim_verbs import CLAIM_VERBS

pytestmark = pytest.mark.django_db
HEADLINE = "로봇, 문을 부수다"
# {person: whether they are an editor of 산업, where the story is}
PEOPLE = {"chief": True, "ben": True, "here": True, "elsewhere": False, "writer": False}


@pytest.fixture
def people(chief: User, ben: User) -> dict[str, User]:
    """Editors: of all sections, of 산업, of 문화, and one who is a reporter in 산업."""
    found = {"chief": chief, "ben": ben}
    for name, section, role in (
        ("here", "산업", "editor"),
        ("elsewhere", "문화", "editor"),
        ("writer", "산업", "reporter"),
    ):
        found[name] = make.staff(name, role="editor")
        set_section_role(found[name], section=make.section(section), role=role, by=chief)
    return {name: User.objects.get(pk=person.pk) for name, person in found.items()}


@pytest.fixture
def claim(people: dict[str, User]) -> Claim:
    return make.claim(make.live(headline=HEADLINE))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def claim_body(article: Article) -> dict[str, Any]:
    return {
        "article": article.slug,
        "kind": "rebuttal",
        "received_at": timezone.now().isoformat(),
        "known_on": str(timezone.localdate()),
        "passage": "로봇이 문을 부쉈다.",
        "claimant": {"name": "김문지기"},
    }


@pytest.mark.parametrize(("name", "may"), PEOPLE.items())
def test_api_by_section(name: str, may: bool, people: dict[str, User], claim: Claim) -> None:
    desk = make.DeskClient(people[name])
    listed = desk.call("GET", "claims/").json()["results"]
    assert [row["id"] for row in listed] == ([claim.pk] if may else [])
    path = f"claims/{claim.pk}/"
    assert desk.call("GET", path).status_code == (200 if may else 404)
    assert desk.call("PATCH", path, {"passage": "다른 구절"}, etag="*").status_code == (
        200 if may else 404
    )
    for verb, body in (
        ("answer", {"decision": "accept"}),
        ("arbitrate", {}),
        ("publish", {"note": "바로잡습니다."}),
    ):
        answer = desk.call("POST", f"{path}{verb}/", body, etag="*")
        assert answer.status_code == (200 if may else 404), (verb, answer.content)
    made = desk.call("POST", "claims/", claim_body(claim.article))
    assert made.status_code == (201 if may else 400), made.content
    if not may:  # as for an address that nothing has
        body = claim_body(claim.article) | {"article": "없는-기사"}
        unknown = desk.call("POST", "claims/", body).content.decode()
        assert made.content.decode() == unknown.replace("없는-기사", claim.article.slug)


@pytest.mark.parametrize(("name", "may"), PEOPLE.items())
def test_admin_by_section(name: str, may: bool, people: dict[str, User], claim: Claim) -> None:
    client = signed_in(people[name])
    for address in (reverse("admin:desk_claim_changelist"), reverse("admin:index")):
        assert (str(claim) in client.get(address).text) == may, address
    page = client.get(reverse("admin:desk_claim_change", args=[claim.pk]), follow=True)
    assert ("로봇이 문을 부쉈다." in page.text) == may
    pressed = client.post(
        reverse("admin:desk_claim_press", args=[claim.pk, "arbitrate"]) + "?version=1"
    )
    assert pressed.status_code == (302 if may else 404)
    claim.refresh_from_db()
    assert (claim.state == Claim.State.ARBITRATION) == may
    form = {
        "article_address": claim.article.slug, "kind": "correction", "name": "김문지기",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "known_on": str(timezone.localdate()), "passage": "둘째 부분",
    }  # fmt: skip
    answer = client.post(reverse("admin:desk_claim_add"), form)
    assert ("이 주소에는 발행된 기사가 없습니다" in answer.content.decode()) != may
    assert Claim.objects.filter(passage="둘째 부분").exists() == may


VERBS: dict[str, Callable[[Claim, User], Any]] = CLAIM_VERBS | {
    "record": lambda claim, by: make.claim(claim.article, by=by),
}


@pytest.mark.parametrize("verb", VERBS)
def test_actions_ask_for_the_section(verb: str, people: dict[str, User], claim: Claim) -> None:
    for name in ("elsewhere", "writer"):
        with pytest.raises(OtherSection):
            VERBS[verb](claim, people[name])


def test_notices_go_to_those_who_may_answer(people: dict[str, User], claim: Claim) -> None:
    notices = Notice.objects.filter(what=Notice.What.CLAIM_RECEIVED).order_by("person__name")
    assert [notice.person.name for notice in notices if notice.person] == ["ben", "chief", "here"]


def test_superuser_stands_in_where_all_others_are_restricted_to_other_sections(chief: User) -> None:
    elsewhere = make.staff("elsewhere", role="editor")
    set_section_role(elsewhere, section=make.section("문화"), role="editor", by=chief)
    article, now = make.live(headline=HEADLINE), timezone.now()
    User.objects.exclude(pk=elsewhere.pk).update(is_active=False)
    boss = make.person("boss", is_staff=True, is_superuser=True)
    claim = make.claim(article, by=boss)
    assert [notice.person for notice in Notice.objects.filter(subject=claim.pk)] == [boss]
    Notice.objects.update(person=None)
    reassign_undelivered()
    assert set(Notice.objects.unresolved().values_list("person__name", flat=True)) == {"boss"}
    draft = make.draft_of(article)
    assert people_with_right(may_approve_draft, "desk.approve_draft", draft, now) == [boss]


def test_claim_of_a_story_that_moves_goes_along(people: dict[str, User], claim: Claim) -> None:
    """While readers have it in the former section, editors of one of the two alone do not handle it."""
    draft = make.draft_of(claim.article)
    edit(draft, by=people["chief"], section=make.section("문화"))
    assert not make.DeskClient(people["here"]).call("GET", "claims/").json()["results"]
    assert not make.DeskClient(people["elsewhere"]).call("GET", "claims/").json()["results"]
    publish_now(draft, by=people["chief"])
    notify_of_claim(Claim.objects.get(pk=claim.pk), what=Notice.What.CLAIM_SOON)
    notices = Notice.objects.filter(what=Notice.What.CLAIM_SOON)
    assert {notice.person.name for notice in notices if notice.person} == {
        "ben",
        "chief",
        "elsewhere",
    }
    assert make.DeskClient(people["elsewhere"]).call("GET", "claims/").json()["results"]
    mine = signed_in(people["here"]).get(reverse("admin:desk_notice_changelist"))
    assert HEADLINE not in mine.text  # the notice of the receipt is hidden again
