# Two commands on a fresh machine: `make run` and `make test`. Python 3.11-3.13, pip and make are all it takes.
.PHONY: run test bench lint format clean
.DEFAULT_GOAL := run

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt

run: $(VENV)/.runtime
	@exec $(BIN)/nightjar run

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow" $(ARGS)

bench: $(VENV)/.bench
	@$(BIN)/python -m benchmarks $(ARGS)

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Nightjar needs Python 3.11, 3.12 or 3.13: install one and run make again." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Could not create $(VENV): install the venv module (Debian: apt install python3-venv) and run make again." >&2; exit 2; }

$(VENV)/.runtime: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Nightjar (once, about a minute)..." >&2
	@$(PIP) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Nightjar and its test tools (once, about a minute)..." >&2
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.runtime

$(VENV)/.bench: $(VENV)/.dev
	@echo "Installing what the benchmarks compare with (once)..." >&2
	@$(PIP) --only-binary implicit --editable '.[dev,bench]' || echo "No wheels of the peers for this Python; their rows are left out." >&2
	@touch $@
