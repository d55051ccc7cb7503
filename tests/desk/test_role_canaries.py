"""What the admin and the desk's API show whom: a word planted in each secret, every page, every role.

Pages are found in the URL configuration, so that a new one is tested without being named here.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import issue_token
from accounts.models import User
from accounts.staffing import create_staff_account
from audit.models import Entry
from audit.permissions import readable_kinds
from comments.actions import post_comment
from comments.models import Comment
from desk.actions import (
    edit,
    move_to_trash,
    publish_now,
    put_on_legal_hold,
    record_failure,
    schedule_draft,
    withdraw,
)
from desk.api import urls as desk_urls
from desk.models import Claim, Draft, Notice, Release
from desk.notifications import lease_due_email
from desk.notifications.resolve import reassign_undelivered
from outbox.actions import add_subscriber
from outbox.models import Subscriber
from tests.support import make
from tests.support.shared_rows import SharedRows
from wire.actions import receive_delivery
from wire.models import Source

pytestmark = pytest.mark.django_db

COMMON = "카나리아"  # what a search for all of them types; each has a word of its own behind it
NEWSROOM = "reporter editor chief"
# {where the marker is planted: roles that may read it}
TABLE = {
    "엠바고초고": NEWSROOM,
    "예약기사": NEWSROOM,
    "버린원고": NEWSROOM,
    "묶음이름": NEWSROOM,
    "실패기사": NEWSROOM,
    "투표질문": NEWSROOM,
    "고친초고": NEWSROOM,  # what a live story says at the desk and not yet to readers
    "철회초고": NEWSROOM,  # likewise one that was withdrawn
    "보류사유": NEWSROOM,
    "개인사진": NEWSROOM,
    "통신제목": NEWSROOM,  # under an agency's embargo
    "공개기사": f"{NEWSROOM} moderator",
    "끝난기사": f"{NEWSROOM} moderator",
    "철회기사": f"{NEWSROOM} moderator",  # readers had it, and wrote under it
    "독자댓글": f"{NEWSROOM} moderator",
    "새동료": "editor chief moderator",  # editors assign stories
    "청구부분": "editor chief",
    "청구인이름": "editor chief",
    "토큰이름": "chief",
    "구독자": "chief",
    "옛알림": "",  # of an editor who is a moderator now
    "남의알림": "",
}
ROLES = ("reporter", "editor", "chief", "moderator", "nobody")
WIRE = "{headline}\n\n(서울=연합뉴스) 홍길동 기자 = 로봇이 복도를 걸었다.\n\n문 앞에서 멈췄다.\n"


def word(name: str) -> str:
    return f"{COMMON}{name}"


def people_of_all_roles() -> dict[str, User]:
    found = {role: make.staff(f"the-{role}", role=role) for role in ROLES if role != "nobody"}
    return found | {"nobody": make.person("the-nobody", is_staff=True)}


@pytest.fixture
def people() -> dict[str, User]:
    return people_of_all_roles()


def plant_words() -> None:
    """Each word in its secret."""
    people, chi, ben, now = people_of_all_roles(), make.reader("chi"), make.ben(), timezone.now()
    make.draft(headline=word("엠바고초고"), embargo_until=now + timedelta(days=1),
               poll=make.poll_data(question=word("투표질문")),
               lead_photo=make.photo(alt=word("개인사진")))  # fmt: skip
    make.planned(headline=word("예약기사"), slug=word("예약기사"))
    move_to_trash(make.draft(headline=word("버린원고")), by=ben)
    make.bundled(make.draft(), make.draft(), title=word("묶음이름"))
    failing = make.planned(headline=word("실패기사"))
    record_failure([failing.pk], reason="창고가 잠겼습니다.")
    live = make.live(headline=word("공개기사"), poll=make.poll_data(), lead_photo=make.photo())
    make.changed(make.draft_of(live), headline=word("고친초고"))
    put_on_legal_hold(live, reason=word("보류사유"), by=ben)
    make.claim(live, passage=word("청구부분"), claimant={"name": word("청구인이름")})
    over = make.live(headline=word("끝난기사"), expires_at=now + timedelta(hours=1))
    gone = make.live(headline=word("철회기사"))
    for article in (live, over, gone):
        post_comment(article, by=chi, text=word("독자댓글"))
    withdraw(gone, notice="사실과 달라 내립니다.", by=ben)
    make.changed(make.draft_of(gone), headline=word("철회초고"))
    type(over).objects.filter(pk=over.pk).update(expires_at=now, live=None)
    source = Source.objects.get(slug="yonhap")
    receive_delivery(
        source, raw=WIRE.format(headline=f"[엠바고] {word('통신제목')}").encode(), by=None
    )
    create_staff_account("new@example.com", name=word("새동료"),
    roles=list(Group.objects.filter(name="reporter")),
         password="long-enough-7", by=people["chief"])  # fmt: skip
    issue_token(people["chief"], scopes=["desk"], label=word("토큰이름"))
    wanted = Subscriber(
        kind="webhook", name=word("구독자"), url="https://hooks.example.com/a", events=["*"]
    )
    add_subscriber(wanted, by=people["chief"])
    for name, person in (("옛알림", people["moderator"]), ("남의알림", ben)):
        Notice.objects.create(person=person, what=Notice.What.FAILED, kind="desk.release",
                              subject=failing.pk, label=word(name))  # fmt: skip


STAGE = SharedRows(plant_words)


@pytest.fixture
def stage(db: None, settings: Any) -> None:
    """Each word in its secret; a test asks for it before it asks for `people`."""
    STAGE.insert(settings)


# -- every page there is -------------------------------------------------------------------------


def patterns(found: list[Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """(address with its parameters in angle brackets, their converters), of all views below."""
    for each in found:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield route, each.pattern.converters


def filled_in(model: type[models.Model], page: admin.ModelAdmin[Any], route: str) -> Iterator[str]:
    """The addresses that a page's pattern has: for every row, and every button of it."""
    numbers = [str(pk) for pk in model._default_manager.values_list("pk", flat=True)]
    verbs = [button.verb for button in getattr(page, "buttons", ())]
    names = re.findall(r"<(?:\w+:)?(\w+)>", route)
    if model._meta.label == "desk.Draft" and route.startswith("from-wire"):
        numbers = []  # by POST alone, and of another thing's number
    choices = {"object_id": numbers, "pk": numbers, "verb": verbs, "number": ["1"]}
    addresses = [route]
    for name in names:
        # A KeyError here: a page with a new kind of parameter; say above what it stands for.
        addresses = [
            re.sub(rf"<(?:\w+:)?{name}>", value, one, count=1)
            for one in addresses
            for value in choices[name]
        ]
    yield from addresses


