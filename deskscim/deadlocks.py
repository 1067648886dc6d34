"""Two requests that wait for each other: the database ends one of them, and it is carried out again."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

DEADLOCK = "40P01"  # PostgreSQL's code; SQLite lets one writer in at a time


class DeadlocksAgain:
    """Once more from the beginning, after the other one: nothing of the transaction that was ended is left.

    SCIM does so for itself (`scim.writing`), and so do jobs (`jobs.delivery`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, as it comes."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The view's second answer; None leaves every other fault as it is."""
        if not is_deadlock(exception) or request.resolver_match is None:
            return None
        view, args, kwargs = request.resolver_match
        response: HttpResponse = view(request, *args, **kwargs)
        return response


def is_deadlock(error: Exception) -> bool:
    """Whether the database ended a transaction for another's sake."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") == DEADLOCK
