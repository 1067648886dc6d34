"""Comparisons of filters (RFC 7644 3.4.2.2): which contacts they find. Bnn: the Entra case corpus."""

import pytest

from deskscim.provisioning.scim.schema import CORE_USER, CUSTOM_FIELDS, ENTERPRISE_USER
from tests.unit.filtering import ANN_ID, EVERYBODY, found, make_people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people() -> None:
    make_people()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('externalId eq "Abc-1"', {"Ann"}),
        ('externalId eq "abc-1"', {"Bob"}),
        ('externalId eq "ABC-1"', set()),
        ('EXTERNALID EQ "abc-1"', {"Bob"}),
        ('userName eq "ann.łęcka@northwind.example"', {"Ann"}),
        ('userName eq "ANN.ŁĘCKA@NORTHWIND.EXAMPLE"', {"Ann"}),
        ('userName Eq "ann.łe\u0328cka@northwind.example"', {"Ann"}),
        ('username eq "nobody@x.example"', set()),
        (f'{CORE_USER}:userName eq "bob@x.example"', {"Bob"}),
        (f'{CORE_USER.lower()}:USERNAME eq "bob@x.example"', {"Bob"}),
        (f'{ENTERPRISE_USER}:department eq "support"', {"Ann"}),
        (f'{ENTERPRISE_USER.upper()}:EMPLOYEENUMBER eq "7001"', {"Ann"}),
        ('displayName eq "ANN"', {"Ann"}),
        ('title eq "service manager"', {"Ann"}),
        ('name.familyName eq "o\'neil"', {"Ann"}),
        ('title eq "Service \\"Manager\\""', set()),
        (f'id eq "{ANN_ID}"', {"Ann"}),
        (f'id eq "{ANN_ID.upper()}"', {"Ann"}),
        ('id eq "not-a-uuid"', set()),
        ('id eq ""', set()),
        (f'id ne "{ANN_ID}"', {"Bob", "Cid"}),
        ('meta.resourceType eq "User"', EVERYBODY),
        ('meta.resourceType eq "Group"', set()),
        ('meta.resourceType ne "User"', set()),
        ('meta.resourceType sw "use"', EVERYBODY),
        ('meta.version eq "W/\\"1\\""', EVERYBODY),
        ('meta.version eq "W/\\"2\\""', set()),
        ('meta.version ne "1"', EVERYBODY),
        ('name.formatted eq "DR. ANN O\'NEIL"', {"Ann"}),
        ('id gt "0198b2c4-0000-7000-8000-000000000001"', {"Bob", "Cid"}),
        ('id le "0198b2c4-0000-7000-8000-000000000001"', {"Ann"}),
        (f'schemas eq "{CORE_USER}"', EVERYBODY),
        (f'schemas eq "{ENTERPRISE_USER}"', {"Ann"}),
        (f'schemas eq "{CUSTOM_FIELDS.upper()}"', {"Ann", "Bob"}),
        (f'schemas ne "{CORE_USER}"', {"Ann", "Bob"}),
        ('schemas ew ":User"', EVERYBODY),
        ('not (schemas co "enterprise")', {"Bob", "Cid"}),
        ('schemas eq "urn:example:other"', set()),
    ],
)
def test_equality(text: str, names: set[str]) -> None:
    """R8, B30 to B32: names in any case; most values without regard to case, externalId exactly."""
    assert found(text) == names


