"""What readers and moderators are told about sanctions: refusals name each act, a warning has no end."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import suspend
from accounts.models import Sanction, User
from comments.actions import post_comment
from tests.support import make
from tests.support.clients.comment_client import SignIn

pytestmark = pytest.mark.django_db
IN_KOREAN = {"Accept-Language": "ko"}


def test_the_refusal_of_the_suspended_fits_each_act(chi: User, mo: User, as_user: SignIn) -> None:
    article = make.live(poll=make.poll_data())
    comment = post_comment(article, by=make.reader("mal"), text="글")
    suspend(chi, until=timezone.now() + timedelta(days=7), reason="도배", by=mo)
    client, path = as_user(chi), f"/api/v1/comments/{comment.pk}/"
    calls: dict[str, tuple[Any, str, dict[str, str]]] = {
        "댓글": (client.post, f"/api/v1/articles/{article.slug}/comments/", {"text": "글"}),
        "반응": (client.put, f"{path}reaction/", {"value": "like"}),
        "신고": (client.post, f"{path}reports/", {"reason": "spam"}),
        "투표": (client.put, f"/api/v1/polls/{article.poll_id}/vote/", {"side": "pro"}),
        "별명 변경": (client.patch, "/api/v1/me/", {"nickname": "새벽산책"}),
    }
    for act, (call, url, data) in calls.items():
        refused = call(url, data, format="json", headers=IN_KOREAN)
        assert (refused.status_code, refused.json()["code"]) == (403, "suspended")
        assert act in refused.json()["detail"]
    saved = client.put(f"/api/v1/articles/{article.slug}/save/", format="json")
    assert saved.status_code == 204


def test_a_warning_with_an_end_is_refused(chi: User, mo: User, client: Any) -> None:
    desk, path = make.DeskClient(mo), f"readers/{chi.pk}/sanctions/"
    until = (timezone.now() + timedelta(days=1)).isoformat()
    warning = {"kind": "warn", "reason": "욕설"}
    refused = desk.call("POST", path, warning | {"until": until}, etag="*")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/until")
    assert not Sanction.objects.exists()
    assert desk.call("POST", path, warning, etag="*").status_code == 201
    client.force_login(mo)
    page = client.get(reverse("admin:accounts_user_press", args=[chi.pk, "suspend"]))
    assert "경고에는 기간이 없어 쓰이지 않습니다" in page.content.decode()
