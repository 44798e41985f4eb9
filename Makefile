# Two commands for everybody: `make demo` and `make test`. Both work on a bare machine with Python 3.11 or later.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types clean bench

$(VENV)/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "eventcoder needs Python 3.11 or later; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: $(VENV)/ready
	$(BIN)/eventcoder code seeds/stories.csv --output events.csv --overwrite

lint: $(VENV)/ready-dev
	$(BIN)/ruff check .

types: $(VENV)/ready-dev
	$(BIN)/mypy

test: $(VENV)/ready-dev lint types
	$(BIN)/python -m pytest --numprocesses 2

bench: $(VENV)/ready-dev
	$(BIN)/python -m pytest tests/bench -m bench -s

clean:
	rm -rf $(VENV) build dist *.egg-info events.csv events.*.csv events.*.json events.*.jsonl
