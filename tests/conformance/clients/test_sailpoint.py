"""SailPoint: reads the schemas, aggregates everybody by pages, and later only what changed.

Source: https://documentation.sailpoint.com/connectors/scim_2_0/help/integrating_scim2/aggregation_settings.html
"""

from datetime import UTC, datetime, timedelta

import pytest

from contacts.models import Contact
from tests.scim.conftest import Scim, person

from .playing import Player, Step, error, listed, patch


@pytest.fixture
def sailpoint(scim: Scim) -> Player:
    """Its client."""
    return Player(scim, {"Accept": "application/scim+json"})


def everybody(scim: Scim, query: str, size: int) -> list[str]:
    """The ids of all pages, asked for until totalResults are there."""
    seen: list[str] = []
    total = 1
    while len(seen) < total:
        page = scim.get(f"/Users?startIndex={len(seen) + 1}&count={size}{query}").json()
        total = page["totalResults"]
        seen += [one["id"] for one in page["Resources"]]
    return seen


@pytest.mark.parametrize(
    "query", ["", "&sortBy=userName", "&sortBy=id&sortOrder=descending", "&attributes=userName"]
)
def test_account_aggregation(scim: Scim, query: str) -> None:
    """RFC 7644 3.4.2.4: in a stable order, so that nobody is left out or comes twice."""
    ids = {str(scim.created().pk) for _ in range(11)}
    seen = everybody(scim, query, 4)
    assert (len(seen), set(seen)) == (11, ids)


def test_delta_aggregation(scim: Scim) -> None:
    """By meta.lastModified, alone and joined by `and`; with a zone, with Z, in milliseconds."""
    old, new = scim.created(login="old"), scim.created(login="new")
    long_ago = datetime.now(UTC) - timedelta(days=2)
    Contact.objects.filter(pk=old.pk).update(updated_at=long_ago, created_at=long_ago)
    since = datetime.now(UTC) - timedelta(days=1)
    for written in (
        since.isoformat(),
        since.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        since.strftime("%Y-%m-%dT%H:%M:%SZ"),
    ):
        for condition in (
            f'meta.lastModified gt "{written}"',
            f'meta.lastModified ge "{written}" and userName sw "n"',
            f'active eq true and meta.lastModified gt "{written}"',
        ):
            assert [one["id"] for one in scim.find(condition)] == [str(new.pk)], condition


def test_a_filter_for_aggregation(scim: Scim) -> None:
    """As its form proposes."""
    admin = scim.created(login="Admin.uma")
    scim.created(login="uma")
    assert [one["id"] for one in scim.find('username sw "admin"')] == [str(admin.pk)]


def test_schema_discovery_and_account_requests(sailpoint: Player) -> None:
    """Create, disable, enable, change, delete; then an account refresh that finds nobody."""
    body = person(login="uma")
    disable, enable = (patch({"op": "replace", "path": "active", "value": value}) for value in (False, True))
    remove = patch({"op": "remove", "path": "title"})
    sailpoint.play(
        [
            Step(
                "GET /ServiceProviderConfig", 200, {"patch": {"supported": True}, "sort": {"supported": True}}
            ),
            Step("GET /ResourceTypes", 200, listed({"endpoint": "/Users"})),
            Step("GET /Schemas", 200, {"totalResults": 3}),
            Step("POST /Users", 201, {"title": "Cook"}, {**body, "title": "Cook"}, keeps=True),
            Step("PATCH /Users/<id>", 200, {"active": False}, disable),
            Step("PATCH /Users/<id>", 200, {"active": True}, enable),
            Step("PATCH /Users/<id>", 200, {"title": None}, remove),
            Step("DELETE /Users/<id>", 204),
            Step("GET /Users/<id>", 404, error()),
        ]
    )
