"""`manage.py demo`: load the demo newsroom, or end it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.authentication.published_password import PUBLISHED_PASSWORD
from accounts.models import User
from desk.demo.ending import DEMO_EMAILS, end_demo, remove_stories
from desk.demo.loading import is_loaded, load_demo, upcoming_releases
from desk.demo.people import DEMO_ACCOUNTS
from newsroom.errors import Refused

ROLES = {
    "reporter": "기자 · writes",
    "editor": "편집자 · publishes",
    "chief": "편집장 · also masthead, people, restoring",
    "moderator": "댓글 담당 · moderates",
    "reader": "독자 · reads, votes, comments, saves",
}


class Command(BaseCommand):
    """Loads the demo newsroom into an empty database. Idempotent."""

    help = (
        "Load a newsroom to look at: stories, staff and readers of our own invention. "
        "Refuses a database with other people's stories; run twice, it changes nothing. "
        "--end locks its accounts, before others can reach the site."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--end", action="store_true", help="Lock every account that has the published password."
        )
        parser.add_argument(
            "--remove-stories",
            action="store_true",
            help="With --end: withdraw the demo's stories and put its drafts into the trash.",
        )

    def handle(self, *args: Any, end: bool, remove_stories: bool, **options: Any) -> None:
        if end:
            self.end(with_stories=remove_stories)
        elif remove_stories:
            raise CommandError("--remove-stories goes with --end.")
        else:
            self.load()

    def end(self, *, with_stories: bool) -> None:
        try:
            with transaction.atomic():
                removed = remove_stories() if with_stories else 0
                ended = end_demo()
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        # ./run prints the sign-ins while this file is there.
        (settings.DATA_DIR / "demo-loaded").unlink(missing_ok=True)
        for user in ended:
            self.stdout.write(f"  잠갔습니다 (locked): {user.email}")
        self.stdout.write(
            f"계정 {len(ended)}개를 잠갔습니다. 세션과 토큰도 끝났습니다. "
            f"({len(ended)} accounts are locked; their sessions and tokens have ended.)"
        )
        if with_stories:
            self.stdout.write(
                f"기사 {removed}건을 내렸습니다. 이름과 인사말은 관리자 → 제호에서 고치세요. "
                f"({removed} stories are removed. Change the site's name under Masthead.)"
            )
        self.stdout.write("첫 계정 (your first account): manage.py createstaff EMAIL --role chief")

    def load(self) -> None:
        if is_loaded():
            self.stdout.write(
                "체험용 뉴스룸이 이미 있습니다. 아무것도 바꾸지 않았습니다. "
                "(The demo is here already; nothing was changed.)"
            )
        else:
            try:
                load_demo()
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write("체험용 뉴스룸을 채웠습니다. (The demo newsroom is loaded.)")
        self.stdout.write("\n".join([*sign_ins(), *places_to_visit(), *first_steps()]))


def sign_ins() -> list[str]:
    """The accounts with their password; after the end of the demo, that they are locked."""
    if not User.objects.filter(email__in=DEMO_EMAILS, is_active=True).exists():
        return ["\n체험 계정은 잠겨 있습니다. (The demo's accounts are locked.)"]
    lines = [f"\n로그인 (sign-ins), 비밀번호 (password): {PUBLISHED_PASSWORD}"]
    lines += [
        f"  {account.email:<24} {ROLES[account.key]}"
        for account in DEMO_ACCOUNTS
        if account.signs_in
    ]
    return [
        *lines,
        "  전부터 있던 계정의 비밀번호는 그대로입니다. (Accounts that existed keep theirs.)",
    ]


def places_to_visit() -> list[str]:
    """Addresses of the site, and the scheduled releases."""
    site = settings.SITE_URL
    lines = [
        "\n볼 것 (what to look at)",
        f"  {site}/  첫 화면 (front page)",
        f"  {site}/admin/  편집국 (the desk)",
        f"  {site}/api/v1/docs/  API",
    ]
    for release in upcoming_releases():
        at = timezone.localtime(release.due_at)
        lines.append(f"  {at:%m-%d %H:%M:%S} 예약 (goes out): {release.edition.headline}")
    return lines


def first_steps() -> list[str]:
    return [
        "\n밖에 열기 전에 (before others can reach it):",
        "  .venv/bin/python manage.py demo --end",
        "  .venv/bin/python manage.py createstaff EMAIL --role chief",
    ]