def admin_addresses() -> Iterator[str]:
    root = reverse("admin:index")
    for route, _converters in patterns([p for p in admin.site.get_urls() if not is_below(p)]):
        yield from (root + address for address in of_the_site(route))
    for model, page in admin.site._registry.items():
        base = f"{root}{model._meta.app_label}/{model._meta.model_name}/"
        yield f"{root}{model._meta.app_label}/"
        for route, _converters in patterns(page.get_urls()):
            yield from (base + address for address in filled_in(model, page, route))
        yield f"{base}?q={COMMON}"
        yield f"{base}?_popup=1"
    yield from autocompletes()


def is_below(pattern: Any) -> bool:
    """Whether it leads to the pages of one kind of thing, or is the list or the end of all of them."""
    return isinstance(pattern, URLResolver) or "(?P<" in str(pattern.pattern)


def of_the_site(route: str) -> Iterator[str]:
    """The addresses of a page that belongs to no one kind of thing; of any thing by kind and number."""
    if "<" not in route:
        yield route
        return
    for kind in ContentType.objects.all():
        for pk in kind.get_all_objects_for_this_type().values_list("pk", flat=True)[:9]:
            one = re.sub(r"<(?:\w+:)?content_type_id>", str(kind.pk), route)
            yield re.sub(r"<(?:\w+:)?object_id>", str(pk), one)


