"""What agents and admins do in the portal (R25, R30, R34, R35, R36, R40)."""

from typing import Any

from .addresses import agent_lists
from .company import settle
from .state import Company, Person, Refused, World, drafted


def create(world: World, *, name: str, addresses: list[str]) -> Person:
    """A contact that no connection holds. Raises Refused."""
    draft = Person()
    draft.texts["name"] = name
    if addresses:
        agent_lists(draft, addresses)
    settle(world, draft, domain_before=None, said=None, connection=None)
    world.commit(draft, "created")
    return draft


def edit(world: World, person: Person, wanted: dict[str, Any]) -> None:
    """Texts by their names, `addresses` as the whole list, `company` as chosen. Raises Refused."""
    draft = drafted(person)
    was_made = draft.texts["name"] == draft.made_name
    texts = {name: text for name, text in wanted.items() if name in draft.texts}
    draft.texts |= texts
    if "addresses" in wanted:
        agent_lists(draft, wanted["addresses"])
    if "company" in wanted:
        draft.company, draft.company_by = wanted["company"], "agent"
    else:
        settle(world, draft, domain_before=person.domain, said=None, connection=None)
    if was_made and "name" not in draft.managed and "name" not in texts:
        draft.texts["name"] = draft.made_name or draft.texts["name"]
    world.commit(draft, "updated")


def delete(world: World, person: Person) -> None:
    """R26, R27: by an agent tickets always become spam. Raises Refused."""
    if person.deleted:
        raise Refused(400)
    draft = drafted(person)
    draft.deleted_by = "agent"
    draft.move_tickets("", to="deletion")
    world.commit(draft, "deleted")


def restore(world: World, person: Person) -> None:
    """R34. Raises Refused."""
    if not person.deleted:
        raise Refused(400)
    draft = drafted(person)
    draft.deleted_by = ""
    draft.move_tickets("deletion", to="")
    world.commit(draft, "restored")


def erase(world: World, person: Person) -> None:
    """R30: only in Deleted Contacts. Raises Refused."""
    if not person.deleted:
        raise Refused(400)
    world.people.remove(person)


def open_ticket(person: Person) -> None:
    """R35: neither for a suspended contact nor for a deleted one. Raises Refused."""
    if person.suspended or person.deleted:
        raise Refused(400)
    person.tickets.append("")


def mark_spam(world: World, person: Person, number: int) -> None:
    """R35: the ticket's contact is suspended and all its tickets become spam. Raises Refused."""
    if person.tickets[number] == "agent":
        raise Refused(400)
    draft = drafted(person)
    draft.tickets[number] = "agent"
    if not draft.suspended:
        draft.suspended = True
        draft.move_tickets("", "deletion", to="suspension")
    world.commit(draft, "suspended")


def unsuspend(world: World, person: Person) -> None:
    """R35: what the suspension made spam leaves spam. Raises Refused."""
    if not person.suspended or person.deleted:
        raise Refused(400)
    draft = drafted(person)
    draft.suspended = False
    draft.move_tickets("suspension", to="")
    world.commit(draft, "unsuspended")


def set_domains(company: Company, domains: set[str]) -> None:
    """R36, R40: nobody is mapped by that alone."""
    company.domains = set(domains)


def switch_field(world: World, name: str, *, active: bool) -> None:
    """R11, R42: nobody is marked for a field that is off."""
    world.fields[name].active = active
    if not active:
        for person in world.people:
            person.partly.discard(name)
