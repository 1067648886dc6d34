"""scim2-tester, the conformance checks of the python-scim project (RFC 7643 and 7644), over HTTP.

Each run takes a connection that holds nobody: the tester's check of lists does not page.
"""

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import CheckResult, Status, check_server

from contacts.models import ContactField
from tests.factories import ContactFieldFactory

from .conftest import Tenant

Type = ContactField.Type

PASSED = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}
ANY_VALUE_FITS = (Type.TEXT, Type.PARAGRAPH, Type.CHECKBOX, Type.DROPDOWN, Type.URL)

# The tester fills these with any string, or any number to 2^31: R10 takes neither, and R11 leaves the field
# as it was, so that it is told apart from what the tester sent.
SOME_VALUES_FIT = {"cf_date", "cf_number", "cf_decimal"}
CUSTOM = "urn:ietf:params:scim:schemas:extension:desk365ContactCustomFields:2.0:User"


def checked(tenant: Tenant) -> list[CheckResult]:
    """What the tester says of the server."""
    headers = {"Authorization": f"Bearer {tenant.secret}"}
    with Client(base_url=tenant.url, headers=headers) as client:
        return check_server(SyncSCIMClient(client))


def failed(results: list[CheckResult]) -> list[CheckResult]:
    """The checks that did not pass, skipped ones included."""
    return [one for one in results if one.status not in PASSED]


def complaints(results: list[CheckResult]) -> list[str]:
    """The checks that did not pass, each with its reason."""
    return [f"{one.status.name} {one.title}: {one.reason}" for one in failed(results)]


def define(kind: str) -> None:
    """One contact field."""
    options = ["Gold", "Silver"] if kind == Type.DROPDOWN else []
    ContactFieldFactory(api_name=f"cf_{kind}", type=kind, options=options)


def test_every_check_passes(tenant: Tenant) -> None:
    """None is skipped for a feature that is missing."""
    results = checked(tenant)
    assert complaints(results) == []
    assert len(results) > 60


def test_every_check_passes_with_contact_fields(tenant: Tenant) -> None:
    """R10: a field of each type that takes whatever its announced type can hold."""
    for kind in ANY_VALUE_FITS:
        define(kind)
    results = checked(tenant)
    assert complaints(results) == []
    assert {f"{CUSTOM}:cf_{kind}" for kind in ANY_VALUE_FITS} <= {
        one.data["urn"] for one in results if one.title == "check_add_attribute" and one.data
    }


def test_fields_that_choose_their_values_are_all_it_complains_of(tenant: Tenant) -> None:
    """R11: a value that does not fit changes nothing, and everything else is applied."""
    for kind in Type.values:
        define(kind)
    refused = [one.data or {"urn": one.reason} for one in failed(checked(tenant))]
    assert {one["urn"].removeprefix(CUSTOM).strip(":") for one in refused} <= {"", *SOME_VALUES_FIT}
