"""House rules of scripts/house_rules: each refuses what it forbids, and nothing else."""

from pathlib import Path

import polib
import pytest

from scripts.house_rules import __main__ as linter
from scripts.house_rules import translations
from scripts.house_rules.source import SourceFile, Violation, source_files
from scripts.settings import PROJECT_ROOT

DOC = '"""A module."""\n'
# Rule, path, a text that breaks it, a text that keeps it.
EXAMPLES = [
    ("file-length", "desk/a.py", DOC + "x = 1\n" * 300, DOC + "x = 1\n" * 299),
    ("file-name", "desk/utils.py", DOC, None),
    ("function-length", "desk/a.py", "def f():\n" + "    x = 1\n" * 40, "def f():\n" + "    x = 1\n" * 39),
    ("imports-at-top", "desk/a.py", "def f():\n    import os\n", "import os\n"),
    ("edges-do-not-write", "desk/api/views/a.py", "A.objects.update(x=1)", "A.objects.filter(x=1)"),
    (
        "action-signatures",
        "desk/actions/a.py",
        "@atomic\ndef f(draft, by): ...",
        "@atomic\ndef f(draft, *, by): ...",
    ),
    ("actions-never-enqueue", "desk/actions/a.py", "publish.delay()", "publish()"),
    ("rules-know-no-request", "desk/status.py", "from django.http import Http404", "import os"),
    ("no-signal-receivers", "desk/a.py", "signals.post_save.connect(f)", "connect(f)"),
    ("live-edition-writers", "articles/a.py", "article.live = edition", "article.live == edition"),
    ("no-riddles", "desk/a.py", "told = 1", "response = 1"),
    ("no-riddles", "desk/a.py", "def f(wish): ...", "def f(params): ..."),
    ("no-riddles", "desk/a.py", "class Told: ...", "class Response: ..."),
    ("no-riddles", "tests/a.py", "self.kept = 1", "self.cached = 1"),
    ("no-riddles", "desk/a.py", "MOST = 500", "MAX_ENTRIES = 500"),
    ("no-riddles", "desk/postman.py", DOC, None),
    ("module-docstring", "desk/a.py", "x = 1", DOC + "x = 1"),
    ("units-of-constants", "desk/a.py", "WAIT = 3  # seconds", "WAIT_SECONDS = 3  # seconds"),
    (
        "plain-first-lines",
        "desk/a.py",
        'def f():\n    """Whoever asks."""',
        'def f():\n    """The client."""',
    ),
]  # fmt: skip


def rules_broken(path: str, text: str) -> set[str]:
    return {violation.rule for violation in linter.violations_of(SourceFile(path, text))}


@pytest.mark.parametrize(("rule", "path", "bad", "good"), EXAMPLES)
def test_rule_is_broken_by_what_it_forbids_alone(
    rule: str, path: str, bad: str, good: str | None
) -> None:
    assert rule in rules_broken(path, bad)
    assert good is None or rule not in rules_broken(path, good)


def test_every_rule_has_an_example() -> None:
    assert {rule for rule, *_ in EXAMPLES} == set(linter.FILE_RULES)


def test_a_name_that_outsiders_rely_on_is_allowed() -> None:
    assert "no-riddles" not in rules_broken("desk/health.py", "told: str = ''")
    assert "no-riddles" in rules_broken("desk/health.py", "kept: str = ''")


def test_a_violation_is_printed_with_place_and_remedy() -> None:
    (violation,) = linter.violations_of(SourceFile("desk/utils.py", DOC))
    assert str(violation) == "desk/utils.py:1: name the file after what is in it [file-name]"


def test_files_of_product_and_tests_are_looked_at() -> None:
    paths = {file.path for file in source_files()}
    here = str(Path(__file__).relative_to(PROJECT_ROOT))
    assert {"desk/health.py", "scripts/serve.py", "bench/lag.py", here} <= paths


# -- the baseline ---------------------------------------------------------------------------------


def riddle(line: int) -> Violation:
    return Violation("desk/a.py", line, "no-riddles", "say what it holds")


