"""Every role × verb × state, through the desk API, the buttons of the admin and typed addresses.

Two tables say what must come of each: WHO may do a verb, and WHEN a story is in a state for it. The cases
are all combinations. Each runs in a savepoint of its own, so that every state is set up once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import issue_token
from accounts.models import User
from desk.actions import (
    approve,
    move_to_trash,
    publish_now,
    schedule_draft,
    set_section_role,
    submit,
    withdraw,
)
from desk.models import Draft
from tests.desk.admin.test_admin_stories import form_value
from tests.support import make

pytestmark = pytest.mark.django_db

# The stories are ada's, in the section 산업. Without the right the answer is 403, and 404 where a person
# may not even read the story. `editor+문화` is an editor in the section 문화 alone,
# `editor+산업:reporter` one who is no more than a reporter in 산업.
WHO = """
              ada  reporter  editor  chief  moderator  reporter+문화  editor+문화  editor+산업:reporter
read          yes  yes       yes     yes    403        404            404          yes
edit          yes  yes       yes     yes    403        404            404          yes
submit        yes  yes       yes     yes    403        404            404          yes
approve       403  403       yes     yes    403        404            404          403
send-back     403  403       yes     yes    403        404            404          403
freeze        403  403       yes     yes    403        404            404          403
publish       403  403       yes     yes    403        404            404          403
schedule      403  403       yes     yes    403        404            404          403
swap          403  403       yes     yes    403        404            404          403
unschedule    403  403       yes     yes    403        404            404          403
assign        403  403       yes     yes    403        404            404          403
lock          yes  yes       yes     yes    403        404            404          yes
preview       yes  yes       yes     yes    403        404            404          yes
trash         yes  yes       yes     yes    403        404            404          yes
take-out      yes  yes       yes     yes    403        404            404          yes
withdraw      403  403       yes     yes    403        404            404          403
restore       403  403       403     yes    403        404            404          403
"""
# `ok`; the refusal, by the short names of CODES; `none`: there is no such article or page, a 404.
WHEN = """
              writing  submitted  approved  scheduled  live     withdrawn  trashed