def autocompletes() -> Iterator[str]:
    """What the fields of all forms find by typing."""
    for model in admin.site._registry:
        for field in model._meta.get_fields():
            if getattr(field, "remote_field", None) and field.related_model in admin.site._registry:
                query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                address = f"{reverse('admin:autocomplete')}?{query}&field_name={field.name}"
                yield f"{address}&term={COMMON}"
                yield address


def further(address: str, html: str) -> set[str]:
    """What a list links to beside its rows: filters, days, columns to sort by, further pages."""
    links = re.findall(r'href="(\?[^"]*)"', html)
    return {address.partition("?")[0] + link.replace("&amp;", "&") for link in links}


class PageRead(NamedTuple):
    """The status of a page, and the markers that it contains."""

    status: int
    names: set[str]


def markers(pages: dict[str, PageRead]) -> dict[str, set[str]]:
    return {address: page.names for address, page in pages.items()}


def read_by(client: Any, addresses: Iterator[str], *, follow: bool) -> dict[str, PageRead]:
    """What each page answered."""
    found = dict[str, PageRead]()
    visited, waiting = set[str](), list(addresses)
    while waiting:
        address = waiting.pop()
        if address in visited:
            continue
        visited.add(address)
        answer = client.get(address)
        assert answer.status_code < 500, address
        body = b"".join(answer) if answer.streaming else answer.content
        text = body.decode("utf-8", "replace") + unquote(answer.headers.get("Location", ""))
        names = {name for name in TABLE if word(name) in text}
        found[address] = PageRead(answer.status_code, names)
        if follow and answer.status_code == 200 and "?" not in address:
            waiting += further(address, text)
    return found


# What moderators have of the desk's API: the queue, the rules of threads, sanctions of readers.
MODERATION_PATHS = ("/desk/moderation/", "/comments-policy/", "/pins/", "/desk/readers/")


def told_to(role: str) -> set[str]:
    return {name for name, roles in TABLE.items() if role in roles.split()}


@pytest.mark.parametrize("role", ROLES)
def test_admin_pages_hide_what_a_role_may_not_see(
    stage: None, people: dict[str, User], role: str
) -> None:
    """faults R2: lists, searches, filters, pages, buttons, fields that find by typing."""
    client = Client()
    client.force_login(people[role])
    # What a stranger to the newsroom may open is little: there every link of every list is followed.
    pages = read_by(client, admin_addresses(), follow=role in {"moderator", "nobody"})
    names_by_path = markers(pages)
    mine = told_to(role)
    assert {at: names - mine for at, names in names_by_path.items() if names - mine} == {}
    # Negative control: what the role may read is found by the same sweep.
    assert mine - set[str]().union(*names_by_path.values()) == set()


@pytest.mark.parametrize(("role", "scope"), [(r, "desk") for r in ROLES] + [("chief", "wire")])
def test_desk_api_shows_a_role_what_the_admin_shows(
    stage: None, people: dict[str, User], role: str, scope: str
) -> None:
    client = APIClient()
    token = issue_token(people[role], scopes=(scope,))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    pages = read_by(client, desk_addresses(), follow=False)
    names_by_path = markers(pages)
    mine = told_to(role) if scope == "desk" else set()
    assert {at: names - mine for at, names in names_by_path.items() if names - mine} == {}
    if role in NEWSROOM.split() and scope == "desk":
        assert {"엠바고초고", "예약기사", "개인사진"} <= set[str]().union(*names_by_path.values())
    else:
        opened = ("/notices/", *(MODERATION_PATHS if role == "moderator" else ()))
        closed = [at for at in pages if not any(part in at for part in opened)]
        statuses = {pages[at].status for at in closed}
        assert statuses <= {403, 404, 405}


def desk_addresses() -> Iterator[str]:
    """Every address of the desk's API, for every row; `state`, `trashed` and `q` where lists take them."""
    numbers = {
        "draft_id": Draft.objects.values_list("pk", flat=True),
        "release_id": Release.objects.values_list("pk", flat=True),
        "claim_id": Claim.objects.values_list("pk", flat=True),
    }
    for route, _converters in patterns(desk_urls.urlpatterns, "/api/v1/"):
        names = re.findall(r"<\w+:(\w+)>", route)
        if not names:
            yield route
            yield f"{route}?q={COMMON}"
            yield f"{route}?trashed=true"
        for number in numbers.get(names[0], [1]) if names else ():
            first_version = route.replace("<int:number>", "1")
            yield re.sub(r"<[^>]+>", str(number), first_version)


