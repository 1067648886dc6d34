"""Everything that must hold before a change lands, step by step, with a summary at the end.

`python -m tests.infrastructure.suite [pytest arguments]`; with arguments only pytest runs, on both databases.
"""

import filecmp
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.infrastructure import chromium
from tests.infrastructure.postgres import NoPostgresError, throwaway_postgres

BIN = Path(sys.executable).parent
OUR_CODE = ["deskscim", "companies", "contacts", "bootstrap.py", "manage.py"]
# A test that hangs for ten minutes says where.
PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--durations=5", "-o", "faulthandler_timeout=600"]
ON_SQLITE = {"DATABASE_URL": "sqlite:///:memory:"}
# What Django's deployment check should see: settings as on a server, not as on this machine.
DEPLOYED = ON_SQLITE | {"DESKSCIM_HTTPS": "true", "DEBUG": "false", "ALLOWED_HOSTS": "desk.example"}

# How a step went: passed, failed, or None when this machine cannot run it; and a line that says more.
Result = tuple[bool | None, str]
Check = Callable[[], Result]
VERDICTS = {True: "ok", False: "FAILED", None: "NOT RUN"}


@dataclass
class Outcome:
    """A step and how it went."""

    name: str
    seconds: float
    passed: bool | None
    last_line: str

    def __str__(self) -> str:
        """The step's line in the summary."""
        return f"{self.name:<22}{self.seconds:>8.1f} s  {VERDICTS[self.passed]:<9}{self.last_line}"


def run(command: list[str], environment: dict[str, str] | None = None) -> Result:
    """Run a command with its output on the terminal; its last line says how it went."""
    last, variables = "", os.environ | (environment or {})
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(
        command, env=variables, stdin=nothing, stdout=pipe, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                last = line.strip(" =\n") or last
        except BaseException:
            process.terminate()
            raise
    return process.returncode == 0, last


def lock_is_current() -> Result:
    """Compile requirements/*.txt again, keeping their pins, and compare; needs make, and uv as CI has it."""
    make, uv = shutil.which("make"), shutil.which("uv", path=f"{BIN}:{os.environ['PATH']}")
    if make is None or uv is None:
        return None, "it needs make and uv, which CI has"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("Makefile", "pyproject.toml"):
            shutil.copy(name, folder)
        compiled = shutil.copytree("requirements", f"{folder}/requirements")
        passed, line = run([make, "--silent", "-C", folder, "lock", f"UV={uv}"])
        differing = filecmp.cmpfiles("requirements", compiled, os.listdir(compiled), shallow=False)[1]
    if differing:
        return False, f"{', '.join(differing)} do not follow from pyproject.toml: run `make lock`"
    return passed, line or "requirements/*.txt follow from pyproject.toml"


def pytest_on_sqlite(*arguments: str) -> Result:
    """Run the tests on SQLite, in a file of each worker's own."""
    return run([*PYTEST, *arguments], ON_SQLITE)


def pytest_on_postgres(*arguments: str) -> Result:
    """Run the tests on a throw-away PostgreSQL."""
    try:
        with throwaway_postgres() as url:
            return run([*PYTEST, *arguments], {"DATABASE_URL": url})
    except NoPostgresError as error:
        print(error)
        return False, "PostgreSQL did not start"


def has_browser() -> Result:
    """Whether browser tests can run: required in CI, announced elsewhere."""
    found = chromium.find()
    return (True, found) if found else (False if chromium.required() else None, chromium.MISSING)


def checks() -> dict[str, Check]:
    """Every step but pytest, by name."""
    manage = [sys.executable, "manage.py"]
    return {
        "ruff check": partial(run, [f"{BIN}/ruff", "check"]),
        "ruff format": partial(run, [f"{BIN}/ruff", "format", "--check"]),
        "mypy": partial(run, [f"{BIN}/mypy", "."], ON_SQLITE),
        "djlint": partial(run, [f"{BIN}/djlint", "templates", "--lint"]),
        "bandit": partial(run, [f"{BIN}/bandit", "-q", "-r", "--severity-level", "medium", *OUR_CODE]),
        "migrations": partial(run, [*manage, "makemigrations", "--check", "--dry-run"], ON_SQLITE),
        "deployment": partial(run, [*manage, "check", "--deploy", "--fail-level", "WARNING"], DEPLOYED),
        "lock": lock_is_current,
        "browser": has_browser,
    }


def measured(name: str, check: Check) -> Outcome:
    """Run one step under a heading, and time it."""
    print(f"\n== {name}", flush=True)
    start = time.monotonic()
    passed, last_line = check()
    return Outcome(name, time.monotonic() - start, passed, last_line)


def summary(outcomes: list[Outcome]) -> str:
    """A line for each step, and how many did not pass."""
    tally = Counter(VERDICTS[outcome.passed] for outcome in outcomes)
    total = sum(outcome.seconds for outcome in outcomes)
    verdict = ", ".join(f"{count} {name}" for name, count in tally.items())
    return "\n".join(["\n== Summary", *map(str, outcomes), f"{total:.0f} s: {verdict}"])


def main(arguments: list[str]) -> int:
    """Run every step, even after a failure; 1 if any failed."""
    # A polite kill unwinds the stack, so that a throw-away cluster goes too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    if arguments:
        print("pytest arguments are given, so only pytest runs, on both databases.")
    steps = {} if arguments else checks()
    steps["pytest on SQLite"] = partial(pytest_on_sqlite, *arguments)
    steps["pytest on PostgreSQL"] = partial(pytest_on_postgres, *arguments)
    outcomes = [measured(name, check) for name, check in steps.items()]
    print(summary(outcomes))
    return 1 if any(outcome.passed is False for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
