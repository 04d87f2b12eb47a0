# Two commands do everything: `make run` and `make test`. Each sets up what it needs. `make help` lists the rest.
PYTHON ?= python3
DATA ?= ../shared/data
DATASET ?= cifar10
ARGS ?=
JOBS ?= 2
# ONNX Runtime reports its use over the network unless it is told not to.
export ORT_DISABLE_TELEMETRY := 1
VENV := .venv/bin
PY := $(VENV)/python
TRAIN_PY ?= .venv-train/bin/python
TEACHER := build/train/cnn-$(DATASET).pt
PACKAGES := engine desktop_app assets tests .house hatch_build.py

TS := $(wildcard desktop_app/translations/*.ts)
QM := $(TS:.ts=.qm)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check format bench lock translations readme wheel train-vit train-cnn train-translator evaluate clean set-up set-up-dev set-up-train

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

set-up:
	@$(PYTHON) .house/bootstrap.py run

set-up-dev:
	@$(PYTHON) .house/bootstrap.py dev

set-up-train:
	@test -x "$(TRAIN_PY)" && test "$(TRAIN_PY)" != .venv-train/bin/python || $(PYTHON) .house/bootstrap.py train

run: set-up $(QM) ## open the window; make run ARGS="model.onnx photo.jpg" opens those
	@$(PY) -m desktop_app $(ARGS)

test: set-up-dev $(QM) ## run every test; make test ARGS="-k heads" runs some
	@$(PY) -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

check: set-up-dev ## lint, format, types and import contracts
	@$(VENV)/ruff check $(PACKAGES)
	@$(VENV)/ruff format --check $(PACKAGES)
	@$(VENV)/mypy
	@$(VENV)/lint-imports

format: set-up-dev ## put the code into the house's format
	@$(VENV)/ruff check --fix $(PACKAGES)
	@$(VENV)/ruff format $(PACKAGES)

bench: set-up-dev $(QM) ## print the budget table, measured; ARGS=--write keeps it in tests/benchmarks/README.md
	@$(PY) -m tests.benchmarks $(ARGS)

translations: set-up-dev ## take new strings into the .ts files and compile them
	@$(PY) -m desktop_app.translations update
	@$(PY) -m desktop_app.translations build

$(QM): $(TS) | set-up
	@$(PY) -m desktop_app.translations build

readme: set-up-dev $(QM) ## write the README's examples and screenshot anew
	@$(PY) -m tests.readme

wheel: set-up-dev ## build the wheel into dist/
	@$(PY) -m pip wheel --no-deps --no-build-isolation --quiet --wheel-dir dist .

lock: set-up-dev ## resolve the dependencies anew into the lock files
	@for lock in "requirements.lock" "requirements-dev.lock --group dev" "requirements-train.lock --extra train"; do \
		set -- $$lock; file=$$1; shift; \
		UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/uv pip compile --quiet --universal --generate-hashes \
			--no-emit-index-url --no-emit-find-links pyproject.toml $$@ --output-file $$file || exit 1; \
	done

train-cnn: set-up-train ## train the bundled CNN anew; DATA=folder of the data sets, DATASET=tiny-imagenet for the larger one
	@$(TRAIN_PY) -m assets.recipes.train cnn --data $(DATA) --dataset $(DATASET) $(ARGS)

train-vit: set-up-train $(TEACHER) ## train the bundled ViT anew, from the CNN that train-cnn trained
	@$(TRAIN_PY) -m assets.recipes.train vit --data $(DATA) --dataset $(DATASET) --teacher $(TEACHER) $(ARGS)

$(TEACHER): | set-up-train
	@$(TRAIN_PY) -m assets.recipes.train cnn --data $(DATA) --dataset $(DATASET)

train-translator: set-up-train ## train the bundled translator anew
	@$(TRAIN_PY) -m assets.recipes.train_translator --data $(DATA) $(ARGS)

evaluate: set-up-dev ## measure the bundled models' accuracy, as their cards state it
	@$(PY) -m assets.recipes.evaluate --data $(DATA)

clean: ## remove what the other commands made, the environments too
	@rm -rf .venv .venv-train build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache
	@rm -f mirada.png desktop_app/translations/*.qm
	@find engine desktop_app assets tests .house -name __pycache__ -type d -prune -exec rm -rf {} +