@pytest.mark.parametrize("name", ["externalId", "title", "userName", "emails", "phoneNumbers.value"])
def test_an_empty_string_equals_nobody_s_value(name: str) -> None:
    """A column that is empty is an attribute that is absent (RFC 7643 2.5)."""
    assert found(f'{name} eq ""') == set()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('title co "MANAGER"', {"Ann"}),
        ('title sw "service"', {"Ann"}),
        ('title ew "manager"', {"Ann"}),
        ('title co "k_1"', {"Bob"}),
        ('title co "e_v"', set()),
        ('title co "%"', set()),
        ('userName co "ŁĘCKA"', {"Ann"}),
        ('userName sw "ann."', {"Ann"}),
        ('userName ew "X.EXAMPLE"', {"Bob", "Cid"}),
        ('externalId sw "abc"', {"Bob"}),
        ('externalId co "bc-"', {"Ann", "Bob"}),
        ('externalId co "BC-"', set()),
        ('externalId ew "C-1"', set()),
        ('externalId co "."', set()),
        ('title gt "d"', {"Ann"}),
        ('title ge "CLERK_1"', {"Ann", "Bob"}),
        ('title lt "d"', {"Bob"}),
        ('title le "clerk_1"', {"Bob"}),
        ('userName gt "b"', {"Bob", "Cid"}),
        ('userName lt "BOB"', {"Ann"}),
        ('externalId gt "0"', {"Ann", "Bob"}),
        ('externalId gt "b"', set()),
    ],
)
def test_the_other_operators(text: str, names: set[str]) -> None:
    """RFC 7644 3.4.2.2, table 3: % and _ are characters like others; an absent value is in no order."""
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("title pr", {"Ann", "Bob"}),
        ("TITLE PR", {"Ann", "Bob"}),
        ("not (title pr)", {"Cid"}),
        ("externalId pr", {"Ann", "Bob"}),
        ("id pr", EVERYBODY),
        ("active pr", EVERYBODY),
        ("meta.created pr", EVERYBODY),
        ("meta pr", EVERYBODY),
        ("name pr", {"Ann"}),
        ("name.givenName pr", {"Ann"}),
        ("emails pr", {"Ann", "Bob"}),
        ("phoneNumbers pr", {"Ann", "Bob"}),
        (f"{CUSTOM_FIELDS}:cf_since pr", {"Ann"}),
        (f"not ({CUSTOM_FIELDS}:cf_since pr)", {"Bob", "Cid"}),
        ("schemas pr", EVERYBODY),
        ("meta.location pr", EVERYBODY),
        ("meta.version pr", EVERYBODY),
        ("name.formatted pr", {"Ann"}),
        (CUSTOM_FIELDS + " pr", {"Ann", "Bob"}),
        ("active eq null", set()),
        ("active ne null", EVERYBODY),
        ("id eq null", set()),
        ("meta.created ne null", EVERYBODY),
        ("schemas eq null", set()),
        ("emails eq null", set()),
        ("title eq null", {"Cid"}),
        ("title ne null", {"Ann", "Bob"}),
    ],
)
def test_presence(text: str, names: set[str]) -> None:
    """RFC 7644 3.4.2.2 `pr`; null is no value (RFC 7643 2.5)."""
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("active eq true", {"Ann", "Bob"}),
        ('active eq "True"', {"Ann", "Bob"}),
        ("active eq False", {"Cid"}),
        ('active eq "false"', {"Cid"}),
        ("active ne true", {"Cid"}),
        ("not (active eq false)", {"Ann", "Bob"}),
    ],
)
def test_active(text: str, names: set[str]) -> None:
    """R8, R29: inactive users are found as well."""
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('meta.lastModified gt "2026-05-01T12:00:00Z"', {"Bob", "Cid"}),
        ('meta.lastModified ge "2026-05-01T12:00:00.000Z"', EVERYBODY),
        ('meta.lastModified le "2026-05-01T14:00:00+02:00"', {"Ann"}),
        ('meta.created lt "2026-05-02T12:00:00"', {"Ann"}),
        ('meta.created eq "2026-05-02T12:00:00Z"', {"Bob"}),
        ('meta.created ne "2026-05-02T12:00:00Z"', {"Ann", "Cid"}),
        ('meta.created gt "2026-05-02"', {"Bob", "Cid"}),
        ('meta.created gt "2026-05-01T12:00:00.0000000Z"', {"Bob", "Cid"}),
        ('meta.lastModified ge "2026-05-02T14:00:00 02:00"', {"Bob", "Cid"}),
    ],
)
def test_dates(text: str, names: set[str]) -> None:
    """RFC 7643 2.3.5; without a zone it is UTC."""
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('emails[type eq "work"].value eq "ANN@work.EXAMPLE"', {"Ann"}),
        ('emails[type eq "WORK" and value eq "ann@work.example"]', {"Ann"}),
        ('emails[type eq "work"].value eq "ann@home.example"', set()),
        ('emails[type eq "home" and value eq "ann@work.example"]', set()),
        ('EMAILS[TYPE EQ "work"].VALUE EQ "ann@work.example"', {"Ann"}),
        (f'{CORE_USER}:emails[type eq "work"].value eq "ann@work.example"', {"Ann"}),
        ('emails eq "ann@home.example"', {"Ann"}),
        ('emails.value eq "Ann@Home.example"', {"Ann"}),
        ('emails co "home"', {"Ann", "Bob"}),
        ('emails.type eq "home"', {"Ann", "Bob"}),
        ('emails[type eq "home"]', {"Ann", "Bob"}),
        ('emails[type eq "home" and not (value co "ann")]', {"Bob"}),
        ('emails[type ne "home"]', {"Ann"}),
        ('emails ne "ann@work.example"', {"Ann", "Bob"}),
        ("emails[primary eq true]", {"Ann", "Bob"}),
        ('emails[primary eq "True"].value eq "bob@home.example"', {"Bob"}),
        ('emails[primary eq true and type eq "home"]', {"Bob"}),
        ('emails[type eq "work" or value co "bob"]', {"Ann", "Bob"}),
        ('emails[type eq "work"].value pr', {"Ann"}),
        ('not (emails[type eq "work"])', {"Bob", "Cid"}),
        ('not (emails[type eq "work"].value eq "ann@work.example")', {"Bob", "Cid"}),
        ('not (emails eq "ann@work.example")', {"Bob", "Cid"}),
        ('emails eq "ann@work.example" and emails eq "ann@home.example"', {"Ann"}),
        ('emails eq "ann@work.example" or userName eq "bob@x.example"', {"Ann", "Bob"}),
        ('emails[value eq "ann@work.example" and value eq "ann@home.example"]', set()),
        ('emails.type eq "work" and emails.type eq "home"', {"Ann"}),
    ],
)
def test_addresses(text: str, names: set[str]) -> None:
    """B30, B33: the conditions in one pair of brackets hold of one and the same address."""
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        'emails eq "ann@own.example"',
        'emails co "own"',
        'emails[type eq ""]',
        'emails[value eq "cid@own.example"]',
    ],
)
def test_the_helpdesk_s_own_addresses_are_not_entra_s(text: str) -> None:
    """R23: what never came over SCIM is not seen through it."""
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('phoneNumbers[type eq "work"].value eq "+1 425 555 0100"', {"Ann"}),
        ('phoneNumbers[type eq "mobile"].value eq "+1 425 555 0199"', {"Ann"}),
        ('phoneNumbers[type eq "Work"].value eq "+1 425 555 0199"', {"Bob"}),
        ('phoneNumbers eq "+1 425 555 0199"', {"Ann", "Bob"}),
        ('phoneNumbers.value sw "+1"', {"Ann", "Bob"}),
        ('phoneNumbers[type eq "mobile"]', {"Ann"}),
        ('phoneNumbers.type eq "mobile"', {"Ann"}),
        ('phoneNumbers[type ne "work"]', {"Ann"}),
        ('phoneNumbers[not (value co "0199")]', {"Ann"}),
        ('phoneNumbers[type eq "fax"].value eq "+1 425 555 0100"', set()),
        ('not (phoneNumbers[type eq "work"])', {"Cid"}),
        ("phoneNumbers[type pr]", {"Ann", "Bob"}),
        ('phoneNumbers[type co "ob"]', {"Ann"}),
        ('phoneNumbers[type eq "work" and value sw "+"]', {"Ann", "Bob"}),
        ('phoneNumbers[type eq "mobile" and value sw "+1"]', {"Ann"}),
        ('phoneNumbers[type eq "work" and value ew "0199"]', {"Bob"}),
        ('phoneNumbers[type eq "work" and not (value ew "0199")]', {"Ann"}),
    ],
)
def test_numbers(text: str, names: set[str]) -> None:
    """Two columns stand for the elements; they behave as elements do."""
    assert found(text) == names


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ('cf_country eq "malta"', {"Ann"}),
        ('CF_COUNTRY eq "Malta"', {"Ann"}),
        ('cf_country ne "malta"', {"Bob", "Cid"}),
        ('cf_country co "A"', {"Ann", "Bob"}),
        ('cf_country sw "m"', {"Ann"}),
        ('cf_country ew "D"', {"Bob"}),
        ("cf_country eq null", {"Cid"}),
        ("cf_vip eq true", {"Ann"}),
        ('cf_vip eq "False"', {"Bob"}),
        ("cf_vip ne true", {"Bob", "Cid"}),
        ("cf_seats eq 25", {"Ann"}),
        ('cf_seats eq "25"', {"Ann"}),
        ("cf_seats gt 3", {"Ann"}),
        ("cf_seats ge 3", {"Ann", "Bob"}),
        ("cf_seats lt 25", {"Bob"}),
        ("cf_seats ne 3", {"Ann", "Cid"}),
        ("cf_rate eq 5.5", {"Ann"}),
        ('cf_rate eq "5.50"', {"Ann"}),
        ("cf_rate eq 5.496", {"Ann"}),
        ("cf_rate ne 5.5", {"Bob", "Cid"}),
        ("cf_rate gt 5.49", {"Ann"}),
        ("cf_rate gt 5.5", set()),
        ("cf_rate ge 5.500", {"Ann"}),
        ("cf_rate gt 5.495", {"Ann"}),
        ("cf_rate ge 5.501", set()),
        ("cf_rate lt 5.501", {"Ann", "Bob"}),
        ("cf_rate le 5.5", {"Ann", "Bob"}),
        ("cf_rate le 5.499", {"Bob"}),
        ("cf_rate lt 10", {"Ann", "Bob"}),
        ("cf_rate lt -9", {"Bob"}),
        ('cf_rate ge "-12.25"', {"Ann", "Bob"}),
        ("cf_rate lt -12.25", set()),
        ("cf_rate gt 1e1", set()),
        ("cf_seats gt -5", {"Ann", "Bob"}),
        ("cf_seats ge 2.5e1", {"Ann"}),
        ("cf_seats gt 24.5", {"Ann"}),
        ('cf_country gt "CHAD"', {"Ann"}),
        ('cf_country ge "chad"', {"Ann", "Bob"}),
        ('cf_since eq "2024-05-01T00:00:00Z"', {"Ann"}),
        ('cf_since ge "2024-05-01T12:00:00Z"', {"Ann"}),
        ('cf_since sw "2024-05"', {"Ann"}),
        ('cf_since eq "2024-05-01"', {"Ann"}),
        ('cf_since gt "2024-04-30"', {"Ann"}),
        ('cf_since lt "2024-04-30"', set()),
    ],
)
def test_contact_fields(condition: str, names: set[str]) -> None:
    """R10: every stored attribute can be filtered by; a field without a value is absent, under `not` too."""
    assert found(f"{CUSTOM_FIELDS}:{condition}") == names
    assert found(f"not ({CUSTOM_FIELDS}:{condition})") == EVERYBODY - names
