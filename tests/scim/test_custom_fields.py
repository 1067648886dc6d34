"""Contact fields over SCIM: every type and its edges (R8, R10, R11, R12, R20)."""

from typing import Any

import pytest

from contacts import fields
from contacts.models import Contact, ContactField
from deskscim.provisioning.models import LogEntry
from tests.domain import agent_writes
from tests.factories import ContactFactory, ContactFieldFactory

from .conftest import CORE, CUSTOM, Scim, fresh, patched, refusal

pytestmark = pytest.mark.django_db

FITTING = [
    ("text", "Norway", "Norway"),
    ("text", " Żółć <b>&amp;</b> 李 ", " Żółć <b>&amp;</b> 李 "),
    ("text", "x" * 255, "x" * 255),
    ("text", 7, "7"),
    ("text", "False", "False"),
    ("paragraph", "one\ntwo\r\n\tthree", "one\ntwo\r\n\tthree"),
    ("paragraph", "x" * 10_000, "x" * 10_000),
    ("checkbox", True, True),
    ("checkbox", False, False),
    ("checkbox", "True", True),
    ("checkbox", "False", False),
    ("checkbox", "TRUE", True),
    ("checkbox", "false", False),
    ("date", "2026-05-31", "2026-05-31"),
    ("date", "2026-05-31T23:59:59Z", "2026-05-31"),
    ("date", "2026-05-31T00:00:00+14:00", "2026-05-31"),
    ("date", "2026-05-31T23:30:00.1234567-11:00", "2026-05-31"),
    ("date", "2024-02-29", "2024-02-29"),
    ("number", 25, 25),
    ("number", "25", 25),
    ("number", 0, 0),
    ("number", -999_999_999, -999_999_999),
    ("number", "999999999", 999_999_999),
    ("number", 25.0, 25),
    ("decimal", "12.345", "12.35"),
    ("decimal", "12.344", "12.34"),
    ("decimal", "-12.345", "-12.35"),
    ("decimal", "1.005", "1.01"),
    ("decimal", 1.5, "1.50"),
    ("decimal", 7, "7.00"),
    ("decimal", "0", "0.00"),
    ("decimal", "-0.001", "0.00"),
    ("decimal", "123456789012345.67", "123456789012345.67"),
    ("dropdown", "Gold", "Gold"),
    ("dropdown", "Very Long, with comma", "Very Long, with comma"),
    ("url", "https://x.example/a?b=c#d", "https://x.example/a?b=c#d"),
    ("url", "HTTP://X.example", "HTTP://X.example"),
]
UNFITTING = [
    ("text", "x" * 256),
    ("text", "a\x00b"),
    ("paragraph", "\x00"),
    ("url", "https://x.example/\x00"),
    ("text", ["a", "b"]),
    ("text", {"a": 1}),
    ("paragraph", "x" * 10_001),
    ("checkbox", "yes"),
    ("checkbox", 1),
    ("checkbox", "1"),
    ("date", "31.05.2026"),
    ("date", "2026-13-01"),
    ("date", "2026-02-30"),
    ("date", "05/31/2026 00:00:00"),
    ("date", "20260531"),
    ("date", 20260531),
    ("date", True),
    ("number", 1_000_000_000),
    ("number", "-1000000000"),
    ("number", "1.5"),
    ("number", 1.5),
    ("number", "abc"),
    ("number", "1,000"),
    ("number", True),
    ("number", 10**30),
    ("number", "1e999"),
    ("number", "NaN"),
    ("decimal", "abc"),
    ("decimal", "1,5"),
    ("decimal", "Infinity"),
    ("decimal", "1" * 16),
    ("decimal", "1e300"),
    ("decimal", False),
    ("dropdown", "gold"),
    ("dropdown", "Gold "),
    ("dropdown", "Platinum"),
    ("dropdown", 5),
    ("url", "x.example"),
    ("url", "ftp://x.example"),
    ("url", "javascript:alert(1)"),
    ("url", "https://"),
    ("url", "https://x.example/" + "a" * 2000),
]
EMPTY: list[object] = [None, "", []]
OPTIONS = ["Gold", "Very Long, with comma"]


def field(kind: str, **values: Any) -> ContactField:
    """The field cf_x of a type."""
    options = OPTIONS if kind == "dropdown" else []
    made: ContactField = ContactFieldFactory(api_name="cf_x", type=kind, **{"options": options, **values})
    return made


def pushed(scim: Scim, value: object) -> Any:
    """The answer to a POST of somebody new with cf_x."""
    return scim.post(title="Cook", **{CUSTOM: {"cf_x": value}})


