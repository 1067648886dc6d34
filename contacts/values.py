"""What a caller of the lifecycle says: who acts, what is wanted, and what Entra brings besides."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from companies.models import Company

from .models import ActorKind

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"

# The keys of Values that are columns of text.
PLAIN_COLUMNS = (
    "name",
    "given_name",
    "family_name",
    "formatted_name",
    "title",
    "phone",
    "mobile",
    "department",
    "employee_number",
    "organization",
    "user_name",
    "external_id",
)


@dataclass(frozen=True, slots=True)
class Actor:
    """R43: who changes a contact, as its timeline will name them."""

    kind: ActorKind
    label: str

    @classmethod
    def agent(cls, user: "AbstractBaseUser") -> "Actor":
        """The signed-in agent."""
        return cls(ActorKind.AGENT, str(user))

    @classmethod
    def system(cls, label: str) -> "Actor":
        """A command or job of this server."""
        return cls(ActorKind.SYSTEM, label)


@dataclass(frozen=True, slots=True)
class Email:
    """A wanted address; None as `primary` says nothing of it.

    `scim_type` is RFC 7643 4.1.2's type, "" when it does not come from Entra.
    """

    address: str
    primary: bool | None = None
    scim_type: str = ""


class Values(TypedDict, total=False):
    """Wanted values; a key that is absent leaves its column alone, "" and None clear it."""

    name: str
    given_name: str
    family_name: str
    formatted_name: str
    title: str
    phone: str
    mobile: str
    department: str
    employee_number: str
    organization: str
    user_name: str
    external_id: str
    emails: Sequence[Email]
    note: str
    custom_fields: Mapping[str, JSON]  # only the fields that change; None clears
    company: Company | None  # an agent's choice (R38)
    company_name: str  # R39


@dataclass(frozen=True, slots=True)
class Sync:
    """What the connection behind a write adds to it (R4, R7, R11)."""

    connection_id: int
    active: bool | None = None  # None: this write does not say
    company: Company | None = None
    may_create_companies: bool = False
    keep_tickets: bool = False
    sent: frozenset[str] = frozenset()  # the columns that this write carries (R25)
    fitted: frozenset[str] = frozenset()  # custom fields whose value was taken
    unapplied: Mapping[str, str] = field(default_factory=dict)  # custom field -> why its value was not (R11)
    # R15, what an admin decided of a conflict: the contact that this user is, and those that it is not.
    chosen: uuid.UUID | None = None
    apart: frozenset[uuid.UUID] = frozenset()
