# What a newcomer needs: `make demo` to see it work, `make test` to check everything.
# Only Python 3.12 or newer, make and a package index are needed; the rest goes into $(VENV).

VENV ?= .venv
BIN := $(VENV)/bin

ifeq ($(origin PYTHON), undefined)
PYTHON := $(shell for python in python3.12 python3.13 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1 && echo $$python && break; done)
endif

# uv installs faster; one that is missing, broken or too old to know dependency groups is not used.
UV := $(shell uv pip install --help 2>/dev/null | grep -q -e --group && echo uv)
ifeq ($(UV),)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
else
INSTALL = uv pip install --quiet --python $(BIN)/python
endif

KERAS_UPGRADE = $(BIN)/keras-upgrade
# Material for MkDocs prints an advertisement for its successor otherwise.
MKDOCS = NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs
DEMO := demo-out

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test test-fast test-slow lint format bench docs docs-serve venv clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.execution  ## Migrate a copy of the examples, run it, and compare with Keras 2
	rm -rf $(DEMO)
	mkdir -p $(DEMO)
	cp -R examples $(DEMO)/before
	@# Exit status 1 says that something was found, or is left for a person: here that is the point.
	$(KERAS_UPGRADE) check $(DEMO)/before --no-checklist || test $$? -eq 1
	$(KERAS_UPGRADE) migrate $(DEMO)/before -o $(DEMO)/after --python $(BIN)/python --offline \
		--save-executed $(DEMO)/executed --summary=$(DEMO)/summary.md --report $(DEMO)/report.html || test $$? -eq 1
	@echo "In $(DEMO): the originals in before, the migrated chapters in after, as they ran in executed, summary.md; report.html tells it all."

test: lint test-fast test-slow  ## Run everything: lint, fast tests, slow tests

test-fast: $(VENV)/.dev  ## Run the tests that need no TensorFlow
	$(BIN)/python -m pytest -m "not slow"

test-slow: $(VENV)/.execution  ## Run the tests that run programs on Keras 2 and Keras 3
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/.dev  ## Check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/.dev  ## Put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/.execution $(VENV)-bench/.created  ## Measure speed and memory, beside other tools (minutes)
	PYTHONPATH=src $(BIN)/python -m bench --environment $(VENV)-bench $(BENCH) $(if $(PROGRAMS),--programs $(PROGRAMS))

docs: $(VENV)/.dev  ## Build the website into site/
	$(MKDOCS) build --strict --quiet

docs-serve: $(VENV)/.dev  ## Show the website while you write
	$(MKDOCS) serve

venv: $(VENV)/.execution  ## Make a virtual environment with everything

clean:  ## Remove what make has made
	rm -rf $(VENV) $(VENV)-bench $(DEMO) site .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Each stamp file says that a step is done, so that it is done again only when pyproject.toml changes.

$(VENV)/.created:
	@test -n "$(PYTHON)" || { \
		echo "Python 3.12 or newer was not found. Install it, or say where it is: make PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12) and "$(PYTHON) is older than Python 3.12")'
	$(PYTHON) -m venv $(VENV)
	@# pip knows dependency groups since 25.1
	$(if $(UV),,$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1')
	@touch $@

$(VENV)/.package: $(VENV)/.created pyproject.toml
	$(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.package
	$(INSTALL) --group dev --group docs
	@touch $@

$(VENV)/.execution: $(VENV)/.dev
	$(INSTALL) --group execution
	@touch $@

# The tools that `make bench` measures beside ours have an environment of their own.
$(VENV)-bench/.created: $(VENV)/.created pyproject.toml
	$(PYTHON) -m venv $(VENV)-bench
	$(if $(UV),,$(VENV)-bench/bin/python -m pip install --quiet --upgrade 'pip>=25.1')
	$(subst $(BIN)/python,$(VENV)-bench/bin/python,$(INSTALL)) --group bench
	@touch $@
