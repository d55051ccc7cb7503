# `make` lists the targets.
PYTHON := .venv/bin/python
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench scale lag messages openapi schema lock

help:  ## List what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run:  ## Start web, worker and beat
	./run

test:  ## Run the whole suite on SQLite and on PostgreSQL with Redis
	./test

lint: .venv/installed.json  ## Run every linter exactly as CI does
	scripts/lint

format: .venv/installed.json  ## Let ruff format and fix what it can
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

bench: .venv/installed.json  ## Measure requests per second beside a constant view
	$(PYTHON) -m bench

lag: .venv/installed.json  ## Measure publication and withdrawal lag
	$(PYTHON) -m bench.lag

scale: .venv/installed.json  ## Measure lists and search over 100,000 articles
	$(PYTHON) -m bench.scale
	$(PYTHON) -m bench.search

messages: .venv/installed.json  ## Compile the Korean texts (.po to .mo)
	$(PYTHON) -m newsroom.messages

openapi: .venv/installed.json  ## Generate docs/openapi.yaml
	DJANGO_SETTINGS_MODULE=tests.settings $(PYTHON) manage.py spectacular --lang en --fail-on-warn --file docs/openapi.yaml

schema: .venv/installed.json  ## Write the schema snapshot, which a new SQLite database is made of
	$(PYTHON) -m newsroom.db.schema_snapshot

lock:  ## Generate requirements/*.txt from pyproject.toml (needs uv)
	$(COMPILE) --output-file requirements/run.txt pyproject.toml
	$(COMPILE) --output-file requirements/deploy.txt pyproject.toml --extra s3
	$(COMPILE) --output-file requirements/dev.txt pyproject.toml --group dev

.venv/installed.json: requirements/dev.txt
	scripts/start dev
