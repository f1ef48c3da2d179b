# Gatehouse. `make` alone lists what there is to do.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
PORT ?= 4566
N ?= 5000

.DEFAULT_GOAL := help
.PHONY: help setup up demo test fuzz check format bench package clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamp is newer than what it was made from, so a second `make up` asks nothing of the network.
$(VENV)/.ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $(PYTHON) is older than Python 3.11; name another with make PYTHON=…" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "making $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@echo "installing the locked packages"
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --quiet --frozen --inexact --compile-bytecode --extra local --extra dev
	@touch $@

setup: $(VENV)/.ready  ## make .venv from uv.lock

up: setup package  ## start the local cloud with the whole stack (Ctrl-C stops it)
	@$(BIN)/python -m localcloud up --port $(PORT) --stand-ins

demo: setup package  ## tell the main story against a running `make up`, or bring up its own
	@$(BIN)/gatehouse demo

test: setup package  ## run the tests
	@$(BIN)/python -m pytest -n auto

fuzz: setup  ## random calls to user pools and identity pools: N=… of them, SEED=… to make the same again
	@$(BIN)/python -m tests.fuzz -n $(N) $(if $(SEED),--seed $(SEED))

check: setup  ## lint: ruff, mypy, cfn-lint
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/cfn-lint cloudformation/backend.yaml

format: setup  ## format and mend what ruff can
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

bench: setup package  ## measure speed and size, as ratios against peers in the same run
	@$(BIN)/python -m tests.bench

package: setup  ## build the folder of each Lambda function into build/
	@$(BIN)/python -m localcloud.aws.package

clean:  ## remove what was built (not .venv, not .gatehouse)
	@rm -rf build .pytest_cache .mypy_cache .ruff_cache
