"""Values that meet on purpose: few people and addresses, in spellings that count as the same or do not."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.reliability.reference.values import Email, Said

# The spellings of each person's addresses, then names that are no address.
PEOPLE = (
    (
        ["ann@northwind.example", "ANN@Northwind.example", "ann.new@fabrikam.example"],
        ["ann", "ann_northwind.example#EXT#@tenant.example"],
    ),
    (
        ["zoë@müller.example", "ZOE\u0308@MÜLLER.example", "zoë@xn--mller-kva.example"],
        ["zoë", "ZOE\u0308"],
    ),
    (
        ["strasse@shared.example", "STRAßE@shared.example", "strasse@northwind.example"],
        ["Straße", "STRASSE"],
    ),
    (
        ["İda@freemail.example", "i̇DA@freemail.example", "ida@freemail.example"],
        ["İda", "ida"],
    ),
)
COMPANIES = ("Northwind", "Fabrikam")
DOMAINS = ("northwind.example", "fabrikam.example", "shared.example", "xn--mller-kva.example")
ADDRESSES = [address for addresses, _ in PEOPLE for address in addresses]
NAMES = [*ADDRESSES, *(name for _, names in PEOPLE for name in names)]
EXTERNAL_IDS = ["ann-1", "ANN-1", "zoë-1", "zoe-2", "ß-1", "ss-1"]
COMPANY_NAMES = ("northwind", "FABRIKAM ", "Contoso", "CONTOSO", " ")
_DIGITS = "0123456789abcdefABCDEF0123456789"

_CUSTOM: dict[str, list[Any]] = {
    "cf_text": ["x", " y ", "", None],
    "cf_box": [True, "False", "maybe", ""],
    "cf_count": [5, "7", "many", 1_000_000_000, None],
    "cf_kind": ["Gold", "gold", ""],
}
_TEXTS = {
    "given_name": ["Ann", "Zoë", ""],
    "family_name": ["Example", ""],
    "formatted_name": ["Example, Ann", ""],
    "title": ["Cook", "Chef", ""],
    "phone": ["+49 (0)30 1", " 1", ""],
    "mobile": ["2", ""],
    "department": ["Ice", ""],
    "employee_number": ["007", ""],
    "organization": [*COMPANY_NAMES, ""],
}
_TYPED = {"work": [*ADDRESSES, ""], "home": [*ADDRESSES, ""]}
_DISPLAY_NAMES = ["Ann Example", "Zoë", "ann@northwind.example", ""]

addresses = st.sampled_from(ADDRESSES)
domains = st.sets(st.sampled_from(DOMAINS), max_size=3)
fields = st.sampled_from(list(_CUSTOM))


def _some(values: dict[str, list[Any]], at_most: int) -> SearchStrategy[dict[str, Any]]:
    """A few of the names, each with one of its values."""
    names = st.lists(st.sampled_from(list(values)), max_size=at_most, unique=True)
    return names.flatmap(
        lambda chosen: st.fixed_dictionaries({name: st.sampled_from(values[name]) for name in chosen})
    )


@st.composite
def emails(draw: DrawFn, mine: list[str]) -> list[Email] | None:
    """None, a work address, a home address, or both; mostly the person's own."""
    kinds = draw(st.sampled_from([None, ["work"], ["work"], ["home"], ["work", "home"], ["home", "work"]]))
    if kinds is None:
        return None
    flagged = draw(st.sampled_from([*kinds, None]))
    return [
        {"value": draw(_mostly(mine, ADDRESSES)), "type": kind, "primary": kind == flagged} for kind in kinds
    ]


def _mostly(mine: list[str], anybodys: list[str]) -> SearchStrategy[str]:
    return st.one_of(st.sampled_from(mine), st.sampled_from(mine), st.sampled_from(anybodys))


@st.composite
def users(draw: DrawFn) -> Said:
    """A whole user, as POST and PUT send it."""
    mine, names = draw(st.sampled_from(PEOPLE))
    texts = {
        "user_name": draw(_mostly(mine + names, NAMES)),
        "external_id": draw(st.sampled_from(EXTERNAL_IDS)),
        **draw(_some(_TEXTS, 3)),
    }
    if draw(st.booleans()):
        texts["name"] = draw(st.sampled_from(_DISPLAY_NAMES))
    return Said(
        texts=texts,
        active=draw(st.sampled_from([None, True, True, False])),
        emails=draw(emails(mine)),
        custom=draw(_some(_CUSTOM, 2)),
        company=draw(st.sampled_from([None, None, None, *COMPANY_NAMES, ""])),
    )


@st.composite
def changes(draw: DrawFn) -> Said:
    """Some attributes, as PATCH sends them."""
    texts = draw(_some(_TEXTS | {"name": _DISPLAY_NAMES}, 3))
    if draw(st.integers(0, 5)) == 0:
        texts["user_name"] = draw(st.sampled_from([*NAMES, ""]))
    if draw(st.integers(0, 9)) == 0:
        texts["external_id"] = draw(st.sampled_from(EXTERNAL_IDS))
    return Said(
        texts=texts,
        active=draw(st.sampled_from([None, None, True, False])),
        typed=draw(_some(_TYPED, 2)) if draw(st.booleans()) else {},
        custom=draw(_some(_CUSTOM, 2)),
        company=draw(st.sampled_from([None, None, None, *COMPANY_NAMES, ""])),
    )


@st.composite
def new_addresses(draw: DrawFn) -> Said:
    """The addresses alone, as PATCH sends them: set, changed or removed."""
    return Said(typed=draw(_some(_TYPED, 2)))


@st.composite
def soft_deletes(draw: DrawFn) -> Said:
    """R22: what Entra sends when it soft-deletes somebody: tombstones, with active false or before it."""
    tombstone = _DIGITS + draw(addresses)
    places = draw(st.sets(st.sampled_from(["user_name", "name", "work"]), min_size=1))
    return Said(
        texts={name: tombstone for name in ("user_name", "name") if name in places},
        active=draw(st.sampled_from([False, False, None])),
        typed={"work": tombstone} if "work" in places else {},
    )


agent_edits = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Annie", "Ann Example"]),
        "given_name": st.sampled_from(["Agnes", ""]),
        "title": st.sampled_from(["Queen", ""]),
        "phone": st.sampled_from(["9", ""]),
        "addresses": st.lists(addresses, max_size=3),
        "company": st.sampled_from([None, *COMPANIES]),
    },
)


def first_users() -> list[tuple[int, Said]]:
    """Whom each example begins with: (tenant, user)."""
    ann, zoe = ({"value": addresses[0], "type": "work", "primary": True} for addresses, _ in PEOPLE[:2])
    home = {"value": "strasse@shared.example", "type": "home", "primary": True}
    return [
        (0, Said({"user_name": "ann@northwind.example", "external_id": "ann-1"}, emails=[ann])),
        (0, Said({"user_name": "zoë", "external_id": "zoë-1", "title": "Cook"}, emails=[zoe])),
        (1, Said({"user_name": "STRASSE", "external_id": "ß-1", "name": "Zoë"}, emails=[home])),
    ]
