"""`manage.py import_articles FILE`: import articles from lines of JSON."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from desk.archive.importing import import_lines, slugs_in
from desk.permissions import may_publish


class Command(BaseCommand):
    """Imports what export_articles wrote, or another system in the same format (docs/archive.md)."""

    help = (
        "Bring in articles from a file of JSON lines. A bad line is refused by number with its "
        "reason, the others come in; an address that is known here is left as it is. "
        "Exit status 1 when a line was refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--by", metavar="EMAIL", help="In whose name; without, the first who may publish."
        )

    def handle(self, *args: Any, file: Path, by: str | None, **options: Any) -> None:
        importer = find_importer(by)
        try:
            with file.open("rb") as rows:
                file_slugs = set(slugs_in(rows))
                rows.seek(0)
                result = import_lines(rows, file_slugs=file_slugs, by=importer)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        for number, unkept in result.dropped:
            self.stderr.write(f"line {number}: not kept of the text: {', '.join(unkept)}")
        for number, reason in result.refused:
            self.stderr.write(f"line {number}: {reason}")
        refused = len(result.refused)
        summary = f"{result.imported} brought in, {result.existing} here already, {refused} refused"
        if result.refused:
            raise CommandError(summary)
        self.stdout.write(summary)


def find_importer(email: str | None) -> User:
    """The person in whose name articles are imported. Raises CommandError if no active user may publish."""
    people = User.objects.filter(is_active=True).order_by("-is_superuser", "pk")
    named = people.filter(email__iexact=email) if email else people.filter(is_staff=True)
    for person in named:
        if may_publish(person):
            return person
    who = email or "anybody here"
    raise CommandError(
        f"{who} may not publish. Name somebody who may with --by, or make one: manage.py createsuperuser"
    )
