# make demo: see it work.  make test: the tests, but not the slow ones.  make check: all that continuous integration checks.

PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
WITH := -c constraints.txt -e
PYTEST := $(VENV)/bin/python -m pytest --numprocesses auto --maxprocesses 8 --dist worksteal

.PHONY: demo test check lint coverage clean

demo: $(VENV)/.installed
	$(VENV)/bin/wordsight demo

test: $(VENV)/.installed-test
	$(PYTEST) -m "not slow"

check: lint
	$(PYTEST)

lint: $(VENV)/.installed-test
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

coverage: $(VENV)/.installed-test
	$(PYTEST) --cov

clean:
	rm -rf $(VENV)

# A stamp says that what it names is installed; it is out of date when what to install has changed.
$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "installing wordsight into $(VENV) (once; some minutes)"
	$(PIP) install $(WITH) .
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "installing wordsight and what its tests need into $(VENV) (once; some minutes)"
	$(PIP) install $(WITH) '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wordsight needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
