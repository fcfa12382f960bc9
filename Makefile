# Each target is a command that a person could type.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: run test check bench format clean

run: $(VENV)/.run            ## the whole product on this machine, with its sandbox
	@$(BIN)/python app.py run

test: $(VENV)/.dev           ## everything: units, both databases, browser journeys
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m pytest -n auto --dist loadgroup -q

check: $(VENV)/.dev          ## what CI runs: format, lint, types, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(MAKE) --no-print-directory test

bench: $(VENV)/.dev          ## figures as ratios to a bare baseline of the same run
	@$(BIN)/python -m bench $(NAME)

format: $(VENV)/.dev         ## what `check` would complain about, mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:                       ## everything that was made here; data too
	rm -rf $(VENV) var

$(VENV)/.run: requirements.txt
	@echo "installing what requirements.txt names into $(VENV): a minute or two, once"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $(VENV)/.run $@