def test_baseline_tolerates_so_many_violations_of_naming_in_a_file() -> None:
    tolerated = linter.baseline_of([riddle(1), riddle(2)])
    assert linter.not_tolerated([riddle(5), riddle(6)], tolerated) == []
    assert len(linter.not_tolerated([riddle(5), riddle(6), riddle(7)], tolerated)) == 3


def test_baseline_that_is_too_high_is_a_violation() -> None:
    tolerated = linter.baseline_of([riddle(1), riddle(2)])
    (stale,) = linter.not_tolerated([riddle(1)], tolerated)
    assert "--write-baseline" in stale.remedy


def test_baseline_never_tolerates_a_broken_rule_of_structure() -> None:
    assert not linter.baseline_of([Violation("desk/a.py", 1, "file-length", "split it")])


def test_baseline_is_read_as_it_was_written() -> None:
    tolerated = linter.baseline_of([riddle(1), riddle(2)])
    assert linter.read_baseline(linter.write_baseline(tolerated)) == tolerated


# -- translations ---------------------------------------------------------------------------------


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A project whose desk has one sentence in Korean, compiled."""
    folder = tmp_path / "desk" / "locale" / "ko" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = polib.POFile()
    catalog.append(polib.POEntry(msgid="Publish", msgstr="발행"))
    catalog.save(str(folder / "django.po"))
    catalog.save_as_mofile(str(folder / "django.mo"))
    return folder / "django.po"


@pytest.mark.parametrize(
    "text", ['_("Withdraw")', 'pgettext("verb", "Withdraw")', 'gettext_lazy("Withdraw")']
)
def test_a_sentence_without_korean_is_a_violation(tmp_path: Path, catalog: Path, text: str) -> None:
    files = [SourceFile("desk/a.py", text), SourceFile("desk/b.py", '_("Publish")')]
    (missing,) = translations.missing_translations(files, root=tmp_path)
    assert missing.path == "desk/a.py"
    assert "'Withdraw'" in missing.remedy


def test_a_sentence_of_a_template_without_korean_is_a_violation(
    tmp_path: Path, catalog: Path
) -> None:
    template = tmp_path / "desk" / "templates" / "desk" / "a.html"
    template.parent.mkdir(parents=True)
    template.write_text('<p>{% translate "Publish" %}</p>\n{% translate "Withdraw" %}')
    (missing,) = translations.missing_translations([], root=tmp_path)
    assert (missing.path, missing.line) == ("desk/templates/desk/a.html", 2)
    template.write_text('{% translate "Publish" context "page" %}')
    (missing,) = translations.missing_translations([], root=tmp_path)
    assert "'Publish' with the context 'page'" in missing.remedy
    template.write_text("{% blocktranslate trimmed %}\n Withdraw\n {{ n }} {% endblocktranslate %}")
    (missing,) = translations.missing_translations([], root=tmp_path)
    assert "'Withdraw %(n)s'" in missing.remedy


def test_a_message_with_two_korean_texts_is_a_violation(tmp_path: Path, catalog: Path) -> None:
    assert list(translations.conflicting_texts(root=tmp_path)) == []
    other = tmp_path / "wire" / "locale" / "ko" / "LC_MESSAGES" / "django.po"
    other.parent.mkdir(parents=True)
    other.write_text(catalog.read_text().replace("발행", "내보내기"))
    (conflict,) = translations.conflicting_texts(root=tmp_path)
    assert conflict.path == "wire/locale/ko/LC_MESSAGES/django.po"
    other.write_text(other.read_text().replace("msgid", 'msgctxt "wire"\nmsgid'))
    assert list(translations.conflicting_texts(root=tmp_path)) == []


def test_a_catalog_that_was_not_compiled_is_a_violation(tmp_path: Path, catalog: Path) -> None:
    assert list(translations.stale_catalogs(root=tmp_path)) == []
    catalog.write_text(catalog.read_text().replace("발행", "내보내기"))
    (stale,) = translations.stale_catalogs(root=tmp_path)
    assert stale.remedy == "run `make messages`"
