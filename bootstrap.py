#!/usr/bin/env python3
"""Set DeskSCIM up where there is only Python: `run` starts the demo portal, `test` the whole suite.

Standard library only, in a syntax that an old Python can read, so that it can say it is too old.
"""

import argparse
import errno
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO


def python_problem(major: int, minor: int) -> str:
    """What to do about this version of Python; nothing to do is an empty text."""
    if (major, minor) >= (3, 11):
        return ""
    return (
        f"DeskSCIM needs Python 3.11 or newer, and this is {major}.{minor}: "
        "install a newer one and start this file with it, for example `python3.11 bootstrap.py run`."
    )


if python_problem(*sys.version_info[:2]):
    sys.exit(python_problem(*sys.version_info[:2]))

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILD = ROOT / "build"
DOTENV = ROOT / ".env"
DATABASE = ROOT / "db.sqlite3"
DEMO = BUILD / "demo.json"  # the token is stored as a digest, so a later start can only know it from here
LOCKS = ("base", "test", "dev")  # each holds the one before it
HOST = "127.0.0.1"
HEALTHY_WITHIN = 60  # seconds
STOPPED_WITHIN = 10
DEMO_SETTINGS = "SECRET_KEY={key}\nDESKSCIM_HTTPS=false\nALLOWED_HOSTS=127.0.0.1,localhost\n"
NO_NETWORK = ("new connection", "connection refused", "failed to connect", "name resolution", "timed out",
              "network is unreachable", "proxyerror", "sslerror", "client error (connect)", "dns error",
              "from versions: none")  # fmt: skip
NO_VENV = (
    f"{sys.executable} cannot make a virtual environment with pip: install Python's venv module "
    "(Debian, Ubuntu: `apt-get install python3-venv`) and run the same command again."
)


class SetUpError(Exception):
    """The set-up cannot go on; the message is one sentence that says what to do."""


def log(message: str) -> None:
    """Tell the person at the terminal; standard output is kept for the demo's four lines."""
    print(message, file=sys.stderr, flush=True)


# What is installed


def digest(paths: list[Path]) -> str:
    """One digest over the names and contents of files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def lock(name: str) -> Path:
    """A file of exact versions and hashes."""
    return ROOT / "requirements" / f"{name}.txt"


def is_stamped(stamp: Path, *digests: str) -> bool:
    """Whether a step was last done for one of these digests."""
    return stamp.exists() and stamp.read_text() in digests


def succeeds(*command: object) -> bool:
    """Whether a command ends well; what it writes is of no interest."""
    return subprocess.run([*map(str, command)], capture_output=True, check=False).returncode == 0


def call(*command: object, problem: str, output: int | TextIO = sys.stderr) -> str:
    """Run a program in the project's folder, its output to the terminal or a pipe; SetUpError if it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, text=True, check=False)
    if done.returncode:
        raise SetUpError(f"{problem}: the lines above say why.")
    return done.stdout or ""


def installers() -> Iterator[list[str]]:
    """Commands that install into .venv, the quickest first, as far as this machine has them."""
    uv = shutil.which("uv")
    if uv:
        yield [uv, "pip", "install", "--python", str(PYTHON)]
    if succeeds(PYTHON, "-m", "ensurepip"):
        yield [str(PYTHON), "-m", "pip", "install"]
    elif succeeds(sys.executable, "-m", "pip", "--python", PYTHON, "--version"):
        yield [sys.executable, "-m", "pip", "--python", str(PYTHON), "install"]


def installation_problem(output: str) -> str:
    """What to do about a failed installation, from what the installer wrote."""
    if "no space left" in output.lower():
        return "The disk is full: free 500 MB and run the same command again."
    if any(sign in output.lower() for sign in NO_NETWORK):
        return (
            "The Python package index cannot be reached: check the network, the proxy and PIP_INDEX_URL, "
            "and run the same command again."
        )
    log(output)
    return "The requirements could not be installed: the lines above say why."


