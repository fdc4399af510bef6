# Status Portal. `make help` lists the commands. A first `make run` needs python3 (3.11 or newer), make and a compiler.
.DEFAULT_GOAL := help
SHELL := /bin/bash

VENV ?= .venv
PY := $(VENV)/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
# Test processes. Each keeps its own database server when PostgreSQL is tested, so more than cores is waste.
JOBS ?= 2
TESTS ?= tests
PYTEST_ARGS ?=
# The first interpreter on the PATH that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)

# What the front end and the message catalogues are made from.
SOURCES := $(shell find statusportal/web/assets statusportal/web/translations -type f \
	-not -name '*.mo' -not -path '*/__pycache__/*' 2>/dev/null) $(wildcard package.json package-lock.json)
BUILT := $(VENV)/.stamp-build

# Where it is set, every server that a test starts would compile all of the portal anew.
export PYTHONDONTWRITEBYTECODE :=

# Two of these at once would install into one folder.
.NOTPARALLEL:

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none is on the PATH." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Two stamps: a user's `make run` never fetches the test tools.
$(VENV)/.stamp-run: pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.stamp-dev: pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.stamp-run

$(BUILT): $(SOURCES) | $(VENV)/.stamp-run
	@if [ -f statusportal/web/assets/build.py ]; then $(PY) -m statusportal.web.assets.build; fi
	@touch $@

.PHONY: install install-run
install: $(VENV)/.stamp-dev $(BUILT) ## Install everything, the test tools too, into .venv
install-run: $(VENV)/.stamp-run $(BUILT)

.PHONY: run
run: install-run ## Seed a demo fleet if the store is empty and serve on 127.0.0.1:8000
	STATUSPORTAL_HOST=$(HOST) STATUSPORTAL_PORT=$(PORT) $(VENV)/bin/statusportal demo --if-empty
	exec $(VENV)/bin/statusportal serve --host $(HOST) --port $(PORT)

.PHONY: test
test: install ## Run the whole suite
	$(PY) -m pytest $(TESTS) -n $(JOBS) --dist loadfile --no-loadscope-reorder -m "not slow" $(PYTEST_ARGS)

.PHONY: bench
bench: install ## Run the benchmarks; each prints ratios against the peers found here
	$(PY) -m bench

.PHONY: screenshots
screenshots: install ## Take the pictures of docs/ from a fresh demo, with Debian's chromium
	$(PY) docs/screenshots.py

.PHONY: sure
sure: check-format check-lint check-types check-imports check-dependencies check-licences test ## Run everything the continuous integration runs

.PHONY: check-format check-lint check-types check-imports check-dependencies check-licences
check-format: install
	$(PY) -m ruff format --check .
check-lint: install
	$(PY) -m ruff check .
check-types: install
	$(PY) -m mypy
check-imports: install
	$(VENV)/bin/lint-imports
check-dependencies: install
	$(PY) -m deptry .
check-licences: install
	$(PY) .ci/licences.py

.PHONY: nightly
nightly: sure ## Run what is too long for every change, after everything else
	$(PY) -m pytest $(TESTS) -m slow --timeout 3600 $(PYTEST_ARGS) || [ $$? -eq 5 ]

.PHONY: format
format: install ## Rewrite the code in the house's format
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix-only .

.PHONY: clean
clean: ## Remove what can be made again; the data folder is left alone
	rm -rf $(VENV) build dist node_modules statusportal/web/static/build *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find statusportal -name '*.mo' -delete
