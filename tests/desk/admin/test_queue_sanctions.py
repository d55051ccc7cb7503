"""The writer's sanctions on the screen of a comment, and the way to the form that imposes one."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import lift_suspension, sanction
from accounts.models import Sanction, User
from articles.models import Article
from tests.support import make
from tests.support.make import DeskClient
from tests.support.moderation import held_comment, reported_comment

pytestmark = pytest.mark.django_db


def panel_of(client: Client, comment_id: int) -> str:
    """The panel of a comment, as the script of the queue fetches it."""
    where = reverse("admin:moderation_item", args=[comment_id])
    content = client.get(where, headers={"X-Requested-With": "fetch"}).content.decode()
    return html.unescape(re.sub(r"\s+", " ", content))


def test_sanctions_of_the_writer_with_kind_end_and_reason(
    article: Article, mal: User, mo: User
) -> None:
    until = timezone.now() + timedelta(days=3)
    comment = held_comment(article, by=mal)
    sanction(mal, kind="warn", until=None, reason="말을 가려 써 주세요.", by=mo)
    sanction(mal, kind="mute", until=until, reason="도배를 했습니다.", reason_code="spam", by=mo)
    lift_suspension(mal, by=mo)
    sanction(mal, kind="hold", until=until, reason="또 도배를 했습니다.", by=mo)
    client = Client()
    client.force_login(mo)
    content = panel_of(client, comment.pk)
    for words in ("경고", "말을 가려 써 주세요.", "도배를 했습니다.", "해제"):
        assert words in content
    local = timezone.localtime(until)
    assert f"{local:%Y}.{local.month}.{local.day}. {local:%H:%M}까지 · <strong>적용 중" in content
    record = DeskClient(mo).call("GET", f"moderation/{comment.pk}/").json()["record"]
    rows = [(row["kind"], row["reason_code"], row["in_force"]) for row in record["sanctions"]]
    assert rows == [("hold", "other", True), ("mute", "spam", False), ("warn", "other", False)]
    assert record["resembles_suspended"] is False


def test_the_button_leads_to_the_form_with_the_rule_and_back(
    article: Article, mal: User, mo: User
) -> None:
    comment = reported_comment(article, by=mal, reason="hate")
    client = Client()
    client.force_login(mo)
    found = re.search(
        r'class="press small" href="([^"]+suspend[^"]+)"', panel_of(client, comment.pk)
    )
    assert found
    form = client.get(found[1]).content.decode()
    assert '<option value="hate" selected>' in form
    assert re.search(r'value="warn"[^>]*checked', form)
    queue = reverse("admin:moderation_item", args=[comment.pk])
    assert f'value="{queue}"' in form
    sent = {"kind": "mute", "days": "3", "reason_code": "hate", "reason": "혐오", "next": queue}
    assert client.post(found[1].partition("?")[0], sent)["Location"] == queue
    assert Sanction.objects.get().reason_code == "hate"
    assert "kind=warn" not in panel_of(client, comment.pk)


def test_no_button_for_comments_of_colleagues_and_wrong_values_are_ignored(
    article: Article, mal: User, mo: User, ben: User
) -> None:
    comment = reported_comment(article, by=ben)
    client = Client()
    client.force_login(mo)
    assert "press/suspend" not in panel_of(client, comment.pk)
    form = reverse("admin:accounts_user_press", args=[mal.pk, "suspend"])
    content = client.get(f"{form}?kind=exile&reason_code=%00").content.decode()
    assert re.search(r'value="ban"[^>]*checked', content)
    assert make.chief().has_perm("accounts.view_user")
