"""The browser of the tests: one that is on the machine, never a download. Needs the standard library only."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# Root has no sandbox; the rest keeps the browser from calling anyone.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "No Chromium here: install one (Debian: apt-get install chromium) or name its path in CHROMIUM."


def find() -> str | None:
    """The path of a Chromium or Chrome: the one CHROMIUM names, else the first found."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*NAMES, str(MAC)]
    return next(filter(None, map(shutil.which, candidates)), None)


def required() -> bool:
    """Whether a missing browser fails the run (in CI) or is only announced."""
    return os.environ.get("CI", "").lower() in {"1", "true"}
