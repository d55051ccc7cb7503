# `make` lists the targets.
PYTHON := .venv/bin/python
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench scale lag messages openapi lock

help:  ## List what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run:  ## Start the newsroom: web, worker, beat
	./run

test:  ## Run the whole suite on SQLite and on PostgreSQL with Redis
	./test

lint: .venv/installed.json  ## Run every guard exactly as CI does
	scripts/lint

format: .venv/installed.json  ## Let ruff format and fix what it can
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

bench: .venv/installed.json  ## Measure requests a second beside constant bytes
	$(PYTHON) -m bench

lag: .venv/installed.json  ## Measure how late stories are seen, and how soon withdrawn ones are gone
	$(PYTHON) -m bench.lag

scale: .venv/installed.json  ## Measure readers' lists and search over 100,000 stories
	$(PYTHON) -m bench.scale
	$(PYTHON) -m bench.search

messages: .venv/installed.json  ## Compile the Korean texts (.po to .mo)
	$(PYTHON) -m newsroom.messages

openapi: .venv/installed.json  ## Write docs/openapi.yaml anew from the code
	DJANGO_SETTINGS_MODULE=tests.settings $(PYTHON) manage.py spectacular --lang en --fail-on-warn --file docs/openapi.yaml

lock:  ## Write requirements/*.txt anew from pyproject.toml (needs uv)
	$(COMPILE) --output-file requirements/run.txt pyproject.toml
	$(COMPILE) --output-file requirements/deploy.txt pyproject.toml --extra s3
	$(COMPILE) --output-file requirements/dev.txt pyproject.toml --group dev

.venv/installed.json: requirements/dev.txt
	scripts/start dev
