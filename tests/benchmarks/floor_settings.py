"""The product's settings without what makes it the product: a bare Django on the same database."""

from deskscim.settings import *  # noqa: F403
from deskscim.settings import DATABASES

ROOT_URLCONF = "tests.benchmarks.floor"
MIDDLEWARE = []
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False  # a statement more for each request