read          ok       ok         ok        ok         ok       ok         ok
edit          ok       ok         ok        ok         ok       ok         trash
submit        ok       stage      stage     ok         ok       ok         trash
approve       stage    ok         stage     stage      stage    stage      trash
send-back     stage    ok         ok        stage      stage    stage      trash
freeze        ok       ok         ok        ok         ok       ok         trash
publish       ok       ok         ok        ok         ok       gone       trash
schedule      ok       ok         ok        waits      ok       gone       trash
swap          nothing  nothing    nothing   ok         nothing  nothing    trash
unschedule    nothing  nothing    nothing   ok         nothing  nothing    trash
assign        ok       ok         ok        ok         ok       ok         trash
lock          ok       ok         ok        ok         ok       ok         trash
preview       ok       ok         ok        ok         ok       ok         none
trash         ok       ok         ok        out        out      ok         trash
take-out      ok       ok         ok        ok         ok       ok         ok
withdraw      none     none       none      unseen     ok       gone       none
restore       none     none       none      shown      shown    ok         none
"""
CODES = {
    "stage": "wrong_stage",
    "trash": "trashed",
    "nothing": "nothing_waiting",
    "waits": "already_scheduled",
    "gone": "withdrawn_article",
    "unseen": "never_published",
    "shown": "not_withdrawn",
    "out": "still_out",
    "none": "404",
}
# {verb: (method, path below desk/, body)}
API_CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "read": ("GET", "drafts/{id}/", {}),
    "edit": ("PATCH", "drafts/{id}/", {"deck": "다른 부제"}),
    **{
        verb: ("POST", f"drafts/{{id}}/{verb}/", {})
        for verb in ("submit", "approve", "send-back", "freeze", "publish", "swap", "unschedule")
    },
    "schedule": ("POST", "drafts/{id}/schedule/", {"at": "soon"}),
    "assign": ("POST", "drafts/{id}/assign/", {"to": "colleague"}),
    "lock": ("PUT", "drafts/{id}/lock/", {}),
    "preview": ("POST", "drafts/{id}/previews/", {"days": 1}),
    "trash": ("DELETE", "drafts/{id}/", {}),
    "take-out": ("POST", "drafts/{id}/restore/", {}),
    "withdraw": ("POST", "articles/{slug}/withdraw/", {"notice": "사실과 달라 내립니다."}),
    "restore": ("POST", "articles/{slug}/restore/", {}),
}
# {verb: button of the story page}. Not for those in the trash, which have no form.
BUTTONS = {
    "edit": "",
    "submit": "submit",
    "approve": "approve",
    "send-back": "send_back",
    "publish": "publish",
    "schedule": "schedule",
    "swap": "swap",
    "unschedule": "unschedule",
    "assign": "assign",
    "preview": "preview",
    "trash": "throw_away",
}


def table(text: str) -> dict[str, dict[str, str]]:
    """{verb: {column: cell}}"""
    head, *rows = [line.split() for line in text.strip().split("\n")]
    return {row[0]: dict(zip(head, row[1:], strict=True)) for row in rows}


ALLOWED, POSSIBLE = table(WHO), table(WHEN)
ROLES, STATES = list(ALLOWED["read"]), list(POSSIBLE["read"])


@dataclass
class Stage:
    """The people by role, and a story in each state."""

    people: dict[str, User]
    stories: dict[str, Draft]
    colleague: User


@pytest.fixture
def stage() -> Stage:
    chief = make.chief()
    here, elsewhere = make.section(), make.section("문화")
    people = {"ada": make.staff("ada", role="reporter"), "chief": chief}
    for name, role in (("reporter", "reporter"), ("editor", "editor"), ("moderator", "moderator")):
        people[name] = make.staff(f"the-{name}", role=role)
    for name, role, section, restricted in (
        ("reporter+문화", "reporter", elsewhere, "reporter"),
        ("editor+문화", "editor", elsewhere, "editor"),
        ("editor+산업:reporter", "editor", here, "reporter"),
    ):
        person = make.staff(f"restricted-{len(people)}", role=role)
        set_section_role(person, section=section, role=restricted, by=chief)
        people[name] = person
    stories = {state: in_state(state, by=people["ada"]) for state in STATES}
    return Stage(people, stories, make.staff("colleague", role="reporter"))


def in_state(state: str, *, by: User) -> Draft:
    """A story in this state, made by the real actions."""
    ben, draft = make.ben(), make.draft(by=by)
    if state in {"submitted", "approved"}:
        submit(draft, by=by)
    if state == "approved":
        approve(draft, by=ben)
    if state == "scheduled":
        schedule_draft(draft, at=timezone.now() + timedelta(hours=2), by=ben)
    if state in {"live", "withdrawn"}:
        article = publish_now(draft, by=ben).article
        if state == "withdrawn":
            withdraw(article, notice="사실과 달라 내립니다.", by=ben)
    if state == "trashed":
        move_to_trash(draft, by=by)
    return Draft.objects.select_related("article").get(pk=draft.pk)


def expected(role: str, verb: str, state: str) -> str:
    """`ok`, the code of the refusal, or the status of a person without the right."""
    right, cell = ALLOWED[verb][role], POSSIBLE[verb][state]
    outcome = CODES.get(cell, cell)
    if right == "yes":
        return outcome
    # Told to everybody who reads stories: that there is no article, and that a story is in the trash,
    # before `assign` asks whether it is for oneself.
    is_told_first = outcome == "404" or (verb, outcome) == ("assign", "trashed")
    return outcome if is_told_first and right == "403" and role != "moderator" else right


def cases(verbs: Any) -> Iterator[tuple[str, str, str]]:
    for role in ROLES:
        for verb in verbs:
            for state in STATES:
                yield role, verb, state


def run(
    attempt: Callable[[str, str, str], str | None], verbs: Any
) -> dict[tuple[str, str, str], tuple[str, str]]:
    """{case: (what came of it, what should have)}, of those that differ; nothing of any case stays."""
    wrong = {}
    for role, verb, state in cases(verbs):
        with transaction.atomic():
            outcome = attempt(role, verb, state)
            transaction.set_rollback(True)
        right_outcome = expected(role, verb, state)
        if outcome is not None and outcome != right_outcome:
            wrong[role, verb, state] = (outcome, right_outcome)
    return wrong


def test_every_role_verb_and_state_through_the_api(stage: Stage) -> None:
    clients = {}
    for role, person in stage.people.items():
        clients[role] = APIClient()
        token = issue_token(person, scopes=["desk"])
        clients[role].credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def attempt(role: str, verb: str, state: str) -> str:
        method, path, body = API_CALLS[verb]
        story = stage.stories[state]
        slug = story.article.slug if story.article else "none"
        words = {
            name: {"soon": timezone.now() + make.DUE_AFTER, "colleague": stage.colleague.pk}.get(
                str(value), value
            )
            for name, value in body.items()
        }
        response = clients[role].generic(
            method,
            f"/api/v1/desk/{path.format(id=story.pk, slug=slug)}",
            "" if method in {"GET", "DELETE"} else make.to_json(words),
            content_type="application/json",
            headers={"If-Match": "*"},
        )
        return outcome_of(response)

    assert run(attempt, API_CALLS) == {}


def outcome_of(response: Any) -> str:
    """`ok`, the code of a refusal, or the status 403 or 404."""
    if response.status_code < 300:
        return "ok"
    if response.status_code in {403, 404}:
        return str(response.status_code)
    return str(response.json()["code"])


def test_every_role_verb_and_state_through_the_buttons_of_the_admin(stage: Stage) -> None:
    clients = {}
    for role, person in stage.people.items():
        clients[role] = Client()
        clients[role].force_login(person)

    forms = {
        state: unchanged_form(story, clients["chief"])
        for state, story in stage.stories.items()
        if state != "trashed"
    }
    at = timezone.localtime(timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    typed = {"at": at, "assign_to": stage.colleague.pk, "_continue": "1"}

    def attempt(role: str, verb: str, state: str) -> str | None:
        if state == "trashed":
            return None
        story = stage.stories[state]
        page = reverse("admin:desk_draft_change", args=[story.pk])
        deck = {"deck": "다른 부제"} if verb == "edit" else {}
        pressed = {"do": BUTTONS[verb]} | typed | deck
        response = clients[role].post(page, forms[state] | pressed)
        if response.status_code == 403:
            return "403"
        if response.status_code == 302:
            # Where the story is not there for a person, Django's admin leads to its index.
            return "404" if response["Location"] == reverse("admin:index") else "ok"
        return refusal_code(response)

    assert run(attempt, BUTTONS) == {}


def unchanged_form(story: Draft, client: Client) -> dict[str, Any]:
    """The story form as a browser sends it when nothing was changed."""
    page = client.get(reverse("admin:desk_draft_change", args=[story.pk]))
    sent = {field.name: field.value() for field in page.context["adminform"].form}
    return {name: form_value(value) for name, value in sent.items() if value is not None}


def refusal_code(response: Any) -> str:
    """The code of the refusal that the page shows; the status 403 for that of a missing right."""
    refusal = response.wsgi_request.refusal
    return "403" if refusal.status == 403 else str(refusal.code)


def test_typed_addresses_show_each_role_its_own_part(stage: Stage) -> None:
    """Pages of the story, of its release and of its article, and the lists, by their addresses."""
    story = stage.stories["scheduled"]
    headline = story.headline
    lists = [reverse("admin:index"), "/admin/desk/draft/", "/admin/desk/release/"]
    api_lists = ["/api/v1/desk/drafts/?page_size=100", "/api/v1/desk/releases/"]
    for role, person in stage.people.items():
        client = Client()
        client.force_login(person)
        sees = ALLOWED["read"][role] == "yes"
        page = client.get(reverse("admin:desk_draft_change", args=[story.pk]))
        assert (page.status_code == 200) == sees, role
        for address in [*lists, *api_lists]:
            response = client.get(address)
            assert response.status_code == (
                403 if role == "moderator" and address != lists[0] else 200
            )
            if address != lists[0]:
                assert (headline in response.content.decode()) == sees, (role, address)
            assert sees or headline not in response.content.decode(), (role, address)
