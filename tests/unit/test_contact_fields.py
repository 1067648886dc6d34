"""Contact fields: their definition, and which values each type takes (R10 to R12)."""

from typing import Any

import pytest

from contacts import fields
from contacts.errors import InvalidValue
from contacts.models import ContactField
from contacts.values import JSON

Type = ContactField.Type
OPTIONS = ["Gold", "Silver", "5"]


def clean(field_type: str, raw: object) -> JSON:
    """What a field of this type keeps of `raw`."""
    return fields.clean(field_type, OPTIONS, raw)


def refused(field_type: str, raw: object) -> str:
    """The sentence with which a field of this type refuses `raw`."""
    with pytest.raises(InvalidValue) as refusal:
        clean(field_type, raw)
    return str(refusal.value)


@pytest.mark.parametrize("field_type", Type.values)
@pytest.mark.parametrize("raw", [None, ""])
def test_an_empty_value_clears_a_field_of_any_type(field_type: str, raw: object) -> None:
    """R10."""
    assert clean(field_type, raw) is None


@pytest.mark.parametrize("field_type", Type.values)
@pytest.mark.parametrize("raw", [[], ["Gold"], {}, {"value": "Gold"}, object()])
def test_no_type_takes_a_structure(field_type: str, raw: object) -> None:
    """R10: arrays are unwrapped before; what still is one does not fit."""
    assert refused(field_type, raw)


@pytest.mark.parametrize("field_type", sorted(set(Type.values) - {Type.TEXT, Type.PARAGRAPH}))
def test_a_refusal_never_repeats_the_value(field_type: str) -> None:
    """R44: the sentence goes into the log, which holds no personal value."""
    assert "rosebud" not in refused(field_type, "rosebud")


class TestText:
    @pytest.mark.parametrize(
        ("raw", "kept"),
        [
            ("  as written ", "  as written "),
            ("Zoë\nsecond line", "Zoë\nsecond line"),
            ("x" * 255, "x" * 255),
            (12, "12"),
            (1.5, "1.5"),
        ],
    )
    def test_text_is_kept_as_it_comes(self, raw: object, kept: str) -> None:
        """R10, R20."""
        assert clean(Type.TEXT, raw) == kept

    def test_text_has_a_limit(self) -> None:
        """R10."""
        assert refused(Type.TEXT, "x" * 256) == "The text is longer than 255 characters."

    def test_a_paragraph_is_longer(self) -> None:
        """R10."""
        assert clean(Type.PARAGRAPH, "x" * 10_000) == "x" * 10_000

    def test_a_paragraph_has_a_limit_too(self) -> None:
        """R10."""
        assert refused(Type.PARAGRAPH, "x" * 10_001) == "The text is longer than 10000 characters."

    @pytest.mark.parametrize("field_type", [Type.TEXT, Type.PARAGRAPH, Type.URL])
    @pytest.mark.parametrize("raw", ["https://northwind.example/\x00", "\ud800"])
    def test_what_no_database_keeps_is_refused(self, field_type: str, raw: str) -> None:
        """R11: PostgreSQL keeps no NUL, UTF-8 no lone surrogate."""
        assert refused(field_type, raw) == "The text holds a character that cannot be kept."


class TestCheckbox:
    @pytest.mark.parametrize(
        ("raw", "kept"),
        [
            (True, True),
            (False, False),
            ("True", True),
            ("False", False),
            ("true", True),
            ("FALSE", False),
        ],
    )
    def test_booleans_and_their_names_in_any_case(self, raw: object, kept: bool) -> None:
        """R10: Entra writes "True" and "False"."""
        assert clean(Type.CHECKBOX, raw) is kept

    @pytest.mark.parametrize("raw", ["yes", "on", "1", 1, 0, 1.0, " true"])
    def test_nothing_else_is_a_boolean(self, raw: object) -> None:
        """R10."""
        assert refused(Type.CHECKBOX, raw) == "True or False is expected."


