"""`python3 bootstrap.py run`: one command to a portal with people in it, the same one at the next start."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import bootstrap

PROJECT = Path(bootstrap.__file__).parent
SOURCES = ["deskscim", "companies", "contacts", "templates", "locale", "requirements"]
FILES = ["bootstrap.py", "manage.py"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose requirements are installed: the virtual environment of this run, under its own stamp."""
    for name in SOURCES:
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(PROJECT / name, tmp_path)
    venv = tmp_path / ".venv"
    venv.mkdir()
    for path in Path(sys.prefix).iterdir():
        if path.name != "requirements.sha256":
            (venv / path.name).symlink_to(path)
    (venv / "requirements.sha256").write_text(bootstrap.digest([bootstrap.lock("base")]))
    return tmp_path


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def heed_interrupts() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def started(clone: Path, port: int, *arguments: str) -> Iterator[dict[str, str]]:
    """The demo while it serves, as the four lines it printed; Ctrl-C ends it, and it prints no more."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(clone)}
    command = [sys.executable, "bootstrap.py", "run", "--port", str(port), *arguments]
    process = subprocess.Popen(
        command, cwd=clone, env=environment, stdout=subprocess.PIPE, text=True, preexec_fn=heed_interrupts
    )
    assert process.stdout
    try:
        yield dict(process.stdout.readline().rstrip("\n").split(": ", 1) for _ in range(4))
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert (process.returncode, rest) == (0, "")


def people(lines: dict[str, str]) -> int:
    """How many people the tenant URL and its token give access to."""
    url = f"{lines['Tenant URL']}/Users?count=1"
    headers = {"Authorization": f"Bearer {lines['Secret token']}"}
    response = httpx.get(url, headers=headers, trust_env=False)
    assert response.status_code == 200
    return int(response.json()["totalResults"])


def test_the_demo_starts_once_goes_on_and_begins_again(clone: Path, port: int) -> None:
    with started(clone, port) as first:
        assert list(first) == ["Portal", "Sign in", "Tenant URL", "Secret token"]
        assert first["Portal"] == f"http://127.0.0.1:{port}/"
        assert first["Tenant URL"] == f"http://127.0.0.1:{port}/entra"
        assert httpx.get(first["Portal"], follow_redirects=True, trust_env=False).status_code == 200
        provisioned = people(first)
        assert provisioned >= 100
    with pytest.raises(httpx.ConnectError):
        httpx.get(first["Portal"], trust_env=False)

    with started(clone, port) as second:
        assert second == first
        assert people(second) == provisioned

    with started(clone, port, "--reset") as third:
        assert third["Secret token"] != first["Secret token"]
        assert people(third) == provisioned
