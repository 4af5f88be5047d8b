# Everything runs through uv, which each target fetches when the machine has none.
UV := $(or $(shell command -v uv),.tools/bin/uv)
RUN := $(UV) run --quiet
# Where it is set, each process that the tests start would compile everything that it imports anew.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help demo serve test check fix browser

help:  ## What can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(UV)  ## A made-up company lives through an onboarding and a performance year, then look around
	$(RUN) tenure demo

serve: $(UV)  ## Web pages, flows and mail in this folder's .tenure/, until Ctrl-C
	$(RUN) tenure serve

test: $(UV) browser  ## The whole suite: SQLite, PostgreSQL, SMTP, Prefect, Chromium
	$(RUN) pytest -n 3 --no-loadscope-reorder $(ARGS)

check: $(UV)  ## Lock file, format, lint, floors, types, shipped definitions
	$(UV) lock --check --quiet
	$(RUN) ruff format --check --quiet .
	$(RUN) ruff check --quiet .
	$(RUN) lint-imports --no-cache
	$(RUN) mypy
	$(RUN) tenure check definitions/
	$(RUN) tenure test definitions/

fix: $(UV)  ## Format, and mend what the linter can mend by itself
	$(RUN) ruff check --fix --quiet .
	$(RUN) ruff format --quiet .

browser: $(UV)
	@$(RUN) python tests/support/browser.py

.tools/bin/uv:
	python3 -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
