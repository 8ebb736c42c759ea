# Two commands matter: make start, make test. ARGS= passes options through.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
PIP := $(BIN)/python -m pip --disable-pip-version-check -q install
RUN := .venv/run.stamp
DEV := .venv/dev.stamp

.PHONY: start test test-long check lock clean

start: $(RUN)
	@$(BIN)/workbook start $(ARGS)

test: check
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -m "not long" $(ARGS)

test-long: $(DEV)
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -m long --timeout=3600 $(ARGS)

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/workbook check

# The environment, from the locked and hashed set alone.
$(RUN): requirements.txt pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Attune needs Python 3.11 or newer. PYTHON=/path/to/python3.12 make start names another one.')"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Setting up (once, about a minute)..."
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $(RUN)

$(DEV): $(RUN) requirements-dev.txt
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $(DEV)

# Needs uv; writes both locks for Linux, macOS and Windows at once, without addresses.
lock:
	uv pip compile pyproject.toml --group build --universal --generate-hashes --no-header -q -o requirements.txt
	uv pip compile pyproject.toml --group build --group dev --universal --generate-hashes --no-header -q -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf .venv
