"""`manage.py wire_source NAME [--format …] [--policy …] [--agency …]`: create or change a wire source."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wire.actions import save_source
from wire.models import Source


class Command(BaseCommand):
    help = "Make a wire source, or change the one of this short name. What is not given stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="Short name, part of the delivery address: newsis.")
        parser.add_argument(
            "--title", help="Name that people see; the short name for a new source."
        )
        parser.add_argument(
            "--format",
            choices=Source.Format.values,
            help="Format of all its deliveries; auto recognises each (the default).",
        )
        parser.add_argument(
            "--policy",
            choices=Source.CancellationPolicy.values,
            help="What a cancellation does to a live article (alert is the default).",
        )
        parser.add_argument("--agency", help="Agency of a story that names none.")
        parser.add_argument("--charset", help="Encoding of a delivery that declares none.")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["name"]
        source = Source.objects.filter(slug=slug).first()
        is_new = source is None
        source = source or Source(slug=slug, name=slug, agency=options["agency"] or slug)
        fields = {
            "name": options["title"],
            "format": options["format"],
            "cancellation_policy": options["policy"],
            "agency": options["agency"],
            "charset": options["charset"],
        }
        for field, value in fields.items():
            if value is not None:
                setattr(source, field, value)
        try:
            source.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        save_source(source, by=None)
        made = "made" if is_new else "changed"
        self.stdout.write(
            f"{made} {source.slug}: format {source.format}, policy {source.cancellation_policy}, "
            f"agency {source.agency}"
        )
