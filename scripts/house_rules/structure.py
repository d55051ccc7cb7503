"""Rules of structure: sizes of files and functions, and who may write, enqueue or know the web."""

import ast
import re
from collections.abc import Iterator

from scripts.house_rules.source import APPS, FileRule, Finding, SourceFile

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
MEANINGLESS_NAMES = {"utils", "helpers", "common", "misc", "service", "services", "manager"}
EDGES = {"views", "admin", "tasks", "serializers", "commands"}
EDGES_THAT_WRITE = {"newsroom/tasks.py"}
QUERYSET_WRITES = {
    "save", "create", "bulk_create", "update", "delete", "get_or_create", "update_or_create",
    "bulk_update",
}  # fmt: skip
ENQUEUING = ("delay", "apply_async", "send_task")
# Packages and modules that may know the request; every other module of an app is a rule.
WEB_MODULES = EDGES | {
    "api", "archive", "authentication", "files", "forms", "management", "templatetags", "urls",
}  # fmt: skip
# Celery has no other place for what surrounds every task: metrics, trace ids.
FILES_WITH_SIGNALS = {"newsroom/observability/worker_metrics.py"}
SIGNAL_RECEIVER = re.compile(r"[@]receiver|signals[.]\w+[.]connect")
MOVES_LIVE = re.compile(r"[.]live = |live=(?!_)\w+\.?\w*\)|SET\s+live_id")
FILES_THAT_MOVE_LIVE = {"desk/actions/go_live.py", "desk/actions/withdrawing.py"}


def is_edge(file: SourceFile) -> bool:
    stem = file.stem.split("_")[0]
    return bool(EDGES & {stem, *file.parts}) and file.path not in EDGES_THAT_WRITE


def is_action(file: SourceFile) -> bool:
    return "actions" in file.parts[-2:]


def is_rule(file: SourceFile) -> bool:
    """Whether a module decides by itself, and knows neither request nor task."""
    app, *inner = file.parts
    names = {name.partition("_")[0] for name in inner}
    return app in APPS and app != "newsroom" and not names & WEB_MODULES


def file_length(file: SourceFile) -> Iterator[Finding]:
    if file.is_product and (lines := len(file.text.splitlines())) > MAX_FILE_LINES:
        yield 1, f"{lines} lines: split this file by noun"


def file_name(file: SourceFile) -> Iterator[Finding]:
    if file.is_product and file.stem in MEANINGLESS_NAMES:
        yield 1, "name the file after what is in it"


def function_length(file: SourceFile) -> Iterator[Finding]:
    for function in file.functions() if file.is_product else ():
        if (function.end_lineno or 0) - function.lineno >= MAX_FUNCTION_LINES:
            yield function.lineno, f"{function.name}: pull a named step out of it"


def imports_at_top(file: SourceFile) -> Iterator[Finding]:
    for function in file.functions() if file.is_product else ():
        for node in ast.walk(function):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                yield node.lineno, f"{function.name}: an import in a function hides a circle"


def edges_do_not_write(file: SourceFile) -> Iterator[Finding]:
    for call in ast.walk(file.tree) if file.is_product and is_edge(file) else ():
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in QUERYSET_WRITES
            and "objects" in ast.dump(call.func)
        ):
            yield call.lineno, "call an action instead"


def action_signatures(file: SourceFile) -> Iterator[Finding]:
    for function in file.functions() if file.is_product and is_action(file) else ():
        is_atomic = any("atomic" in ast.dump(one) for one in function.decorator_list)
        if is_atomic and len(function.args.args) > 1:
            yield function.lineno, f"{function.name}: put a * after the subject"


def actions_never_enqueue(file: SourceFile) -> Iterator[Finding]:
    for number, line in enumerate(file.text.splitlines(), 1):
        if file.is_product and is_action(file) and any(f".{word}(" in line for word in ENQUEUING):
            yield number, "write a row that is due; a task finds it"


def rules_know_no_request(file: SourceFile) -> Iterator[Finding]:
    for number, line in enumerate(file.text.splitlines(), 1):
        if is_rule(file) and "django.http" in line:
            yield number, "a view reads the request and calls an action"


def no_signal_receivers(file: SourceFile) -> Iterator[Finding]:
    for number, line in enumerate(file.text.splitlines(), 1):
        is_exempt = not file.is_product or file.path in FILES_WITH_SIGNALS
        if not is_exempt and SIGNAL_RECEIVER.search(line):
            yield number, "call it where it happens, not in a signal receiver"


def live_edition_writers(file: SourceFile) -> Iterator[Finding]:
    for number, line in enumerate(file.text.splitlines(), 1):
        is_exempt = not file.is_product or file.path in FILES_THAT_MOVE_LIVE
        if not is_exempt and MOVES_LIVE.search(line):
            yield number, "only desk.actions assign Article.live: call go_live, expire or withdraw"


RULES: dict[str, FileRule] = {
    "file-length": file_length,
    "file-name": file_name,
    "function-length": function_length,
    "imports-at-top": imports_at_top,
    "edges-do-not-write": edges_do_not_write,
    "action-signatures": action_signatures,
    "actions-never-enqueue": actions_never_enqueue,
    "rules-know-no-request": rules_know_no_request,
    "no-signal-receivers": no_signal_receivers,
    "live-edition-writers": live_edition_writers,
}
