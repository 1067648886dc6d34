"""Filters that are refused (R13): 400 invalidFilter, never a wider list."""

import pytest

from deskscim.provisioning.scim import filters
from deskscim.provisioning.scim.errors import InvalidFilter
from deskscim.provisioning.scim.schema import CUSTOM_FIELDS
from tests.unit.filtering import FIELDS


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "userName",
        "userName eq",
        'userName xx "a"',
        '(userName eq "a"',
        'userName eq "a")',
        'userName eq "a" and',
        'userName eq "a" "b"',
        'userName eq "a',
        "displayName eq Ann Lee",
        'userName = "a"',
        'userName eq "\\x"',
        'userName eq "a\nb"',
        'userName eq "\\u0000"',
        'userName eq "\\ud800"',
        "userName eq 1.5",
        "userName eq true",
        'userName co ""',
        'userName sw ""',
        'userName ne ""',
        "title gt null",
        'favouriteColour eq "green"',
        'userName eq "bob@x.example" or favouriteColour eq "green"',
        'userName eq "bob@x.example" and favouriteColour pr',
        'favouriteColours[type eq "x"]',
        'department eq "Support"',
        f'{CUSTOM_FIELDS}:cf_inactive eq "x"',
        'urn:example:other:User:userName eq "bob@x.example"',
        'manager ne "5"',
        "manager eq null",
        'not (manager eq "5")',
        'not (addresses[type eq "work"])',
        'not (emails[display eq "x"])',
        'name eq "Ann"',
        'displayName[value eq "x"]',
        'meta.location eq "x"',
        'schemas eq "x"',
        "active eq 1",
        'active eq "yes"',
        "active eq null",
        'active co "t"',
        "active gt true",
        "id eq 5",
        f'id sw "{"019"}"',
        'meta.created eq "yesterday"',
        'meta.created eq "2026-13-01T00:00:00Z"',
        'meta.created gt "0001-01-01T00:00:00+14:00"',
        'meta.created co "2026"',
        "meta.created eq 2026",
        'meta.resourceType ne "User"',
        'emails.primary eq "maybe"',
        "emails[value eq 1.5]",
        'phoneNumbers[type co "w"]',
        f'{CUSTOM_FIELDS}:cf_vip eq "yes"',
        f"{CUSTOM_FIELDS}:cf_vip gt true",
        f'{CUSTOM_FIELDS}:cf_seats eq "many"',
        f'{CUSTOM_FIELDS}:cf_seats co "2"',
        f"{CUSTOM_FIELDS}:cf_seats eq true",
        f"{CUSTOM_FIELDS}:cf_rate gt 5",
        f'{CUSTOM_FIELDS}:cf_country co ""',
        'userName eq "' + "x" * 4000 + '"',
        "(" * 3900,
        "not (" * 500 + "title pr" + ")" * 500,
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    """R13, B36: 400 invalidFilter, never a wider list, never a server error."""
    with pytest.raises(InvalidFilter):
        filters.parse(text, FIELDS)
