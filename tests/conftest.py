"""What every test shares: the browser, and which tests this database and this machine can run."""

import os
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis

from tests.infrastructure import chromium, corpus

# Playwright keeps an event loop running in the thread of the test, where Django would refuse a query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# In the suite the same examples each time, and no minutes spent on making a failing one shorter;
# `--hypothesis-profile=long` looks for new ones and shortens them (see the README).
_ANY_SPEED: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}
hypothesis.register_profile(
    "suite",
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    database=None,
    max_examples=15,
    stateful_step_count=40,
    **_ANY_SPEED,
)
hypothesis.register_profile("long", max_examples=2000, stateful_step_count=60, **_ANY_SPEED)
hypothesis.load_profile("suite")


def browser_is_absent() -> bool:
    """Whether browser tests are left out; in CI they stay, and fail."""
    return chromium.find() is None and not chromium.required()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run: what the other database has, pages without a browser."""
    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    absent = {"browser": browser_is_absent(), "corpus": corpus.is_absent()}
    absent |= {"postgres": not on_postgres, "sqlite": on_postgres}
    left_out = [item for item in items if any(absent.get(mark.name) for mark in item.iter_markers())]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, as loudly as a failure, what did not run."""
    left_out = {
        "BROWSER TESTS": browser_is_absent() and chromium.MISSING,
        "ENTRA CASE CORPUS": corpus.is_absent() and corpus.MISSING,
    }
    for title, what_to_do in left_out.items():
        if what_to_do:
            terminalreporter.section(f"{title} DID NOT RUN", sep="!", red=True, bold=True)
            terminalreporter.write_line(what_to_do, red=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium."""
    executable = chromium.find()
    if executable is None:
        pytest.fail(chromium.MISSING)
    return browser_type_launch_args | {"executable_path": executable, "args": chromium.ARGUMENTS}
