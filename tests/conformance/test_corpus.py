"""The Entra case corpus, played over HTTP by its own runner, with this project's two hooks."""

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

ROOT = Path(__file__).resolve().parents[2]
HOOK = f"{sys.executable} -m tests.conformance.corpus"


def database_url() -> str:
    """The test database, for the hooks, which are processes of their own."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgres://{connection.settings_dict['USER']}@/{connection.settings_dict['HOST']}/{name}"


@pytest.mark.corpus
@pytest.mark.django_db(transaction=True)
def test_every_open_case_passes(live_server: LiveServer) -> None:
    """All 83 scenarios, preconditions and portal expectations included."""
    _, secret = Token.issue(name="Corpus", connection=ConnectionFactory())
    command = [sys.executable, str(FOLDER / "run_corpus.py"), str(FOLDER / "corpus-open.json")]
    command += ["--base-url", f"{live_server.url}/entra", "--token", secret]
    command += ["--setup-cmd", f"{HOOK} setup", "--check-cmd", f"{HOOK} check"]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "deskscim.settings",
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["83 passed, 0 failed"], done.stdout + done.stderr
