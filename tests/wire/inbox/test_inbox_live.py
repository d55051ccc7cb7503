"""The live list of the inbox: the rows that a script polls, and 304 while nothing has happened."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from desk.actions import start_from_wire
from tests.support import make
from tests.wire.inbox.test_wire_inbox import arrives
from wire.actions import cancel_story

pytestmark = pytest.mark.django_db
LIVE, LIST = "admin:wire_story_live", "admin:wire_story_changelist"


class Poller:
    """The script of one editor: keeps the tag of the last answer."""

    def __init__(self, client: Any, **query: str) -> None:
        self.client, self.query, self.tag = client, query, ""

    def poll(self) -> Any:
        answer = self.client.get(reverse(LIVE), self.query, headers={"If-None-Match": self.tag})
        self.tag = answer["ETag"]
        return answer

    def status(self) -> int:
        status: int = self.poll().status_code
        return status


@pytest.fixture
def poller(as_user: Any, ben: User) -> Poller:
    arrives("첫 소식", day=1)
    return Poller(as_user(ben))


def test_nothing_is_sent_while_nothing_happens(poller: Poller) -> None:
    assert [poller.status() for _ in range(3)] == [200, 304, 304]


def test_the_page_brings_the_tag_of_its_rows(poller: Poller) -> None:
    poller.tag = poller.client.get(reverse(LIST)).context["live_tag"]
    assert poller.status() == 304


def test_every_change_that_a_row_shows_is_sent(poller: Poller, ada: User, ben: User) -> None:
    poller.poll()
    story = arrives("둘째 소식", day=2)
    assert "둘째 소식" in poller.poll().content.decode()
    arrives("늦게 온 소식", day=1, sent_at=None)
    assert poller.status() == 200
    start_from_wire(story, by=ada)
    assert str(ada) in poller.poll().content.decode()
    cancel_story(story, reason="시험", by=ben)
    assert "chip gone" in poller.poll().content.decode()
    assert poller.status() == 304


def test_filters_and_search_hold_for_what_is_polled(poller: Poller) -> None:
    arrives("둘째 소식", day=2)
    poller.query = {"q": "둘째"}
    rows = poller.poll().content.decode()
    assert "둘째 소식" in rows
    assert "첫 소식" not in rows
    listed = poller.client.get(reverse(LIST), {"q": "둘째"}).content.decode()
    link = f"/change/?_changelist_filters=q%3D{'%25EB%2591%2598%25EC%25A7%25B8'}"
    assert link in rows
    assert link in listed  # as on the list itself, so that a row is not taken for a changed one


def test_a_tag_is_of_one_person_and_of_one_query(poller: Poller, as_user: Any) -> None:
    poller.poll()
    poller.query = {"day": "2026-10-01"}
    assert poller.status() == 200
    other = Poller(as_user(make.chief()), **poller.query)
    other.tag = poller.tag
    assert other.status() == 200


@pytest.mark.parametrize("name", ["newer_than", "older_than"])
def test_the_first_page_is_polled_wherever_newer_led_back_to_it(poller: Poller, name: str) -> None:
    place = {name: f"{4_000_000_000_000_000 if name == 'newer_than' else 1}.1"}
    page = poller.client.get(reverse(LIST), place)
    poller.tag, poller.query = page.context["live_tag"], place
    assert poller.status() == 304
    arrives("둘째 소식", day=2)
    rows = poller.poll().content.decode()
    assert "첫 소식" in rows
    assert "둘째 소식" in rows
    assert name not in rows


def test_nothing_happened_costs_the_same_for_one_story_and_for_many(poller: Poller) -> None:
    counts = []
    for number in (1, 20):
        for n in range(number):
            arrives(f"소식 {number}-{n}", day=3)
        poller.poll()
        with CaptureQueriesContext(connection) as captured:
            assert poller.status() == 304
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_bad_filters_and_other_people_get_no_rows(poller: Poller, as_user: Any) -> None:
    wanted = {"p=x": 200, "p=999": 200, "status__gt=a": 200, "nothing=1": 400, "source=x": 400}
    answers = {query: poller.client.get(f"{reverse(LIVE)}?{query}").status_code for query in wanted}
    assert answers == wanted
    assert as_user(make.reader("chi")).get(reverse(LIVE)).status_code == 302
    moderator = make.staff("moe", role="moderator")
    assert as_user(moderator).get(reverse(LIVE)).status_code == 403
