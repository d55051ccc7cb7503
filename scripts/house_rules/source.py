"""Source files of the project, parsed once, and what a rule says of them."""

import ast
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path

from scripts.settings import PROJECT_ROOT

APPS = (
    "newsroom", "accounts", "audit", "outbox", "media", "polls", "articles", "wire", "comments",
    "saves", "desk", "pages",
)  # fmt: skip
PRODUCT_FOLDERS = (*APPS, "scripts", "bench")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, order=True)
class Violation:
    """A broken rule: where, which, and what to do instead."""

    path: str
    line: int
    rule: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.remedy} [{self.rule}]"


@dataclass(frozen=True)
class SourceFile:
    """A Python file: its path from the project's root, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def stem(self) -> str:
        return Path(self.path).stem

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of its folders and of the module: ("desk", "admin", "drafts")."""
        return Path(self.path).with_suffix("").parts

    @property
    def is_product(self) -> bool:
        return self.parts[0] in PRODUCT_FOLDERS

    def functions(self) -> Iterator[Function]:
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def comments(self) -> Iterator[tuple[int, str]]:
        """Every comment with its line."""
        for token in tokenize.generate_tokens(StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


Finding = tuple[int, str]  # line, remedy
FileRule = Callable[[SourceFile], Iterable[Finding]]


def source_files() -> list[SourceFile]:
    """Every Python file of the project but migrations, in the order of their paths."""
    paths = [
        path
        for folder in [*PRODUCT_FOLDERS, "tests"]
        for path in sorted((PROJECT_ROOT / folder).rglob("*.py"))
        if not {"migrations", "node_modules"} & set(path.parts)
    ]
    return [SourceFile(str(p.relative_to(PROJECT_ROOT)), p.read_text("utf-8")) for p in paths]
