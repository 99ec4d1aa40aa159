# What can be done here. `make` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# PYTHON=python3.12 chooses; else the .venv that stands, else the newest here. With pyenv a name may stand
# on the path and run nothing: then the Python behind it is taken.
PYTHONS := 3.13 3.12 3.11
SAY_VERSION := -c 'import sys; print("%d.%d" % sys.version_info[:2])'
override PYTHON := $(shell for one in $(or $(PYTHON),$(wildcard .venv/bin/python) $(PYTHONS)); do \
	v=$${one/python/}; for p in $$one python$$v $${PYENV_ROOT:-$$HOME/.pyenv}/versions/$$v.*/bin/python$$v; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v "$$p" && exit; done; done)
VERSION := $(if $(PYTHON),$(shell $(PYTHON) $(SAY_VERSION)))
PY := .venv/bin/python
PORT ?= 8000
TIME_SCALE ?= 1
STAGE ?= prod
PARAMS ?=
EMAIL ?=
NAME ?=
TESTS ?=
export PORT TIME_SCALE
# Local runs and tests never reach for anybody's AWS account.
export AWS_EC2_METADATA_DISABLED := true

# What may use the caller's account: its credentials may come from the machine that it runs on.
ON_AWS := env -u AWS_EC2_METADATA_DISABLED $(PY)

.PHONY: help install run demo reconcile test letters long faults lint package deploy smoke first-admin teardown doctor waits bench sbom clean

help: ## list what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  PORT=$(PORT) TIME_SCALE=$(TIME_SCALE) LOCAL_DIR=.local change run; STAGE= and PARAMS='Name=value ...' deploy;"
	@echo "  TESTS=tests/unit runs a part of the tests."

# -- environments, made anew when their lists change -------------------------------------------------
define environment
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 to 3.13 runs here: install one, or set PYTHON=" >&2; exit 1; }
	@echo "installing $(2) into $(1), Python $(VERSION) (once)"
	@test "$$($(1)/bin/python $(SAY_VERSION) 2>/dev/null)" = $(VERSION) || { rm -rf $(1); $(PYTHON) -m venv $(1); }
	@$(1)/bin/python -m pip install -qq --disable-pip-version-check -r $(3)
	@touch $@
endef

.venv/stamp-$(VERSION): requirements.txt requirements-dev.txt
	$(call environment,.venv,tools,requirements-dev.txt)

.venv-stack/stamp-$(VERSION): requirements-stack.txt
	$(call environment,.venv-stack,the embedded AWS,requirements-stack.txt)

install: .venv/stamp-$(VERSION) .venv-stack/stamp-$(VERSION) ## install both environments (the others do it when needed)

# -- to use -------------------------------------------------------------------------------------------
run: install ## the whole system on this machine, until Ctrl-C
	@exec $(PY) -m infra.local

demo: install ## play its scenarios on stacks of its own, a day in two seconds
	@exec $(PY) -m infra.demo

reconcile: install ## compare table and runs now: on the running stack, or ON=prod; DEEP=1 after a restore
	@exec $(ON_AWS) -m infra.reconcile $(if $(ON),--stage $(ON)) $(if $(DEEP),--deep)

# -- to check -----------------------------------------------------------------------------------------
test: install ## every test but the long ones
	@$(PY) -m infra.catalogues
	@$(PY) -m tests $(TESTS)

letters: install ## write docs/letters.md again: every letter of the usual lives, to be read in review
	@$(PY) -m infra.catalogues
	@WRITE=1 $(PY) -m pytest -q tests/workflow/test_letters_by_life.py

long: install ## the tests that kill a stack, enforce its policies, let letters bounce and create the template on moto
	@$(PY) -m infra.catalogues
	@$(PY) -m pytest -m long tests/infra

faults: install ## every fault, ten thousand random stories, every guard removed in turn (15 minutes)
	@$(PY) -m infra.catalogues
	@exec $(PY) -m tests.faults

lint: install ## formatting, types, template, machines, unused names, house tests, known vulnerabilities
	@echo "ruff"; .venv/bin/ruff check --quiet . && .venv/bin/ruff format --quiet --check . \
		|| { .venv/bin/ruff format --check . | grep reformat | head; exit 1; }
	@echo "mypy"; .venv/bin/mypy --no-error-summary
	@echo "template"; $(PY) -m infra.build --stage prod; .venv/bin/cfn-lint out/prod/template.json infra/deployer.yaml
	@echo "machines"; $(PY) -m infra.lint_machines
	@echo "names"; $(PY) -m infra.lint_names
	@echo "house"; $(PY) -m infra.catalogues; $(PY) -m pytest tests/unit/house
	@echo "vulnerabilities"; $(PY) -m infra.audit

package: install ## build the template and its zips twice; they must be the same bytes
	@$(PY) -m infra.build --stage $(STAGE) --fresh
	@$(PY) -m infra.build --stage $(STAGE) --fresh --out out/again >/dev/null
	@diff -r out/$(STAGE) out/again && rm -r out/again && echo "built twice, the same bytes"

sbom: install ## what ships, as a CycloneDX document
	@$(PY) -m infra.sbom

bench: install ## figures against their budgets
	@exec $(PY) -m infra.bench

# -- to ship ------------------------------------------------------------------------------------------
deploy: install ## deploy STAGE=... with PARAMS="SenderEmail=... AlarmEmail=..." and try it
	@$(ON_AWS) -m infra.deploy --stage $(STAGE) $(foreach pair,$(PARAMS),--param $(pair)) $(if $(YES),--yes $(YES))
	@exec $(ON_AWS) -m infra.operations.smoke --stage $(STAGE)

smoke: install ## try a deployed stage: pages, sign-in, a letter, a run, an alarm. STAGE=...
	@exec $(ON_AWS) -m infra.operations.smoke --stage $(STAGE)

first-admin: install ## let the first admin into the console of STAGE=..., EMAIL=... (NAME="...")
	@exec $(ON_AWS) -m infra.operations.first_admin --stage $(STAGE) --email "$(EMAIL)" --name "$(NAME)"

teardown: install ## take STAGE=... down; it asks twice and says what stays and costs
	@test "$(origin STAGE)" != file || { echo "make teardown: say which, STAGE=..." >&2; exit 1; }
	@exec $(ON_AWS) -m infra.operations.teardown --stage $(STAGE)

waits: install ## was the wait that people were told kept? STAGE=...
	@exec $(ON_AWS) -m infra.waits --stage $(STAGE)
doctor: install ## can letters leave, do we hear of them? STAGE=..., TO= an address of yours
	@exec $(ON_AWS) -m infra.doctor --stage $(STAGE) $(if $(TO),--to $(TO))

clean: ## remove what can be built again (not .local)
	@rm -rf out .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
