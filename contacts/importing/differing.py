"""What a row changes of the contact that it matches, and what it must leave (R25)."""

from companies.models import Company
from contacts.columns import COMPANY
from contacts.managed import managed
from contacts.models import Contact
from contacts.normal import key
from contacts.values import Email, Values

from .checking import Wanted


def difference(contact: Contact, wanted: Wanted, company: Company | None) -> tuple[Values, list[str]]:
    """The values to write, and the names of those in which the row differs but Entra ID decides."""
    values: Values = {}
    kept = managed(contact)
    left = []
    for column, value in _changes(contact, wanted, company).items():
        if column in kept:
            left.append(column)
        elif column in wanted.custom:
            values.setdefault("custom_fields", {})[column] = value  # type: ignore[index]
        else:
            values[column] = value  # type: ignore[literal-required]
    return values, left


def _changes(contact: Contact, wanted: Wanted, company: Company | None) -> dict[str, object]:
    changes: dict[str, object] = {
        column: value for column, value in wanted.plain.items() if getattr(contact, column) != value
    }
    custom = contact.custom_fields
    changes |= {name: value for name, value in wanted.custom.items() if custom.get(name) != value}
    if company and company.pk != contact.company_id:
        changes[COMPANY] = company
    if emails := _emails(contact, wanted):
        changes["emails"] = emails
    return changes


def _emails(contact: Contact, wanted: Wanted) -> list[Email]:
    """The row's primary address first, then those that the contact has; [] when nothing differs."""
    held = [row.address for row in contact.addresses.all()]
    first = [wanted.primary] if wanted.primary else held[:1]
    addresses = {key(one): one for one in [*first, *held, *wanted.others]}
    if list(addresses) == [key(one) for one in held]:
        return []
    return [Email(address, primary=n == 0) for n, address in enumerate(addresses.values())]
