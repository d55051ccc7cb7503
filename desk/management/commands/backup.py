"""`manage.py backup TO`: back up database and photos while the newsroom runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.backup.create import create_backup, secret_key_path
from newsroom.backup.errors import BackupError


class Command(BaseCommand):
    help = (
        "Make a backup at TO, a folder that does not exist yet: the database as of one moment, the photos, "
        "a manifest with hashes. The newsroom may go on publishing."
    )
    # For cron: the system checks would take three times as long as the rest, each time.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("to", metavar="TO", type=Path)
        parser.add_argument(
            "--with-secrets",
            action="store_true",
            help="Write the secret key as well, into TO.secret_key beside the folder (mode 0600).",
        )

    def handle(self, *args: Any, to: Path, with_secrets: bool, **options: Any) -> None:
        try:
            manifest = create_backup(to, with_secrets=with_secrets)
        except BackupError as refusal:
            raise CommandError(str(refusal)) from refusal
        photos = len(manifest.media_files)
        self.stdout.write(
            f"백업했습니다: {to} · 파일 {len(manifest.files)}개(사진 {photos}), "
            f"{manifest.total_bytes / 1e6:.1f} MB (The backup is made and checked.)"
        )
        if manifest.media != "folder":
            self.stdout.write(
                f"사진은 들어 있지 않습니다({manifest.media}). 그 저장소의 방법으로 따로 백업하세요. "
                "(Photos are not included: back up the bucket by its own means.)"
            )
        if with_secrets:
            self.stdout.write(
                f"비밀 키 (secret key): {secret_key_path(to)} · 백업과 다른 곳에 두세요. "
                "(Keep it elsewhere than the backup.)"
            )
        else:
            self.stdout.write(
                "비밀 키는 들어 있지 않습니다: --with-secrets (The secret key is not included.)"
            )
