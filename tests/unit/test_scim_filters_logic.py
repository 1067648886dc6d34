"""Whole filters: logic, unquoted values, attributes that nobody has, and what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskscim.provisioning.scim import filters
from deskscim.provisioning.scim.schema import ENTERPRISE_USER
from tests.unit.filtering import ANN_ID, FIELDS, found, make_people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people() -> None:
    make_people()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('displayName eq "ann" or displayName eq "bob" and title pr', {"Ann", "Bob"}),
        ('displayName eq "cid" or displayName eq "cid" and title pr', {"Cid"}),
        ('(displayName eq "cid" or displayName eq "bob") and title pr', {"Bob"}),
        ('title pr and not (displayName eq "ann")', {"Bob"}),
        ('not (displayName eq "ann" or displayName eq "bob")', {"Cid"}),
        ('not (not (displayName eq "ann"))', {"Ann"}),
        ('not(displayName eq "ann") AND active eq true', {"Bob"}),
        (
            f'externalId eq "Abc-1" and userName eq "ann.łęcka@northwind.example" and id eq "{ANN_ID}"',
            {"Ann"},
        ),
        ('externalId eq "Abc-1" and userName eq "bob@x.example"', set()),
        ('title ne "clerk_1"', {"Ann", "Cid"}),
        ('not (title eq "clerk_1")', {"Ann", "Cid"}),
        ('not (title co "clerk")', {"Ann", "Cid"}),
        ('not (title gt "d")', {"Bob", "Cid"}),
    ],
)
def test_logic(text: str, names: set[str]) -> None:
    """RFC 7644 3.4.2.2: not, and, or bind in this order; `not` is the exact opposite. B34."""
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("externalId eq Abc-1", {"Ann"}),
        ("externalId eq jyoung", set()),
        ("userName eq bob@x.example", {"Bob"}),
        ("externalId eq Abc-1 and displayName eq Ann", {"Ann"}),
        ('emails[type eq work].value eq "ann@work.example"', {"Ann"}),
        ("(userName eq bob@x.example)", {"Bob"}),
        (f"{ENTERPRISE_USER}:employeeNumber eq 7001", {"Ann"}),
        (f"{ENTERPRISE_USER}:employeeNumber eq 07001", set()),
        (f"id eq {ANN_ID}", {"Ann"}),
        ('displayName eq "a eq b" or externalId eq abc-1', {"Bob"}),
        ("externalId eq true-1", set()),
        ("externalId eq 1e999", set()),
        ("externalId eq Abc-1 and active eq True", {"Ann"}),
    ],
)
def test_unquoted_values_are_taken(text: str, names: set[str]) -> None:
    """R13, B36U."""
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        'manager eq "5"',
        f'{ENTERPRISE_USER}:manager eq "5"',
        'manager.value eq "5"',
        f'id eq "{ANN_ID}" and manager eq "5"',
        f'manager eq "5" and id eq "{ANN_ID}"',
        'nickName eq "x"',
        "nickName pr",
        'addresses[type eq "work"].country eq "Malta"',
        'addresses.country co "Malta"',
        'roles[primary eq "True"].value eq "x"',
        'name.middleName sw "x"',
        'emails[display eq "Ann"]',
        "phoneNumbers[primary eq true]",
    ],
)
def test_what_no_contact_has_finds_nobody(text: str) -> None:
    """B35, REPORT 1.2 row 6: 200 with nothing."""
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (" or ".join(f'emails eq "x{number}"' for number in range(180)), set()),
        (" and ".join(["title pr"] * 200), {"Ann", "Bob"}),
        (" and ".join(["emails pr"] * 200), {"Ann", "Bob"}),
        (" or ".join(["name pr", *["title pr"] * 199]), {"Ann", "Bob"}),
        ("(title pr and (name pr or " * 8 + "title pr" + "))" * 8, {"Ann", "Bob"}),
    ],
)
def test_a_filter_as_long_as_it_may_be(text: str, names: set[str]) -> None:
    """Carried out, on either database."""
    assert found(text) == names


def queries(text: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        found(text)
    return [query["sql"] for query in captured]


@pytest.mark.parametrize(
    "text",
    ['externalId eq "x"', 'userName eq "x"', 'emails[type eq "work"].value eq "x"', 'not (emails eq "x")'],
)
def test_one_query_answers_a_filter(text: str) -> None:
    """R13 is asked for every user of every cycle."""
    assert len(queries(text)) == 1


def test_one_address_is_looked_up_by_its_key() -> None:
    """R17: no function stands between the value and the unique index."""
    (sql,) = queries('emails[type eq "work"].value eq "x"')
    assert "JOIN" in sql
    assert "UPPER" not in sql.upper()
    assert "LIKE" not in sql.upper()


def test_a_known_question_is_not_parsed_again() -> None:
    """The strings differ from user to user, the question does not."""
    filters._tree.cache_clear()
    for number in range(50):
        filters.parse(f'externalId eq "{number}"', FIELDS)
        filters.parse(f'emails[type eq "work"].value eq "{number}@x.example"', FIELDS)
    assert filters._tree.cache_info().misses == 2
