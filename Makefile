# The two commands: `make run`, `make test`. Everything is installed from constraints.txt, whose hashes
# are checked; nothing else is downloaded. README.md gives the same steps without make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Machines that forbid it have each process compile the same libraries anew: Great Expectations alone
# takes 11 s to import instead of 6, and the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test ui bench lint types format lock clean

help:  ## Show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(INSTALLED): constraints.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .ci/bootstrap.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes constraints.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation --editable .
	@touch $@

run: $(INSTALLED)  ## Generate the demo deliveries and run the whole pipeline for five municipalities
	@$(BIN)/pm-pipeline demo
	@$(BIN)/pm-pipeline run

test: $(INSTALLED)  ## Run the tests, in as many processes as there are cores
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder

ui: $(INSTALLED)  ## Open Dagster on http://127.0.0.1:3000 with the same data
	@$(BIN)/pm-pipeline ui

bench: $(INSTALLED)  ## Measure time and memory beside the best alternative
	@$(BIN)/python -m benchmarks

lint: $(INSTALLED)  ## Lint Python and SQL
	@$(BIN)/ruff check .
	@$(BIN)/sqlfluff lint --nocolor --disable-progress-bar -q --processes 0 dbt_project/models dbt_project/tests

types: $(INSTALLED)  ## Type-check the package
	@$(BIN)/mypy

format: $(INSTALLED)  ## Order imports and mend what the linters can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/sqlfluff fix -q dbt_project/models dbt_project/tests

lock: $(INSTALLED)  ## Renew constraints.txt from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --upgrade --group dev pyproject.toml -o constraints.txt
	@grep -A40 '^uv==' constraints.txt | awk 'NR==1 || /--hash/ {print; next} {exit}' > .ci/bootstrap.txt

clean:  ## Remove the environment and the caches; data/ is never touched
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
