"""The Entra case corpus, played over HTTP by its own runner, with this project's two hooks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from deskscim.provisioning.models import Token
from tests.factories import ConnectionFactory
from tests.infrastructure.corpus import FOLDER

from .variations import varied

ROOT = Path(__file__).resolve().parents[2]
HOOK = f"{sys.executable} -m tests.conformance.corpus"


def database_url() -> str:
    """The test database, for the hooks, which are processes of their own."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgres://{connection.settings_dict['USER']}@/{connection.settings_dict['HOST']}/{name}"


def played(server: LiveServer, cases: Path) -> str:
    """The last line of the runner, behind what it complained of."""
    _, secret = Token.issue(name="Corpus", connection=ConnectionFactory())
    command = [sys.executable, str(FOLDER / "run_corpus.py"), str(cases)]
    command += ["--base-url", f"{server.url}/entra", "--token", secret]
    command += ["--setup-cmd", f"{HOOK} setup", "--check-cmd", f"{HOOK} check"]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "deskscim.settings",
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    *complaints, last = (done.stdout + done.stderr).splitlines() or [""]
    return last if done.returncode == 0 else "\n".join([*complaints, last])


@pytest.mark.corpus
@pytest.mark.django_db(transaction=True)
def test_every_open_case_passes(live_server: LiveServer) -> None:
    """All 83 scenarios, preconditions and portal expectations included."""
    assert played(live_server, FOLDER / "corpus-open.json") == "83 passed, 0 failed"


@pytest.mark.corpus
@pytest.mark.django_db(transaction=True)
def test_every_open_case_passes_written_otherwise(live_server: LiveServer, tmp_path: Path) -> None:
    """R1, R8, R13, R21: case, URNs, arrays, the flag, slashes and escapes make no difference."""
    cases = json.loads((FOLDER / "corpus-open.json").read_text())
    (tmp_path / "varied.json").write_text(json.dumps(varied(cases)))
    assert played(live_server, tmp_path / "varied.json") == "83 passed, 0 failed"
