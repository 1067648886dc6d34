"""The in-process Entra directory: its people, and what Entra believes the target holds of each of them."""

import enum
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

from deskscim.provisioning.simulator import mapping, names
from deskscim.provisioning.simulator.custom import CustomField
from deskscim.provisioning.simulator.mapping import Value, Values, Wanted

Dialect = Literal["legacy", "flagged", "mixed"]
GENERATION_DIGITS = 4  # the end of an objectId counts how often its person was created anew


class State(enum.Enum):
    """Where a person is in Entra's life cycle."""

    ASSIGNED = "in scope of the application"
    UNASSIGNED = "disabled or out of scope"
    DELETED = "soft-deleted: restorable for 30 days"
    PURGED = "hard-deleted"


@dataclass
class Person:
    """One user object of the directory, with Entra's memory of its counterpart in the target."""

    number: int
    object_id: str
    values: Wanted
    culture: names.Culture
    flagged: bool
    state: State = State.ASSIGNED
    target_id: str | None = None
    believed: Values = field(default_factory=dict)

    @property
    def is_active(self) -> bool:
        """What `Switch([IsSoftDeleted]...)` gives for the person."""
        return self.state is State.ASSIGNED

    @property
    def root(self) -> str:
        """The part of the objectId that stays when the object is created anew."""
        return self.object_id[:-GENERATION_DIGITS]

    def wanted(self) -> Wanted:
        """Return what Entra exports now: on a soft delete it renames the user itself (R22)."""
        wanted: Wanted = {mapping.EXTERNAL_ID: self.object_id, **self.values, mapping.ACTIVE: self.is_active}
        if self.state is State.DELETED:
            wanted[mapping.USER_NAME] = f"{self.object_id.replace('-', '')}{self.values[mapping.USER_NAME]}"
        return wanted

    def to_send(self, found: Values) -> Wanted:
        """Return the exported attributes that differ from what the target answered."""
        wanted = self.wanted()
        return {path: wanted[path] for path in mapping.differing(wanted, found, wanted)}

    def adopt(self, target_id: str, found: Values) -> None:
        """Take over what the target holds of a person whom Entra meets for the first time."""
        self.target_id, self.believed = target_id, dict(found)

    def learn(self, sent: Mapping[str, Value | None]) -> None:
        """Note what the target took; a tombstone name is not stored (R22), an emptied attribute is gone."""
        kept = {
            path: value
            for path, value in sent.items()
            if path != mapping.USER_NAME or self.state is not State.DELETED
        }
        merged = {**self.believed, **kept}
        self.believed = {path: value for path, value in merged.items() if value not in (None, "")}

    def forget(self) -> None:
        """Drop the link to the target after a DELETE (R28)."""
        self.target_id, self.believed = None, {}

    def recreate(self) -> None:
        """Come back after a hard delete: the same person, a new object with a new objectId."""
        generation = int(self.object_id[-GENERATION_DIGITS:], 16) + 1
        self.object_id = f"{self.root}{generation:0{GENERATION_DIGITS}x}"
        self.state = State.ASSIGNED


class Directory:
    """People numbered from 1: the same seed gives the same people, and more people only add to them."""

    def __init__(
        self, *, users: int, seed: int, dialect: Dialect, fields: Iterable[CustomField] = ()
    ) -> None:
        self.seed = seed
        self.fields = list(fields)
        self.people = [self._person(number, dialect) for number in range(1, users + 1)]

    def dice(self, *topic: object) -> Random:
        """Return the source of chance for one topic, the same in every run."""
        return Random(":".join(map(str, (self.seed, *topic))))  # noqa: S311 - chance, not secrecy

    def address_name(self, person_number: int, latin_name: str) -> str:
        """Return the local part of an address; the number makes it one person's for ever."""
        return (
            f"{latin_name}{person_number}" if self.seed == 1 else f"{latin_name}{person_number}-{self.seed}"
        )

    def recognise(self, resources: Iterable[Mapping[str, Any]]) -> None:
        """Give people the objectIds that an earlier run of this directory left in the target."""
        people = {person.root: person for person in self.people}
        for resource in resources:
            external_id = str(resource.get(mapping.EXTERNAL_ID, ""))
            if person := people.get(external_id[:-GENERATION_DIGITS]):
                person.object_id = max(person.object_id, external_id)

    def _person(self, number: int, dialect: Dialect) -> Person:
        dice = self.dice("person", number)
        object_id = (
            str(uuid.UUID(int=dice.getrandbits(128), version=4))[:-GENERATION_DIGITS]
            + "0" * GENERATION_DIGITS
        )
        culture = dice.choices(names.CULTURES, names.CULTURE_WEIGHTS)[0]
        given, family = dice.choice(culture.given), dice.choice(culture.family)
        local_part = self.address_name(number, f"{given[1]}.{family[1]}")
        values: Wanted = {
            **_account(dice, local_part),
            mapping.DISPLAY_NAME: culture.display_name(given[0], family[0]),
            mapping.GIVEN_NAME: given[0],
            mapping.FAMILY_NAME: family[0],
            **_profile(dice, number),
            **self._custom_values(number),
        }
        flagged = {"legacy": False, "flagged": True}.get(dialect, self.dice("dialect", number).random() < 0.5)
        state = State.UNASSIGNED if dice.random() < 0.03 else State.ASSIGNED
        return Person(number, object_id, values, culture, flagged, state)

    def _custom_values(self, number: int) -> Values:
        dice = self.dice("custom", number)
        return {custom.path: custom.draw(dice) for custom in self.fields if dice.random() < 0.5}


def _account(dice: Random, local_part: str) -> Wanted:
    """Return userName and mail: most people are members, some guests, some cloud-only without a mailbox."""
    domain, kind = dice.choice(names.COMPANY_DOMAINS), dice.random()
    if kind < 0.88:
        address = f"{local_part}@{domain}"
        mail = f"{local_part}+desk@{domain}" if kind < 0.03 else address
        return {mapping.USER_NAME: address, mapping.WORK_EMAIL: mail}
    if kind < 0.94:
        return {mapping.USER_NAME: f"{local_part}@{domain}"}
    home = dice.choice(names.GUEST_DOMAINS)
    marker = "#EXT#" if kind < 0.97 else ""
    guest_name = f"{local_part}_{home}{marker}@{names.COMPANY_DOMAINS[0]}"
    return {mapping.USER_NAME: guest_name, mapping.WORK_EMAIL: f"{local_part}@{home}"}


def _profile(dice: Random, number: int) -> Wanted:
    """Return the rest of the mapping table; attributes without a value in Entra are left out."""
    profile: Wanted = {
        mapping.TITLE: dice.choice(names.TITLES),
        mapping.DEPARTMENT: dice.choice(names.DEPARTMENTS),
        mapping.WORK_PHONE: phone_number(dice),
        mapping.MOBILE_PHONE: phone_number(dice),
        mapping.EMPLOYEE_NUMBER: f"E{number:06}",
    }
    return {path: value for path, value in profile.items() if dice.random() < 0.75}


def phone_number(dice: Random) -> str:
    """Return a number of the range kept for fiction, written in one of many ways (R20)."""
    return dice.choice(names.PHONE_FORMATS).format(dice.randint(0, 99))
