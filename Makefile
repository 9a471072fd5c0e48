# Two commands: `make run` (the site with the demonstration company) and `make test` (everything). `make help` lists the rest.

VENV ?= .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
DATA_DIR ?= data
ARGS ?=
export HOST PORT DATA_DIR
# Where this is set, every process would read every file anew from its source, and every test process rewrite every test.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then command -v $$p; break; fi; done)
HASHED := --no-deps --require-hashes --only-binary=:all:
PO := $(wildcard trainee/translations/*/LC_MESSAGES/*.po)

.PHONY: help run test check lint types floors translations sqlite postgres browser bench screenshots clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(VENV)/.run.ok ## the site with the demonstration company on http://127.0.0.1:8000 (HOST, PORT, DATA_DIR can be set)
	@TRAINEE_DEMO=1 exec $(BIN)/trainee run --demo

check: $(VENV)/.test.ok lint types floors translations ## the quick form for every commit: lint, types, floors, translations, the laws of the house
	@$(BIN)/python -m pytest -q -n 2 -m "not browser and not server" tests/kit tests/house $(ARGS)

test: $(VENV)/.test.ok ## everything
	@$(MAKE) -s -j 2 -O lint floors translations types
	@$(MAKE) -s sqlite
	@$(MAKE) -s postgres
	@$(MAKE) -s browser

lint: $(VENV)/.test.ok ## ruff on the code, djlint on the templates
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/djlint --quiet --lint trainee/templates

types: $(VENV)/.test.ok ## mypy, strict
	@$(BIN)/mypy

floors: $(VENV)/.test.ok ## imports go downstairs only
	@$(BIN)/lint-imports --no-cache | tail -n 4

translations: $(VENV)/.test.ok ## every visible string has its Turkish
	@$(BIN)/python tools/translations.py check

sqlite: $(VENV)/.test.ok $(VENV)/.vnu.ok ## the suite on SQLite; with SIMULATION=full a whole year of messages is simulated
	@echo "The suite on SQLite:" && $(BIN)/python -m pytest -q -n 3 --dist worksteal -m "not browser" -rs $(ARGS)

postgres: $(VENV)/.test.ok ## the suite on a real PostgreSQL
	@echo "The suite on PostgreSQL:" && TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -n 3 --dist worksteal -m "not browser and not server" $(ARGS)

browser: $(VENV)/.test.ok ## browser tests, where a Chromium is found
	@echo "In the browser:" && $(BIN)/python -m pytest -q -n 2 --dist worksteal -m browser -rsR --reruns 1 tests/browser $(ARGS)

bench: $(VENV)/.test.ok ## ratios measured side by side in one run; ARGS="lines history" runs only those blocks
	@$(BIN)/python -m bench $(ARGS)

screenshots: $(VENV)/.test.ok ## every page as every role, photographed into screenshots/; ARGS="--role employee --width 360" takes only those
	@$(BIN)/python -m tools.screenshots $(ARGS)

clean: ## throw away the environment and the demonstration's data
	@rm -rf $(VENV) $(DATA_DIR)

$(VENV)/.python.ok:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found. On Debian: sudo apt-get install python3 python3-venv"; exit 1; }
	@command -v "$(PYTHON)" >/dev/null || { echo "There is no Python at $(PYTHON). Leave PYTHON= out, or name one that is there."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "The Python at $(PYTHON) is older than 3.11. Leave PYTHON= out, or name a newer one."; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python has no venv module. On Debian: sudo apt-get install python3-venv"; exit 1; }
	@mkdir -p $(VENV) 2>/dev/null && touch $(VENV)/.w 2>/dev/null || { echo "This folder cannot be written to. Clone the project into a folder of your own, or change its rights."; exit 1; }
	@"$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python tools/put_on_path.py
	@touch $@

$(VENV)/.uv.ok: requirements/uv.txt | $(VENV)/.python.ok
	@test -n "$(NO_UV)" || $(BIN)/python -m pip install -q --disable-pip-version-check $(HASHED) -r requirements/uv.txt 2>/dev/null || true
	@touch $@

# uv is quick but knows nothing of pip's own settings; where it cannot reach the packages, pip installs them.
define install
	@echo "Installing $(1) ..."
	@{ test -z "$(NO_UV)" && test -x $(BIN)/uv && VIRTUAL_ENV="$(abspath $(VENV))" $(BIN)/uv --no-config pip install -q $(HASHED) -r $(2) 2>/dev/null; } \
	|| $(BIN)/python -m pip install -q --disable-pip-version-check $(HASHED) -r $(2) \
	|| { echo "The packages could not be installed. Check the connection to the package index and try again."; exit 1; }
endef

$(VENV)/.run.ok: requirements/run.txt $(PO) | $(VENV)/.uv.ok
	$(call install,what the site needs,requirements/run.txt)
	@$(BIN)/python tools/translations.py compile
	@touch $@

$(VENV)/.test.ok: requirements/test.txt $(VENV)/.run.ok
	$(call install,what the tests need,requirements/test.txt)
	@touch $@

# The W3C's checker, where there is a Java; without one a line says that no page is shown to it.
$(VENV)/.vnu.ok: tools/vnu.py | $(VENV)/.test.ok
	@$(BIN)/python tools/vnu.py $(VENV)/vnu.jar
	@test ! -f $(VENV)/vnu.jar || touch $@
