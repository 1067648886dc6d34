"""The state of the directory as plain data."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .texts import domain_of, folded

# Texts of a contact by the names that the timeline gives them.
TEXTS = (
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


class Refused(Exception):
    """The step is refused and changes nothing but R42's mark; status and scimType are what a client sees."""

    def __init__(self, status: int, scim_type: str = "") -> None:
        super().__init__(f"{status} {scim_type}")
        self.status = status
        self.scim_type = scim_type


def conflict() -> Refused:
    """R15, R17, R23."""
    return Refused(409, "uniqueness")


def invalid() -> Refused:
    """R11, R16."""
    return Refused(400, "invalidValue")


@dataclass
class Address:
    """`kind` is Entra's type, "" when only the helpdesk knows it (R23); `said` is its `primary` (R20)."""

    text: str
    kind: str = ""
    primary: bool = False
    said: bool | None = None

    @property
    def key(self) -> str:
        """The form in which it compares."""
        return folded(self.text)


@dataclass
class Line:
    """One line of the timeline (R43)."""

    action: str
    changes: dict[str, list[Any]]


@dataclass
class Company:
    """A company and its domains; two may share one."""

    name: str
    domains: set[str] = field(default_factory=set)


@dataclass
class Field:
    """A contact field (R10, R12)."""

    kind: str
    options: tuple[str, ...] = ()
    active: bool = True


@dataclass
class Connection:
    """R4, R11, R27, R39: what an admin has set for one tenant."""

    name: str
    company: str | None = None
    keeps_tickets: bool = False
    strict: bool = False
    may_create_companies: bool = False


@dataclass
class Person:
    """A contact. `tickets` says of each why it is spam, "" for one that is not (R27)."""

    id: str = ""
    texts: dict[str, str] = field(default_factory=lambda: dict.fromkeys(TEXTS, ""))
    addresses: list[Address] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    company: str | None = None
    company_by: str = ""
    connection: str | None = None
    verified: bool = False
    deleted_by: str = ""
    suspended: bool = False
    entra_active: bool = True
    failed: bool = False
    partly: set[str] = field(default_factory=set)
    managed: set[str] = field(default_factory=set)
    tickets: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def deleted(self) -> bool:
        """In Deleted Contacts, by whomever."""
        return self.deleted_by != ""

    @property
    def address_keys(self) -> set[str]:
        """R17: what nobody else may have."""
        return {one.key for one in self.addresses}

    @property
    def domain(self) -> str:
        """R36: the primary address's."""
        return domain_of(next((one.text for one in self.addresses if one.primary), ""))

    @property
    def made_name(self) -> str:
        """R7: what a displayName that never comes is made from."""
        texts = self.texts
        made = f"{texts['given_name']} {texts['family_name']}".strip()
        return made or texts["formatted_name"] or texts["user_name"]

    @property
    def status(self) -> str:
        """R42, the gravest first."""
        if self.connection is None:
            return "not_synced"
        if self.failed:
            return "error"
        if self.deleted == self.entra_active:
            return "out_of_step"
        if self.deleted:
            return "deactivated"
        return "partly_applied" if self.partly else "synced"

    def told(self) -> dict[str, Any]:
        """What the timeline tells of, by its names there (R43)."""
        primary_first = sorted(self.addresses, key=lambda one: not one.primary)
        return {
            **self.texts,
            **self.custom,
            "addresses": [one.text for one in primary_first],
            "company": self.company,
            "deleted_at": self.deleted,
            "suspended_at": self.suspended,
            "verified": self.verified,
            "linked": self.connection is not None,
        }

    def move_tickets(self, *causes: str, to: str) -> None:
        """R27: only tickets that are spam for these very causes move."""
        self.tickets = [to if cause in causes else cause for cause in self.tickets]


@dataclass
class World:
    """Everything there is."""

    people: list[Person] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    fields: dict[str, Field] = field(default_factory=dict)

    def others(self, person: Person) -> Iterator[Person]:
        """Everybody else; a draft is the person that it will replace."""
        return (one for one in self.people if not person.id or one.id != person.id)

    def held_by(self, connection: Connection) -> list[Person]:
        """R4: what a connection may see."""
        return [one for one in self.people if one.connection == connection.name]

    def linked(self, connection: Connection, person_id: str) -> Person:
        """R4, R28: any other id is nobody's. Raises Refused."""
        for one in self.held_by(connection):
            if one.id == person_id:
                return one
        raise Refused(404)

    def commit(self, draft: Person, action: str) -> str:
        """Put the draft in place, with a line if there is something to tell (R24). What the log calls it."""
        self.refuse_doubles(draft)
        before = next((one for one in self.people if draft.id and one.id == draft.id), None)
        old = before.told() if before else _nobody(draft)
        changes = _differences(old, draft.told())
        if changes:
            draft.lines.append(Line(action, changes))
        if before is None:
            self.people.append(draft)
        else:
            self.people[self.people.index(before)] = draft
        return action if changes else "nothing"

    def refuse_doubles(self, draft: Person) -> None:
        """R15, R17, R23. Raises Refused."""
        for other in self.others(draft):
            if draft.address_keys & other.address_keys:
                raise conflict()
            if draft.connection is None or other.connection != draft.connection:
                continue
            if folded(draft.texts["user_name"]) == folded(other.texts["user_name"]):
                raise conflict()
            if draft.texts["external_id"] and draft.texts["external_id"] == other.texts["external_id"]:
                raise conflict()


def _nobody(draft: Person) -> dict[str, Any]:
    """What a new contact is compared with; that it is linked goes without saying."""
    told = draft.told()
    return Person().told() | {"linked": told["linked"], "verified": told["verified"]}


def drafted(person: Person) -> Person:
    """A copy to change: all or nothing (R21)."""
    return copy.deepcopy(person)


def _differences(old: dict[str, Any], new: dict[str, Any]) -> dict[str, list[Any]]:
    names = [*old, *(name for name in new if name not in old)]
    pairs = {name: [old.get(name), new.get(name)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
