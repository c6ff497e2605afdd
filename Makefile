# make demo     the forms and reports of the built-in checklist, into output/
# make test     lint and every test; installs what the tests need where that is possible
# make lint     ruff and mypy
# make bench    times, side by side with the plain libraries
# make clean    back to a fresh checkout
#
# Each target installs what it needs into .venv and may be repeated. PYTHON=python3.12 make test takes another Python.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE_MODULES := tests/node/node_modules
PYPDFFORM := .cache/pypdfform
WORKERS ?= 2

.DEFAULT_GOAL := demo
.PHONY: demo test lint bench clean programs

demo: $(VENV)/runtime.stamp
	$(BIN)/python tools/demo.py

test: lint $(VENV)/dev.stamp $(NODE_MODULES)/.stamp $(PYPDFFORM)/.stamp programs
	$(BIN)/python -m pytest -n $(WORKERS) --durations=15 --durations-min=1

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) $(NODE_MODULES) .cache dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find output -mindepth 1 ! -name .gitkeep -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

programs:
	@bash tools/install_test_programs.sh

# Dependency groups need pip 25.1; Debian 12 has 23. Debian's python3 without python3-venv can't bring its own pip along.
$(VENV)/pip.stamp:
	$(PYTHON) -m venv $(VENV) || { \
	  $(PYTHON) -m venv --clear --without-pip $(VENV) && $(PYTHON) -m pip --python $(BIN)/python install -qq pip; \
	}
	$(BIN)/python -m pip install -qq --disable-pip-version-check --upgrade "pip>=25.1"
	touch $@

$(VENV)/runtime.stamp: pyproject.toml $(VENV)/pip.stamp
	$(BIN)/python -m pip install -qq --editable .
	touch $@

$(VENV)/dev.stamp: pyproject.toml $(VENV)/pip.stamp
	$(BIN)/python -m pip install -qq --editable . --group dev
	touch $@ $(VENV)/runtime.stamp

# Without npm the tests that need a node package are skipped by name; in CI they fail.
$(NODE_MODULES)/.stamp: tests/node/package.json
	@if command -v npm >/dev/null; then \
	  npm install --prefix tests/node --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error; \
	else \
	  echo "npm is not installed: tests that need its packages will be skipped"; \
	fi
	@mkdir -p $(@D) && touch $@

# PyPDFForm needs older versions of pypdf and Pillow than ozgdoc, so it gets a folder of its own.
$(PYPDFFORM)/.stamp: Makefile $(VENV)/pip.stamp
	rm -rf $(PYPDFFORM)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --target $(PYPDFFORM) "pypdfform>=6,<7"
	touch $@
