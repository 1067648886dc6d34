"""Where the Entra case corpus and its runner lie: beside the checkout, or where ENTRA_CORPUS says."""

import os
from pathlib import Path

FOLDER = Path(os.environ.get("ENTRA_CORPUS", Path(__file__).resolve().parents[3] / "shared" / "entra"))
MISSING = "The Entra case corpus is not here: name the folder with run_corpus.py in ENTRA_CORPUS."


def is_absent() -> bool:
    """Whether its test is left out; in CI it stays, and fails."""
    return not (FOLDER / "run_corpus.py").exists() and not os.environ.get("CI")
