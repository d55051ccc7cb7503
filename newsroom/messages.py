"""Compile every .po of the house into the .mo beside it: `python -m newsroom.messages`."""

from pathlib import Path

import polib

PROJECT_ROOT = Path(__file__).resolve().parent.parent


def compile_catalogs() -> int:
    """The number of catalogs written."""
    catalogs = sorted(PROJECT_ROOT.glob("*/locale/*/LC_MESSAGES/*.po"))
    for catalog in catalogs:
        polib.pofile(str(catalog)).save_as_mofile(str(catalog.with_suffix(".mo")))
    return len(catalogs)


if __name__ == "__main__":
    print(f"{compile_catalogs()} catalogs compiled.")
