"""The addresses of a contact under the writes of Entra and of agents (R16, R17, R23)."""

from collections.abc import Callable, Sequence

from .state import Address, Person
from .texts import folded
from .values import Email


def seen_by_entra(person: Person) -> list[Email]:
    """R23: the addresses that Entra has sent, the primary first; the helpdesk's own are not its business."""
    seen = [one for one in sorted(person.addresses, key=lambda one: not one.primary) if one.kind]
    told = any(
        one.said for one in seen
    )  # R20; where Entra says nothing, the helpdesk's own primary one is it
    primary = [one.primary and not told if one.said is None else one.said for one in seen]
    return [
        {"value": one.text, "type": one.kind, "primary": said}
        for one, said in zip(seen, primary, strict=True)
    ]


def after_patch(person: Person, typed: dict[str, str]) -> list[Email]:
    """The list as Entra wants it after it set or removed ("") addresses by their type.

    R21: a missing one is created. R23: a new work e-mail becomes primary.
    """
    emails = seen_by_entra(person)
    before = {one["type"]: folded(one["value"]) for one in emails}
    for kind, text in typed.items():
        held = next((one for one in emails if one["type"] == kind), None)
        if not text:
            emails = [one for one in emails if one is not held]
        elif held:
            held["value"] = text
        else:
            emails.append({"value": text, "type": kind, "primary": None})
    if typed.get("work") and folded(typed["work"]) != before.get("work"):
        for one in emails:
            one["primary"] = one["type"] == "work"
    return emails


def entra_sends(person: Person, emails: Sequence[Email]) -> None:
    """R17, R23: what Entra sends is as it says; what it no longer sends stays, as the helpdesk's own."""
    wanted = _once(emails)
    main = _main(emails)
    for held in person.addresses:
        sent = wanted.pop(held.key, None)
        if main is not None:
            held.primary = held.key == main
        held.kind = sent["type"] if sent else ""
        held.said = sent["primary"] if sent and held.kind else None
        held.text = sent["value"] if sent else held.text
    for key, new in wanted.items():
        said = new["primary"] if new["type"] else None
        person.addresses.append(Address(new["value"], new["type"], key == main, said))


def agent_lists(person: Person, texts: Sequence[str]) -> None:
    """An agent edits the whole list, the primary one first; how Entra calls an address stays (R25)."""
    held = {one.key: one for one in person.addresses}
    wanted = _once([{"value": text, "type": "", "primary": False} for text in texts])
    stay = [one for one in person.addresses if one.key in wanted]
    new = [Address(one["value"]) for key, one in wanted.items() if key not in held]
    for one in stay:
        one.text = wanted[one.key]["value"]
    person.addresses = [*stay, *new]
    for one in person.addresses:
        one.primary = one.key == folded(texts[0])


def without_tombstones(
    person: Person, emails: Sequence[Email], is_tombstone: Callable[[str], bool]
) -> list[Email] | None:
    """R22: in the place of a tombstone stands the address as it is; None when nothing else was sent."""
    if not any(is_tombstone(one["value"]) for one in emails):
        return list(emails)
    held = {one["type"]: one for one in seen_by_entra(person)}
    kept = [held.get(one["type"]) if is_tombstone(one["value"]) else one for one in emails]
    found = [one for one in kept if one]
    return None if {one["value"] for one in found} == {one["value"] for one in held.values()} else found


def _once(emails: Sequence[Email]) -> dict[str, Email]:
    """An address that comes twice counts once, as it came first."""
    found: dict[str, Email] = {}
    for one in emails:
        found.setdefault(folded(one["value"]), one)
    return found


def _main(emails: Sequence[Email]) -> str | None:
    """The primary one: the one that says so, else the work one, else the first."""
    flagged = [one for one in emails if one["primary"]]
    work = [one for one in emails if one["type"] == "work"]
    return next((folded(one["value"]) for one in [*flagged, *work, *emails]), None)
