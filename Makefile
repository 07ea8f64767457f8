# make up     set up everything and run it with demo data   (PORT=8000)
# make test   set up everything and run the whole suite     (checks, units, hostile plugins, browser)
# make check  ruff, mypy, import contracts, alembic drift, untranslated strings
# make bench  measure, print ratios, rewrite docs/performance.md
# make clean  remove what set-up made (never the data folder var/)

PORT ?= 8000
PYTHON ?= python3
TESTS ?= tests
# Tests wait for processes as long as they compute, so three for each processor.
WORKERS ?= $(shell echo $$((3 * $$(nproc))))
BIN := .venv/bin
# Tests write and remove some hundred thousand small files: in memory, where there is enough of it and programs may be
# started from there, they wait for no disk and its journal.
MEMORY := $(shell df --output=avail /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 > 6e6' | grep -q . \
	&& awk '/^MemAvailable/ && $$2 > 10e6' /proc/meminfo | grep -q . \
	&& ! grep -q ' /dev/shm tmpfs [^ ]*noexec' /proc/mounts && [ -w /dev/shm ] && echo /dev/shm)
# Some machines tell Python to keep no bytecode: every process would compile every line again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: up test check bench setup setup-test clean

up: setup
	@exec $(BIN)/lumbung up --demo --port $(PORT)

test: setup-test check
	@scratch=$$(mktemp -d $(or $(MEMORY),$${TMPDIR:-/tmp})/lt.XXXX) && chmod 755 $$scratch && trap 'rm -rf $$scratch' EXIT && \
	TMPDIR=$$scratch LUMBUNG_PICTURES=0 $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -q $(TESTS)

check: setup-test
	$(BIN)/ruff check .
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
