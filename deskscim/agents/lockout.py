"""Whose failed sign-ins django-axes counts together."""

from collections.abc import Mapping

from django.http import HttpRequest


def attempted_email(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The address of the attempt, in lower case as accounts keep it: no spelling has tries of its own.

    Cut to what axes can keep.
    """
    source = credentials or request.POST
    return (source.get("username") or "").lower()[:255]
