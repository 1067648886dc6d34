"""Which company a contact belongs to (R36 to R39)."""

from .state import Company, Connection, Person, World
from .texts import folded


def settle(
    world: World,
    draft: Person,
    *,
    domain_before: str | None,
    said: str | None,
    connection: Connection | None,
) -> None:
    """Give the draft its company after a write. `domain_before` is None for a new contact.

    `said` is the name that Entra sent, "" when it was cleared, None when it did not come.
    """
    if connection is not None and connection.company is not None:  # R38
        draft.company, draft.company_by = connection.company, "connection"
    elif said and said.strip():  # R39
        draft.company, draft.company_by = _named(world, said, connection), "attribute"
    elif _is_cleared(draft, said) or _domain_decides(draft, domain_before, connection):
        draft.company = _of_domain(world, draft)
        draft.company_by = "domain" if draft.company else ""


def _is_cleared(draft: Person, said: str | None) -> bool:
    return said is not None and draft.company_by == "attribute"


def _domain_decides(draft: Person, before: str | None, connection: Connection | None) -> bool:
    """R38: at creation and when the domain changes; an agent's choice and Entra's attribute stay.

    What a bound connection set stays while that connection holds the contact, and an agent writes.
    """
    if before == draft.domain or draft.company_by in ("agent", "attribute"):
        return False
    held = connection is None and draft.connection is not None
    return not (draft.company_by == "connection" and held)


def _of_domain(world: World, draft: Person) -> str | None:
    """R36: exactly one company has the domain. R37: and nobody of that domain belongs to another."""
    owners = [one.name for one in world.companies if draft.domain and draft.domain in one.domains]
    if len(owners) != 1:
        return None
    colleagues = [one for one in world.others(draft) if one.domain == draft.domain and not one.deleted]
    elsewhere = [one for one in colleagues if one.company not in (None, owners[0])]
    return None if elsewhere else owners[0]


def _named(world: World, name: str, connection: Connection | None) -> str | None:
    wanted = folded(" ".join(name.split()))
    found = next((one.name for one in world.companies if folded(one.name) == wanted), None)
    if found is None and connection is not None and connection.may_create_companies:
        found = name.strip()
        world.companies.append(Company(found))
    return found
