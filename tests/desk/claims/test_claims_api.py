"""Desk API and admin of claims: by role, with If-Match, no personal data for those without the right."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from desk.models import Claim
from tests.support import make

pytestmark = pytest.mark.django_db
LIST = reverse("admin:desk_claim_changelist")


def claim_body(**over: Any) -> dict[str, Any]:
    return {
        "article": make.live().slug,
        "kind": "rebuttal",
        "received_at": timezone.now().isoformat(),
        "known_on": str(timezone.localdate()),
        "passage": "로봇이 문을 부쉈다.",
        "claimant": {"name": "김문지기", "email": "door@example.com"},
    } | over


def page_of(claim: Claim) -> str:
    return reverse("admin:desk_claim_change", args=[claim.pk])


def press(client: Client, claim: Claim, verb: str, **data: Any) -> Any:
    claim.refresh_from_db()
    address = reverse("admin:desk_claim_press", args=[claim.pk, verb])
    return client.post(f"{address}?version={claim.version}", data, follow=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# -- API -------------------------------------------------------------------------------------------


def test_claim_is_recorded_answered_and_published(desk_api: make.DeskClient) -> None:
    made = desk_api.call("POST", "claims/", claim_body())
    assert made.status_code == 201, made.content
    claim = made.json()
    assert claim["claimant"]["name"] == "김문지기"
    assert claim["due_on"] == claim["answer_by"]
    path = f"claims/{claim['id']}/"
    assert desk_api.call("POST", f"{path}answer/", {"decision": "accept"}).status_code == 428
    answered = desk_api.call("POST", f"{path}answer/", {"decision": "accept"}, etag=made["ETag"])
    assert answered.json()["state"] == "accepted"
    stale = desk_api.call("POST", f"{path}publish/", {"note": "반론"}, etag=made["ETag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "edited_elsewhere")
    done = desk_api.call("POST", f"{path}publish/", {"note": "반론입니다."}, etag=answered["ETag"])
    assert (done.json()["state"], done.json()["edition"]) == ("published", 2)
    page = desk_api.client.get(f"/api/v1/articles/{claim['article']}/").json()
    assert [(c["kind"], c["note"]) for c in page["corrections"]] == [("rebuttal", "반론입니다.")]


def test_claim_is_changed_in_part(desk_api: make.DeskClient) -> None:
    made = desk_api.call("POST", "claims/", claim_body())
    path = f"claims/{made.json()['id']}/"
    body = {"passage": "다른 구절", "claimant": {"phone": "02-000-0000"}}
    changed = desk_api.call("PATCH", path, body, etag=made["ETag"]).json()
    assert (changed["passage"], changed["kind"]) == ("다른 구절", "rebuttal")
    assert changed["claimant"] == {
        "name": "김문지기", "address": "", "phone": "02-000-0000", "email": "door@example.com",
    }  # fmt: skip
    assert desk_api.call("PATCH", path, {"article": "x"}, etag="*").status_code == 400


@pytest.mark.parametrize(
    ("over", "pointer"),
    [
        ({"kind": "clarification"}, "/kind"),
        ({"article": "없는-기사"}, "/article"),
        ({"known_on": "yesterday"}, "/known_on"),
        ({"passage": " "}, "/passage"),
        ({"claimant": {}}, "/claimant/name"),
        ({"claimant": {"name": "김", "email": "door"}}, "/claimant/email"),
        ({"surprise": 1}, "/surprise"),
    ],
)
def test_bad_input_is_named(desk_api: make.DeskClient, over: Any, pointer: str) -> None:
    answer = desk_api.call("POST", "claims/", claim_body(**over))
    assert answer.status_code == 400, answer.content
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("answer", {"decision": "refuse"}, 400),
        ("answer", {"decision": "refuse", "refusal_reason": "mood"}, 400),
        ("answer", {"decision": "refuse", "refusal_reason": "untrue"}, 200),
        ("publish", {"note": "바로잡습니다."}, 409),
        ("publish", {}, 400),
        ("publish", {"note": "가", "edition": 1}, 400),
        ("arbitrate", {}, 200),
        ("withdraw", {}, 200),
    ],
)
def test_verbs_answer_with_their_status(
    desk_api: make.DeskClient, verb: str, body: Any, status: int
) -> None:
    claim = make.claim()
    answer = desk_api.call("POST", f"claims/{claim.pk}/{verb}/", body, etag="*")
    assert answer.status_code == status, answer.content


def test_list_is_filtered_and_its_queries_stay_the_same(desk_api: make.DeskClient) -> None:
    make.claim()
    desk_api.call("GET", "claims/")
    with CaptureQueriesContext(connection) as one:
        assert len(desk_api.call("GET", "claims/?state=running").json()["results"]) == 1
    article, month_ago = make.live(), timezone.now() - timedelta(days=30)
    for _ in range(19):
        make.claim(article, received_at=month_ago, known_on=month_ago.date())
    with CaptureQueriesContext(connection) as twenty:
        assert len(desk_api.call("GET", "claims/?state=running").json()["results"]) == 20
    assert len(one) == len(twenty)
    assert len(desk_api.call("GET", "claims/?state=late").json()["results"]) == 19
    assert desk_api.call("GET", "claims/?kind=rebuttal").json()["results"] == []
    assert desk_api.call("GET", "claims/?state=lost").status_code == 400


@pytest.mark.parametrize(
    ("role", "status"), [("reporter", 403), ("moderator", 403), ("editor", 200), ("chief", 200)]
)
def test_roles_in_the_api_and_the_admin(role: str, status: int) -> None:
    claim, person = make.claim(), make.staff(f"the-{role}", role=role)
    api, admin = make.DeskClient(person), signed_in(person)
    assert api.call("GET", "claims/").status_code == status
    assert api.call("GET", f"claims/{claim.pk}/").status_code == status
    assert api.call("PATCH", f"claims/{claim.pk}/", {}, etag="*").status_code == status
    assert admin.get(LIST).status_code == status
    assert admin.get(page_of(claim)).status_code == status
    assert admin.get(reverse("admin:desk_claim_add")).status_code == status


def test_claimant_is_hidden_without_its_permission() -> None:
    person = make.person("vera", is_staff=True)
    codenames = ["view_claim", "change_claim", "view_draft"]
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    claim = make.claim()
    api = make.DeskClient(User.objects.get(pk=person.pk))
    assert api.call("GET", f"claims/{claim.pk}/").json()["claimant"] is None
    refused = api.call("PATCH", f"claims/{claim.pk}/", {"claimant": {"name": "가"}}, etag="*")
    assert refused.status_code == 403
    html = signed_in(person).get(page_of(claim)).text
    assert "김문지기" not in html
    assert "로봇이 문을 부쉈다." in html


# -- admin -----------------------------------------------------------------------------------------


def test_claim_is_recorded_on_its_form(ben: User) -> None:
    article, client = make.live(headline="로봇, 문을 부수다"), signed_in(ben)
    form = {
        "article_address": f"https://news.example.com/articles/{article.slug}/?utm=1",
        "kind": "correction",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "known_on": str(timezone.localdate()),
        "reported_on": "",
        "passage": "로봇이 문을 부쉈다.",
        "name": "김문지기",
    }
    refused = client.post(reverse("admin:desk_claim_add"), form | {"article_address": "없는-기사"})
    assert "이 주소에는 발행된 기사가 없습니다." in refused.text
    page = client.post(reverse("admin:desk_claim_add"), form, follow=True)
    claim = Claim.objects.get()
    assert (claim.article, claim.claimant.name) == (article, "김문지기")
    assert claim.reported_on == timezone.localdate()
    assert "기한" in page.text
    listed = client.get(f"{LIST}?state=running").text
    assert str(claim) in listed
    assert "로봇, 문을 부수다" in listed


def test_claim_is_changed_on_its_form_and_a_stale_form_is_refused(ben: User) -> None:
    claim, client = make.claim(), signed_in(ben)
    form = {
        "kind": "correction",
        "received_at": timezone.localtime(claim.received_at).strftime("%Y-%m-%dT%H:%M"),
        "known_on": str(claim.known_on),
        "reported_on": str(claim.reported_on),
        "passage": "고친 구절",
        "reason": claim.reason,
        "wanted_text": claim.wanted_text,
        "name": "김문지기",
        "phone": "02-000-0000",
        "address": "서울시 문로 1",
        "email": "door@example.com",
        "read_version": claim.version,
    }
    assert client.post(page_of(claim), form).status_code == 302
    claim.refresh_from_db()
    assert (claim.passage, claim.claimant.address) == ("고친 구절", "서울시 문로 1")
    stale = client.post(page_of(claim), form | {"passage": "늦은 구절"})
    assert "다른 사람이 이 청구를" in stale.text
    assert "늦은 구절" in stale.text


def test_buttons_answer_and_publish(ben: User) -> None:
    claim, client = make.claim(), signed_in(ben)
    press(client, claim, "accept", note="같은 자리에")
    form = client.get(reverse("admin:desk_claim_press", args=[claim.pk, "publish"]))
    assert claim.wanted_text in form.text
    draft = make.draft_of(claim.article)
    data = {"note": "바로잡습니다.", "draft_version": draft.version}
    make.changed(draft, deck="그 사이에 바뀐 부제")
    assert "다른 사람이 이 원고를" in press(client, claim, "publish", **data).text
    data["draft_version"] = make.draft_of(claim.article).version
    press(client, claim, "publish", **data)
    claim.refresh_from_db()
    assert (claim.state, claim.edition and claim.edition.number) == ("published", 2)


def test_list_of_claims_has_the_same_queries_for_one_and_twenty(ben: User) -> None:
    client, article = signed_in(ben), make.live()
    make.claim(article)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(19):
        make.claim(article)
    with CaptureQueriesContext(connection) as twenty:
        client.get(LIST)
    assert len(one) == len(twenty)
