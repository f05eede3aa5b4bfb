# Every target makes .venv by itself where it is missing or older than pyproject.toml.
# PYTHON names another interpreter: make PYTHON=python3.12 run

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock
# buf finds its plugins, and tests their tools, by PATH.
RUN := PATH="$(CURDIR)/$(BIN):$$PATH"

# Files beside each other, each process with an engine of its own; a third one for two processors, since many
# tests wait for a server to start or to end.
SPREAD := --numprocesses 3 --dist loadfile
# They wait for the engine to let go of old parts: beside the kinds of insights that costs no time.
WAITING := tests/identity/test_disk.py

# How many events `make bench` asks about: make bench EVENTS=20000000
EVENTS ?= 1000000

# Worlds and specs that no other run compares: make oracle SEED=7
SEED ?=
SEEDED := $(if $(SEED),--hypothesis-profile=seeded --hypothesis-seed=$(SEED))

.DEFAULT_GOAL := help
.PHONY: help run test oracle bench check gen gen-check breaking fmt lint type lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## serve the demo project and print first commands to ask it
	@$(BIN)/eventglass serve --demo

test: $(VENV)/.dev ## run all tests
	@$(RUN) $(BIN)/pytest $(SPREAD) --ignore tests/agreement --ignore $(WAITING)
	@$(RUN) $(BIN)/pytest $(SPREAD) $(WAITING) tests/agreement

oracle: $(VENV)/.dev ## compare the engine with the oracle at full size (an hour on two cores); SEED draws other worlds
	@ORACLE_RUN=full $(RUN) $(BIN)/pytest $(SPREAD) $(SEEDED) tests/agreement

bench: $(VENV)/.dev ## time the reference insights (docs/performance.md); EVENTS says of how many events
	@$(RUN) python -m benchmarks.reference --events $(EVENTS)

check: gen-check lint breaking type test ## everything that must pass before a change

gen: $(VENV)/.dev ## generate gen/ from proto/
	@$(RUN) buf generate

gen-check: $(VENV)/.dev ## prove that gen/ is what proto/ generates
	@$(RUN) python tools/check_generated.py

breaking: $(VENV)/.dev ## prove that proto/ breaks no caller of the committed version
	@$(RUN) python tools/check_breaking.py

fmt: $(VENV)/.dev ## format code and proto files
	@$(RUN) ruff check --quiet --fix-only .
	@$(RUN) ruff format .
	@$(RUN) buf format --write

lint: $(VENV)/.dev ## ruff and buf: style and form
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) buf lint
	@$(RUN) buf format --diff --exit-code

type: $(VENV)/.dev ## mypy --strict
	@$(RUN) mypy

lock: $(VENV)/.dev ## write the installed versions to requirements.lock
	@$(RUN) python tools/lock.py

clean: ## remove the environment and caches; data stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.run: pyproject.toml requirements.lock | $(BIN)/pip
	@echo "Installing what eventglass needs into $(VENV); this takes a minute, once."
	@$(PIP) --editable '.[demo]'
	@touch $@

$(VENV)/.dev: pyproject.toml requirements.lock | $(BIN)/pip
	@echo "Installing what eventglass and its tests need into $(VENV); this takes a minute or two, once."
	@$(PIP) --editable '.[dev]'
	@touch $(VENV)/.run $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "eventglass needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true)."; \
	  echo "Install one, or name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
