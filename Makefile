# make start runs the app; make fast checks while editing, make test before it is handed on.
# ARGS= passes options through.
ifeq ($(OS),Windows_NT)
PYTHON ?= python
BIN := .venv/Scripts
else
PYTHON ?= python3
BIN := .venv/bin
endif
NODE := frontend/node_modules/.stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check -q install
RUN := .venv/run.stamp
DEV := .venv/dev.stamp
BUNDLE := build/bundle/env

.PHONY: start fast test test-long coverage mutation check check-tests check-book bench content reviewed page lock changelog docs bundle clean

start: $(RUN)
	@$(BIN)/workbook start $(ARGS)

# No browser, no server, few examples; tests/marks.py sets the marks.
fast: $(DEV)
	@$(MAKE) --no-print-directory check
	@HYPOTHESIS_PROFILE=dev $(BIN)/python -m pytest -q -n 2 \
		-m "not browser and not server and not slow and not long" $(ARGS)

# First of all a browser, so that nobody waits for a test that cannot run. One file is one
# worker's: what a file sets up is set up once. A third worker, since tests often wait.
test: $(DEV)
	@$(BIN)/python -m tests.browser.chromium >/dev/null
	@$(MAKE) --no-print-directory check
	@HYPOTHESIS_PROFILE=ci $(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder -m "not long" $(ARGS)

# Firefox and WebKit too where Debian's packages can be had; where not, their tests are skipped.
test-long: $(DEV)
	@$(BIN)/python -m tests.browser.chromium >/dev/null
	@$(BIN)/python -m tests.browser.engines
	@HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest -q -n 2 -m "long or hypothesis" --timeout=3600 $(ARGS)

# How much of what decides and keeps is run by the tests; a figure, no gate.
coverage: $(DEV)
	@rm -rf build/coverage && mkdir -p build/coverage
	-@$(BIN)/coverage run -m pytest -q -n 2 -m "not browser and not server and not long" $(ARGS)
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

# Every rule broken in each small way, afresh: mutmut would keep what older tests found.
mutation: $(DEV)
	@rm -rf mutants
	@$(BIN)/mutmut run --max-children 2
	@$(BIN)/python -m tests.rules.mutation

# The types of the tests take as long as all the rest, so that both run at once.
check: $(DEV)
	@$(MAKE) --no-print-directory -j 2 check-tests check-book

check-tests:
	@$(BIN)/mypy --no-error-summary --config-file tests/mypy.ini

check-book:
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/workbook check

# The environment, from the locked and hashed set alone.
$(RUN): requirements.txt pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Attune needs Python 3.11 or newer. PYTHON=/path/to/python3.12 make start names another one.')"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Setting up, once; this takes about a minute." >&2
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $(RUN)

$(DEV): $(RUN) requirements-dev.txt
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $(DEV)

bench: $(DEV)
	@$(BIN)/python -m bench.plan
	@$(BIN)/python -m bench.load $(ARGS)
	@$(BIN)/python -m bench.memory

# The page's script and style, built again; needs Node. What is built is committed.
page: $(NODE)
	@cd frontend && node build.js

$(NODE): frontend/package-lock.json
	@cd frontend && npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $(NODE)

# Where each fact lives, for whoever edits.
content: $(DEV)
	@$(BIN)/python -m workbook.provenance

# After a review: the safety rows as they are now are the reviewed ones.
reviewed: $(DEV)
	@$(BIN)/python -m workbook.provenance reviewed

# Writes the locks for every system at once, without addresses; the book's own from wheels
# alone. requirements-app.txt is what the book runs with where nobody opens JupyterLab.
lock: $(DEV)
	$(BIN)/uv pip compile pyproject.toml --group build --universal --only-binary :all: --generate-hashes --no-header -q -o requirements.txt
	echo jupyterlab | $(BIN)/uv pip compile pyproject.toml --group build --excludes - --universal --only-binary :all: --generate-hashes --no-header -q -c requirements.txt -o requirements-app.txt
	$(BIN)/uv pip compile --group pyproject.toml:bundle --universal --only-binary :all: --generate-hashes --no-header -q -c requirements-app.txt -o requirements-bundle.txt
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --universal --generate-hashes --no-header -q -c requirements.txt -o requirements-dev.txt

# What the next version brings; CONTRIBUTING.md says how it is released.
changelog: $(DEV)
	@$(BIN)/towncrier build --draft --version next 2>/dev/null

# The documentation and the chapters as pages that ask nothing of any host, in build/site.
docs: $(DEV)
	@$(BIN)/python docs/site/build.py build/site

# The book for this system as a folder to unzip and double-click, in build/bundle; it needs no
# Python there. Some minutes.
bundle: $(BUNDLE)/run.stamp
	@$(BUNDLE)/$(notdir $(BIN))/python -m pip --disable-pip-version-check -q install --no-deps --no-build-isolation .
	@$(BUNDLE)/$(notdir $(BIN))/python bundle/build.py

$(BUNDLE)/run.stamp: requirements-app.txt requirements-bundle.txt
	@$(PYTHON) -m venv --clear $(BUNDLE)
	@$(BUNDLE)/$(notdir $(BIN))/python -m pip --disable-pip-version-check -q install --require-hashes -r requirements-app.txt -r requirements-bundle.txt
	@touch $@

clean:
	rm -rf .venv
