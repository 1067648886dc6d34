"""What happens to people between two cycles: profiles change, people leave, come back and are deleted."""

from collections.abc import Callable
from random import Random

from deskscim.provisioning.simulator import mapping, names
from deskscim.provisioning.simulator.directory import Directory, Person, State, phone_number

Change = Callable[[Directory, Person, Random], None]
CLEARABLE = (mapping.TITLE, mapping.DEPARTMENT, mapping.WORK_PHONE, mapping.MOBILE_PHONE)


def change_people(directory: Directory, cycle: int, rate: float) -> list[Person]:
    """Let one thing happen to a share of the people and return them in the directory's order.

    People who are not active are taken first, half of them, so that many come back or go for good.
    """
    dice = directory.dice("changes", cycle)
    count = min(len(directory.people), round(len(directory.people) * rate))
    away = [person for person in directory.people if not person.is_active and dice.random() < 0.5][:count]
    others = [person for person in directory.people if person not in away]
    chosen = sorted(away + dice.sample(others, count - len(away)), key=lambda person: person.number)
    for person in chosen:
        happens, weights = zip(*MIX[person.state], strict=True)
        dice.choices(happens, weights)[0](directory, person, dice)
    return chosen


def new_title(_: Directory, person: Person, dice: Random) -> None:
    """Change one string."""
    person.values[mapping.TITLE] = dice.choice(
        [t for t in names.TITLES if t != person.values.get(mapping.TITLE)]
    )


def new_job(directory: Directory, person: Person, dice: Random) -> None:
    """Change several strings, an extension's among them."""
    new_title(directory, person, dice)
    person.values[mapping.DEPARTMENT] = dice.choice(names.DEPARTMENTS)
    person.values[mapping.EMPLOYEE_NUMBER] = f"E{person.number:06}-{dice.randint(1, 99)}"


def new_mobile(_: Directory, person: Person, dice: Random) -> None:
    """Change or first fill in a typed value."""
    person.values[mapping.MOBILE_PHONE] = phone_number(dice)


def new_office(directory: Directory, person: Person, dice: Random) -> None:
    """Change a typed value together with strings."""
    new_job(directory, person, dice)
    person.values[mapping.WORK_PHONE] = phone_number(dice)


def new_custom_value(directory: Directory, person: Person, dice: Random) -> None:
    """Change a custom field; without custom fields, the title."""
    if not directory.fields:
        return new_title(directory, person, dice)
    custom = dice.choice(directory.fields)
    person.values[custom.path] = custom.draw(dice)
    return None


def rename(directory: Directory, person: Person, dice: Random) -> None:
    """Take another family name; userName, displayName and mail follow (R22, R23)."""
    given = next(name for name in person.culture.given if name[0] == person.values[mapping.GIVEN_NAME])
    family = dice.choice(person.culture.family)
    local_part = directory.address_name(person.number, f"{given[1]}.{family[1]}")
    for path in (mapping.USER_NAME, mapping.WORK_EMAIL):
        if address := person.values.get(path):
            person.values[path] = f"{local_part}@{str(address).rpartition('@')[2]}"
    person.values[mapping.FAMILY_NAME] = family[0]
    person.values[mapping.DISPLAY_NAME] = person.culture.display_name(given[0], family[0])


def get_mailbox(directory: Directory, person: Person, dice: Random) -> None:
    """Give a cloud-only person a mailbox; the others a new mobile."""
    if mapping.WORK_EMAIL in person.values:
        return new_mobile(directory, person, dice)
    person.values[mapping.WORK_EMAIL] = f"mail.{person.values[mapping.USER_NAME]}"
    return None


def clear_value(_: Directory, person: Person, dice: Random) -> None:
    """Empty an attribute the two ways the validators do: a Remove, or an empty string."""
    person.values[dice.choice(CLEARABLE)] = dice.choice((None, ""))


def unassign(_: Directory, person: Person, __: Random) -> None:
    """Leave the application's scope or be disabled (R26)."""
    person.state = State.UNASSIGNED


def unassign_with_new_title(directory: Directory, person: Person, dice: Random) -> None:
    """Be disabled and changed in one request."""
    new_title(directory, person, dice)
    person.state = State.UNASSIGNED


def soft_delete(_: Directory, person: Person, __: Random) -> None:
    """Go to Entra's recycle bin under a tombstone name (R22)."""
    person.state = State.DELETED


def come_back(_: Directory, person: Person, __: Random) -> None:
    """Be assigned again, enabled or restored within 30 days (R31)."""
    person.state = State.ASSIGNED


def hard_delete(_: Directory, person: Person, __: Random) -> None:
    """Be removed from Entra for good (R28)."""
    person.state = State.PURGED


def recreate(_: Directory, person: Person, __: Random) -> None:
    """Be created anew with a new objectId after a hard delete (R18)."""
    person.recreate()


MIX: dict[State, tuple[tuple[Change, int], ...]] = {
    State.ASSIGNED: (
        (new_title, 16),
        (new_job, 10),
        (new_mobile, 10),
        (new_office, 8),
        (new_custom_value, 10),
        (rename, 10),
        (get_mailbox, 4),
        (clear_value, 6),
        (unassign, 12),
        (unassign_with_new_title, 3),
        (soft_delete, 8),
        (hard_delete, 3),
    ),
    State.UNASSIGNED: ((come_back, 7), (new_title, 2), (soft_delete, 1)),
    State.DELETED: ((come_back, 5), (hard_delete, 4), (new_title, 1)),
    State.PURGED: ((recreate, 1),),
}
