"""The values of contact fields as expressions of the database, which finds them in a JSON column (R10)."""

from django.db.models import BigIntegerField, Case, Expression, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Replace
from django.db.models.lookups import Regex

_WHOLE, _TWO_PLACES = r"^-?\d{1,18}$", r"^-?\d{1,15}\.\d\d$"


def text(api_name: str) -> KeyTextTransform:
    """The value as text; null when there is none."""
    return KeyTextTransform(api_name, "custom_fields")


def whole(api_name: str) -> Case:
    """A whole number; null for what does not look like one, of which no number is made."""
    return _number(text(api_name), text(api_name), _WHOLE)


def hundredths(api_name: str) -> Case:
    """A decimal, kept as text with two places: without its point a whole number, exact on any database."""
    return _number(text(api_name), Replace(text(api_name), Value("."), Value("")), _TWO_PLACES)


def _number(written: Expression, digits: Expression, pattern: str) -> Case:
    number = When(Regex(written, pattern), then=Cast(digits, BigIntegerField()))
    return Case(number, output_field=BigIntegerField())
