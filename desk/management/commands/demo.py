"""`manage.py demo`: a newsroom to look at."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from desk.demo.loading import is_loaded, load, waiting
from desk.demo.people import CAST, PASSWORD
from newsroom.errors import Refused

ROLES = {
    "reporter": "기자 · writes",
    "editor": "편집자 · publishes",
    "chief": "편집장 · also masthead, people, restoring",
    "moderator": "댓글 담당 · moderates",
    "reader": "독자 · reads, votes, comments, saves",
}


class Command(BaseCommand):
    """Loads the demo newsroom into an empty database; a second time it changes nothing."""

    help = (
        "Load a newsroom to look at: stories, staff and readers of our own invention. "
        "Refuses a database with other people's stories; run twice, it changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if is_loaded():
            self.stdout.write(
                "체험용 뉴스룸이 이미 있습니다. 아무것도 바꾸지 않았습니다. "
                "(The demo is here already; nothing was changed.)"
            )
        else:
            try:
                load()
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write("체험용 뉴스룸을 채웠습니다. (The demo newsroom is loaded.)")
        self.stdout.write("\n".join([*sign_ins(), *sights(), *first_steps()]))


def sign_ins() -> list[str]:
    """Who can sign in, with what."""
    lines = [f"\n로그인 (sign-ins), 비밀번호 (password): {PASSWORD}"]
    lines += [f"  {part.email:<24} {ROLES[part.key]}" for part in CAST if part.signs_in]
    return [
        *lines,
        "  전부터 있던 계정의 비밀번호는 그대로입니다. (Accounts that existed keep theirs.)",
    ]


def sights() -> list[str]:
    """What to look at, with its address."""
    site = settings.SITE_URL
    lines = [
        "\n볼 것 (what to look at)",
        f"  {site}/  첫 화면 (front page)",
        f"  {site}/admin/  편집국 (the desk)",
        f"  {site}/api/v1/docs/  API",
    ]
    for release in waiting():
        at = timezone.localtime(release.due_at)
        lines.append(f"  {at:%m-%d %H:%M:%S} 예약 (goes out): {release.edition.headline}")
    return lines


def first_steps() -> list[str]:
    return [
        "\n모든 권한이 있는 계정은 만들지 않습니다. 필요하면 (no superuser is made; if you need one):",
        "  .venv/bin/python manage.py createsuperuser",
    ]