@pytest.mark.parametrize(("kind", "sent", "kept"), FITTING)
def test_a_value_that_fits(scim: Scim, kind: str, sent: object, kept: object) -> None:
    """R10, R20: in a POST, as a path of a PATCH, and flat in a PATCH without one."""
    field(kind)
    resource = pushed(scim, sent).json()
    assert resource[CUSTOM] == {"cf_x": kept}
    assert CUSTOM in resource["schemas"]
    other = scim.created()
    path = f"{CUSTOM}:cf_x"
    assert patched(scim, other, {"op": "Add", "path": path, "value": sent})[CUSTOM] == {"cf_x": kept}
    last = scim.created()
    assert patched(scim, last, {"op": "replace", "value": {path: sent}})[CUSTOM] == {"cf_x": kept}
    assert not Contact.objects.exclude(unapplied=[]).exists()


@pytest.mark.parametrize(("kind", "sent"), UNFITTING)
def test_a_value_that_does_not_fit(scim: Scim, kind: str, sent: object) -> None:
    """R11: the field is kept as it was, the rest applied, the contact Partly applied, the reason logged."""
    field(kind)
    resource = pushed(scim, sent).json()
    assert (resource["title"], resource.get(CUSTOM)) == ("Cook", None)
    contact = Contact.objects.get()
    assert (contact.sync_status, contact.unapplied) == ("partly_applied", ["cf_x"])
    note = LogEntry.objects.latest("id").notes[0]
    assert note.startswith("cf_x: ")
    assert len(note) < 200


@pytest.mark.parametrize(("kind", "sent"), UNFITTING)
def test_a_strict_connection_refuses_it(scim: Scim, kind: str, sent: object) -> None:
    """R11: 400 invalidValue naming the field; nothing is created."""
    field(kind)
    scim.connection.strict_custom_fields = True
    scim.connection.save()
    answer = pushed(scim, sent)
    assert refusal(answer) == (400, "invalidValue")
    assert "cf_x" in answer.json()["detail"]
    assert not Contact.objects.exists()


@pytest.mark.parametrize(("kind", "before"), [(kind, kept) for kind, _, kept in FITTING[::4]])
@pytest.mark.parametrize("empty", EMPTY)
def test_an_empty_value_clears(scim: Scim, kind: str, before: object, empty: object) -> None:
    """R21: in a PATCH; an update of other attributes clears nothing."""
    field(kind)
    contact = scim.created(**{CUSTOM: {"cf_x": before}})
    assert patched(scim, contact, {"op": "Replace", "path": "title", "value": "Chef"})[CUSTOM] == {
        "cf_x": before
    }
    resource = patched(scim, contact, {"op": "Replace", "path": f"{CUSTOM}:cf_x", "value": empty})
    assert CUSTOM not in resource
    assert CUSTOM not in resource["schemas"]


@pytest.mark.parametrize(
    "operation", [{"path": f"{CUSTOM}:cf_x"}, {"path": CUSTOM}, {"path": CUSTOM.upper() + ":CF_X"}]
)
def test_remove(scim: Scim, operation: dict[str, str]) -> None:
    """R21: one field, or the whole extension."""
    field("text")
    contact = scim.created(**{CUSTOM: {"cf_x": "a"}})
    assert CUSTOM not in patched(scim, contact, {"op": "Remove", **operation})
    assert fresh(contact).custom_fields == {}


@pytest.mark.parametrize(
    "body",
    [
        {CUSTOM: {"cf_x": "a"}},
        {CUSTOM.upper(): {"CF_X": "a"}},
        {CUSTOM.lower(): {"Cf_x": "a"}},
        {f"{CUSTOM}:cf_x": "a"},
        {f"{CUSTOM}:cf_x": ["a"]},
        {CUSTOM: {"cf_x": [{"$ref": None, "value": "a"}]}},
    ],
)
def test_names_and_urns_in_any_case_and_form(scim: Scim, body: dict[str, Any]) -> None:
    """R8, R10; the URN need not be among `schemas`."""
    field("text")
    answer = scim.post(schemas=[CORE], **body)
    assert answer.json()[CUSTOM] == {"cf_x": "a"}


def test_several_fields_do_not_touch_each_other(scim: Scim) -> None:
    """R11: one that does not fit keeps none of the others away, nor its own old value."""
    for name, kind in (("cf_a", "text"), ("cf_b", "number"), ("cf_c", "checkbox")):
        ContactFieldFactory(api_name=name, type=kind)
    contact = scim.created(**{CUSTOM: {"cf_a": "x", "cf_b": 1, "cf_c": True}})
    resource = patched(
        scim, contact, {"op": "replace", "value": {CUSTOM: {"cf_a": "y", "cf_b": "many", "cf_c": "False"}}}
    )
    assert resource[CUSTOM] == {"cf_a": "y", "cf_b": 1, "cf_c": False}
    assert fresh(contact).unapplied == ["cf_b"]
    assert patched(scim, contact, {"op": "Add", "path": f"{CUSTOM}:cf_b", "value": 2})[CUSTOM]["cf_b"] == 2
    assert fresh(contact).sync_status == "synced"


