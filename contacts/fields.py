"""Contact fields: how one is defined, and which values it takes (R10 to R12)."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from . import lifecycle
from .errors import InvalidValue
from .limits import fitting
from .models import ContactField
from .values import JSON

NUMBER_LIMIT = 999_999_999
TEXT_LIMIT = 255
PARAGRAPH_LIMIT = 10_000
URL_LIMIT = 2_000
DECIMAL_DIGITS = 15

# As people and programs write numbers; an exponent of any length would make a number of any length.
_NUMERAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_web_address = URLValidator(schemes=["http", "https"])

Type = ContactField.Type


def define(
    *,
    label: str,
    field_type: str,
    options: Sequence[str] = (),
    required: bool = False,
    api_name: str = "",
    order: int = 0,
) -> ContactField:
    """A saved field with an API name of its own, made from the label unless one is given (R12)."""
    return ContactField.objects.create(
        label=label,
        api_name=api_name or free_api_name(label),
        type=field_type,
        options=list(options),
        required=required,
        order=order,
    )


@transaction.atomic
def switch(fields: QuerySet[ContactField], *, active: bool) -> int:
    """Switch fields on or off; how many. Nobody is Partly applied for one that is off (R11, R42)."""
    api_names = list(fields.values_list("api_name", flat=True))
    if not active:
        lifecycle.forget_unapplied(api_names)
    return fields.update(active=active)


def free_api_name(label: str) -> str:
    """`cf_` + slug, numbered when taken: "Cost centre" -> cf_cost_centre.

    Never with two underscores in a row, which would mean something else in a look-up of the JSON column.
    """
    slug = re.sub("[-_]+", "_", slugify(label))[:80].strip("_")
    base = "cf_" + (slug or "field")
    taken = set(ContactField.objects.filter(api_name__startswith=base).values_list("api_name", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if _numbered(base, n) not in taken)
    return _numbered(base, number)


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}_{number}"


def clean(field_type: str, options: Sequence[str], raw: object) -> JSON:
    """The value as the field keeps it; None when `raw` is empty.

    Raises InvalidValue with a sentence that names the rule but never the value, so that it may be logged.
    """
    if raw is None or raw == "":
        return None
    if field_type == Type.DROPDOWN:
        return _option(options, raw)
    return _CLEANERS[field_type](raw)


def _text(raw: object, limit: int = TEXT_LIMIT) -> str:
    if not isinstance(raw, str | int | float):
        raise InvalidValue(_("A text is expected."))
    return fitting(str(raw), "text", limit)


def _paragraph(raw: object) -> str:
    return _text(raw, PARAGRAPH_LIMIT)


def _checkbox(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in ("true", "false"):
        return raw.lower() == "true"
    raise InvalidValue(_("True or False is expected."))


def _date(raw: object) -> str:
    """The date as written; a time and its zone are cut off, never applied (R10)."""
    found = re.match(r"(\d{4}-\d{2}-\d{2})(?:[T ]|$)", raw) if isinstance(raw, str) else None
    try:
        return date.fromisoformat(found.group(1) if found else "").isoformat()
    except ValueError:
        raise InvalidValue(_("A date such as 2026-05-31 is expected.")) from None


def _number(raw: object) -> int:
    number = _as_decimal(raw)
    if number != number.to_integral_value():
        raise InvalidValue(_("A whole number is expected."))
    if abs(number) > NUMBER_LIMIT:
        raise InvalidValue(
            _("The number is not between -%(limit)s and %(limit)s.") % {"limit": f"{NUMBER_LIMIT:,}"}
        )
    return int(number)


def _decimal(raw: object) -> str:
    """Two places, half up, kept as text so that no digit is lost on the way (R10)."""
    number = _as_decimal(raw)
    if number.adjusted() >= DECIMAL_DIGITS:
        raise InvalidValue(
            _("The number has more than %(digits)s digits before the point.") % {"digits": DECIMAL_DIGITS}
        )
    return str(number.quantize(Decimal("0.01"), ROUND_HALF_UP) + 0)  # + 0: no "-0.00"


def _as_decimal(raw: object) -> Decimal:
    is_number = isinstance(raw, str | int | float) and not isinstance(raw, bool)
    numeral = str(raw).strip() if is_number else ""
    if not _NUMERAL.fullmatch(numeral):
        raise InvalidValue(_("A number is expected."))
    return Decimal(numeral)


def _url(raw: object) -> str:
    text = _text(raw, URL_LIMIT)
    try:
        _web_address(text)
    except ValidationError:
        raise InvalidValue(_("A web address that begins with http:// or https:// is expected.")) from None
    return text


def _option(options: Sequence[str], raw: object) -> str:
    if not isinstance(raw, str) or raw not in options:
        raise InvalidValue(_("The value is not one of the field's options."))
    return raw


_CLEANERS: dict[str, Callable[[object], JSON]] = {
    Type.TEXT: _text,
    Type.PARAGRAPH: _paragraph,
    Type.CHECKBOX: _checkbox,
    Type.DATE: _date,
    Type.NUMBER: _number,
    Type.DECIMAL: _decimal,
    Type.URL: _url,
}
