"""What a request says, as plain data, and custom values (R10, R11)."""

from dataclasses import dataclass, field
from typing import Any

from .state import Field

Email = dict[str, Any]

COMPANY_NAME = "companyName"  # R39: kept among the custom values, and not a field


class Unfit(ValueError):
    """R11: the value does not fit its field."""


@dataclass
class Said:
    """The attributes of one request; "" and None clear, what is absent is not in it.

    `emails` is the whole list of a POST or PUT; `typed` has the addresses that a PATCH sets by their type.
    """

    texts: dict[str, str] = field(default_factory=dict)
    active: bool | None = None
    emails: list[Email] | None = None
    typed: dict[str, str] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    company: str | None = None

    @property
    def names_company(self) -> str | None:
        """R39: the custom extension's name first, then the organization; None when neither came."""
        if self.company is None:
            return self.texts.get("organization")
        return self.company or self.texts.get("organization", "")


def kept(definition: Field, raw: object) -> Any:
    """The value as the field keeps it, None when it is empty. Raises Unfit."""
    if raw is None or raw == "":
        return None
    if definition.kind == "checkbox":
        return _checkbox(raw)
    if definition.kind == "number":
        return _number(raw)
    if definition.kind == "dropdown" and raw not in definition.options:
        raise Unfit
    return raw


def _checkbox(raw: object) -> bool:
    found = {"true": True, "false": False}.get(str(raw).lower())
    if found is None:
        raise Unfit
    return found


def _number(raw: object) -> int:
    try:
        number = int(str(raw))
    except ValueError:
        raise Unfit from None
    if isinstance(raw, bool) or abs(number) > 999_999_999:
        raise Unfit
    return number
