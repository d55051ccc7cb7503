"""Linter of house rules: `python -m scripts.house_rules` prints every violation with its remedy.

Exit status 1 where there is one.  What stands in baseline.txt is tolerated: `--write-baseline` writes it
anew from what is found, for the rules of naming alone.  It is to shrink: an entry that is no longer met is
a violation too.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.house_rules import naming, structure, translations
from scripts.house_rules.source import FileRule, SourceFile, Violation, source_files

BASELINE = Path(__file__).resolve().parent / "baseline.txt"
FILE_RULES: dict[str, FileRule] = structure.RULES | naming.RULES
Tolerated = Counter[tuple[str, str]]  # how often by path and rule


def violations_of(file: SourceFile) -> Iterator[Violation]:
    for name, rule in FILE_RULES.items():
        for line, remedy in rule(file):
            yield Violation(file.path, line, name, remedy)


def all_violations() -> list[Violation]:
    files = source_files()
    found = [violation for file in files for violation in violations_of(file)]
    found += translations.missing_translations(files)
    found += translations.stale_catalogs()
    found += translations.conflicting_texts()
    return sorted(found)


def read_baseline(text: str) -> Tolerated:
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return Counter({(path, rule): int(count) for path, rule, count in rows})


def baseline_of(violations: Iterable[Violation]) -> Tolerated:
    return Counter((one.path, one.rule) for one in violations if one.rule in naming.RULES)


def write_baseline(tolerated: Tolerated) -> str:
    rows = [f"{path} {rule} {count}" for (path, rule), count in sorted(tolerated.items())]
    return "\n".join(["# Path, rule, number of violations that are still tolerated.", *rows, ""])


def not_tolerated(violations: Iterable[Violation], tolerated: Tolerated) -> list[Violation]:
    """The violations beyond the baseline, and its entries that are too high."""
    found = list(violations)
    counts = Counter((one.path, one.rule) for one in found)
    beyond = [one for one in found if counts[one.path, one.rule] > tolerated[one.path, one.rule]]
    remedy = "met fewer times than baseline.txt says: run `python -m scripts.house_rules --write-baseline`"
    stale = [
        Violation(path, 1, rule, remedy)
        for (path, rule), count in tolerated.items()
        if counts[path, rule] < count
    ]
    return sorted(beyond + stale)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.house_rules", description=__doc__)
    parser.add_argument("--write-baseline", action="store_true")
    violations = all_violations()
    if parser.parse_args().write_baseline:
        BASELINE.write_text(write_baseline(baseline_of(violations)))
    tolerated = read_baseline(BASELINE.read_text()) if BASELINE.exists() else Counter()
    broken = not_tolerated(violations, tolerated)
    for violation in broken:
        print(violation)
    if broken:
        print(f"{len(broken)} violations of house rules", file=sys.stderr)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
