# The commands of the project. Each sets up what it needs; `make help` lists them.
PYTHON ?= python3
YEAR ?=
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
# CI also installs what only a province needs: Spark and the client of a cluster.
ifeq ($(CI),true)
LOCK := requirements-province.lock
else
LOCK := requirements.lock
endif
READY := $(VENV)/ready-$(LOCK)

COMPILE := uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: bench coverage docs help setup report test check tests lab lock sample canary audit fuzz soak mutants clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

setup: $(READY)  ## make the virtual environment and install the locked dependencies

# The lock is whole: pip need not resolve anything, and a release made since cannot come in by the back door.
# The package is compiled, since a user who may not write beside it would compile it anew at every command.
$(READY): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src/analysis
	@$(BIN)/python -c 'import pathlib; pathlib.Path("$(READY)").touch()'

report: $(READY)  ## write the reports of a year: make report YEAR=2023, or YEAR=2019-2024
	@test -n "$(YEAR)" || { echo "Say which year: make report YEAR=2023"; exit 2; }
	$(BIN)/analysis run $(YEAR)

test: $(READY) check tests  ## check style and types, and run all tests

check: $(READY)  ## lint, format and type checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

tests: $(READY)  ## run all tests
	$(BIN)/python -m pytest -n auto --dist loadfile

coverage: $(READY)  ## run all tests and tell which lines of the package none of them runs
	$(BIN)/python -m pytest -n auto --dist loadfile --cov=analysis --cov-branch --cov-report=term-missing:skip-covered

lab: $(READY)  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab notebooks

sample: $(READY)  ## make the sample county's raw files again
	$(BIN)/python -m tools.sample_county

lock:  ## write both locks anew from pyproject.toml (needs uv)
	$(COMPILE) --upgrade -o requirements.lock
	$(COMPILE) --extra spark --extra cluster --constraint requirements.lock -o requirements-province.lock

canary:  ## install the newest versions that are allowed, beside the environment, and run the tests on them
	$(PYTHON) -m venv .venv-canary
	.venv-canary/bin/python -m pip install --quiet --disable-pip-version-check --upgrade -e '.[dev,spark,cluster]'
	.venv-canary/bin/python -m pip check
	.venv-canary/bin/python -m pytest -q -n auto --dist loadfile
	.venv-canary/bin/python -m tools.caps

docs: $(READY)  ## build the documents and the reference into docs/_build; a warning is an error
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet --conf-dir docs . docs/_build

bench: $(READY)  ## measure the speed of runs; results are added to benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.speed

audit:  ## compare both locks with published security advisories (needs the network)
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	.venv-audit/bin/pip-audit --strict -r requirements.lock -r requirements-province.lock --disable-pip --require-hashes

fuzz: $(READY)  ## thousands of hostile files, cells and texts for every reader
	$(BIN)/python -m pytest -q tests/robustness/test_fuzz.py --hypothesis-profile=long

soak: $(READY)  ## kill a run a hundred times, and run a thousand county-years
	$(BIN)/python -m tests.robustness.kills 100
	$(BIN)/python -m tests.robustness.load 1000

mutants: $(READY)  ## change the statistics and conservation, and see whether their tests notice (hours)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check cosmic-ray==8.7.0
	$(BIN)/python -m tools.mutants

clean:  ## take away what the commands made, but not the environment
	rm -rf reports/* data/processed/* .pytest_cache .mypy_cache .ruff_cache
