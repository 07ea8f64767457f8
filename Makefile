# make up     set up everything and run it with demo data   (PORT=8000)
# make test   set up everything and run the whole suite     (checks, units, hostile plugins, browser)
# make check  ruff, mypy, import contracts, alembic drift, untranslated strings
# make bench  measure, print ratios, rewrite docs/performance.md
# make clean  remove what set-up made (never the data folder var/)

PORT ?= 8000
PYTHON ?= python3
# Tests wait for processes a third of their time, so two for each processor.
WORKERS ?= $(shell echo $$((2 * $$(nproc))))
BIN := .venv/bin
# Some machines tell Python to keep no bytecode: every process would compile every line again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: up test check bench setup setup-test clean

up: setup
	@exec $(BIN)/lumbung up --demo --port $(PORT)

test: setup-test check
	LUMBUNG_PICTURES=0 $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -q tests

check: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports
	$(BIN)/python -m registry.web.translations check
	$(BIN)/python -m pytest -q tests/test_migrations.py

bench: setup
	$(BIN)/python -m bench

setup:
	@deploy/setup.sh "$(PYTHON)" run

setup-test:
	@deploy/setup.sh "$(PYTHON)" dev

clean:
	rm -rf .venv node_modules registry/web/static/vendor registry/tenants/documents/fonts
