"""Admin of the other apps: photos, sections, tags, masthead, users, comments, polls, tokens."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import issue_token, suspend
from accounts.models import Token, User
from articles.models import Article, Masthead, Section, Tag
from audit.models import Entry
from comments.models import Comment
from media.models import Photo
from polls.models import Poll
from tests.support import make

pytestmark = pytest.mark.django_db


def admin_client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(raw: bytes, **fields: str) -> dict[str, Any]:
    file = SimpleUploadedFile("robot.jpg", raw, content_type="image/jpeg")
    return {"file": file, "alt": "문 앞의 로봇", "caption": "", "credit": ""} | fields


# -- photos --------------------------------------------------------------------------------------


def test_photo_is_uploaded_and_described(ben: User) -> None:
    client = admin_client(ben)
    client.post(reverse("admin:media_photo_add"), upload(make.image_bytes()))
    photo = Photo.objects.get()
    assert not photo.public
    page = reverse("admin:media_photo_change", args=[photo.pk])
    data = {"alt": "복도의 로봇", "caption": "", "credit": "", "focal_x": "0.5", "focal_y": "0.5"}
    client.post(page, data)
    photo.refresh_from_db()
    assert photo.alt == "복도의 로봇"
    assert Entry.objects.filter(verb="described").count() == 1


def test_upload_of_a_non_image_is_refused_and_the_form_keeps_its_text(ben: User) -> None:
    response = admin_client(ben).post(reverse("admin:media_photo_add"), upload(b"GIF89a<script>"))
    assert "온전한 JPEG" in response.content.decode()
    assert "문 앞의 로봇" in response.content.decode()
    assert not Photo.objects.exists()


def test_photo_library_uploads_and_searches(ada: User) -> None:
    client, library = admin_client(ada), reverse("admin:media_photo_choose")
    client.post(f"{library}?field=id_lead_photo", upload(make.image_bytes()))
    assert "문 앞의 로봇" in client.get(library, {"q": "로봇"}).content.decode()
    assert "찾은 사진이 없습니다" in client.get(library, {"q": "고양이"}).content.decode()


def test_photo_library_is_forbidden_to_a_moderator(mo: User) -> None:
    assert admin_client(mo).get(reverse("admin:media_photo_choose")).status_code == 403


def test_private_photo_is_served_to_staff_only(ada: User, client: Client) -> None:
    photo = make.photo()
    page = admin_client(ada).get(reverse("admin:media_photo_changelist")).content.decode()
    address = f"/desk/photos/{photo.key}/{photo.sources[0]['name']}"
    assert address in page
    shown = admin_client(ada).get(address)
    assert shown.status_code == 200
    shown.close()
    assert client.get(address).status_code in {401, 403, 404}


# -- the furniture -------------------------------------------------------------------------------


def test_adding_a_section_writes_an_audit_entry(chief: User) -> None:
    data = {"name": "문화", "slug": "문화", "position": "3"}
    admin_client(chief).post(reverse("admin:articles_section_add"), data)
    assert Section.objects.get().name == "문화"
    assert Entry.objects.get(kind="articles.section").verb == "added"


def test_section_with_articles_is_not_deleted(chief: User) -> None:
    make.live()
    section = Section.objects.get()
    url = reverse("admin:articles_section_delete", args=[section.pk])
    admin_client(chief).post(url, {"post": "yes"})
    assert Section.objects.filter(pk=section.pk).exists()


def test_unused_tag_is_deleted(chief: User) -> None:
    tag = Tag.objects.create(name="버릴 것", slug="버릴-것")
    admin_client(chief).post(reverse("admin:articles_tag_delete", args=[tag.pk]), {"post": "yes"})
    assert not Tag.objects.exists()
    assert Entry.objects.get(kind="articles.tag").verb == "removed"


def test_reporter_may_not_change_the_masthead(ada: User, chief: User) -> None:
    url = reverse("admin:articles_masthead_add")
    data = {"name": "시험 신문"}
    assert admin_client(ada).post(url, data).status_code == 403
    admin_client(chief).post(url, data)
    assert Masthead.objects.get().name == "시험 신문"
    assert admin_client(chief).get(reverse("admin:articles_masthead_changelist")).status_code == 302


# -- people --------------------------------------------------------------------------------------


def role_pk(name: str) -> str:
    return str(Group.objects.get(name=name).pk)


def test_chief_assigns_and_removes_roles(chief: User) -> None:
    client = admin_client(chief)
    data = {"email": "New@example.com", "name": "새 기자", "password": "new-password-1"}
    client.post(reverse("admin:accounts_user_add"), data | {"roles": [role_pk("reporter")]})
    person = User.objects.get(email="new@example.com")
    assert person.is_staff
    assert person.has_perm("desk.change_draft")
    page = reverse("admin:accounts_user_change", args=[person.pk])
    client.post(page, {"name": "새 기자", "is_active": "on"})
    person = User.objects.get(pk=person.pk)
    assert not person.is_staff
    assert not person.has_perm("desk.change_draft")


def test_chief_may_not_change_a_superuser(chief: User) -> None:
    root = make.person("root", is_staff=True, is_superuser=True)
    before = root.password
    for verb in ("password", "suspend"):
        url = reverse("admin:accounts_user_press", args=[root.pk, verb])
        admin_client(chief).post(url, {"password": "taken-over-1", "days": "7", "reason": "왜"})
    page = reverse("admin:accounts_user_change", args=[root.pk])
    assert admin_client(chief).post(page, {"name": "빼앗긴 이름"}).status_code == 403
    root.refresh_from_db()
    assert (root.password, root.suspended_until) == (before, None)


def test_admin_page_cannot_make_a_superuser(chief: User, ada: User) -> None:
    page = reverse("admin:accounts_user_change", args=[ada.pk])
    data = {"name": "에이다", "is_active": "on", "roles": [role_pk("reporter")]}
    admin_client(chief).post(page, data | {"is_superuser": "on", "user_permissions": ["1"]})
    ada = User.objects.get(pk=ada.pk)
    assert not ada.is_superuser
    assert not ada.user_permissions.exists()


def test_moderator_suspends_and_reinstates_a_reader(mo: User, mal: User) -> None:
    url = reverse("admin:accounts_user_press", args=[mal.pk, "suspend"])
    admin_client(mo).post(url, {"kind": "ban", "days": "7", "reason": "도배"})
    mal.refresh_from_db()
    assert mal.is_suspended(timezone.now())
    admin_client(mo).post(reverse("admin:accounts_user_press", args=[mal.pk, "lift"]))
    mal.refresh_from_db()
    assert not mal.is_suspended(timezone.now())


def test_reporter_may_not_suspend_a_reader(ada: User, mal: User) -> None:
    url = reverse("admin:accounts_user_press", args=[mal.pk, "suspend"])
    assert admin_client(ada).post(url, {"days": "7", "reason": "싫어서"}).status_code == 403


def test_admin_button_requires_post(mo: User, mal: User) -> None:
    suspend(mal, until=timezone.now() + timedelta(days=1), reason="도배", by=mo)
    url = reverse("admin:accounts_user_press", args=[mal.pk, "lift"])
    assert admin_client(mo).get(url).status_code == 405
    mal.refresh_from_db()
    assert mal.suspended_until


def test_admin_sign_in_is_rate_limited(ada: User, client: Client) -> None:
    url = reverse("admin:login")
    wrong = {"username": ada.email, "password": "guess"}
    for _each in range(12):
        response = client.post(url, wrong)
    assert "로그인" in response.content.decode()
    right = client.post(url, {"username": ada.email, "password": "ada-password-1"})
    assert right.status_code == 200  # even the right one has to wait now


def test_api_token_is_revoked(chief: User, ben: User) -> None:
    issue_token(ben, scopes=["desk"])
    token = Token.objects.get()
    admin_client(chief).post(reverse("admin:accounts_token_press", args=[token.pk, "revoke"]))
    token.refresh_from_db()
    assert token.revoked_at


# -- readers -------------------------------------------------------------------------------------


def held_comment(chi: User) -> Comment:
    return Comment.objects.create(
        article=make.live(), author=chi, text="기다리는 댓글", state="held", reason="링크"
    )


def test_moderator_approves_hides_and_holds_a_comment(mo: User, chi: User) -> None:
    comment, client = held_comment(chi), admin_client(mo)

    def press(verb: str, **data: str) -> str:
        url = reverse("admin:comments_comment_press", args=[comment.pk, verb])
        client.post(url, data)
        comment.refresh_from_db()
        return comment.state

    assert press("show") == "visible"
    assert Article.objects.get().counts.comments == 1
    assert press("hold", reason="다시 볼 것") == "held"
    assert press("hide") == "hidden"
    assert Article.objects.get().counts.comments == 0


def test_moderation_of_a_comment_edited_meanwhile_is_refused(mo: User, chi: User) -> None:
    comment = held_comment(chi)
    url = reverse("admin:comments_comment_press", args=[comment.pk, "show"])
    Comment.objects.filter(pk=comment.pk).update(version=2)
    admin_client(mo).post(f"{url}?version=1")
    comment.refresh_from_db()
    assert comment.state == "held"


def test_reporter_may_not_moderate_comments(ada: User, chi: User) -> None:
    comment = held_comment(chi)
    url = reverse("admin:comments_comment_press", args=[comment.pk, "show"])
    assert admin_client(ada).post(url).status_code == 403


def test_comment_html_is_escaped_in_the_admin_list(mo: User, chi: User) -> None:
    """community B38."""
    evil = '<img src=x onerror="alert(1)">'
    held_comment(chi)
    Comment.objects.update(text=evil, reason=evil)
    for page in (reverse("admin:comments_comment_changelist"), reverse("admin:index")):
        assert evil not in admin_client(mo).get(page).content.decode()


def test_button_redirects_to_this_site_only(mo: User, chi: User) -> None:
    comment = held_comment(chi)
    url = reverse("admin:comments_comment_press", args=[comment.pk, "show"])
    response = admin_client(mo).post(f"{url}?next=https://elsewhere.invalid/")
    assert response["Location"].startswith("/admin/")


def test_poll_is_closed_by_button(ben: User) -> None:
    make.live(poll=make.poll_data())
    poll = Poll.objects.get()
    admin_client(ben).post(reverse("admin:polls_poll_press", args=[poll.pk, "close"]))
    poll.refresh_from_db()
    assert poll.state(timezone.now()) == "closed"


def test_csp_allows_no_inline_script_without_the_editor(ben: User) -> None:
    client, story = admin_client(ben), make.draft()
    plain = client.get(reverse("admin:index"))["Content-Security-Policy"]
    assert "sha256" not in plain
    editing = client.get(reverse("admin:desk_draft_change", args=[story.pk]))
    assert editing["Content-Security-Policy"].count("sha256") == 2
    assert "unsafe" not in editing["Content-Security-Policy"]
