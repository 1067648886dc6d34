"""The production web server as a child process, and the processor time that it and PostgreSQL use."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.load import HOST

WORKERS = 2
STARTED_WITHIN = 30  # seconds
_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


@contextmanager
def gunicorn(application: str, settings: str) -> Iterator[int]:
    """The server with production's options, as its port."""
    port = _free_port()
    command = [str(Path(sys.executable).parent / "gunicorn"), "--config", "deskscim/gunicorn.py"]
    options = ["--bind", f"{HOST}:{port}", "--workers", str(WORKERS), "--log-level", "warning", application]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "DEBUG": "false",
        "DESKSCIM_HTTPS": "false",
    }
    with subprocess.Popen([*command, *options], env=environment) as process:
        try:
            _wait(port)
            yield port
        finally:
            process.terminate()


def processor_seconds(postmaster: int) -> float:
    """What the web servers (children of this process) and PostgreSQL have used until now."""
    return sum(map(_used, _family({os.getpid(), postmaster})))


def megabytes(pid: object) -> float:
    """The most memory that a process ever had to itself. getrusage would count what its parent had, too."""
    status = (_PROC / str(pid) / "status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def peak_megabytes() -> float:
    """That of the web server's largest process."""
    return max(megabytes(pid) for pid in _family({os.getpid()}) if _is_web(pid))


def _is_web(pid: int) -> bool:
    return b"gunicorn" in (_PROC / str(pid) / "cmdline").read_bytes()


def parent(pid: int) -> int:
    """The process that started this one."""
    return int(_fields(_PROC / str(pid))[1])


def _family(elders: set[int]) -> set[int]:
    """These processes' children and theirs."""
    parents = dict(filter(None, map(_parent, _PROC.glob("[0-9]*"))))
    found = set(elders)
    while more := {pid for pid, of in parents.items() if of in found} - found:
        found |= more
    return found - {os.getpid()}


def _parent(folder: Path) -> tuple[int, int] | None:
    try:
        return int(folder.name), int(_fields(folder)[1])
    except OSError:
        return None


def _fields(folder: Path) -> list[str]:
    """The columns of /proc/PID/stat after the name, which may hold blanks."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def _used(pid: int) -> float:
    try:
        fields = _fields(_PROC / str(pid))
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(port: int) -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port)).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("The web server did not start.")
