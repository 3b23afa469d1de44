# Ten verbs for people and CI alike. A fresh machine needs python3 and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test test-all check format messages bench clean help

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(READY): pyproject.toml build_messages.py
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable '.[postgres,training,dev]'
	touch $@

run: $(READY)  ## set up and start Sori with the demo company
	$(BIN)/sori up --demo

test: $(READY)  ## set up and run the tests, on SQLite and on PostgreSQL
	$(BIN)/pytest -m 'not slow'

test-all: $(READY)  ## the slow suites too
	$(BIN)/pytest

check: $(READY)  ## style, types, floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)  ## let ruff tidy up
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: $(READY)  ## collect texts to translate and compile the translations
	$(BIN)/python build_messages.py

bench: $(READY)  ## every benchmark, one line each
	for script in benchmarks/[a-z]*.py; do $(BIN)/python $$script | tail -n 1; done

clean:  ## forget the environment and the demo's home
	rm -rf .venv var build dist