def install(name: str) -> None:
    """Bring .venv to a lock, unless it is there already. Raises SetUpError."""
    stamp, wanted = VENV / "requirements.sha256", LOCKS[LOCKS.index(name) :]
    if PYTHON.exists() and is_stamped(stamp, *(digest([lock(other)]) for other in wanted)):
        return
    # Without pip, a virtual environment needs no more of Python than Debian's smallest package has.
    if not PYTHON.exists() and not succeeds(sys.executable, "-m", "venv", "--without-pip", "--clear", VENV):
        raise SetUpError(NO_VENV)
    log(f"Installing requirements/{name}.txt into .venv, which takes about half a minute.")
    stamp.unlink(missing_ok=True)
    problem = NO_VENV
    for installer in installers():
        command = [*installer, "--quiet", "--require-hashes", "-r", str(lock(name))]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            stamp.write_text(digest([lock(name)]))
            return
        problem = installation_problem(done.stdout + done.stderr)
    raise SetUpError(problem)


# What is built


def manage(*arguments: str, output: int | TextIO = sys.stderr) -> str:
    """Run a management command; SetUpError if it fails."""
    return call(PYTHON, "manage.py", *arguments, problem=f"`manage.py {arguments[0]}` failed", output=output)


def files_in(*names: str) -> list[Path]:
    """The files of these folders, in a steady order, without what Python compiled."""
    paths = [path for name in names for path in (ROOT / name).rglob("*")]
    return sorted(path for path in paths if path.is_file() and path.suffix != ".pyc")


def compile_stylesheet() -> None:
    """Compile the stylesheet, unless no page, style or code that names classes has changed."""
    stamp = BUILD / "stylesheet.sha256"
    now = digest([*files_in("templates", "deskscim", "companies", "contacts"), lock("base")])
    if is_stamped(stamp, now):
        return
    log("Compiling the stylesheet.")
    source, target = "deskscim/static/deskscim/app.css", "build/assets/deskscim/app.css"
    tailwind = VENV / "bin" / "tailwindcss"
    call(tailwind, "-i", source, "-o", target, "--minify", problem="The stylesheet could not be compiled")
    stamp.write_text(now)


def compile_translations() -> None:
    """Compile the catalogues, unless they have not changed."""
    catalogues = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    stamp, now = BUILD / "translations.sha256", digest([*catalogues, lock("base")])
    if is_stamped(stamp, now):
        return
    log("Compiling the translations.")
    command = [VENV / "bin" / "pybabel", "--quiet", "compile", "--directory", "locale", "--domain", "django"]
    call(*command, problem="The translations could not be compiled")
    stamp.write_text(now)


def collect_static_files() -> None:
    """Collect and compress what the server hands out, unless it has not changed."""
    stamp, now = BUILD / "static.sha256", digest([*files_in("deskscim/static", "build/assets"), lock("base")])
    if is_stamped(stamp, now):
        return
    log("Collecting the static files.")
    manage("collectstatic", "--no-input", "--verbosity=0")
    stamp.write_text(now)


# The demo


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def forget_demo() -> None:
    """Remove the demo's database and its secrets."""
    for path in (DEMO, *ROOT.glob(f"{DATABASE.name}*")):
        path.unlink(missing_ok=True)


def prepare_demo() -> dict[str, str]:
    """The demo's data and its secrets, made at the first start and remembered."""
    manage("migrate", "--no-input", "--skip-checks", "--verbosity=0")
    if not DEMO.exists():
        write_private(DEMO, manage("demo", output=subprocess.PIPE))
    demo: dict[str, str] = json.loads(DEMO.read_text())
    return demo


def provision(demo: dict[str, str], url: str) -> None:
    """Let the simulated Entra ID bring its people, once."""
    if "provisioned" in demo:
        return
    log("The simulated Entra ID runs its initial cycle.")
    people = ["--users", "120", "--cycles", "1", "--dialect", "mixed", "--seed", "1"]
    manage("simulate_entra", *people, "--base-url", f"{url}entra", "--token", demo["token"])
    write_private(DEMO, json.dumps({**demo, "provisioned": "yes"}))


