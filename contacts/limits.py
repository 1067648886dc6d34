"""Which texts the columns of a contact can keep, on SQLite and PostgreSQL alike."""

from collections.abc import Mapping

from .errors import InvalidValue
from .models import Contact, ContactAddress
from .normal import is_storable
from .values import PLAIN_COLUMNS, Values

NOTE_LIMIT = 10_000
_LIMITS: Mapping[str, int] = {
    field.name: field.max_length or 0 for field in Contact._meta.fields if field.name in PLAIN_COLUMNS
} | {"note": NOTE_LIMIT}
_ADDRESS_LIMIT = ContactAddress._meta.get_field("address").max_length or 0


def check(values: Values) -> None:
    """Raises InvalidValue for a text that its column cannot keep, an empty userName (R16) or address."""
    for column in _LIMITS:
        if column in values:
            check_column(column, str(values.get(column)))
    fitting(values.get("company_name", ""), "company name", _LIMITS["organization"])
    for email in values.get("emails", ()):
        check_address(email.address)
    if values.get("user_name") == "":
        raise InvalidValue("The userName is required and cannot be empty.")


def check_column(column: str, text: str) -> None:
    """Raises InvalidValue for a text that this column of text cannot keep."""
    fitting(text, column.replace("_", " "), _LIMITS[column])


def check_address(text: str) -> None:
    """Raises InvalidValue for an address that is empty or cannot be kept."""
    if not fitting(text, "e-mail address", _ADDRESS_LIMIT):
        raise InvalidValue("An e-mail address is empty.")


def fitting(text: str, what: str, limit: int) -> str:
    """`text`, if it can be kept. Raises InvalidValue, naming `what` but never the text."""
    if len(text) > limit:
        raise InvalidValue(f"The {what} is longer than {limit} characters.")
    if not is_storable(text):
        raise InvalidValue(f"The {what} holds a character that cannot be kept.")
    return text
