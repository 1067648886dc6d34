UV ?= .venv/bin/uv
# With the extras, which pip asks to be pinned where it checks hashes.
LOCK = $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras

.PHONY: run test messages screenshots lock

run: ## start the demo portal
	python3 bootstrap.py run

test: ## the whole suite on SQLite and PostgreSQL, linters and types
	python3 bootstrap.py test

messages: ## bring locale/ up to date with the texts of pages and code
	.venv/bin/python -m tests.infrastructure.messages

screenshots: ## take the pictures of docs/ anew
	.venv/bin/python -m tests.screenshots

lock: ## compile requirements/*.txt from pyproject.toml
	$(LOCK) -o requirements/base.txt
	$(LOCK) --extra test -o requirements/test.txt
	$(LOCK) --extra test --extra dev -o requirements/dev.txt