def check_port(port: int) -> None:
    """Raise SetUpError unless a server can listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise SetUpError(f"Port {port} is not allowed: choose one above 1023 with --port.") from None
        except (OSError, OverflowError):
            other = port + 1 if port < 65535 else 8000
            raise SetUpError(f"Port {port} is taken: stop what uses it, or choose another port, for example "
                             f"`python3 bootstrap.py run --port {other}`.") from None  # fmt: skip


def answers(url: str) -> bool:
    """Whether the server answers a health check with 200; no proxy is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}healthz", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until_healthy(process: subprocess.Popen[bytes], url: str) -> None:
    """Return as soon as the server answers; SetUpError when it ends or takes too long."""
    deadline = time.monotonic() + HEALTHY_WITHIN
    while not answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SetUpError("The server did not start: the lines above say why.")
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a program and its own: politely, then without asking."""
    process.terminate()
    try:
        process.wait(STOPPED_WITHIN)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def program(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program while we run, in a session of its own so that Ctrl-C reaches it once, through us."""
    nothing, terminal = subprocess.DEVNULL, sys.stderr
    process = subprocess.Popen(command, cwd=ROOT, stdin=nothing, stdout=terminal, start_new_session=True)
    try:
        yield process
    finally:
        stop(process)


def server(port: int) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """The web server."""
    # SQLite has one writer; one process, whose threads let pages be read beside it.
    options = f"--config deskscim/gunicorn.py --bind {HOST}:{port} --workers 1"
    return program(f"{VENV}/bin/gunicorn", *options.split())


def worker() -> AbstractContextManager[subprocess.Popen[bytes]]:
    """What carries out background work."""
    return program(str(PYTHON), "manage.py", "qcluster")


# The two commands


def run(port: int, reset: bool) -> None:
    """Start the demo portal and serve until Ctrl-C or a polite kill. Raises SetUpError."""
    check_port(port)
    install("base")
    if not DOTENV.exists():
        write_private(DOTENV, DEMO_SETTINGS.format(key=secrets.token_urlsafe(50)))
    # The demo is SQLite whatever .env says: `--reset` must remove the database it uses and no other.
    os.environ.update(DATABASE_URL=f"sqlite:///{DATABASE}", NO_PROXY=HOST, no_proxy=HOST)
    if reset or not DATABASE.exists():
        forget_demo()
    compile_stylesheet()
    compile_translations()
    collect_static_files()
    demo = prepare_demo()
    url = f"http://{HOST}:{port}/"
    with worker(), server(port) as process:
        wait_until_healthy(process, url)
        provision(demo, url)
        print(f"Portal: {url}\nSign in: {demo['email']} / {demo['password']}")
        print(f"Tenant URL: {url}entra\nSecret token: {demo['token']}", flush=True)
        process.wait()
        raise SetUpError("The server stopped: the lines above say why.")


def test(pytest_arguments: list[str]) -> int:
    """Run linters, types and tests, or only pytest when it is given arguments; 1 if anything failed."""
    subprocess.run([sys.executable, "-m", "tests.infrastructure.debian"], cwd=ROOT, check=False)
    install("dev" if os.environ.get("CI") else "test")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    compile_stylesheet()
    compile_translations()
    suite = [str(PYTHON), "-m", "tests.infrastructure.suite", *pytest_arguments]
    return subprocess.run(suite, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


def parser() -> argparse.ArgumentParser:
    """The command line."""
    result = argparse.ArgumentParser(prog="bootstrap.py", description=__doc__)
    commands = result.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("run", help="start the demo portal")
    demo.add_argument("--port", type=int, default=8000, help="the port to serve on (8000)")
    demo.add_argument("--reset", action="store_true", help="begin again with a new database and new secrets")
    commands.add_parser("test", help="run linters and all tests, or only pytest with the arguments given")
    return result


def interrupt(number: int, frame: object) -> None:
    """A polite kill or a closed terminal ends us as Ctrl-C does."""
    raise KeyboardInterrupt


def main() -> int:
    """Run one of the two commands, and answer the exit status."""
    arguments, others = parser().parse_known_args()
    if others and arguments.command == "run":
        parser().error(f"unrecognized arguments: {' '.join(others)}")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        if arguments.command == "test":
            return test(others)
        run(arguments.port, arguments.reset)
    except SetUpError as error:
        log(str(error))
    except OSError as error:
        remedy = "free 500 MB" if error.errno == errno.ENOSPC else "make it writable for you"
        log(f"{error.filename or ROOT}: {error.strerror}: {remedy} and run the same command again.")
    except KeyboardInterrupt:
        log("Stopped.")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
