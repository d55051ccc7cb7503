"""`manage.py wire SOURCE FILE...`: deliver files by the same intake as an agency."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.errors import Refused
from wire.actions import MAX_DELIVERY_BYTES, receive_delivery
from wire.models import Delivery, Source


class Command(BaseCommand):
    help = "Deliver text files of an agency. Says how many were read; fails when one was not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="Short name of a source, for example yonhap.")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--charset", default="", help="Encoding of the files, if known.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            source = Source.objects.by_slug(options["source"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        outcomes = Counter(
            self.deliver(source, path, charset=options["charset"]) for path in options["files"]
        )
        names = (Delivery.Status.PARSED, Delivery.Status.DUPLICATE, Delivery.Status.FAILED)
        counts = {name: outcomes.pop(name, 0) for name in names}
        counts[Delivery.Status.FAILED] += sum(outcomes.values())
        self.stdout.write(", ".join(f"{name.value} {count}" for name, count in counts.items()))
        if counts[Delivery.Status.FAILED]:
            raise CommandError(f"{counts[Delivery.Status.FAILED]} of the files were not read.")

    def deliver(self, source: Source, path: Path, *, charset: str) -> str:
        """Deliver one file; its status. A failure is written to stderr with its reason."""
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_DELIVERY_BYTES + 1)
            delivery = receive_delivery(
                source,
                raw=raw,
                name=path.name,
                content_type=f"text/plain; charset={charset}" if charset else "text/plain",
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
