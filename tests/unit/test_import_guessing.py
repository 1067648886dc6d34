"""Which column a heading means."""

import pytest

from contacts.columns import all_columns, built_in
from contacts.importing.guessing import guess
from tests.factories import ContactFieldFactory


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Name", "name"),
        ("  DISPLAY name ", "name"),
        ("given_name", "given_name"),
        ("First Name", "given_name"),
        ("Nachname", "family_name"),
        ("E-Mail", "email"),
        ("Primary e-mail address", "email"),
        ("Other e-mail addresses", "other_emails"),
        ("Firma", "company"),
        ("Job title", "title"),
        ("Work phone", "phone"),
        ("Handy", "mobile"),
        ("Shoe size", ""),
        ("", ""),
    ],
)
def test_usual_headings(heading: str, key: str) -> None:
    assert guess([heading], built_in()) == [key]


def test_every_heading_of_the_template_is_known() -> None:
    columns = built_in()
    assert guess([column.label for column in columns], columns) == [column.key for column in columns]


def test_a_column_is_guessed_once() -> None:
    assert guess(["E-mail", "Mail"], built_in()) == ["email", ""]


@pytest.mark.django_db
def test_contact_fields_by_label_and_by_api_name() -> None:
    ContactFieldFactory(label="Cost centre", api_name="cf_centre")
    ContactFieldFactory(label="Old", api_name="cf_old", active=False)
    assert guess(["cost-centre", "cf_old"], all_columns()) == ["cf_centre", ""]
    assert guess(["CF_CENTRE"], all_columns()) == ["cf_centre"]


@pytest.mark.django_db
def test_a_contact_field_does_not_hide_a_built_in_column() -> None:
    ContactFieldFactory(label="Title", api_name="cf_title")
    assert guess(["Title"], all_columns()) == ["title"]
