# `make` alone lists what there is. Nothing but Python 3.11 or newer is needed; everything goes into .venv and var.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p; done) python3)
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run dev test lint bench pins backup restore clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: $(VENV)/installed ## serve the site at http://localhost:8000 (PORT=… for another port)
	@exec $(BIN)/python manage.py start

dev: $(VENV)/installed ## serve it for development: errors in full, files reloaded as they change
	@DEBUG=true $(BIN)/python manage.py prepare
	@DEBUG=true exec $(BIN)/python manage.py runserver $${PORT:-8000}

test: $(VENV)/installed-dev ## run every check and test; ARGS=… goes to pytest
	@exec $(BIN)/python tests/run.py $(ARGS)

lint: $(VENV)/installed-dev ## style and types alone
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

bench: $(VENV)/installed ## measure the reading page against a bare view (benchmarks/ has more)
	@$(BIN)/python -m benchmarks.reading_page $(ARGS)

pins: $(VENV)/installed ## compile requirements*.txt from requirements*.in; ARGS=--upgrade for newer versions
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --no-emit-index-url --python-version 3.11 --annotation-style line $(ARGS) requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --no-emit-index-url --python-version 3.11 --annotation-style line $(ARGS) requirements-dev.in -o requirements-dev.txt

backup: $(VENV)/installed ## keep a copy of the database in var/backups, also while it serves
	@$(BIN)/python manage.py backup

restore: $(VENV)/installed ## bring a copy back: make restore FILE=var/backups/…
	@$(BIN)/python manage.py restore "$(FILE)"

clean: ## forget installed packages and caches; what people wrote, in var, stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and $$($(PYTHON) --version 2>/dev/null || echo none) was found." ; \
		echo "Install it (Debian, Ubuntu: apt install python3 python3-venv), or name it: make run PYTHON=/path/to/python3" ; \
		exit 1 ; } >&2
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "This Python cannot make a virtual environment. Debian, Ubuntu: apt install python3-venv" ; \
		exit 1 ; } >&2
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

# The marker files are older than the lists when packages have to be installed.
$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing packages …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