# -- lines, notices, names -----------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_audit_entry_is_visible_to_roles_that_may_view_its_subject(
    stage: None, people: dict[str, User], role: str
) -> None:
    client = Client()
    client.force_login(people[role])
    kinds = set(Entry.objects.values_list("kind", flat=True))
    allowed = kinds & set(readable_kinds(people[role]))
    expected = {
        "chief": kinds,
        "editor": kinds - {"accounts.user", "accounts.token", "outbox.subscriber"},
        "moderator": kinds & {"accounts.user", "comments.comment"},
    }
    if role not in expected:  # no part in the log at all
        assert client.get(reverse("admin:audit_entry_changelist")).status_code == 403
        return
    assert allowed == expected[role]
    for entry in Entry.objects.all():
        page = client.get(reverse("admin:audit_entry_change", args=[entry.pk]))
        assert page.status_code == (200 if entry.kind in allowed else 302), entry.kind


def test_chief_may_read_audit_entries_of_every_kind(
    people: dict[str, User],
) -> None:
    told_of = (
        *("accounts.user", "accounts.token", "articles.article", "articles.edition"),
        *("articles.masthead", "articles.section", "articles.author", "articles.tag"),
        *("comments.comment", "desk.draft", "desk.release", "desk.bundle", "desk.preview"),
        *("outbox.subscriber", "outbox.delivery", "media.photo", "polls.poll", "polls.vote"),
        *("wire.story", "wire.delivery", "wire.source"),
    )
    assert set(told_of) - set(readable_kinds(people["chief"])) == set()


def test_audit_log_count_is_limited(people: dict[str, User]) -> None:
    """No count of all lines, and none of those of others."""
    client = Client()
    client.force_login(people["moderator"])
    page = reverse("admin:audit_entry_changelist")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    counts = [query["sql"] for query in queries if "COUNT(*)" in query["sql"]]
    counts = [sql for sql in counts if "audit_entry" in sql]
    assert counts
    assert all("LIMIT 10000" in sql for sql in counts)


def test_moderator_sees_published_headlines(stage: None, people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["moderator"])
    for page in ("admin:comments_comment_changelist", "admin:articles_article_changelist"):
        html = client.get(reverse(page)).text
        assert all(word(name) in html for name in ("공개기사", "끝난기사", "철회기사"))
    comment = Comment.objects.filter(article__withdrawn_at__isnull=False).get()
    assert word("철회기사") in client.get(f"/admin/comments/comment/{comment.pk}/change/").text
    fields = client.get(f"/admin/articles/article/{comment.article_id}/change/").text
    assert "field-embargo_until" not in fields
    assert "field-story" not in fields


def test_notice_of_a_person_without_permission_is_reassigned_and_not_emailed(
    people: dict[str, User],
) -> None:
    failing = make.planned(headline=word("실패기사"))
    Notice.objects.create(person=people["moderator"], what=Notice.What.FAILED, kind="desk.release",
                          subject=failing.pk, label=word("옛알림"))  # fmt: skip
    assert lease_due_email() == []
    reassign_undelivered()
    notices = Notice.objects.filter(label=word("옛알림"), over_at__isnull=True)
    told_people = {notice.person for notice in notices}
    assert people["moderator"] not in told_people
    assert people["editor"] in told_people


def test_moderator_opens_admin_pages_of_published_articles_only(
    people: dict[str, User],
) -> None:
    live, waits = make.live(), make.planned().article
    draft = edit(make.draft(), by=make.ben(), headline="다른 것")
    schedule_draft(draft, at=timezone.now() + make.DUE_AFTER, by=make.ben())
    publish_now(make.draft_of(live), by=make.ben())
    client = Client()
    client.force_login(people["moderator"])
    pages = [reverse("admin:articles_article_change", args=[a.pk]) for a in (live, waits)]
    assert [client.get(page).status_code for page in pages] == [200, 302]
