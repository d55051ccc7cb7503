"""CONTRIBUTING.md, "To add a field to an article", executed in a copy of the project."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.support.loopback.prepared_data import prepare_data_folder
from tests.support.loopback.processes import PROJECT_ROOT

HEADING = "## To add a field to an article"
BLOCK = re.compile(r"^ *```(diff|sh)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
COPIED = (
    *("accounts", "articles", "audit", "comments", "desk", "media", "newsroom", "outbox", "pages"),
    *("polls", "saves", "wire", "tests", "manage.py", "pyproject.toml"),
)
# Run after the migration, over a database with an article from before it. In one process: each takes a
# second to start.
WRITE_PUBLISH_READ = """
import json
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
from django.test.utils import CaptureQueriesContext, setup_test_environment
setup_test_environment()
settings.DEBUG = True  # static files by their own names
from django.test import Client
from articles.models import Article, Edition
from desk.actions import publish_now
from desk.admin.story.forms import DraftForm
from desk.archive.exporting import export_article
from desk.archive.importing import import_line
from desk.models import Draft
from tests.support import make
draft = make.draft(slug="새-칸")
answer = make.DeskClient(make.ben()).call(
    "patch", f"drafts/{draft.pk}/", {"kicker": "  현장에서 "}, etag="*"
)
assert answer.status_code == 200, answer.content
publish_now(Draft.objects.get(pk=draft.pk), by=make.ben())
for n in range(9):
    make.live(kicker=f"머리 {n}")

def get(path):
    with CaptureQueriesContext(connection) as queries:
        return Client().get(path).json(), len(queries)

def frozen():
    try:
        with transaction.atomic():
            Edition.objects.filter(article__slug="새-칸").update(kicker="바꿈")
    except DatabaseError:
        return True
    return False

get("/api/v1/articles/?page_size=3")  # what the process asks once
cards, queries_of_ten = get("/api/v1/articles/?page_size=10")
_one, queries_of_one = get("/api/v1/articles/?page_size=1")
page, _queries = get("/api/v1/articles/새-칸/")
line = export_article(Article.objects.get(slug="새-칸"))
print(json.dumps({
    "draft": answer.json()["kicker"],
    "page": page["kicker"],
    "before": get("/api/v1/articles/옛-글/")[0]["kicker"],
    "cards": sorted(card["kicker"] for card in cards["results"])[-1],
    "further_queries": queries_of_ten - queries_of_one,
    "html": "kicker-line" in Client().get("/articles/새-칸/").content.decode(),
    "form": str(DraftForm.base_fields["kicker"].label),
    "is_frozen": frozen(),
    "archive": "현장에서" in json.dumps(line, ensure_ascii=False, default=str),
}))
call_command("migrate", "articles", "{last_migration}", verbosity=0)
call_command("spectacular", lang="en", fail_on_warn=True, file="openapi.yaml")
"""


def blocks() -> list[tuple[str, str]]:
    """(language, text) of the section's blocks that are executed, in order."""
    document = (PROJECT_ROOT / "CONTRIBUTING.md").read_text()
    section = document.partition(HEADING)[2].partition("\n## ")[0]
    return [(kind, textwrap.dedent(text)) for kind, text in BLOCK.findall(section)]


def apply_diff(folder: Path, diff: str) -> None:
    """Insert the added lines of a diff with one hunk where its other lines stand, once."""
    head, _at, hunk = diff.partition("@@")
    lines = hunk.partition("\n")[2].splitlines()
    file = folder / head.partition("+++ b/")[2].strip()
    before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    after = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    text = file.read_text()
    assert text.count(before) == 1, (
        f"CONTRIBUTING.md: the lines of {file.name} are not there (once)"
    )
    file.write_text(text.replace(before, after))


class ProjectCopy:
    """A copy of the project with a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        for name in COPIED:
            source, target = PROJECT_ROOT / name, self.folder / name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        self.env = os.environ | {
            "DATABASE_URL": "",
            "NEWSROOM_DATA": str(folder / "data"),
            "SECRET_KEY": "for the copy of the tests, long enough",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        prepare_data_folder(self.env)

    def run(self, script: str) -> None:
        """Run shell commands. Raises AssertionError with what they said."""
        done = subprocess.run(
            ["/bin/sh", "-ec", script],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def shell(self, script: str) -> str:
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", script]
        done = subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def test_the_section_on_adding_a_field_does_what_it_says(tmp_path: Path) -> None:
    copy = ProjectCopy(tmp_path)
    last_migration = max(path.stem for path in (copy.folder / "articles/migrations").glob("0*.py"))
    copy.shell("from tests.support import make; make.live(slug='옛-글')")
    for kind, text in blocks():
        if kind == "diff":
            apply_diff(copy.folder, text)
        else:
            copy.run(text)
    script = WRITE_PUBLISH_READ.replace("{last_migration}", last_migration)
    found = json.loads(copy.shell(script).splitlines()[-1])
    assert found == {
        "draft": "현장에서",
        "page": "현장에서",
        "before": "",
        "cards": "현장에서",
        "further_queries": 0,
        "html": True,
        "form": "작은 제목",
        "is_frozen": True,
        "archive": True,
    }
    document = (copy.folder / "openapi.yaml").read_text()
    schemas = document.partition("\n  schemas:\n")[2]
    for name in ("CardOut", "PageOut", "DraftOut", "DraftInRequest"):
        schema = re.search(rf"^    {name}:\n((?:      .*\n)+)", schemas, re.MULTILINE)
        assert schema, name
        assert "kicker:" in schema[1], name


@pytest.mark.parametrize("word", ["pages/templates", "articles/models/editorial.py"])
def test_blocks_are_found(word: str) -> None:
    assert any(word in text for kind, text in blocks() if kind == "diff")
