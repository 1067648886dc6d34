"""The simulated directory: the same people for the same seed, and a believable life for each of them."""

from random import Random
from typing import Any

import pytest

from deskscim.provisioning.simulator import changes, mapping
from deskscim.provisioning.simulator.custom import CustomField, announced_fields
from deskscim.provisioning.simulator.directory import Directory, Person, State

COUNTRY = f"{mapping.CUSTOM_URN}:cf_country"


def make(users: int = 200, seed: int = 1, fields: tuple[CustomField, ...] = ()) -> Directory:
    return Directory(users=users, seed=seed, dialect="mixed", fields=fields)


def linked(directory: Directory) -> Person:
    person = next(person for person in directory.people if person.is_active)
    person.adopt("id-1", {path: value for path, value in person.wanted().items() if value})
    return person


def test_the_same_seed_gives_the_same_people_and_the_same_life() -> None:
    first, second = make(), make()
    for directory in (first, second):
        for cycle in (2, 3, 4):
            changes.change_people(directory, cycle, 0.3)
    assert first.people == second.people
    assert [person.values for person in first.people] != [person.values for person in make().people]


def test_another_seed_gives_other_people_and_other_addresses() -> None:
    here, there = ({person.values[mapping.USER_NAME] for person in make(seed=seed).people} for seed in (1, 2))
    assert not here & there


def test_more_users_only_add_people() -> None:
    assert make(users=300).people[:200] == make(users=200).people


def test_custom_fields_do_not_change_the_people() -> None:
    plain, rich = make(), make(fields=(CustomField(COUNTRY, "country"),))
    assert any(COUNTRY in person.values for person in rich.people)
    for one, other in zip(plain.people, rich.people, strict=True):
        assert one.values == {path: value for path, value in other.values.items() if path != COUNTRY}


def test_nobody_ever_takes_an_address_of_another() -> None:
    directory, owner = make(users=300), dict[str, int]()
    for cycle in range(2, 9):
        for person in directory.people:
            for path in (mapping.USER_NAME, mapping.WORK_EMAIL):
                if address := person.values.get(path):
                    assert owner.setdefault(str(address).casefold(), person.number) == person.number
        changes.change_people(directory, cycle, 0.5)


def test_the_cast_is_mixed() -> None:
    people = make(users=500).people
    user_names = [str(person.values[mapping.USER_NAME]) for person in people]
    assert {person.flagged for person in people} == {True, False}
    assert any("#EXT#" in name for name in user_names)
    assert any(mapping.WORK_EMAIL not in person.values for person in people)
    assert any(not str(person.values[mapping.DISPLAY_NAME]).isascii() for person in people)
    assert all(name.endswith(".example") and name.isascii() for name in user_names)


@pytest.mark.parametrize(("dialect", "flagged"), [("legacy", False), ("flagged", True)])
def test_one_dialect_for_all(dialect: str, flagged: bool) -> None:
    people = Directory(users=50, seed=1, dialect=dialect).people  # type: ignore[arg-type]
    assert {person.flagged for person in people} == {flagged}


def test_a_cycle_changes_the_share_asked_for() -> None:
    directory = make(users=300)
    for cycle in range(2, 8):
        before = [(person.state, person.object_id, dict(person.values)) for person in directory.people]
        chosen = {person.number for person in changes.change_people(directory, cycle, 0.1)}
        assert len(chosen) == 30
        for person, was in zip(directory.people, before, strict=True):
            if person.number not in chosen:
                assert (person.state, person.object_id, person.values) == was


def test_every_state_is_reached_and_left() -> None:
    directory, seen = make(), set()
    for cycle in range(2, 12):
        before = {person.number: person.state for person in directory.people}
        changes.change_people(directory, cycle, 0.4)
        seen |= {(before[person.number], person.state) for person in directory.people}
    assert {(State.ASSIGNED, State.DELETED), (State.DELETED, State.ASSIGNED)} <= seen
    assert {(State.DELETED, State.PURGED), (State.PURGED, State.ASSIGNED)} <= seen
    assert {(State.ASSIGNED, State.UNASSIGNED), (State.UNASSIGNED, State.ASSIGNED)} <= seen


