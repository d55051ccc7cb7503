"""The first version of the word list: the default words of the content filter."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.db import migrations

from comments.content_filter import DEFAULT_WORDS

# Fixed, so that every new database has the same row (newsroom/db/schema_snapshot.sql).
CREATED_AT = datetime(2026, 11, 30, tzinfo=UTC)


def seed_list(apps: Any, schema_editor: Any) -> None:
    entries = [
        {"text": w.text, "severity": w.severity.value, "mode": w.mode.value, "note": ""}
        for w in sorted(DEFAULT_WORDS, key=lambda w: (w.mode == "allowed", w.text, w.mode))
    ]
    text = json.dumps(entries, ensure_ascii=False, sort_keys=True)
    apps.get_model("comments", "WordList").objects.get_or_create(
        number=1,
        defaults={
            "entries": entries,
            "digest": hashlib.sha256(text.encode()).hexdigest(),
            "created_at": CREATED_AT,
        },
    )


def remove_list(apps: Any, schema_editor: Any) -> None:
    apps.get_model("comments", "WordList").objects.filter(number=1).delete()


class Migration(migrations.Migration):
    dependencies = [("comments", "0010_word_lists_findings_classifications")]

    operations = [migrations.RunPython(seed_list, remove_list)]
