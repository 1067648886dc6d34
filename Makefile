.PHONY: run test lock

run: ## start the demo portal
	python3 bootstrap.py run

test: ## the whole suite on SQLite and PostgreSQL, linters and types
	python3 bootstrap.py test

lock: ## compile requirements/*.txt from pyproject.toml
	.venv/bin/uv pip compile pyproject.toml -q --universal --python-version 3.11 --generate-hashes --no-header -o requirements/base.txt
	.venv/bin/uv pip compile pyproject.toml -q --extra test --universal --python-version 3.11 --generate-hashes --no-header -o requirements/test.txt
	.venv/bin/uv pip compile pyproject.toml -q --extra test --extra dev --universal --python-version 3.11 --generate-hashes --no-header -o requirements/dev.txt
