"""Admin: access to every page by role, in both languages, with a constant number of queries."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import issue_token
from accounts.models import User
from articles.models import Masthead
from comments.models import Comment
from desk.actions import move_to_trash, record_failure, withdraw
from desk.models import Draft
from tests.support import make
from tests.support.row_copies import RowTemplate
from tests.support.shared_rows import SharedRows
from wire.actions import receive_delivery
from wire.models import Source, Story

ROLES = ["reporter", "editor", "chief", "moderator"]
WIRE = "시험용 로봇, 산책\n\n(서울=연합뉴스) 홍길동 기자 = 로봇이 복도를 걸었다.\n\n문 앞에서 멈췄다.\n"


def populate() -> None:
    """One row of every model that has an admin page."""
    ben, chi = make.ben(), make.reader("chi")
    article = make.live(poll=make.poll_data(), lead_photo=make.photo())
    make.changed(make.draft_of(article), deck="그 뒤에 고친 부제")
    withdraw(make.live(), notice="사실과 달라 내립니다.", by=ben)
    move_to_trash(make.draft(), by=ben)
    make.planned()
    make.bundled(make.draft(), make.draft())
    make.live(expires_at=timezone.now() + make.DUE_AFTER)
    record_failure([make.planned().pk], reason="창고가 잠겼습니다.")
    Comment.objects.create(article=article, author=chi, text="잘 읽었습니다.", state="held")
    Masthead.objects.create(pk=1)
    make.claim(article)
    issue_token(ben, scopes=["desk"])


NEWSROOM = SharedRows(populate)


@pytest.fixture
def populated_newsroom(db: None, settings: Any) -> None:
    NEWSROOM.insert(settings)


def admin_urls(model: type) -> Iterator[str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"  # type: ignore[attr-defined]
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    for row in model._default_manager.all()[:4]:  # type: ignore[attr-defined]
        yield reverse(f"{name}_change", args=[row.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_every_admin_page_answers_200_or_403_for_every_role(
    populated_newsroom: None, client: Client, role: str, language: str
) -> None:
    person = make.staff(f"someone-{role}", role=role)
    client.force_login(person)
    client.cookies["django_language"] = language
    statuses = {}
    for model in admin.site._registry:
        for page in admin_urls(model):
            statuses[page] = client.get(page).status_code
    statuses[reverse("admin:index")] = client.get(reverse("admin:index")).status_code
    assert statuses[reverse("admin:index")] == 200
    assert {page: code for page, code in statuses.items() if code not in {200, 302, 403}} == {}


@pytest.mark.django_db
def test_moderator_has_no_access_to_drafts(client: Client, mo: User) -> None:
    client.force_login(mo)
    closed = client.get(reverse("admin:desk_draft_changelist"))
    assert closed.status_code == 403
    assert "이 일을 할 권한이 없습니다" in closed.text
    assert client.get(reverse("admin:comments_comment_changelist")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "question"),
    [
        ("moderator", "accounts/user/?password__startswith=p"),
        ("reporter", "polls/poll/?secret__startswith=a"),
        ("reporter", "desk/draft/?notes__contains=a"),
    ],
)
def test_admin_list_cannot_be_filtered_by_hidden_column(
    populated_newsroom: None, client: Client, role: str, question: str
) -> None:
    client.force_login(make.staff(f"someone-{role}", role=role))
    assert client.get(f"/admin/{question}").status_code == 400


@pytest.mark.django_db
def test_offered_list_filters_work(populated_newsroom: None, client: Client, chief: User) -> None:
    client.force_login(chief)
    section = make.section().pk
    for page in (
        "accounts/user/?is_active__exact=1",
        "comments/comment/?state__exact=held",
        f"desk/draft/?section__id__exact={section}",
        "audit/entry/?at__year=2026&at__month=1",
    ):
        assert client.get(f"/admin/{page}").status_code == 200


@pytest.mark.django_db
def test_reader_account_sees_only_the_admin_sign_in(client: Client, chi: User) -> None:
    client.force_login(chi)
    response = client.get(reverse("admin:desk_draft_changelist"))
    assert response.status_code == 302
    assert reverse("admin:login") in response["Location"]


@pytest.mark.django_db
def test_admin_language_is_korean_until_switched(client: Client, ben: User) -> None:
    client.force_login(ben)
    index = reverse("admin:index")
    assert "다음에 나갈 것" in client.get(index, headers={"accept-language": "en"}).text
    client.post(reverse("set_language"), {"language": "en", "next": index})
    assert "Upcoming" in client.get(index).text
    # Reader pages are Korean, and so is what their scripts ask the API for.
    assert client.cookies["django_language"]["path"] == "/admin/"


@pytest.mark.django_db
def test_page_outside_of_the_admin_is_in_korean_whatever_the_browser_asks_for(
    client: Client,
) -> None:
    unsubscribe = "/me/notifications/unsubscribe/no-token/"
    page = client.post(unsubscribe, headers={"accept-language": "en"})
    assert page.status_code == 410
    assert '<html lang="ko">' in page.text


@pytest.mark.django_db
def test_models_of_libraries_are_not_registered_in_the_admin(client: Client, chief: User) -> None:
    client.force_login(chief)
    page = client.get(reverse("admin:index")).text
    assert "socialaccount" not in page
    assert "auth/group" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page",
    [
        "admin:index",
        "admin:desk_draft_changelist",
        "admin:desk_release_changelist",
        "admin:desk_bundle_changelist",
        "admin:articles_article_changelist",
        "admin:comments_comment_changelist",
        "admin:media_photo_changelist",
        "admin:polls_poll_changelist",
        "admin:audit_entry_changelist",
        "admin:accounts_user_changelist",
    ],
)
def test_admin_list_has_constant_number_of_queries(
    client: Client, chief: User, chi: User, page: str
) -> None:
    client.force_login(chief)
    client.get(reverse(page))  # what a process asks once
    template = RowTemplate(lambda: add_rows(chi))
    few = count_queries(client, reverse(page))
    template.insert_copies(6)
    assert count_queries(client, reverse(page)) == few


def add_rows(chi: User) -> None:
    article = make.live(poll=make.poll_data(), lead_photo=make.photo())
    Comment.objects.create(article=article, author=chi, text="잘 읽었습니다.", state="held")
    make.planned()
    make.bundled(make.draft(expires_at=timezone.now() + 2 * make.DUE_AFTER))
    make.draft(authors=[make.author(), make.author("서윤")])


def count_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.django_db
def test_draft_is_started_from_a_wire_story_by_button(client: Client, ada: User) -> None:
    source = Source.objects.get_or_create(
        slug="yonhap", defaults={"name": "연합", "agency": "연합뉴스"}
    )[0]
    receive_delivery(source, raw=WIRE.encode(), by=None)
    story = Story.objects.get()
    client.force_login(ada)
    response = client.post(reverse("admin:desk_draft_from_wire", args=[story.pk]))
    draft = Draft.objects.get()
    assert response["Location"] == reverse("admin:desk_draft_change", args=[draft.pk])
    assert "복도를 걸었다" in draft.body


@pytest.mark.django_db
def test_expired_csrf_token_is_refused_with_a_page(ben: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben)
    response = strict.post(reverse("admin:desk_draft_add"), {"headline": "낡은 창에서"})
    assert response.status_code == 403
    assert "보안 토큰" in response.text
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("former", "current"),
    [
        ("/admin/logbook/entry/?q=robot", "/admin/audit/entry/?q=robot"),
        ("/admin/dispatch/subscriber/3/change/", "/admin/outbox/subscriber/3/change/"),
    ],
)
def test_admin_pages_of_renamed_apps_are_redirected(
    client: Client, former: str, current: str
) -> None:
    answer = client.get(former)
    assert (answer.status_code, answer["Location"]) == (301, current)
    assert client.post(former).status_code in {403, 405}
