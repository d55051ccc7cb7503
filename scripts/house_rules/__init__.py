"""House rules: a linter for what ruff, mypy and import-linter do not know."""
