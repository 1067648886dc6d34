"""Each page in the reader's language and time zone.

In place of Django's LocaleMiddleware: that one leaves its language to whatever the thread does next, which
may be an answer to Entra.
"""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from .models import Agent

ZONE_COOKIE = "timezone"  # set by static/deskscim/time.js


class ReadersWay:
    """Language and zone: the agent's own choice, else what the browser says."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page, for this reader."""
        reader = request.user if isinstance(request.user, Agent) else None
        chosen = reader.language if reader else ""
        language = chosen or translation.get_language_from_request(request)
        zone = reader.time_zone if reader else ""
        with translation.override(language), timezone.override(_zone(zone or _browsers(request))):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not chosen:
            patch_vary_headers(response, ["Accept-Language"])
        return response


def _browsers(request: HttpRequest) -> str:
    return request.COOKIES.get(ZONE_COOKIE, "")


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone of that name; None, which means the server's, for none and for nonsense."""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None