class TestDate:
    @pytest.mark.parametrize(
        ("raw", "kept"),
        [
            ("2026-05-31", "2026-05-31"),
            ("2026-05-31T22:30:00Z", "2026-05-31"),
            ("2026-05-31T23:59:59.999-12:00", "2026-05-31"),
            ("2026-05-31T00:00:00+14:00", "2026-05-31"),
            ("2026-05-31 00:00:00", "2026-05-31"),
            ("2024-02-29", "2024-02-29"),
            ("0001-01-01", "0001-01-01"),
            ("9999-12-31T23:59:59Z", "9999-12-31"),
        ],
    )
    def test_the_date_as_written_whatever_the_zone(self, raw: str, kept: str) -> None:
        """R10: no zone shift, not even across midnight."""
        assert clean(Type.DATE, raw) == kept

    @pytest.mark.parametrize(
        "raw",
        [
            "2026-02-30",
            "2025-02-29",
            "2026-13-01",
            "0000-01-01",
            "31.05.2026",
            "05/31/2026",
            "2026-5-31",
            "20260531",
            "2026-W22-7",
            "2026-05-31Z",
            "2026-05-311",
            "\uff12\uff10\uff12\uff16-05-31",
            "tomorrow",
            20260531,
            True,
        ],
    )
    def test_nothing_else_is_a_date(self, raw: object) -> None:
        """R10."""
        assert refused(Type.DATE, raw) == "A date such as 2026-05-31 is expected."


class TestNumber:
    @pytest.mark.parametrize(
        ("raw", "kept"),
        [
            (0, 0),
            (-7, -7),
            ("42", 42),
            (" 42 ", 42),
            ("+42", 42),
            ("042", 42),
            (12.0, 12),
            ("12.00", 12),
            ("1e3", 1000),
            ("-0", 0),
            (999_999_999, 999_999_999),
            ("-999999999", -999_999_999),
        ],
    )
    def test_whole_numbers_within_the_limits(self, raw: object, kept: int) -> None:
        """R10."""
        number = clean(Type.NUMBER, raw)
        assert (number, type(number)) == (kept, int)

    @pytest.mark.parametrize(
        "raw", [1_000_000_000, "-1000000000", "999999999.9e1", 1e30, "1e100", "9" * 5000]
    )
    def test_a_number_beyond_the_limits_is_refused(self, raw: object) -> None:
        """R10."""
        assert refused(Type.NUMBER, raw) == "The number is not between -999,999,999 and 999,999,999."

    @pytest.mark.parametrize("raw", [1.5, "0.1", "999999999.5", "1e-9"])
    def test_a_fraction_is_refused(self, raw: object) -> None:
        """R10."""
        assert refused(Type.NUMBER, raw) == "A whole number is expected."


NO_NUMBERS = [
    " ",
    "twelve",
    "1,234",
    "1 234",
    "1_000",
    "0x10",
    "--1",
    ".",
    "1e",
    "NaN",
    "sNaN",
    "Infinity",
    "-inf",
    "\uff11\uff12",
    float("nan"),
    float("inf"),
    True,
    "1" * 100_000 + "x",
    "1e999999999",
    "1e9999999999999999999",
]


@pytest.mark.parametrize("field_type", [Type.NUMBER, Type.DECIMAL])
@pytest.mark.parametrize("raw", NO_NUMBERS)
def test_what_is_no_number_is_refused(field_type: str, raw: object) -> None:
    """R10: quickly too, however large its exponent."""
    assert refused(field_type, raw) == "A number is expected."


class TestDecimal:
    @pytest.mark.parametrize(
        ("raw", "kept"),
        [
            ("1", "1.00"),
            (1, "1.00"),
            ("2.675", "2.68"),
            (2.675, "2.68"),
            ("2.665", "2.67"),
            ("2.6749999", "2.67"),
            ("-2.675", "-2.68"),
            ("0.005", "0.01"),
            ("-0.001", "0.00"),
            ("-0", "0.00"),
            (" 3.1 ", "3.10"),
            (".5", "0.50"),
            ("5.", "5.00"),
            ("1e-9", "0.00"),
            (1e-300, "0.00"),
            (0.1 + 0.2, "0.30"),
            ("999999999999999.99", "999999999999999.99"),
            ("0." + "1" * 1000, "0.11"),
        ],
    )
    def test_two_places_half_up(self, raw: object, kept: str) -> None:
        """R10."""
        assert clean(Type.DECIMAL, raw) == kept

    @pytest.mark.parametrize("raw", ["1000000000000000", "-1e15", "1e50"])
    def test_a_decimal_has_a_limit(self, raw: str) -> None:
        """R10: what is kept must come back with every digit."""
        assert refused(Type.DECIMAL, raw) == "The number has more than 15 digits before the point."


