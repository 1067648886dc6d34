"""What every test shares: the browser, and which tests this database and this machine can run."""

import os
from typing import Any

import pytest
from django.conf import settings

from tests.infrastructure import chromium

# Playwright keeps an event loop running in the thread of the test, where Django would refuse a query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def browser_is_absent() -> bool:
    """Whether browser tests are left out; in CI they stay, and fail."""
    return chromium.find() is None and not chromium.required()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run: row locks on SQLite, pages without a browser."""
    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    absent = {"browser": browser_is_absent(), "postgres": not on_postgres}
    left_out = [item for item in items if any(absent.get(mark.name) for mark in item.iter_markers())]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, as loudly as a failure, that no browser test ran."""
    if browser_is_absent():
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.write_line(chromium.MISSING, red=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium."""
    executable = chromium.find()
    if executable is None:
        pytest.fail(chromium.MISSING)
    return browser_type_launch_args | {"executable_path": executable, "args": chromium.ARGUMENTS}
