"""Debian packages the suite needs: installed when this is root and they are absent. Standard library only.

`python3 -m tests.infrastructure.debian` runs before there is a virtual environment.
"""

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys

from tests.infrastructure import chromium, postgres


def missing() -> list[str]:
    """The packages of what is not found on this machine."""
    found = {
        "python3-venv": importlib.util.find_spec("ensurepip"),
        "chromium": chromium.find(),
        "libatomic1": ctypes.util.find_library("atomic"),  # Playwright's driver is linked to it
        "postgresql": postgres.installed_binaries(),
    }
    return [package for package, what in found.items() if what is None]


def apt_get(*arguments: str) -> bool:
    """Run apt-get without a question; whether it succeeded."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-q", "-y", *arguments]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


def main() -> int:
    """Install what is missing; 1 when apt-get failed, and the caller goes on with what there is."""
    packages = missing()
    if not packages or os.geteuid() != 0 or not shutil.which("apt-get"):
        return 0
    print(f"Installing Debian packages: {' '.join(packages)}", file=sys.stderr)
    done = apt_get("update") and apt_get("install", "--no-install-recommends", *packages)
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
