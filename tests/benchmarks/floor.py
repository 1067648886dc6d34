"""What Django itself costs: bare views under the same server, against which the product is measured.

No middleware, no authentication, no log; each does one statement on the product's own table by the ORM.
"""

import os
from itertools import count
from typing import Any
from uuid import UUID

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.floor_settings")
application = get_wsgi_application()

from contacts.models import Contact  # noqa: E402  (models need the application)

PAGE = 100
COLUMNS = [field.attname for field in Contact._meta.concrete_fields]
_number = count()


def answer(body: dict[str, Any], status: int = 200) -> JsonResponse:
    """With its length, which some middleware would add."""
    response = JsonResponse(body, status=status)
    response.headers["Content-Length"] = str(len(response.content))
    return response


def empty(request: HttpRequest) -> JsonResponse:
    """No statement at all."""
    return answer({})


def select(request: HttpRequest, pk: UUID) -> JsonResponse:
    """(b) One row by its key."""
    contact = Contact.objects.get(pk=pk)
    return answer({"id": str(contact.pk), "name": contact.name})


def insert(request: HttpRequest) -> JsonResponse:
    """(c) One new row, as wide and as indexed as a person that Entra pushes."""
    name = f"floor-{os.getpid()}-{next(_number)}"
    contact = Contact.objects.create(
        name=name,
        given_name="Uma",
        family_name="Example",
        title="Cook",
        external_id=name,
        connection_id=1,
        user_name=name,
        user_name_key=name,
        domain="company7.example",
        updated_at=timezone.now(),
    )
    return answer({"id": str(contact.pk)}, status=201)


def update(request: HttpRequest, pk: UUID) -> JsonResponse:
    """(u) One column of one row by its key."""
    return answer({"rows": Contact.objects.filter(pk=pk).update(title=f"Cook {next(_number)}")})


def rows(request: HttpRequest) -> JsonResponse:
    """(l) A page of whole rows, in the order of their keys."""
    page: list[dict[str, Any]] = list(Contact.objects.order_by("id").values(*COLUMNS)[:PAGE])
    return answer({"rows": page})


urlpatterns = [
    path("empty", empty),
    path("b/<uuid:pk>", select),
    path("c", insert),
    path("u/<uuid:pk>", update),
    path("l", rows),
]
