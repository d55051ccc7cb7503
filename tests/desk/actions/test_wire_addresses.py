"""Freeze: an address of an agency's reporter is asked about before readers see it."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Masthead
from audit.models import Entry
from desk.actions import (
    edit,
    freeze,
    keep_wire_addresses,
    publish_now,
    schedule_draft,
    start_from_wire,
)
from desk.agency_copy.addresses import find_wire_addresses
from desk.errors.addresses import AgencyAddressInText, NoAgencyAddress
from desk.models import Draft, KeptAddress
from newsroom.errors import NotAllowed
from tests.support import make
from tests.support.formats.wire_copy import agency_copy
from wire.actions import receive_delivery
from wire.models import Source, Story, Version

pytestmark = pytest.mark.django_db

ADDRESS = "garam@newsis.com"
CONTACT = "haneul@example.com"  # the reporter's, on the wire


@pytest.fixture
def from_wire(ada: User) -> Draft:
    """A ready draft of agency copy whose contact is CONTACT."""
    source = Source.objects.get_or_create(slug="yonhap", defaults={"agency": "연합뉴스"})[0]
    receive_delivery(source, raw=agency_copy(), by=None)
    draft = start_from_wire(Story.objects.get(), by=ada)
    ready = make.draft_data()
    names = ("section", "authors", "summary_1", "summary_2", "summary_3")
    return edit(draft, by=ada, **{name: ready[name] for name in names})


@pytest.mark.parametrize(
    "fields",
    [
        {"body": f"<p>문의 {ADDRESS}</p>"},
        {"body": f'<p><a href="mailto:{ADDRESS}">기자</a></p>'},
        {"deck": f"연락 {ADDRESS.upper()}"},
        {"source_name": "가상", "source_credit": ADDRESS},
    ],
)
def test_an_agencys_address_is_refused_at_the_freeze(ben: User, fields: dict[str, Any]) -> None:
    draft = edit(make.draft(by=ben), by=ben, **fields)
    for verb in (freeze, publish_now):
        with pytest.raises(AgencyAddressInText) as refused:
            verb(draft, by=ben)
        assert refused.value.more == {"addresses": [ADDRESS]}
    with pytest.raises(AgencyAddressInText):
        schedule_draft(draft, by=ben, at=timezone.now() + make.DUE_AFTER)


def test_a_contact_of_the_version_used_is_refused(from_wire: Draft, ben: User) -> None:
    assert find_wire_addresses(from_wire) == []
    body = f"<p>길이 열린다. {CONTACT} 와 walk@example.com 으로.</p>"
    draft = edit(from_wire, by=ben, body=body)
    assert find_wire_addresses(draft) == [CONTACT]


def test_the_same_address_in_another_story_is_nobodys(ben: User) -> None:
    draft = edit(make.draft(by=ben), by=ben, body=f"<p>신청은 {CONTACT} 로.</p>")
    assert freeze(draft, by=ben)


def test_the_tip_address_of_the_desk_is_free(ben: User) -> None:
    masthead = Masthead.current()
    masthead.tip_address = ADDRESS.title()
    masthead.save()
    draft = edit(make.draft(by=ben), by=ben, body=f"<p>제보는 {ADDRESS}</p>")
    assert freeze(draft, by=ben)


def test_an_editor_keeps_an_address_and_the_log_says_so(from_wire: Draft, ben: User) -> None:
    draft = edit(from_wire, by=ben, body=f"<p>문의 {CONTACT}, {ADDRESS}</p>")
    same = keep_wire_addresses(draft, by=ben)
    assert same.version == draft.version
    entry = Entry.objects.get(verb="kept_address")
    assert (entry.by_name, entry.details["addresses"]) == ("ben", [CONTACT, ADDRESS])
    assert publish_now(draft, by=ben)
    with pytest.raises(NoAgencyAddress):
        keep_wire_addresses(draft, by=ben)
    later = edit(draft, by=ben, body="<p>문의 naru@news1.kr</p>")
    with pytest.raises(AgencyAddressInText):
        freeze(later, by=ben)


def test_writers_do_not_keep_addresses(from_wire: Draft, ada: User) -> None:
    draft = edit(from_wire, by=ada, body=f"<p>문의 {ADDRESS}</p>")
    with pytest.raises(NotAllowed):
        keep_wire_addresses(draft, by=ada)
    assert KeptAddress.objects.count() == 0


def test_a_draft_without_an_address_costs_no_query(
    ben: User, django_assert_num_queries: Any
) -> None:
    draft = Draft.objects.get(pk=make.draft(by=ben).pk)
    with django_assert_num_queries(0):
        assert find_wire_addresses(draft) == []


def test_the_api_refuses_and_keeps(ben: User) -> None:
    draft = edit(make.draft(by=ben), by=ben, body=f"<p>문의 {ADDRESS}</p>")
    client = APIClient()
    client.force_login(ben)
    path = f"/api/v1/desk/drafts/{draft.pk}/"
    refused = client.post(f"{path}publish/", {}, format="json", headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["code"]) == (409, "agency_address")
    assert refused.json()["addresses"] == [ADDRESS]
    for tag, status in ((None, 428), ('"draft-0-0"', 412), ("*", 200)):
        headers = {"If-Match": tag} if tag else {}
        response = client.post(f"{path}keep-addresses/", {}, format="json", headers=headers)
        assert response.status_code == status
    published = client.post(f"{path}publish/", {}, format="json", headers={"If-Match": "*"})
    assert published.status_code == 200


def test_agency_copy_begins_a_draft_with_its_structure(ada: User) -> None:
    source = Source.objects.get_or_create(slug="yonhap", defaults={"agency": "연합뉴스"})[0]
    lines = ["강변길 <다시> 연다.", "◇ 남은 문제", "연도\t보행자\n2026\t204", "▲ 다리\n▲ 등"]
    receive_delivery(source, raw=agency_copy(body=lines), by=None)
    assert start_from_wire(Story.objects.get(), by=ada).body == (
        "<p>강변길 &lt;다시&gt; 연다.</p><h2>남은 문제</h2><table><tbody>"
        "<tr><td><p>연도</p></td><td><p>보행자</p></td></tr>"
        "<tr><td><p>2026</p></td><td><p>204</p></td></tr></tbody></table>"
        "<ul><li><p>다리</p></li><li><p>등</p></li></ul>"
    )
    assert Version.objects.get().blocks[1]["kind"] == "subhead"


def test_the_story_page_names_the_address_and_has_the_button(ben: User) -> None:
    draft = edit(make.draft(by=ben), by=ben, body=f"<p>문의 {ADDRESS}</p>")
    client = APIClient()
    client.force_login(ben)
    page = client.get(reverse("admin:desk_draft_change", args=[draft.pk])).content.decode()
    assert ADDRESS in page
    assert 'value="keep_addresses"' in page
    keep_wire_addresses(draft, by=ben)
    page = client.get(reverse("admin:desk_draft_change", args=[draft.pk])).content.decode()
    assert 'value="keep_addresses"' not in page
