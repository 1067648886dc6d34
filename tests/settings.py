"""The project's settings with test values; DATABASE_URL says SQLite (the default) or PostgreSQL."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ |= {"SECRET_KEY": "a test needs no secret, only fifty characters of it", "DESKSCIM_HTTPS": "false"}
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")

from deskscim.settings import *  # noqa: F403
from deskscim.settings import DATABASES, Q_CLUSTER, SQLITE_OPTIONS, STORAGES

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = []
# A listener would hold the test database open; tests of the real server remember as it does.
REMEMBER_SECONDS = 0

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: an in-memory database would make a live server and its threads share one
    # connection. The folder belongs to this process, so runs at the same time do not meet.
    folder = Path(tempfile.mkdtemp(prefix="deskscim-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    DATABASES["default"]["TEST"] = {"NAME": str(folder / "test.sqlite3")}
    # A live server may start before the test database does, and shares its connection if this is in memory.
    DATABASES["default"]["NAME"] = str(folder / "db.sqlite3")
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS | {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA secure_delete=ON;"
    }

media = Path(tempfile.mkdtemp(prefix="deskscim-media-"))
atexit.register(shutil.rmtree, media, ignore_errors=True)
MEDIA_ROOT = media
Q_CLUSTER |= {"poll": 0.01}

# Tests sign in often and read static files uncollected.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
