"""Filters that are refused (R13): 400 invalidFilter, never a wider list."""

import pytest

from deskscim.provisioning.scim import filters
from deskscim.provisioning.scim.errors import InvalidFilter, TooMany
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
        'schemas[value eq "x"]',
        "schemas eq 1.5",
        "active eq 1",
        'active eq "yes"',
        "active gt null",
        'active co "t"',
        "active gt true",
        "id eq 5",
        f'id sw "{"019"}"',
        'id gt "5"',
        "id lt null",
        'meta.version gt "1"',
        "meta.version eq 1",
        'meta.created eq "yesterday"',
        'meta.created eq "2026-13-01T00:00:00Z"',
        'meta.created gt "0001-01-01T00:00:00+14:00"',
        'meta.created co "2026"',
        "meta.created eq 2026",
        "meta.resourceType eq true",
        'meta.location sw "https"',
        'emails.primary eq "maybe"',
        "emails[value eq 1.5]",
        "phoneNumbers[type eq 1.5]",
        "phoneNumbers[type gt null]",
        f'{CUSTOM_FIELDS}:cf_vip eq "yes"',
        f"{CUSTOM_FIELDS}:cf_vip gt true",
        f'{CUSTOM_FIELDS}:cf_seats eq "many"',
        f'{CUSTOM_FIELDS}:cf_seats co "2"',
        f"{CUSTOM_FIELDS}:cf_seats eq true",
        f'{CUSTOM_FIELDS}:cf_rate gt "much"',
        f"{CUSTOM_FIELDS}:cf_rate sw 5",
        f"{CUSTOM_FIELDS}:cf_rate eq 1e99",
        f"{CUSTOM_FIELDS}:cf_since gt true",
        f'{CUSTOM_FIELDS}:cf_country co ""',
        "(" * 16,
        "not (" * 16 + "title pr" + ")" * 15,
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    """R13, B36: 400 invalidFilter, never a wider list, never a server error."""
    with pytest.raises(InvalidFilter):
        filters.parse(text, FIELDS)


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "' + "x" * 4000 + '"',
        "(" * 17 + 'userName eq "a"' + ")" * 17,
        "not (" * 17 + 'userName eq "a"' + ")" * 17,
        "emails[" + "(" * 16 + 'type eq "work"' + ")" * 16 + "]",
        "(" * 4000,
        "not (" * 5000,
        " or ".join(["title pr"] * 201),
        " AND ".join(["title pr"] * 201),
    ],
    ids=range(8),
)
def test_what_is_too_long_or_too_deep(text: str) -> None:
    """400 tooMany, by settings; how it would have been read does not matter."""
    with pytest.raises(TooMany):
        filters.parse(text, FIELDS)


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "' + "x" * 3900 + '"',
        "(" * 16 + 'userName eq "a"' + ")" * 16,
        "not (" * 16 + 'userName eq "a"' + ")" * 16,
        " or ".join(['(userName eq "a")'] * 100),
        " and ".join(["title pr"] * 200),
        'userName eq "' + "(" * 100 + '"',
    ],
    ids=range(6),
)
def test_what_is_just_within_the_limits(text: str) -> None:
    """Brackets side by side or in a string are not within each other."""
    assert filters.parse(text, FIELDS)
