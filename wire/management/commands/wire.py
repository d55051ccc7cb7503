"""`manage.py wire SOURCE FILE...`: deliver files by the same intake as an agency."""

import mimetypes
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.errors import Refused
from wire.actions import MAX_DELIVERY_BYTES, receive_delivery
from wire.models import Delivery, Source

READ = {Delivery.Status.PARSED, Delivery.Status.DUPLICATE}
MAX_NAMED_FILES = 20


class Command(BaseCommand):
    help = "Deliver files of an agency. Goes on past one that it cannot read, and fails at the end then."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="Short name of a source, for example yonhap.")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--charset", default="", help="Encoding of the files, if known.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            source = Source.objects.by_slug(options["source"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        outcomes = [
            (path, self.deliver(source, path, charset=options["charset"]))
            for path in options["files"]
        ]
        counts = Counter(outcome for _path, outcome in outcomes)
        unread = [str(path) for path, outcome in outcomes if outcome not in READ]
        unsupported = counts[Delivery.Status.UNSUPPORTED]
        self.stdout.write(
            f"parsed {counts[Delivery.Status.PARSED]}, duplicate {counts[Delivery.Status.DUPLICATE]}, "
            f"failed {len(unread) - unsupported}"
            + (f", unsupported {unsupported}" if unsupported else "")
        )
        if unread:
            named = ", ".join(unread[:MAX_NAMED_FILES])
            raise CommandError(f"{len(unread)} of the files were not read: {named}")

    def deliver(self, source: Source, path: Path, *, charset: str) -> str:
        """Deliver one file; its status. A failure is written to stderr with its reason."""
        media_type = mimetypes.guess_type(path.name)[0] or "text/plain"
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_DELIVERY_BYTES + 1)
            delivery = receive_delivery(
                source,
                raw=raw,
                name=path.name,
                content_type=f"{media_type}; charset={charset}" if charset else media_type,
                by=None,
            )
        except OSError as error:
            self.stderr.write(f"{path}: {error.strerror}")
            return Delivery.Status.FAILED
        except Refused as refusal:
            self.stderr.write(f"{path}: {refusal}")
            return Delivery.Status.FAILED
        if delivery.reason:
            self.stderr.write(f"{path}: {delivery.reason}")
        return delivery.status
