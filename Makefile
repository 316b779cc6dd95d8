# The two commands of the README are `make demo` and `make test`. `make help` lists the rest.
# PYTHON chooses the interpreter for a new .venv: make demo PYTHON=python3.12

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$p; break; }; done)

.DEFAULT_GOAL := help
.PHONY: help demo test deep lint types docs check-docs check bench clean

help: ## list what can be made
	@sed -n 's/^\([a-z][a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

demo: $(VENV)/.ready-run ## install, then run the main job on a shipped example
	$(BIN)/replan demo

test: $(VENV)/.ready-test ## install, then run the whole test suite
	$(BIN)/python -m pytest

deep: $(VENV)/.ready-test ## the test suite with many more generated cases per property
	HYPOTHESIS_PROFILE=deep $(BIN)/python -m pytest

lint: $(VENV)/.ready-dev ## style, spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell

types: $(VENV)/.ready-dev ## mypy --strict on the source, the tests and the command line
	$(BIN)/mypy --strict

docs: $(VENV)/.ready-dev ## write the generated pages and blocks anew
	$(BIN)/python docs/generate.py

check-docs: $(VENV)/.ready-dev ## fail if a generated page or block is stale
	$(BIN)/python docs/generate.py --check

check: test lint types check-docs ## all that a change must pass, but for the clean install

bench: $(VENV)/.ready-bench ## the benchmark, as ratios in one run
	$(BIN)/python bench/run.py
	$(BIN)/python bench/portfolio.py

clean: ## remove what make and the tools made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests docs -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "replan needs Python 3.11 or newer; none was found." \
		"Install it, or name it: make demo PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c '$(NEW_ENOUGH)' || { echo "replan needs Python 3.11 or newer;" \
		"$(PYTHON) is older or missing. Name another: make demo PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make a virtual" \
		"environment. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) install --quiet --upgrade 'pip>=25.1'

$(VENV)/.ready-run: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable .
	@touch $@

# dependency groups need the newer pip that the rule above installs
$(VENV)/.ready-test $(VENV)/.ready-dev $(VENV)/.ready-bench: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet 'pip>=25.1'
	$(PIP) install --quiet --editable . --group $(patsubst $(VENV)/.ready-%,%,$@)
	@touch $@
