"""The set-up says in one sentence what stands in its way, and does nothing twice."""

import ast
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import bootstrap

PROJECT = Path(bootstrap.__file__).parent
LOCK = "idna==3.20 --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new clone, as far as the set-up looks at it before it installs anything."""
    shutil.copy(PROJECT / "bootstrap.py", tmp_path)
    (tmp_path / "requirements").mkdir()
    for name in bootstrap.LOCKS:
        (tmp_path / "requirements" / f"{name}.txt").write_text(LOCK)
    return tmp_path


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def free_port(taken_port: int) -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up on a machine without uv, and with nothing set that this machine may have."""
    return subprocess.run(
        [sys.executable, "bootstrap.py", *arguments],
        cwd=folder,
        env={"PATH": "/nonexistent", "HOME": str(folder), "PIP_CONFIG_FILE": os.devnull, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def load(folder: Path) -> ModuleType:
    """The set-up as a module that works in another folder."""
    spec = importlib.util.spec_from_file_location("bootstrap_elsewhere", folder / "bootstrap.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def without_modules(folder: Path, *names: str) -> str:
    """A PYTHONPATH on which these modules cannot be imported, as in Debian's smallest Python."""
    hidden = folder / "hidden"
    hidden.mkdir()
    for name in names:
        (hidden / f"{name}.py").write_text(f"raise ModuleNotFoundError('No module named {name}')\n")
    return str(hidden)


def assert_sentence(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    """It failed, without a traceback, and its last line says all of this."""
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    last_line = done.stderr.splitlines()[-1]
    assert [part for part in parts if part not in last_line] == []


def test_a_taken_port_is_said_before_anything_is_installed(folder: Path, taken_port: int) -> None:
    done = start(folder, "run", "--port", str(taken_port))
    assert_sentence(done, f"Port {taken_port} is taken", f"--port {taken_port + 1}")
    assert len(done.stderr.splitlines()) == 1
    assert not (folder / ".venv").exists()


def test_an_old_python_is_told_which_one_is_needed() -> None:
    assert "3.11 or newer, and this is 3.10" in bootstrap.python_problem(3, 10)
    assert bootstrap.python_problem(3, 11) == bootstrap.python_problem(4, 0) == ""


def test_an_old_python_can_read_the_file_far_enough_to_say_so() -> None:
    tree = ast.parse((PROJECT / "bootstrap.py").read_text(), feature_version=(3, 6))
    future = [
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert future == []


@pytest.mark.parametrize("modules", [["venv"], ["ensurepip", "pip"]])
def test_a_missing_venv_module_is_named_with_its_package(
    folder: Path, free_port: int, modules: list[str]
) -> None:
    done = start(folder, "run", "--port", str(free_port), PYTHONPATH=without_modules(folder, *modules))
    assert_sentence(done, "virtual environment", "apt-get install python3-venv")


def test_no_network_is_said_as_such(folder: Path, free_port: int) -> None:
    index = f"http://127.0.0.1:{free_port}/simple"
    done = start(
        folder, "run", "--port", str(free_port), PIP_INDEX_URL=index, PIP_RETRIES="1", PIP_NO_CACHE_DIR="1"
    )
    assert_sentence(done, "package index cannot be reached", "network")
    assert not (folder / ".venv" / "requirements.sha256").exists()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("error: Failed to fetch\n  Caused by: client error (Connect)", "package index cannot be reached"),
        ("ERROR: Could not find a version (from versions: none)", "package index cannot be reached"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "the lines above say why"),
    ],
)
def test_what_the_installer_wrote_becomes_advice(output: str, sentence: str) -> None:
    assert sentence in bootstrap.installation_problem(output)


@pytest.fixture
def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A folder whose .venv holds the test set, on a machine that can install nothing more."""
    for name in bootstrap.LOCKS:
        (folder / "requirements" / f"{name}.txt").write_text(f"# {name}\n")
    elsewhere = load(folder)
    elsewhere.PYTHON.parent.mkdir(parents=True)
    elsewhere.PYTHON.write_text("#!/bin/sh\nexit 1\n")
    elsewhere.PYTHON.chmod(0o755)
    (folder / ".venv" / "requirements.sha256").write_text(elsewhere.digest([elsewhere.lock("test")]))
    monkeypatch.setenv("PATH", "/nonexistent")
    return elsewhere


@pytest.mark.parametrize("name", ["base", "test"])
def test_what_is_installed_is_not_installed_again(installed: ModuleType, name: str) -> None:
    installed.install(name)


def test_a_larger_set_is_installed(installed: ModuleType) -> None:
    with pytest.raises(installed.SetUpError):
        installed.install("dev")


def test_a_changed_lock_is_installed(installed: ModuleType) -> None:
    installed.lock("test").write_text("# changed\n")
    with pytest.raises(installed.SetUpError):
        installed.install("test")


def test_a_changed_file_changes_the_digest_that_decides_on_building(folder: Path) -> None:
    elsewhere = load(folder)
    page = folder / "templates" / "components" / "button.html"
    page.parent.mkdir(parents=True)
    page.write_text('<p class="p-1">')
    before = elsewhere.digest(elsewhere.files_in("templates"))
    assert elsewhere.digest(elsewhere.files_in("templates")) == before
    page.write_text('<p class="p-2">')
    assert elsewhere.digest(elsewhere.files_in("templates")) != before


def test_secrets_are_readable_by_their_owner_alone(folder: Path) -> None:
    elsewhere = load(folder)
    elsewhere.write_private(elsewhere.DEMO, "{}")
    assert elsewhere.DEMO.stat().st_mode & 0o777 == 0o600


def test_a_reset_removes_the_demo_and_nothing_else(folder: Path) -> None:
    elsewhere = load(folder)
    elsewhere.BUILD.mkdir()
    demo = [elsewhere.DEMO, *(folder / f"db.sqlite3{suffix}" for suffix in ("", "-wal", "-shm"))]
    for path in demo:
        path.touch()
    before = {*folder.rglob("*")} - {*demo}
    elsewhere.forget_demo()
    assert {*folder.rglob("*")} == before