class TestDropdown:
    @pytest.mark.parametrize("option", OPTIONS)
    def test_an_option_by_its_text(self, option: str) -> None:
        """R10."""
        assert clean(Type.DROPDOWN, option) == option

    @pytest.mark.parametrize("raw", ["gold", "Gold ", "Bronze", 5, True])
    def test_anything_else_is_refused(self, raw: object) -> None:
        """R10: it must equal an option's text."""
        assert refused(Type.DROPDOWN, raw) == "The value is not one of the field's options."


class TestUrl:
    @pytest.mark.parametrize(
        "raw",
        [
            "https://northwind.example/",
            "HTTP://NORTHWIND.EXAMPLE",
            "http://northwind.example:8080/a?b=c#d",
            "http://192.0.2.1/",
            "http://[2001:db8::1]/",
            "https://müller.example/",
            "http://localhost/",
        ],
    )
    def test_a_web_address_is_kept_as_it_comes(self, raw: str) -> None:
        """R10, R20."""
        assert clean(Type.URL, raw) == raw

    @pytest.mark.parametrize(
        "raw",
        [
            "northwind.example",
            "javascript:alert(1)",
            "JavaScript://northwind.example/%0Aalert(1)",
            "data:text/html,x",
            "ftp://northwind.example/",
            "//northwind.example/",
            "https://",
            "http://[::1",
            "http://north wind.example/",
            " https://northwind.example/",
            "https://northwind.example/\nx",
            7,
            True,
        ],
    )
    def test_nothing_else_is_a_web_address(self, raw: object) -> None:
        """R10: agents will click on it."""
        expected = "A web address that begins with http:// or https:// is expected."
        assert refused(Type.URL, raw) == expected

    def test_a_web_address_has_a_limit(self) -> None:
        """R10."""
        assert refused(Type.URL, "https://northwind.example/" + "x" * 2000).endswith("2000 characters.")


@pytest.mark.django_db
class TestDefining:
    @pytest.mark.parametrize(
        ("label", "api_name"),
        [
            ("Cost centre", "cf_cost_centre"),
            ("  Support-Tier! ", "cf_support_tier"),
            ("Zoë's team", "cf_zoes_team"),
            ("部署", "cf_field"),
            ("!?", "cf_field"),
            ("x" * 100, "cf_" + "x" * 80),
        ],
    )
    def test_the_api_name_is_made_from_the_label(self, label: str, api_name: str) -> None:
        """R12."""
        assert fields.define(label=label, field_type=Type.TEXT).api_name == api_name

    def test_a_taken_api_name_gets_a_number(self) -> None:
        """R12: unique."""
        names = [fields.define(label="Tier", field_type=Type.TEXT).api_name for _ in range(3)]
        assert names == ["cf_tier", "cf_tier_2", "cf_tier_3"]

    def test_a_longer_name_that_begins_alike_takes_nothing_away(self) -> None:
        """R12."""
        fields.define(label="Tier of support", field_type=Type.TEXT)
        assert fields.define(label="Tier", field_type=Type.TEXT).api_name == "cf_tier"

    def test_a_free_number_is_used(self) -> None:
        """R12: a field that was called so from the start is respected."""
        fields.define(label="Tier", field_type=Type.TEXT)
        fields.define(label="Tier 2", field_type=Type.TEXT)
        assert fields.define(label="Tier", field_type=Type.TEXT).api_name == "cf_tier_3"

    def test_a_rename_leaves_the_api_name(self) -> None:
        """R12."""
        field = fields.define(label="Tier", field_type=Type.TEXT)
        field.label = "Level"
        field.save()
        assert ContactField.objects.get(label="Level").api_name == "cf_tier"

    def test_a_field_keeps_what_it_was_defined_with(self) -> None:
        """R12."""
        said: dict[str, Any] = {"options": ["a", "b"], "required": True, "order": 4}
        fields.define(label="Tier", field_type=Type.DROPDOWN, api_name="cf_level", **said)
        field = ContactField.objects.get(api_name="cf_level")
        assert (field.type, field.options, field.required, field.order, field.active) == (
            Type.DROPDOWN,
            ["a", "b"],
            True,
            4,
            True,
        )

    def test_fields_come_in_their_order(self) -> None:
        """R12."""
        for order, label in ((2, "Second"), (1, "First"), (2, "Third")):
            fields.define(label=label, field_type=Type.TEXT, order=order)
        assert [field.label for field in ContactField.objects.all()] == ["First", "Second", "Third"]
