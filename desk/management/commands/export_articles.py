"""`manage.py export_articles`: export every article as a line of JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from desk.archive.exporting import export_lines


class Command(BaseCommand):
    """Prints all articles that were ever published, with photos and earlier editions."""

    help = "Print every published or withdrawn article as a line of JSON, for import_articles."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for line in export_lines():
            self.stdout.write(json.dumps(line, ensure_ascii=False))
