"""In whose words and at whose time: a reader's language and zone, for what is made after their request.

While a request lasts, the middleware of the agents sees to it. A job lasts longer, and so does a file that is
sent while it is made.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.conf import settings
from django.utils import timezone, translation

Part = TypeVar("Part")


def current_language() -> str:
    """That in which texts are at this moment."""
    return translation.get_language() or settings.LANGUAGE_CODE


def current_zone() -> str:
    """The IANA name of the zone of this moment."""
    return str(timezone.get_current_timezone())


@contextmanager
def reading(language: str, zone: str) -> Iterator[None]:
    """Everything in this language and zone."""
    with translation.override(language), timezone.override(zone):
        yield


def kept_for_reader(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts, each made as if the request of this moment still lasted."""
    return _read(iter(parts), current_language(), current_zone())


def _read(parts: Iterator[Part], language: str, zone: str) -> Iterator[Part]:
    while True:
        with reading(language, zone):
            try:
                part = next(parts)
            except StopIteration:
                return
        yield part
