# Everything here needs Python 3.11 or newer, git and make, and nothing else: each target makes what it stands on.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready

.PHONY: demo test lint bench clean help

help:
	@echo "make demo    render the example customers to the terminal"
	@echo "make test    run the tests (those in a browser where Chromium is installed)"
	@echo "make lint    check format, style and types"
	@echo "make bench   measure speed beside the usual ways"
	@echo "make clean   remove what the others made"

# The pip that comes with a Python may be too old for dependency groups.
$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group test
	@touch $(READY)

$(VENV)/.linted: $(READY)
	$(BIN)/python -m pip install --quiet --group lint
	@touch $@

demo: $(READY)
	@PATH="$(abspath $(BIN)):$$PATH" ./examples/customers/demo.sh

test: $(READY)
	$(BIN)/python -m pytest --cov=rr_snippet --cov-fail-under=100 $(PYTEST_OPTIONS)

lint: $(VENV)/.linted
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python benchmarks/tojson.py

clean:
	rm -rf $(VENV) build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache artefacts
