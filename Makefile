# Everything here needs only Python 3.11 or newer, git and make. Each target makes what it depends on.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready
FUZZ_COUNT ?= 20000
FUZZ_SECONDS ?= 30

.PHONY: demo test lint docs help-texts check-corpus speed bench bench-pages bench-bulk bulk-engines fuzz safety audit clean help

help:
	@echo "make demo    render the example customers to the terminal"
	@echo "make test    run the tests (those in a browser where Chromium is installed)"
	@echo "make lint    check format, style and types"
	@echo "make docs    write the documentation site to build/docs/index.html"
	@echo "make speed   fail if rendering has become twice as slow"
	@echo "make bench   measure speed beside the usual ways; make bench-pages and bench-bulk do so for pages and rows"
	@echo "make fuzz    look for inputs that break a promise, then put blocks into random pages, with browsers' eyes"
	@echo "make safety  put every hostile string into every place and context, with Chromium as judge"
	@echo "make bulk-engines  run the recipes for Spark (needs Java 17) and Ray on the real things"
	@echo "make check-corpus  print how much of the corpus of rr-snippet check is found, and how much is found in vain"
	@echo "make audit   ask the database of advisories about what the package needs (needs the network)"
	@echo "make help-texts  write the help of every command anew, as the tests keep it"
	@echo "make clean   remove what the others made"

# Python's own pip may be too old for dependency groups.
$(READY): pyproject.toml
	@echo "Installing rr-snippet, every framework and the tools of the tests into $(VENV): some minutes at first ..."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group test
	@touch $(READY)

$(VENV)/.linted: $(READY)
	$(BIN)/python -m pip install --quiet --group lint
	@touch $@

$(VENV)/.benched: $(READY)
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

$(VENV)/.audited: $(READY)
	$(BIN)/python -m pip install --quiet --group audit
	@touch $@

# Only what a shop installs, so that a first look takes seconds.
DEMO = $(VENV)-demo
$(DEMO)/.ready: pyproject.toml
	@echo "Installing rr-snippet and what it needs, about a dozen packages, into $(DEMO) ..."
	@$(PYTHON) -m venv $(DEMO)
	@$(DEMO)/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

demo: $(DEMO)/.ready
	@PATH="$(abspath $(DEMO)/bin):$$PATH" ./examples/customers/demo.sh

test: $(READY)
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal $(PYTEST_OPTIONS)

lint: $(VENV)/.linted
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/basedpyright

$(VENV)/.documented: $(READY)
	$(BIN)/python -m pip install --quiet --group docs
	@touch $@

# Strict: a broken link or anchor is an error, and so is a page without an entry in the menu.
docs: $(VENV)/.documented
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --config-file docs/site/mkdocs.yml
	@echo "build/docs/index.html"

help-texts: $(READY)
	$(BIN)/python -m tests.support.help_texts

check-corpus: $(READY)
	$(BIN)/python -m tests.check.measure

# The figures that CI keeps: ratios with a margin that noise does not reach.
speed: $(READY)
	$(BIN)/python benchmarks/keep.py

bench: $(VENV)/.benched
	$(BIN)/python benchmarks/speed.py $(BENCH_OPTIONS)
	$(BIN)/python benchmarks/bulk.py

bench-pages: $(VENV)/.benched
	$(BIN)/python benchmarks/pages.py

bench-bulk: $(READY)
	$(BIN)/python benchmarks/bulk.py

$(VENV)/.fuzzed: $(READY)
	$(BIN)/python -m pip install --quiet --group fuzz
	@touch $@

# First the targets, each for FUZZ_SECONDS, then pages. Of their judges only Chromium is a browser. The other parsers have
# faults of their own, which the files describe.
fuzz: $(VENV)/.fuzzed
	$(BIN)/python tests/fuzzing/run.py all $(FUZZ_SECONDS)
	$(BIN)/python tests/fuzzing/russian_phones.py 1000000
	$(BIN)/python tests/fuzzing/chromium.py $(FUZZ_COUNT)
	$(BIN)/python tests/fuzzing/pages.py $(FUZZ_COUNT)

# The benchmark's environment, for the other escapers.
safety: $(VENV)/.benched
	$(BIN)/python tests/hostile/run.py --general $(SAFETY_OPTIONS)

# Both engines have hundreds of megabytes and their own versions of packages, so they get their own environment.
bulk-engines:
	$(PYTHON) -m venv $(VENV)-engines
	$(VENV)-engines/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(VENV)-engines/bin/python -m pip install --quiet --editable . --group bulk-engines
	$(VENV)-engines/bin/python -m pytest -p no:cacheprovider -W default examples/bulk

# A new environment with only what users get. Strict, because otherwise a package that cannot be looked up is reported as
# "No known vulnerabilities found", and without a network that is every package.
audit: $(VENV)/.audited
	$(PYTHON) -m venv --clear $(VENV)-audit
	$(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check ".[all]"
	$(VENV)-audit/bin/python -m pip freeze --exclude rr-snippet >$(VENV)-audit/releases.txt
	$(BIN)/pip-audit --strict --no-deps --disable-pip --requirement $(VENV)-audit/releases.txt $(AUDIT_OPTIONS)

clean:
	rm -rf $(VENV) $(VENV)-audit $(VENV)-demo $(VENV)-engines build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache artefacts
