# make demo: see it work.  make test: the tests, but not the slow ones.  make check: lint, types, all tests but those that
# drive a browser.  make browser: those.

PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
WITH := -c constraints.txt -e
PYTEST := $(VENV)/bin/python -m pytest --numprocesses auto --maxprocesses 8 --dist worksteal

.PHONY: demo test check browser lint coverage clean

demo: $(VENV)/.installed
	$(VENV)/bin/wordsight demo

test: $(VENV)/.installed-test
	$(PYTEST) -m "not slow and not browser"

check: lint
	$(PYTEST)

# Needs Chromium; npm too, for axe-core and to see that the page that ships is what its sources make.
browser: $(VENV)/.installed-test
	if command -v npm > /dev/null; then npm ci --prefix explorer --ignore-scripts --no-audit --no-fund --silent; fi
	$(VENV)/bin/python -m pytest -m browser tests/explore

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
