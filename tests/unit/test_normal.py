"""The form in which user names and addresses compare (R8, R17)."""

import importlib

import pytest
from django.apps import apps

from contacts.models import Contact, ContactAddress
from contacts.normal import key
from tests.domain import push, work
from tests.factories import ConnectionFactory

KEYS = importlib.import_module("contacts.migrations.0009_normal_keys")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@X.example", "ann@x.example"),
        ("josé", "JOSE\u0301"),
        ("straße", "STRASSE"),
        (
            "\u0390",
            "\u0390".upper(),
        ),  # folding takes the small letter apart, and the capital has no single form
        ("\u1fb7", "\u0391\u0342\u0399"),
    ],
)
def test_case_and_composition_make_no_difference(one: str, other: str) -> None:
    """Nor does folding what is folded."""
    assert key(one) == key(other) == key(key(one))


@pytest.mark.django_db
def test_keys_that_were_kept_are_composed() -> None:
    """But not where another row has that key: both stay as they are, and nothing fails."""
    tenant, apart = ConnectionFactory(), key("\u0390@x.example")
    mended = push(tenant, "\u0390@x.example", emails=work("\u0390@x.example")).contact
    for row in (Contact.objects.filter(pk=mended.pk), ContactAddress.objects.all()):
        row.update(**{KEYS.KEYS[row.model.__name__]: "\u03b9\u0308\u0301@x.example"})
    KEYS.compose(apps, None)
    assert Contact.objects.get().user_name_key == ContactAddress.objects.get().address_key == apart
    other = push(tenant, "other@x.example", emails=work("other@x.example")).contact
    old = ContactAddress.objects.filter(contact=other)
    old.update(address_key="\u03b9\u0308\u0301@x.example")
    KEYS.compose(apps, None)
    assert old.get().address_key == "\u03b9\u0308\u0301@x.example"
