# The two commands of the README are `make demo` and `make test`; CI runs the same targets.
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
AGENT := $(VENV)/bin/billing-agent
# The gate measures the committed rules on the committed worlds, whatever model or world this shell is set up for.
EVAL = env -u BILLING_AGENT_WORLD -u BILLING_AGENT_OUTPUTS -u BILLING_AGENT_SAVE $(AGENT) eval run --gate --model stand-in
REDACTION = env -u BILLING_AGENT_JSON $(AGENT) eval redaction --gate
UV := $(shell command -v uv 2>/dev/null)
# pip and uv are driven alike; uv is used when it is there because it is faster.
INSTALL = $(if $(UV),$(UV) pip install --quiet --python $(PY),$(PY) -m pip install --quiet --disable-pip-version-check)

.DEFAULT_GOAL := help
.PHONY: help demo test check format eval docs lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 15) else "Python 3.11 to 3.14 is needed, this is " + sys.version.split()[0] + "; set PYTHON=/path/to/python")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(PY)
	@echo "installing run-time packages into $(VENV) ..."
	@$(INSTALL) -r requirements.lock
	@$(INSTALL) --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(PY)
	@echo "installing run-time and development packages into $(VENV) ..."
	@$(INSTALL) -r requirements-dev.lock
	@$(INSTALL) --no-deps -e .
	@touch $@ $(VENV)/.run

demo: $(VENV)/.run ## Process two dozen recorded calls offline and show what happened
	@$(AGENT) demo

test: $(VENV)/.dev ## Run every test
	@$(PY) -m pytest -q -n 2

check: $(VENV)/.dev ## Format, lint, types, layer contracts, generated pages, eval gates
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(PY) -m tests.pages check
	@$(EVAL)
	@$(REDACTION)

format: $(VENV)/.dev ## Format and mend what can be mended
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

eval: $(VENV)/.run ## Score the labelled fixtures and redaction, and hold them to their gates
	@$(EVAL)
	@$(REDACTION)

docs: $(VENV)/.dev ## Write the generated pages anew
	@$(PY) -m tests.pages write

lock: ## Resolve dependencies anew into the names-and-versions locks (needs uv)
	@uv pip compile pyproject.toml --universal --python-version 3.11 --no-header --no-annotate --quiet -o requirements.lock
	@uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --no-header --no-annotate --quiet -c requirements.lock -o requirements-dev.lock

clean: ## Remove the virtual environment, caches and the demo's store
	@rm -rf $(VENV) .billing-agent .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