def test_clearing_a_field_also_clears_its_mark(scim: Scim) -> None:
    """R11, R42."""
    field("number")
    contact = scim.created(**{CUSTOM: {"cf_x": "many"}})
    patched(scim, contact, {"op": "Remove", "path": f"{CUSTOM}:cf_x"})
    assert fresh(contact).sync_status == "synced"


def test_another_write_leaves_the_mark(scim: Scim) -> None:
    """R42: Partly applied until the field is sent again."""
    field("number")
    contact = scim.created(**{CUSTOM: {"cf_x": "many"}})
    patched(scim, contact, {"op": "Replace", "path": "title", "value": "Chef"})
    assert fresh(contact).sync_status == "partly_applied"


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", ["cf_old", "cf_unknown", "unknown", "", "cf_x.y", "cf_x[type eq 1]"])
def test_inactive_and_unknown_names_are_ignored(scim: Scim, name: str, strict: bool) -> None:
    """R11: and logged, on a strict connection as well."""
    ContactFieldFactory(api_name="cf_old", active=False)
    scim.connection.strict_custom_fields = strict
    scim.connection.save()
    contact = scim.created(**{CUSTOM: {name: "a"}})
    assert contact.custom_fields == {}
    assert LogEntry.objects.latest("id").ignored == 1


def test_the_value_of_an_inactive_field_is_kept_and_not_shown(scim: Scim) -> None:
    """R12: switched on again, it is back."""
    one = field("text")
    contact = scim.created(**{CUSTOM: {"cf_x": "a"}})
    ContactField.objects.update(active=False)
    assert CUSTOM not in scim.read(contact.pk)
    scim.replace(contact.pk, CUSTOM, None)
    ContactField.objects.filter(pk=one.pk).update(active=True)
    assert scim.read(contact.pk)[CUSTOM] == {"cf_x": "a"}


def test_required_binds_forms_and_never_scim(scim: Scim) -> None:
    """R11."""
    field("text", required=True)
    contact = scim.created()
    resource = patched(scim, contact, {"op": "Add", "path": f"{CUSTOM}:cf_x", "value": "a"})
    assert resource[CUSTOM] == {"cf_x": "a"}
    assert CUSTOM not in patched(scim, contact, {"op": "Remove", "path": f"{CUSTOM}:cf_x"})


def test_a_rename_changes_nothing_for_entra(scim: Scim) -> None:
    """R12: the API name stays."""
    field("text", label="Country")
    contact = scim.created(**{CUSTOM: {"cf_x": "a"}})
    ContactField.objects.update(label="Land")
    assert patched(scim, contact, {"op": "Add", "path": f"{CUSTOM}:cf_x", "value": "b"})[CUSTOM] == {
        "cf_x": "b"
    }


def test_a_linked_contact_keeps_what_is_not_sent(scim: Scim) -> None:
    """R14."""
    for name in ("cf_a", "cf_b"):
        ContactFieldFactory(api_name=name)
    contact = ContactFactory(emails=["ann@northwind.example"], custom_fields={"cf_a": "1", "cf_b": "2"})
    scim.created(login="ann", **{CUSTOM: {"cf_a": "3", "cf_b": ""}})
    assert fresh(contact).custom_fields == {"cf_a": "3", "cf_b": "2"}


def test_an_agents_edit_lasts_until_the_field_is_sent_again(scim: Scim) -> None:
    """R25."""
    field("text")
    contact = scim.created(**{CUSTOM: {"cf_x": "a"}})
    agent_writes(contact, custom_fields={"cf_x": "agent"})
    scim.replace(contact.pk, "title", "Cook")
    assert scim.read(contact.pk)[CUSTOM] == {"cf_x": "agent"}
    scim.replace(contact.pk, f"{CUSTOM}:cf_x", "a")
    assert scim.read(contact.pk)[CUSTOM] == {"cf_x": "a"}


@pytest.mark.parametrize("value", ["text", 7, True, ["a", "b"]])
def test_an_extension_that_is_no_object(scim: Scim, value: object) -> None:
    """RFC 7644 3.12."""
    assert refusal(scim.post(**{CUSTOM: value})) == (400, "invalidValue")


@pytest.mark.parametrize("label", ["a__contains", "1", "in", "A -- __ B", "x" * 79 + " _ y", "日本", "_"])
def test_any_label_makes_a_name_that_filters_take(scim: Scim, label: str) -> None:
    """R12, R13: a field's name is data, also for the database's look-ups."""
    names = [fields.define(label=label, field_type="text").api_name for _ in range(2)]
    contact = scim.created(**{CUSTOM: {names[0]: "x"}})
    scim.created(**{CUSTOM: {names[1]: "x"}})
    for condition in ('eq "x"', 'co "X"', "pr"):
        assert [one["id"] for one in scim.find(f"{CUSTOM}:{names[0]} {condition}")] == [str(contact.pk)]
