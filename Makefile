# make run    the product on http://localhost:8000 (PORT=8080 make run for another port)
# make test   everything, on SQLite and on PostgreSQL, with a real Redis and a real browser
# make help   the rest
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py

.DEFAULT_GOAL := help
.PHONY: help setup run test bench lint format docs lock clean

help:                   ## this list
	@grep -hE '^[a-z]+: .*##|^[a-z]+: *##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 10

setup:                  ## install what is needed; prepare the embedded database
	@python3 tools/set-up
	@$(MANAGE) prepare --demonstration

run: setup              ## start web, worker and scheduler; Ctrl-C stops them
	@exec $(MANAGE) serve

test:                   ## install what tests need and run all of them
	@python3 tools/set-up --for-tests
	@$(MANAGE) prepare
	@$(PYTHON) tools/test.py

bench:                  ## measure against bare SQL and bare WeasyPrint; writes build/bench.json
	@python3 tools/set-up --for-tests
	@$(PYTHON) -m tests.performance.run

lint:                   ## style, imports, types, migrations, generated documents
	@python3 tools/set-up --for-tests
	@PATH="$(CURDIR)/.venv/bin:$$PATH" bash tools/lint

format:                 ## put the code into its form
	@$(PYTHON) -m ruff check --fix --quiet . ; $(PYTHON) -m ruff format .

docs:                   ## write the generated documents (OpenAPI, diagrams, access table) anew
	@$(MANAGE) write_documents

lock:                   ## pin the packages of requirements*.in anew, with hashes
	@bash tools/lock

clean:                  ## remove the environment and the embedded database
	rm -rf .venv .uv var build
