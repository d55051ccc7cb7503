"""Compiler of the translation catalogs, .po to .mo: `python -m newsroom.messages`."""

import polib

from newsroom.conf.environment import PROJECT_ROOT


def compile_catalogs() -> int:
    """Compile all catalogs; their number."""
    catalogs = sorted(PROJECT_ROOT.glob("*/locale/*/LC_MESSAGES/*.po"))
    for catalog in catalogs:
        polib.pofile(str(catalog)).save_as_mofile(str(catalog.with_suffix(".mo")))
    return len(catalogs)


if __name__ == "__main__":
    print(f"{compile_catalogs()} catalogs compiled.")
