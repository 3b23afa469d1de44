# Verbs for people and CI alike. A fresh machine needs python3 and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
WHAT_DECIDES := pyproject.toml build_messages.py

.PHONY: help run test test-all check format messages bench clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

.venv/.made:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	touch $@

.venv/.ready: .venv/.made $(WHAT_DECIDES)
	$(BIN)/pip install --quiet --editable '.[deep,notify]' || $(BIN)/pip install --quiet --editable .
	touch $@

.venv/.ready-to-develop: .venv/.made $(WHAT_DECIDES)
	$(BIN)/pip install --quiet --editable '.[deep,postgres,training,dev]'
	touch .venv/.ready $@

run: .venv/.ready  ## set up and start Sori with the demo company
	$(BIN)/sori up --demo

test: .venv/.ready-to-develop  ## set up and run the tests, on SQLite and on PostgreSQL
	$(BIN)/pytest -n 3 -m 'not slow'
	SORI_TEST_DATABASE=postgres $(BIN)/pytest -n 3 -m 'django_db and not slow and not browser and not once'

test-all: .venv/.ready-to-develop  ## the slow suites too
	$(BIN)/pytest
	SORI_TEST_DATABASE=postgres $(BIN)/pytest -m 'django_db and not browser'

check: .venv/.ready-to-develop  ## style, types, floors, the shape of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --quiet tests/architecture tests/documents

format: .venv/.ready-to-develop  ## let ruff tidy up
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: .venv/.ready-to-develop  ## compile the translations and list what is missing
	$(BIN)/python build_messages.py

bench: .venv/.ready-to-develop  ## every benchmark, one line each
	for script in board dead_channel explorer inbox lessons live matching pipeline surges themes understand; do $(BIN)/python benchmarks/$$script.py | tail -n 1; done

clean:  ## forget the environment and the demo's home
	rm -rf .venv var build dist
