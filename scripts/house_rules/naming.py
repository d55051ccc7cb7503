"""Rules of naming: no riddles as identifiers, units in constants, a first line that says what a module is.

docs/house.md, "Names": what HTTP, SQL, Django and Celery have a word for is called by that word.
"""

import ast
import re
from collections.abc import Iterator

from scripts.house_rules.source import FileRule, Finding, SourceFile

# Words that say nothing of what they hold, compared without regard to case.
RIDDLES = {
    "told", "taken", "held", "kept", "said", "wish", "wished", "seen", "standing", "among", "beside",
    "manners", "deeds", "belongings", "nosy", "lasting", "ground", "trouble", "swifter", "untie", "bury",
    "quiet", "ear", "parcel", "furniture", "take_in", "let_go", "spelled", "mischief", "town", "village",
    "courier", "couriers", "lookout", "postman", "somebody", "nobody", "whoever", "stranger", "patience",
}  # fmt: skip
# Constants that name neither their subject nor their unit.
BARE_CONSTANTS = {
    "MOST", "LEAST", "LONGEST", "OLDEST", "EVERY", "BUDGET", "LATE", "FEW", "MANY", "ENOUGH",
}  # fmt: skip
# Where outsiders rely on the name: a JSON field, a column of an archive.
ALLOWED_RIDDLES: dict[str, set[str]] = {
    "desk/health.py": {"told"},  # JSON of /health/ready
    "comments/models/comment.py": {"held"},  # a state in the API of moderation
    "wire/api/serializers.py": {"furniture"},  # JSON of a version
}
SECONDS_COMMENT = re.compile(r"^[A-Z][A-Z0-9_]* *(?::[^=]+)?= *[\d._]+ *# *(?:in )?seconds\b")
SECONDS_NAME = re.compile(r"^[A-Z0-9_]*_SECONDS\b")
PERSONIFICATION = re.compile(
    r"\b(whoever|somebody|nobody|the house|a stranger|the world must hear|its own word|"
    r"the clock looks|who asks)\b",
    re.IGNORECASE,
)


def defined_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that a module defines: functions, classes, parameters, variables, attributes of self."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield node.lineno, node.asname
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.lineno, node.name


def no_riddles(file: SourceFile) -> Iterator[Finding]:
    allowed = ALLOWED_RIDDLES.get(file.path, set())
    if file.stem in RIDDLES:
        yield 1, f"{file.stem}: name the module by the standard term"
    for line, name in defined_names(file.tree):
        word = name.strip("_").lower()
        if word in RIDDLES and word not in allowed:
            yield line, f"{name}: say what it holds or does, by the standard term"
        elif name.strip("_") in BARE_CONSTANTS:
            yield line, f"{name}: say of what, and the unit: MAX_SITEMAP_URLS, LOCK_TIMEOUT_SECONDS"


def module_docstring(file: SourceFile) -> Iterator[Finding]:
    if file.tree.body and not (ast.get_docstring(file.tree) or "").strip():
        yield 1, "say in a docstring what this module is; its first line is the standard term"


def units_of_constants(file: SourceFile) -> Iterator[Finding]:
    for number, line in enumerate(file.text.splitlines(), 1):
        if SECONDS_COMMENT.match(line) and not SECONDS_NAME.match(line):
            yield number, "let the constant end in _SECONDS, or make it a timedelta"


def plain_first_lines(file: SourceFile) -> Iterator[Finding]:
    for node in ast.walk(file.tree):
        if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        first_line = (ast.get_docstring(node) or "").partition("\n")[0]
        if file.is_product and (match := PERSONIFICATION.search(first_line)):
            line = getattr(node, "lineno", 1)
            yield line, f"{match[0]!r} in a docstring's first line: say what it is, not a scene"


RULES: dict[str, FileRule] = {
    "no-riddles": no_riddles,
    "module-docstring": module_docstring,
    "units-of-constants": units_of_constants,
    "plain-first-lines": plain_first_lines,
}
