"""Settings, read once from the environment or a `.env` file beside manage.py.

Every variable is typed; a value that cannot be read stops the start. A secret has no default.
"""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

SECRET_KEY: str = env.str("SECRET_KEY")
DEBUG: bool = env.bool("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS: bool = env.bool("DESKSCIM_HTTPS", default=True)

INSTALLED_APPS = [
    "companies",
    "contacts",
    "deskscim.agents",
    "django_q",  # before deskscim.jobs, which takes its tables out of the admin
    "deskscim.jobs",
    "deskscim.provisioning",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_scim",
    "rest_framework",
    "django_htmx",
    "heroicons",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "deskscim.provisioning.scim.middleware.EntraFirst",  # what follows is not for /entra
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "deskscim.agents.middleware.ReadersWay",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "deskscim.deadlocks.DeadlocksAgain",
]

ROOT_URLCONF = "deskscim.urls"
WSGI_APPLICATION = "deskscim.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# SQLite: IMMEDIATE takes the write lock before the first read, so a read-modify-write cannot be overtaken;
# synchronous=FULL because an acknowledged write must survive a power cut; secure_delete because nothing of an
# erased contact may remain in the file (R30), and some builds of SQLite leave it in pages set free.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}


# PostgreSQL keeps the plan of a statement (contacts/statements.py) that a connection sends again. Unless told
# otherwise it takes a disk for a spinning one, and reads a whole table rather than a thousand rows by key.
POSTGRES_OPTIONS: dict[str, Any] = {"prepare_threshold": 1, "options": "-c random_page_cost=1.1"}


def database() -> dict[str, Any]:
    """The database that DATABASE_URL names, with the options its engine needs."""
    config: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
    config |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = SQLITE_OPTIONS
    elif DIRECT_DATABASE:
        config["OPTIONS"] = POSTGRES_OPTIONS | config.get("OPTIONS", {})
    return config


# False behind a pooler that shares connections between transactions: it carries neither prepared statements
# nor notifications, so statements are not prepared and nothing is remembered.
DIRECT_DATABASE: bool = env.bool("DESKSCIM_DIRECT_DATABASE", default=True)
DATABASES = {"default": database()}
# How long a node keeps tokens and contact fields at most, told of every change as it is; 0: never.
REMEMBER_SECONDS: int = env.int("DESKSCIM_REMEMBER_SECONDS", default=10) if DIRECT_DATABASE else 0
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "agents.Agent"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "agents:sign-in"
LOGIN_REDIRECT_URL = "contacts:list"
LOGOUT_REDIRECT_URL = "agents:sign-in"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"  # of the sign-in form; not the model's field, which is the default
AXES_USERNAME_CALLABLE = "deskscim.agents.lockout.attempted_email"
AXES_LOCKOUT_TEMPLATE = "agents/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False  # its log lines carry user names

# Background work, carried out by `manage.py qcluster`. A message is brought again after `retry` seconds
# unless the job's worker says that it lives (deskscim.jobs.running), which takes the place of a `timeout`.
Q_CLUSTER = {
    "name": "deskscim",
    "orm": "default",
    # SQLite has one writer.
    "workers": 1 if DATABASES["default"]["ENGINE"].endswith("sqlite3") else 2,
    "queue_limit": 1,  # what waits stays in the database, for whoever is free first
    "poll": 0.5,
    "timeout": 60,
    "retry": 60,
    "save_limit": -1,
    "scheduler": False,
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["deskscim.formats"]
TIME_ZONE: str = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

# Files of jobs, private: handed out by a view to their owner alone (deskscim.jobs).
MEDIA_ROOT = BASE_DIR / "media"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
COMPILED_ASSETS = BASE_DIR / "build" / "assets"
COMPILED_ASSETS.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [COMPILED_ASSETS, BASE_DIR / "deskscim" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 12
SECURE_SSL_REDIRECT = HTTPS
# R13: Entra follows no redirect; a health check on the inner network speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^entra(/|$)", r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# R30: messages name people; in a cookie they reach no table.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"


def at_most(name: str, default: int) -> int:
    """The limit of that name. Raises ImproperlyConfigured for one that would let nothing through."""
    limit: int = env.int(name, default=default)
    if limit < 1:
        raise ImproperlyConfigured(f"{name} must be a whole number above 0.")
    return limit


# What one SCIM request may hold; more is refused (RFC 7644 3.12).
SCIM_MAX_BODY = DATA_UPLOAD_MAX_MEMORY_SIZE = at_most("SCIM_MAX_BODY", 1_048_576)
SCIM_MAX_JSON_DEPTH = at_most("SCIM_MAX_JSON_DEPTH", 64)
SCIM_MAX_PATCH_OPERATIONS = at_most("SCIM_MAX_PATCH_OPERATIONS", 1000)
SCIM_MAX_BULK_OPERATIONS = at_most("SCIM_MAX_BULK_OPERATIONS", 500)
SCIM_MAX_FILTER_LENGTH = at_most("SCIM_MAX_FILTER_LENGTH", 4000)
SCIM_MAX_FILTER_DEPTH = at_most("SCIM_MAX_FILTER_DEPTH", 16)
SCIM_MAX_FILTER_COMPARISONS = at_most("SCIM_MAX_FILTER_COMPARISONS", 200)
SCIM_MAX_VALUES = at_most("SCIM_MAX_VALUES", 100)

# What one file of contacts to import may hold, in bytes.
IMPORT_MAX_BYTES = at_most("DESKSCIM_IMPORT_MAX_BYTES", 268_435_456)

SCIM_SERVICE_PROVIDER = {
    "NETLOC": "localhost",  # mandatory, never used: locations come from the request
    "USER_MODEL_GETTER": "deskscim.provisioning.scim.adapter.user_model",
    "USER_ADAPTER": "deskscim.provisioning.scim.adapter.ContactAdapter",
    "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken"}],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Personal data belongs in no log: the library writes whole bodies, Django the paths of refused requests.
    "loggers": {
        "django_scim": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
}