def test_soft_delete_sends_the_tombstone_and_believes_the_old_name() -> None:
    person = linked(make())
    person.state = State.DELETED
    old_name = person.values[mapping.USER_NAME]
    sent = person.to_send(person.believed)
    assert sent == {
        mapping.USER_NAME: person.object_id.replace("-", "") + str(old_name),
        mapping.ACTIVE: False,
    }
    person.learn(sent)
    assert (person.believed[mapping.USER_NAME], person.believed[mapping.ACTIVE]) == (old_name, False)


def test_restore_sends_only_that_the_person_is_active() -> None:
    person = linked(make())
    person.state = State.DELETED
    person.learn(person.to_send(person.believed))
    person.state = State.ASSIGNED
    assert person.to_send(person.believed) == {mapping.ACTIVE: True}


@pytest.mark.parametrize("empty", [None, ""])
def test_a_cleared_value_is_sent_once_and_then_gone(empty: str | None) -> None:
    person = linked(make())
    person.believed[mapping.TITLE] = "Buyer"
    person.values[mapping.TITLE] = empty
    sent = person.to_send(person.believed)
    assert sent == {mapping.TITLE: empty}
    person.learn(sent)
    assert mapping.TITLE not in person.believed
    assert person.to_send(person.believed) == {}


def test_a_value_that_entra_does_not_have_is_left_alone() -> None:
    person = linked(make())
    person.values.pop(mapping.TITLE, None)
    assert person.to_send({**person.believed, mapping.TITLE: "typed in by an agent"}) == {}


def test_rename_carries_name_and_addresses_along() -> None:
    directory = make()
    person = next(
        p for p in directory.people if p.values.get(mapping.WORK_EMAIL) == p.values[mapping.USER_NAME]
    )
    domain = str(person.values[mapping.USER_NAME]).partition("@")[2]
    changes.rename(directory, person, Random(0))
    family = str(person.values[mapping.FAMILY_NAME])
    assert family in str(person.values[mapping.DISPLAY_NAME])
    assert person.values[mapping.USER_NAME] == person.values[mapping.WORK_EMAIL]
    assert str(person.values[mapping.USER_NAME]).endswith(f"@{domain}")


def test_recreated_person_has_a_new_object_and_is_recognised_later() -> None:
    directory, again = make(), make()
    person = directory.people[4]
    first_id = person.object_id
    person.recreate()
    assert person.object_id != first_id
    again.recognise([{"externalId": person.object_id}, {"externalId": "a stranger"}, {}])
    assert again.people[4].object_id == person.object_id
    assert again.people[5].object_id == make().people[5].object_id


def test_announced_fields_are_those_of_the_custom_urn() -> None:
    attributes = [
        {"name": "cf_tier", "type": "string", "canonicalValues": ["Gold"]},
        {"name": "cf_contract_end", "type": "string"},
        {"name": "cf_vip", "type": "boolean"},
        {"name": "company", "type": "string"},
    ]
    schemas: list[dict[str, Any]] = [
        {"id": mapping.CORE_URN, "attributes": [{"name": "cf_no", "type": "string"}]},
        {"id": mapping.CUSTOM_URN, "attributes": attributes},
    ]
    urn = mapping.CUSTOM_URN
    tier, end, vip = announced_fields(schemas)
    assert tier == CustomField(f"{urn}:cf_tier", "string", ("Gold",))
    assert (end.path, end.kind) == (f"{urn}:cf_contract_end", "dateTime")
    assert (vip.path, vip.kind) == (f"{urn}:cf_vip", "boolean")
    assert isinstance(vip.draw(Random(0)), bool)
    assert tier.draw(Random(0)) == "Gold"
