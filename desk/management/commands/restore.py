"""`manage.py restore FROM`: restore a backup while the newsroom is stopped."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from articles.models import Masthead
from audit.actions import record_operator_audit
from desk.models import Release
from newsroom.backup.errors import BackupError
from newsroom.backup.manifest import Manifest
from newsroom.backup.restore import (
    find_secret_key_file,
    has_other_secret_key,
    lock_stopped_newsroom,
    restore_backup,
    restore_secret_key,
    verify_backup,
)
from newsroom.startup import restrict_data_permissions

MAX_RELEASES_SHOWN = 50


class Command(BaseCommand):
    """Verifies the backup before it changes anything; the present files are moved aside."""

    help = (
        "Put the backup FROM back. Refuses while processes run and for a backup that is not whole; moves "
        "the old files aside; says what was due meanwhile, which goes out once when the newsroom starts."
    )
    requires_system_checks = ()  # the database that is there may be damaged

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="FROM", type=Path)
        parser.add_argument(
            "--with-secrets",
            action="store_true",
            help="Put the secret key back as well, from FROM.secret_key beside the folder.",
        )

    def handle(self, *args: Any, source: Path, with_secrets: bool, **options: Any) -> None:
        try:
            manifest = verify_backup(source)
            secret_key = find_secret_key_file(source) if with_secrets else None
            restrict_data_permissions()
            with lock_stopped_newsroom():
                restore_backup(source, manifest, write_line=self.stdout.write)
                if secret_key:
                    restore_secret_key(secret_key, write_line=self.stdout.write)
                self.finish(manifest)
        except BackupError as refusal:
            raise CommandError(str(refusal)) from refusal
        if not with_secrets and has_other_secret_key(manifest):
            self.stdout.write(
                "비밀 키가 백업 때와 다릅니다. 로그인이 모두 풀리고, 로그인하지 않은 독자는 투표를 다시 할 "
                "수 있습니다. (The secret key is another one: sessions end, votes without an account can "
                "be cast again. --with-secrets brings the old key back.)"
            )

    def finish(self, manifest: Manifest) -> None:
        """Migrate the database to this version, write an audit entry, list the due releases."""
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        with transaction.atomic():
            record_operator_audit(
                Masthead.current(), verb="restored_backup", at=manifest.started_at
            )
        backup_time = timezone.localtime(manifest.taken_at())
        self.stdout.write(
            f"되살렸습니다: {backup_time:%Y-%m-%d %H:%M:%S}의 뉴스룸 "
            f"(restored as of {backup_time:%Y-%m-%d %H:%M:%S}, version {manifest.version})."
        )
        self.list_due()

    def list_due(self) -> None:
        """List the releases that became due since the backup, in the order of their publication."""
        due = Release.objects.upcoming().filter(due_at__lte=timezone.now())
        number = due.count()
        if not number:
            self.stdout.write("그동안 나갔어야 할 기사가 없습니다. (Nothing was due meanwhile.)")
            return
        self.stdout.write(
            f"뉴스룸을 열면 곧바로 한 번씩 나갑니다 (due meanwhile, goes out once at the start): {number}"
        )
        for release in due.select_related("edition")[:MAX_RELEASES_SHOWN]:
            at = timezone.localtime(release.due_at)
            self.stdout.write(f"  {at:%Y-%m-%d %H:%M:%S} {release.edition.headline}")
        if number > MAX_RELEASES_SHOWN:
            self.stdout.write("  …")
        self.stdout.write(
            "내보내지 않을 것은 웹만 먼저 띄워 취소하세요: docs/runbook.md "
            "(To stop one, start web alone and cancel its plan.)"
        )
