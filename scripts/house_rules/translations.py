"""Rules of translation: every sentence of an app has a Korean text, and catalogs are compiled."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from scripts.house_rules.source import APPS, SourceFile, Violation
from scripts.settings import PROJECT_ROOT

MARKERS = {"_", "_now", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "gettext_noop"}
MARKERS_WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
IN_TEMPLATES = re.compile(
    r"""{%\s*(?:translate|trans)\s+(["'])(?P<message>.+?)\1(?:\s+context\s+(["'])(?P<context>.+?)\3)?"""
)
IN_TEMPLATE_BLOCKS = re.compile(
    r"""{%\s*blocktrans(?:late)?\b(?P<options>[^%]*)%}(?P<text>.*?){%\s*(?:plural|endblocktrans)""",
    re.DOTALL,
)
CONTEXT_OPTION = re.compile(r"""\bcontext\s+(["'])(.+?)\1""")
VARIABLE = re.compile(r"{{\s*([\w.]+)[^}]*}}")

COMPILE_COMMAND = "make messages"
Message = tuple[str, str]  # its context, "" without one, and its text


def messages_in(file: SourceFile) -> Iterator[tuple[int, Message]]:
    """The messages that a Python file hands to gettext, each with its line."""
    for call in ast.walk(file.tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            continue
        has_context = call.func.id in MARKERS_WITH_CONTEXT
        if has_context or call.func.id in MARKERS:
            texts = [
                argument.value
                for argument in call.args[: 1 + has_context]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
            if len(texts) == 1 + has_context:
                yield call.lineno, (texts[0] if has_context else "", texts[-1])


def messages_in_template(text: str) -> Iterator[tuple[int, Message]]:
    """The messages of `translate` and `blocktranslate` tags, each with its line."""
    for match in IN_TEMPLATES.finditer(text):
        yield line_of(match), (match["context"] or "", match["message"])
    for match in IN_TEMPLATE_BLOCKS.finditer(text):
        context = CONTEXT_OPTION.search(match["options"])
        message = VARIABLE.sub(r"%(\1)s", match["text"].replace("%", "%%"))
        if "trimmed" in match["options"]:
            message = " ".join(line.strip() for line in message.strip().splitlines())
        yield line_of(match), (context[2] if context else "", message)


def line_of(match: re.Match[str]) -> int:
    return match.string.count("\n", 0, match.start()) + 1


def catalogs(root: Path) -> list[Path]:
    return sorted(root.glob("*/locale/ko/LC_MESSAGES/*.po"))


def missing_translations(
    files: Iterable[SourceFile], *, root: Path = PROJECT_ROOT
) -> Iterator[Violation]:
    known = {("", "")} | {
        (entry.msgctxt or "", entry.msgid)
        for catalog in catalogs(root)
        for entry in polib.pofile(str(catalog))
        if entry.msgstr or entry.msgstr_plural
    }
    found = [(f.path, *one) for f in files if f.parts[0] in APPS for one in messages_in(f)]
    for app in APPS:
        for template in sorted((root / app).rglob("templates/**/*.html")):
            path = str(template.relative_to(root))
            found += [(path, *one) for one in messages_in_template(template.read_text("utf-8"))]
    for path, line, message in found:
        if message not in known:
            context, text = message
            place = f" with the context {context!r}" if context else ""
            remedy = f"add {text!r}{place} to the app's locale/ko and run `{COMPILE_COMMAND}`"
            yield Violation(path, line, "korean-texts", remedy)


def conflicting_texts(*, root: Path = PROJECT_ROOT) -> Iterator[Violation]:
    """Messages with different Korean texts in two catalogs.

    gettext has one namespace for all apps: the text of the app installed first would be shown in both.
    """
    texts: dict[tuple[str | None, str], tuple[str, str]] = {}
    for catalog in catalogs(root):
        path = str(catalog.relative_to(root))
        for entry in polib.pofile(str(catalog)).translated_entries():
            if entry.msgid_plural:
                continue
            key = (entry.msgctxt, entry.msgid)
            other, text = texts.setdefault(key, (path, entry.msgstr))
            if text != entry.msgstr:
                remedy = (
                    f"give {entry.msgid!r} a context (pgettext): {other} has another text for it"
                )
                yield Violation(path, 1, "one-text-per-message", remedy)


def stale_catalogs(*, root: Path = PROJECT_ROOT) -> Iterator[Violation]:
    for catalog in catalogs(root):
        compiled = texts_of(polib.mofile(str(catalog.with_suffix(".mo"))))
        if compiled != texts_of(polib.pofile(str(catalog)).translated_entries()):
            path = str(catalog.relative_to(root))
            yield Violation(path, 1, "compiled-catalogs", f"run `{COMPILE_COMMAND}`")


def texts_of(entries: Iterable[polib.POEntry]) -> dict[tuple[str, str], str]:
    """{(context, message): its text} of a catalog."""
    return {(entry.msgctxt or "", entry.msgid): entry.msgstr for entry in entries}
