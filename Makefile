# Two commands: `make run` does the main job, `make test` is the whole check. Both set themselves up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
COMPARISON := baseline as-announced luna-slips luna-27-fails russia-withdraws late-reactor november-2025
REPLICATIONS ?= 500
STUDIED ?= 100

.PHONY: run test check lint types imports unit notebooks docs gallery bench clean

run: $(STAMP)
	$(BIN)/ilrs explain baseline -m station-visit -n $(STUDIED) --counterfactuals --partners 2030 --levers --out results/study
	$(BIN)/ilrs run $(COMPARISON) -n $(REPLICATIONS) --record paths --out results

test: lint types imports unit notebooks docs

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

unit: $(STAMP)
	$(BIN)/pytest -n auto --ignore tests/test_notebooks.py

notebooks: $(STAMP)
	$(BIN)/pytest -n auto tests/test_notebooks.py

docs: $(STAMP)
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html

gallery: $(STAMP)
	$(BIN)/python -m tools.make_gallery

bench: $(STAMP)
	$(BIN)/python -m benchmarks

$(STAMP): pyproject.toml requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements-dev.txt -e '.[dev,docs]'
	touch $@

clean:
	rm -rf $(VENV) results docs/_build docs/reference .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
