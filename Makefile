# Everything runs from .venv, which the first command makes. `make help` lists the commands.
SHELL := /bin/sh
PY := .venv/bin/python

.PHONY: help run demo test fix bench campaign pins local dev

help: ## list the commands
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## (.*)/make \1	\2/'

run: local ## the bot; with no token a chat in this terminal (ARGS="chat --as ana")
	@exec $(PY) -m bot $(ARGS)

demo: local ## a generated market day, fast, with no network
	@exec $(PY) -m bot demo $(ARGS)

test: dev ## the whole check: lint, types, imports, spelling, tests, coverage
	@bash .ci/check $(ARGS)

fix: dev ## format, and repair what the linter can repair
	@$(PY) -m ruff check --fix --exit-zero --quiet .
	@$(PY) -m ruff format .

bench: dev ## the live budgets, measured here beside their baselines
	@exec $(PY) -m tests.bench $(ARGS)

campaign: dev ## kills, faults and tapes in large numbers (TAPES=<folder of recorded tapes>)
	@exec $(PY) -m tests.campaign $(if $(TAPES),--tapes "$(TAPES)") $(ARGS)

pins: dev ## regenerate the pinned requirements from pyproject.toml
	@sh .ci/pins

local:
	@sh .ci/venv requirements-local.txt

dev:
	@sh .ci/venv requirements-dev.txt
