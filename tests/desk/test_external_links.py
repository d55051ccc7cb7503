"""Link check of other sites: asked for with a save, carried out in the background, shown to the desk."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from desk.actions import edit, schedule_draft
from desk.actions.link_checks import carry_out_link_check, claim_link_check, delete_old_link_checks
from desk.links import external_links_of, external_urls_in
from desk.links import probe as probing
from desk.models import Draft, LinkCheck, LinkCheckRequest
from desk.tasks import check_links, delete_old_notices
from desk.workers.link_checks import carry_out_due_link_checks
from newsroom.celery import app
from tests.desk.test_links import anchors
from tests.support import make
from tests.support.loopback.processes import wait_until
from tests.support.loopback.receivers import (
    LOOPBACK_NETWORKS,
    HTTPReceiver,
    ReceivedRequest,
    ReceiverResponse,
    running_receiver,
)

Queries = Callable[[int], AbstractContextManager[Any]]
HUGE_BODY = b"x" * 50_000_000


class OtherSite:
    """Another site on loopback: pages by path, each a status or a function of the request."""

    def __init__(self, receiver: HTTPReceiver) -> None:
        self.receiver = receiver
        self.root = f"http://127.0.0.1:{receiver.port}"
        self.pages: dict[str, Any] = {}
        self.end = threading.Event()
        receiver.answer = self.answer

    def answer(self, request: ReceivedRequest) -> int | ReceiverResponse:
        page = self.pages.get(request.path, 404)
        answer: int | ReceiverResponse = page(request) if callable(page) else page
        return answer

    def calls(self) -> list[tuple[str, str]]:
        return [(got.method, got.path) for got in self.receiver.got]

    def hang(self, _request: ReceivedRequest) -> int:
        """No answer before the end of the test."""
        self.end.wait(60)
        return 200


@pytest.fixture
def other_site(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[OtherSite]:
    with running_receiver() as receiver:
        monkeypatch.setattr(probing, "PRIVATE_NETWORKS", LOOPBACK_NETWORKS)
        settings.OUTBOX_EXTRA_PORTS = [receiver.port]
        site = OtherSite(receiver)
        try:
            yield site
        finally:
            site.end.set()


def only_by_get(request: ReceivedRequest) -> int:
    return 405 if request.method == "HEAD" else 200


def to(path: str, status: int = 302) -> ReceiverResponse:
    return status, {"Location": path}, b""


def states_of(draft: Draft) -> dict[str, tuple[str, int | None]]:
    draft.refresh_from_db()
    return {
        link.url.rpartition("/")[2]: (str(link.state), link.status)
        for link in external_links_of(draft).links
    }


@pytest.mark.django_db
def test_what_each_answer_of_another_site_means(
    other_site: OtherSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "MAX_FAILURES_IN_A_ROW", 99)
    monkeypatch.setattr("desk.links.external.MAX_CHECKED_URLS_PER_HOST", 99)
    other_site.pages = {
        "/page": 200,
        "/get-only": only_by_get,
        "/gone": 410,
        "/failing": 500,
        "/staff": 403,
        "/moved": to("/page", 301),
        "/moved-twice": to("/moved"),
        "/moved-away": to("/no-such-page"),
        "/round": to("/round"),
        "/nowhere": (302, {}, b""),
        "/inside": to("http://10.0.0.7/"),
        "/%EC%AA%BD?a=1": 200,
    }
    names = [path[1:] for path in other_site.pages]
    names[-1] = "쪽?a=1#표"
    draft = make.draft(body=anchors(*(f"{other_site.root}/{name}" for name in [*names, "lost"])))
    assert set(states_of(draft).values()) == {("unchecked", None)}
    carry_out_due_link_checks()
    assert states_of(draft) == {
        "page": ("ok", 200),
        "get-only": ("ok", 200),
        "lost": ("broken", 404),
        "gone": ("broken", 410),
        "failing": ("broken", 500),
        "staff": ("refused", 403),
        "moved": ("ok", 200),
        "moved-twice": ("ok", 200),
        "moved-away": ("broken", 404),
        "round": ("refused", 302),
        "nowhere": ("broken", 302),
        "inside": ("forbidden", None),
        "쪽?a=1#표": ("ok", 200),
    }
    assert ("GET", "/page") not in other_site.calls()  # HEAD was enough
    assert ("GET", "/gone") in other_site.calls()


@pytest.mark.django_db
def test_a_site_that_does_not_answer_is_given_up_and_a_huge_page_is_not_read(
    other_site: OtherSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def huge(request: ReceivedRequest) -> int | ReceiverResponse:
        return 405 if request.method == "HEAD" else (200, {}, HUGE_BODY)

    names = ["slow?1", "slow?2", "slow?3"]
    other_site.pages = {f"/{name}": other_site.hang for name in names}
    slow = make.draft(body=anchors(*(f"{other_site.root}/{name}" for name in names)))
    with monkeypatch.context() as patch:
        patch.setattr(probing, "HEAD_TIMEOUT_SECONDS", 0.2)
        patch.setattr(probing, "PROBE_TIMEOUT_SECONDS", 0.4)
        carry_out_due_link_checks()
    assert set(states_of(slow).values()) == {("no_answer", None)}
    assert not any(path == "/slow?3" for _method, path in other_site.calls())
    other_site.pages["/huge"] = huge
    heavy = make.draft(body=anchors(f"{other_site.root}/huge"))
    carry_out_due_link_checks()
    assert states_of(heavy) == {"huge": ("ok", 200)}


@pytest.mark.django_db
def test_private_addresses_and_other_ports_are_never_called(settings: LazySettings) -> None:
    with running_receiver() as receiver:
        for name in ("other port", "private", "private, and our own"):
            draft = make.draft(body=anchors(f"http://127.0.0.1:{receiver.port}/{name}"))
            carry_out_due_link_checks()
            assert states_of(draft) == {name: ("forbidden", None)}
            if name == "private":
                settings.OUTBOX_PRIVATE_NETWORKS = LOOPBACK_NETWORKS
            settings.OUTBOX_EXTRA_PORTS = [receiver.port]
        assert receiver.got == []


@pytest.mark.django_db
def test_what_is_checked_of_a_text_has_a_bound(settings: LazySettings) -> None:
    settings.SITE_URL = "https://news.example.com"
    own = (
        "https://news.example.com/",
        "/articles/x/",
        "mailto:ada@example.com",
        "#top",
        "https://x",
    )
    assert external_urls_in(anchors(*own)) == []
    one_host = [f"https://a.example.com/{n}#표" for n in range(20)]
    assert external_urls_in(anchors(*one_host)) == [f"https://a.example.com/{n}" for n in range(10)]
    hosts = [f"//{n}.example.com/" for n in range(70)]
    assert external_urls_in(anchors(*hosts, *hosts)) == [f"https:{url}" for url in hosts[:50]]


@pytest.mark.django_db
def test_results_are_used_again_for_a_day_and_failures_for_minutes(
    other_site: OtherSite, ben: User
) -> None:
    other_site.pages = {"/page": 200, "/failing": 503}
    body = anchors(f"{other_site.root}/page", f"{other_site.root}/failing")
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        draft = make.draft(body=body, by=ben)
        assert carry_out_due_link_checks() == 2
        edit(draft, by=ben, deck="본문 밖의 것을 고친다")
        assert not LinkCheckRequest.objects.exists()
        for later, probed in ((5, 0), (15, 1), (24 * 60 + 1, 2)):
            clock.move_to(now + timedelta(minutes=later))
            make.draft(body=body)
            assert LinkCheckRequest.objects.count() == 1
            assert carry_out_due_link_checks() == probed
            assert not LinkCheckRequest.objects.exists()
        clock.move_to(now + timedelta(days=40))
        delete_old_notices()
        assert not LinkCheck.objects.exists()
    assert delete_old_link_checks(before=timezone.now()) == 0


@pytest.mark.django_db
def test_a_save_and_a_schedule_ask_for_a_check_and_call_nobody(
    other_site: OtherSite, ben: User
) -> None:
    draft = make.draft(by=ben)
    assert not LinkCheckRequest.objects.exists()
    edit(draft, by=ben, body=anchors(f"{other_site.root}/page"))
    assert LinkCheckRequest.objects.count() == 1
    carry_out_due_link_checks()
    other_site.receiver.got.clear()
    draft.refresh_from_db()
    schedule_draft(draft, by=ben, at=timezone.now() + timedelta(hours=2))
    assert LinkCheckRequest.objects.count() == 1
    assert other_site.calls() == []


@pytest.mark.django_db
def test_a_save_during_the_check_has_its_own_check(other_site: OtherSite, ben: User) -> None:
    draft = make.draft(by=ben, body=anchors(f"{other_site.root}/first"))
    later = anchors(f"{other_site.root}/first", f"{other_site.root}/second")
    other_site.pages = {"/first": 200, "/second": 200}
    request = claim_link_check(timezone.now())
    assert request is not None
    assert claim_link_check(timezone.now()) is None  # another worker leaves it alone
    draft.refresh_from_db()
    edit(draft, by=ben, body=later)
    carry_out_link_check(request)
    assert LinkCheckRequest.objects.count() == 1
    carry_out_due_link_checks()
    assert states_of(draft) == {"first": ("ok", 200), "second": ("ok", 200)}


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_links(
    django_assert_num_queries: Queries,
) -> None:
    for count in (1, 20):
        draft = make.draft(body=anchors(*(f"https://{n}.example.com/" for n in range(count))))
        with django_assert_num_queries(2):
            assert len(external_links_of(draft).links) == count
    inside = make.draft(body=anchors("/articles/글/"))
    with django_assert_num_queries(0):
        assert external_links_of(inside).links == []


@pytest.mark.django_db
def test_the_desk_api_and_the_story_page_say_what_was_found_and_what_is_unknown(
    client: Client, desk_api: make.DeskClient, other_site: OtherSite
) -> None:
    other_site.pages = {"/page": 200, "/gone": 410}
    urls = [f"{other_site.root}/{name}" for name in ("page", "gone")]
    draft = make.draft(body=anchors(*urls))
    client.force_login(make.ben())
    address = f"/admin/desk/draft/{draft.pk}"

    def head() -> str:
        page = client.get(f"{address}/change/").content.decode()
        return page[: page.index('class="press-box"')]

    assert "다른 사이트로 가는 링크 2개를 확인하고 있습니다." in head()
    assert 'data-pending="1"' in client.get(f"{address}/links/").content.decode()
    LinkCheckRequest.objects.update(due_at=timezone.now())
    carry_out_due_link_checks()
    assert "끊어진 링크입니다. 사이트가 오류로 답합니다. (HTTP 410)" in head()
    assert "data-pending" not in head()
    answer = desk_api.call("GET", f"drafts/{draft.pk}/")
    page, gone = answer.json()["external_links"]
    assert (page["url"], page["state"], page["status"]) == (urls[0], "ok", 200)
    assert gone["sentence"] == "끊어진 링크입니다. 사이트가 오류로 답합니다. (HTTP 410)"
    assert gone["checked_at"]
    published = desk_api.call("POST", f"drafts/{draft.pk}/publish/", {}, etag=answer["ETag"])
    assert published.status_code == 200


@pytest.mark.django_db
def test_link_checks_can_be_switched_off(settings: LazySettings) -> None:
    settings.LINK_CHECKS = False
    make.draft(body=anchors("https://a.example.com/"))
    assert not LinkCheckRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_task_starts_one_thread_and_does_not_wait_for_it(other_site: OtherSite) -> None:
    entry = app.conf.beat_schedule["check-links"]
    assert entry["task"] == check_links.name
    assert check_links() == "nothing to check"
    other_site.pages = {"/slow": other_site.hang}
    make.draft(body=anchors(f"{other_site.root}/slow"))
    assert check_links() == "started"
    wait_until(lambda: bool(other_site.calls()), within=20)
    LinkCheckRequest.objects.update(due_at=timezone.now())
    assert check_links() == "nothing to check"  # the thread is still running
    other_site.end.set()
    for thread in threading.enumerate():
        if thread.name == "link-checks":
            thread.join(20)
    assert LinkCheck.objects.get().state == "ok"
    assert not connection.in_atomic_block
