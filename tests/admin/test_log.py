"""The provisioning log in the Django admin, and its cures (R44)."""

import ast
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from contacts.errors import ContactError
from deskscim.provisioning import scim
from deskscim.provisioning.cures import CURES, cure
from deskscim.provisioning.models import LogEntry
from deskscim.provisioning.scim.errors import ScimError
from tests.factories import ConnectionFactory

LIST = "/admin/provisioning/logentry/"


def kinds(error: type[Exception]) -> Iterator[type[Exception]]:
    yield error
    for kind in error.__subclasses__():
        yield from kinds(kind)


def reasons_written_in_the_source() -> set[str]:
    """Every literal `reason="..."` of the SCIM plug-in."""
    files = Path(scim.__file__).parent.glob("*.py")
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text())))
    values = (node.value for node in nodes if isinstance(node, ast.keyword) and node.arg == "reason")
    return {str(value.value) for value in values if isinstance(value, ast.Constant) and value.value}


def test_every_reason_has_a_cure() -> None:
    classes = {getattr(kind, "reason") for base in (ContactError, ScimError) for kind in kinds(base)}  # noqa: B009
    reasons = classes | reasons_written_in_the_source()
    assert {"address_taken", "invalid_filter", "token_expired"} <= reasons
    assert reasons == set(CURES)


def test_every_cure_is_a_sentence() -> None:
    cures = map(str, CURES.values())
    assert [text for text in cures if not (text[0].isupper() and text.endswith("."))] == []


def test_what_is_no_failure_needs_no_cure() -> None:
    assert cure("") == ""


@pytest.fixture
def failure(db: None) -> LogEntry:
    return LogEntry.objects.create(
        at=timezone.now(),
        connection=ConnectionFactory(),
        method="POST",
        action="created",
        outcome="failure",
        status=409,
        reason="address_taken",
        duration_ms=1,
    )


def test_a_failure_says_what_to_do(failure: LogEntry, admin_client: Client) -> None:
    assert escape(cure("address_taken")) in admin_client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("matching", "other"),
    [
        ("outcome__exact=failure", "outcome__exact=success"),
        ("action__exact=created", "action__exact=deleted"),
        ("status=409", "status=201"),
        ("at__gte=2020-01-01+00:00:00Z", "at__lt=2020-01-01+00:00:00Z"),
        ("reason=address_taken", "reason=not_found"),
    ],
)
def test_it_is_filtered(matching: str, other: str, failure: LogEntry, admin_client: Client) -> None:
    assert admin_client.get(f"{LIST}?{matching}").context["cl"].result_count == 1
    assert admin_client.get(f"{LIST}?{other}").context["cl"].result_count == 0


def test_it_is_filtered_by_connection(failure: LogEntry, admin_client: Client) -> None:
    other = ConnectionFactory()
    found = admin_client.get(f"{LIST}?connection__id__exact={failure.connection_id}")
    assert found.context["cl"].result_count == 1
    assert admin_client.get(f"{LIST}?connection__id__exact={other.pk}").context["cl"].result_count == 0
