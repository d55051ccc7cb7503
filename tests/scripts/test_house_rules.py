"""The house rules that no linter knows. Each failure says what to do instead."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

HOUSE = Path(__file__).resolve().parent.parent.parent
ROOMS = [
    "newsroom", "accounts", "audit", "outbox", "media", "polls", "articles", "wire", "comments",
    "saves", "desk", "pages",
]  # fmt: skip
FILES = [
    path
    for room in [*ROOMS, "scripts", "bench"]
    for path in sorted((HOUSE / room).rglob("*.py"))
    if "migrations" not in path.parts
]
EDGES = {"views", "admin", "tasks", "serializers", "commands"}
WRITES = {
    "save", "create", "bulk_create", "update", "delete", "get_or_create", "update_or_create",
    "bulk_update",
}  # fmt: skip
# What may know the web, Celery or the command line; every other module of a room is a rule.
KNOW_THE_WEB = EDGES | {
    "api", "archive", "authentication", "files", "forms", "management", "templatetags", "urls",
}  # fmt: skip
NOTHING_SAYING = {"utils", "helpers", "common", "misc", "service", "services", "manager"}
ROOFS_OWN = {"newsroom/tasks.py"}


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_fits_in_the_head(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300, "split this file by noun"
    assert path.stem not in NOTHING_SAYING, "name the file after what is in it"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    for f in functions(path):
        assert (f.end_lineno or 0) - f.lineno < 40, f"{f.name}: pull a named step out of it"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_stand_at_the_top(path: Path) -> None:
    for f in functions(path):
        inner = [n for n in ast.walk(f) if isinstance(n, (ast.Import, ast.ImportFrom))]
        assert not inner, f"{f.name}: an import in a function hides a circle"


def is_edge(path: Path) -> bool:
    stem = path.stem.split("_")[0]
    return bool(EDGES & {stem, *path.parts}) and name_of(path) not in ROOFS_OWN


@pytest.mark.parametrize("path", [f for f in FILES if is_edge(f)], ids=name_of)
def test_edges_do_not_write(path: Path) -> None:
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            written = call.func.attr in WRITES and "objects" in ast.dump(call.func)
            assert not written, f"line {call.lineno}: call an action instead"


def is_action(path: Path) -> bool:
    return path.stem == "actions" or path.parent.name == "actions"


@pytest.mark.parametrize("path", [f for f in FILES if is_action(f)], ids=name_of)
def test_actions_take_one_subject_and_named_details(path: Path) -> None:
    for f in functions(path):
        if any("atomic" in ast.dump(d) for d in f.decorator_list):
            assert len(f.args.args) <= 1, f"{f.name}: put a * after the subject"


@pytest.mark.parametrize("path", [f for f in FILES if is_action(f)], ids=name_of)
def test_actions_never_enqueue(path: Path) -> None:
    for word in ("delay", "apply_async", "send_task"):
        assert f".{word}(" not in path.read_text(), "write a row that is due; a task finds it"


def is_rule(path: Path) -> bool:
    room, inner = path.relative_to(HOUSE).with_suffix("").parts[:2]
    is_room = room in ROOMS and room != "newsroom"
    return is_room and inner != "__init__" and inner.partition("_")[0] not in KNOW_THE_WEB


RULES = [f for f in FILES if is_rule(f)]


@pytest.mark.parametrize("path", RULES, ids=name_of)
def test_rules_know_no_request(path: Path) -> None:
    assert "django.http" not in path.read_text(), "a view reads the request and calls an action"


def test_there_are_no_signal_receivers_of_our_own() -> None:
    heard = {
        name_of(f) for f in FILES if re.search(r"@receiver|signals\.\w+\.connect", f.read_text())
    }
    # Celery has no other place for what surrounds every task: figures, traces.
    assert heard <= {"newsroom/observability/worker_metrics.py"}, "call it where it happens"


def test_the_pointer_is_moved_in_desk_actions_alone() -> None:
    movers = [
        name_of(f)
        for f in FILES
        if re.search(r"\.live = |live=(?!_)\w+\.?\w*\)|SET live_id", f.read_text())
    ]
    away = {"desk/actions/expiring.py", "desk/actions/withdrawing.py"}
    assert set(movers) == {"desk/actions/go_live.py", *away}


# -- Korean first ------------------------------------------------------------------------------

CATALOGS = sorted(HOUSE.glob("*/locale/ko/LC_MESSAGES/*.po"))
MARKED = {"_", "_now", "gettext", "gettext_lazy", "ngettext", "gettext_noop"}
MARKED_AFTER_CONTEXT = {"pgettext", "pgettext_lazy"}
IN_TEMPLATES = re.compile(r"""{%\s*(?:translate|trans)\s+(["'])(.+?)\1""")


def sentences_in(path: Path) -> Iterator[str]:
    """The sentences a Python file or template hands to gettext."""
    if path.suffix != ".py":
        yield from (found[1] for found in IN_TEMPLATES.findall(path.read_text()))
        return
    for call in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in MARKED | MARKED_AFTER_CONTEXT
        ):
            place = int(call.func.id in MARKED_AFTER_CONTEXT)
            for argument in call.args[place : place + 1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_of_a_room_is_said_in_korean(room: str) -> None:
    said = {
        entry.msgid
        for catalog in CATALOGS
        for entry in polib.pofile(str(catalog))
        if entry.msgstr or entry.msgstr_plural
    }
    files = [f for f in FILES if f.relative_to(HOUSE).parts[0] == room]
    files += sorted((HOUSE / room).rglob("templates/**/*.html"))
    missing = sorted({s for f in files for s in sentences_in(f)} - said - {""})
    assert not missing, "add them to the room's locale/ko and run `make messages`"


@pytest.mark.parametrize("catalog", CATALOGS, ids=name_of)
def test_catalogs_are_compiled_as_they_stand(catalog: Path) -> None:
    compiled = polib.mofile(str(catalog.with_suffix(".mo")))
    kept = {e.msgid: e.msgstr for e in polib.pofile(str(catalog)).translated_entries()}
    assert {e.msgid: e.msgstr for e in compiled} == kept, "run `make messages`"
