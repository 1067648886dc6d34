"""How a contact's addresses come to be what is wanted (R16, R17, R23)."""

import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from companies.domains import domain_of

from .errors import AddressTaken
from .models import Contact, ContactAddress
from .normal import key
from .statements import keep_addresses
from .values import Email

# R16, R20: a guest's user name holds #EXT# and the host's domain; no mail reaches it.
_ADDRESS = re.compile(r"(?!.*#EXT#)[^@\s]+@[^@\s]+\.[^@\s]+", re.IGNORECASE)


def looks_like_address(text: str) -> bool:
    """Whether a user name can serve as an address (R16)."""
    return _ADDRESS.fullmatch(text) is not None and len(text) <= 254


@dataclass(slots=True)
class Plan:
    """The rows to write; demotions come before promotions, since only one address may be primary."""

    insert: list[ContactAddress] = field(default_factory=list)
    update: list[ContactAddress] = field(default_factory=list)
    delete: list[ContactAddress] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[ContactAddress] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        """Whether anything differs from the table."""
        return bool(self.insert or self.update or self.delete)

    @property
    def primary(self) -> ContactAddress | None:
        """The address that will be primary."""
        return next((row for row in self.after if row.is_primary), None)

    @property
    def is_insert_only(self) -> bool:
        """Whether no row that is there changes."""
        return not (self.update or self.delete)

    def write(self) -> None:
        """Bring the table to the plan. Raises AddressTaken."""
        if self.insert and (self.update or self.delete):
            self._refuse_taken()
        if self.delete:
            ContactAddress.objects.filter(pk__in=[row.pk for row in self.delete]).delete()
        for row in sorted(self.update, key=lambda row: row.is_primary):
            row.save(update_fields=["address", "is_primary", "scim_type", "scim_primary"])
        ContactAddress.objects.bulk_create(self.insert)

    def keep(self, contact: Contact) -> None:
        """Let the contact's addresses be those of the plan, without asking the database."""
        keep_addresses(contact, self.after)

    def _refuse_taken(self) -> None:
        """Before own rows are touched: two who want each other's address would wait in a circle."""
        wanted = [row.address_key for row in self.insert]
        if ContactAddress.objects.filter(address_key__in=wanted).exists():
            raise AddressTaken


def held(contact: Contact) -> list[ContactAddress]:
    """The addresses in the order in which they came; a new contact has none yet."""
    return [] if contact._state.adding else sorted(contact.addresses.all(), key=lambda row: row.pk)


def plan(contact: Contact, wanted: Sequence[Email], *, keep_others: bool) -> Plan:
    """What has to be written so that `wanted` holds.

    With `keep_others` (a connection writes, R17, R23) addresses that are not wanted stay as the helpdesk's
    own secondary ones; without it (an agent edits the whole list) they go.
    """
    rows = held(contact)
    result = Plan(before=_shown(rows))
    target: dict[str, Email] = {}
    for email in wanted:
        target.setdefault(key(email.address), email)
    chosen = _primary(wanted)
    keep_primary = keep_others and chosen is None
    for row in rows:
        said = target.pop(row.address_key, None)
        if said is None and not keep_others:
            result.delete.append(row)
            continue
        state = (
            said.address if said else row.address,
            row.is_primary if keep_primary else row.address_key == chosen,
            *_scim(row, said, keep_others=keep_others),
        )
        if state != (row.address, row.is_primary, row.scim_type, row.scim_primary):
            row.address, row.is_primary, row.scim_type, row.scim_primary = state
            result.update.append(row)
        result.after.append(row)
    result.insert = [_row(contact, email, primary=k == chosen) for k, email in target.items()]
    result.after = _primary_first(result.after + result.insert)
    return result


def free(emails: Sequence[Email] | None, apart: Collection[uuid.UUID]) -> Sequence[Email] | None:
    """The wanted addresses without those that stay with contacts kept apart (R15); None when none is left."""
    if not apart or not emails:
        return emails
    taken = set(ContactAddress.objects.filter(contact__in=apart).values_list("address_key", flat=True))
    return [email for email in emails if key(email.address) not in taken] or None


def changed(plan: Plan) -> list[list[str]]:
    """[old, new] for the timeline, primary first; [] when a person would see no difference."""
    after = _shown(plan.after)
    return [] if plan.before == after else [plan.before, after]


def _shown(rows: Sequence[ContactAddress]) -> list[str]:
    return [row.address for row in _primary_first(rows)]


def _primary_first(rows: Sequence[ContactAddress]) -> list[ContactAddress]:
    return sorted(rows, key=lambda row: not row.is_primary)


def _scim(row: ContactAddress, email: Email | None, *, keep_others: bool) -> tuple[str, bool | None]:
    if not keep_others:
        return row.scim_type, row.scim_primary  # an agent does not say how Entra calls an address
    return (email.scim_type, email.primary) if email else ("", None)


def _primary(wanted: Sequence[Email]) -> str | None:
    """The key of the address to be primary: the one flagged, else the work one, else the first."""
    ranked = sorted(wanted, key=lambda email: (not email.primary, email.scim_type != "work"))
    return key(ranked[0].address) if ranked else None


def _row(contact: Contact, email: Email, *, primary: bool) -> ContactAddress:
    return ContactAddress(
        contact=contact,
        address=email.address,
        address_key=key(email.address),
        domain=domain_of(email.address),
        is_primary=primary,
        scim_type=email.scim_type,
        scim_primary=email.primary if email.scim_type else None,
    )
