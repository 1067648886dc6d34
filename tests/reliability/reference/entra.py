"""What Entra writes: POST, PUT, PATCH and DELETE, as they must come out."""

from .addresses import after_patch, entra_sends, without_tombstones
from .company import settle
from .state import TEXTS, Connection, Person, World, conflict, drafted, invalid
from .texts import folded, serves_as_address, tombstone_of
from .values import COMPANY_NAME, Said, Unfit, kept


def post(world: World, connection: Connection, said: Said) -> tuple[Person, str]:
    """R14 to R19: a new contact, or an existing one linked. The contact, and what the log calls it."""
    _refuse_empty_name(said)
    sent = Said(
        texts={name: text for name, text in said.texts.items() if text},
        active=said.active,
        emails=said.emails or None,
        custom={name: raw for name, raw in said.custom.items() if raw not in (None, "")},
        company=said.company or None,
    )
    _refuse_unfit(world, connection, sent)
    known = _match(world, connection, sent)
    draft = drafted(known) if known else Person()
    draft.connection, draft.verified, draft.entra_active = connection.name, True, True
    draft.managed, draft.partly = set(), set()
    draft.texts["external_id"] = ""
    if sent.emails is None and not draft.addresses and serves_as_address(sent.texts["user_name"]):
        user_name = sent.texts["user_name"]
        _write(world, connection, draft, sent, [{"value": user_name, "type": "", "primary": True}])
    else:
        _write(world, connection, draft, sent, sent.emails)
    _follow(draft, connection, sent.active)
    world.commit(draft, "linked" if known else "created")
    return draft, "linked" if known else "created"


def put(world: World, connection: Connection, person_id: str, said: Said) -> tuple[Person, str]:
    """R21: what is absent is cleared, but `active`, whose absence says nothing (R32, R33)."""
    person = world.linked(connection, person_id)
    _refuse_empty_name(said)
    whole = Said(
        texts={name: said.texts.get(name, "") for name in TEXTS},
        active=said.active,
        emails=said.emails or [],
        custom={name: said.custom.get(name) for name in world.fields},
        company=said.company or "",
    )
    return _change(world, connection, person, whole)


def patch(world: World, connection: Connection, person_id: str, said: Said) -> tuple[Person, str]:
    """R21: what is sent changes, the rest stays."""
    person = world.linked(connection, person_id)
    if said.texts.get("user_name") == "":
        raise invalid()
    return _change(world, connection, person, said)


def delete(world: World, connection: Connection, person_id: str) -> tuple[Person, str]:
    """R28: a soft delete that cuts the link."""
    draft = drafted(world.linked(connection, person_id))
    if not draft.deleted:
        _remove(draft, connection)
    draft.connection, draft.texts["external_id"] = None, ""
    draft.entra_active, draft.failed, draft.partly, draft.managed = True, False, set(), set()
    return draft, world.commit(draft, "deleted")


def _change(world: World, connection: Connection, person: Person, said: Said) -> tuple[Person, str]:
    draft = drafted(person)
    _leave_out_tombstones(draft, said)
    _refuse_unfit(world, connection, said)
    emails = after_patch(draft, said.typed) if said.typed else said.emails
    _write(world, connection, draft, said, emails)
    action = _follow(draft, connection, said.active) or "updated"
    return draft, world.commit(draft, action)


def _refuse_empty_name(said: Said) -> None:
    """R16."""
    if not said.texts.get("user_name", "").strip():
        raise invalid()


def _refuse_unfit(world: World, connection: Connection, said: Said) -> None:
    """R11: on a strict connection."""
    if connection.strict and _unfit(world, said):
        raise invalid()


def _unfit(world: World, said: Said) -> set[str]:
    found = set()
    for name, raw in said.custom.items():
        try:
            if world.fields[name].active:
                kept(world.fields[name], raw)
        except Unfit:
            found.add(name)
    return found


def _match(world: World, connection: Connection, said: Said) -> Person | None:
    """R14: by any of its addresses, then userName. Raises Refused (R4, R15)."""
    name = folded(said.texts["user_name"])
    keys = {folded(one["value"]) for one in said.emails or ()} | {name}
    external_id = said.texts.get("external_id")
    if external_id and any(one.texts["external_id"] == external_id for one in world.held_by(connection)):
        raise conflict()
    found = [one for one in world.people if one.address_keys & keys or _is_called(one, name)]
    # R28: whom Entra deleted gave the userName back, so it tells of them only where nothing tells more.
    certain = [one for one in found if one.address_keys & keys or one.connection or not one.deleted]
    found = certain or found
    if any(_may_not_link(one, connection) for one in found) or len(found) > 1:
        raise conflict()
    return found[0] if found else None


def _is_called(person: Person, name: str) -> bool:
    return folded(person.texts["user_name"]) == name


def _may_not_link(person: Person, connection: Connection) -> bool:
    if person.connection not in (None, connection.name):
        return True
    if person.connection and not person.deleted:
        return True
    return connection.company is not None and person.company not in (None, connection.company)


def _write(
    world: World, connection: Connection, draft: Person, said: Said, emails: list[dict[str, object]] | None
) -> None:
    """Texts, addresses, custom values, company, name; and what the link remembers of them."""
    was_made = draft.texts["name"] == draft.made_name
    domain_before = draft.domain if draft.id else None
    draft.texts |= said.texts
    if emails is not None:
        entra_sends(draft, emails)
    draft.managed |= said.texts.keys() | ({"emails"} if said.emails is not None or said.typed else set())
    _write_custom(world, draft, said)
    world.refuse_doubles(draft)
    settle(world, draft, domain_before=domain_before, said=said.names_company, connection=connection)
    _make_name(draft, said, was_made=was_made)
    draft.failed = False


def _write_custom(world: World, draft: Person, said: Said) -> None:
    """R11: a value that does not fit leaves its field as it was, and marks the contact."""
    unfit = _unfit(world, said)
    fitted = {name for name in said.custom if world.fields[name].active} - unfit
    for name in fitted:
        draft.custom[name] = kept(world.fields[name], said.custom[name])
    if said.company is not None:
        draft.custom[COMPANY_NAME] = said.company or None
        draft.managed.add(COMPANY_NAME)
    draft.custom = {name: value for name, value in draft.custom.items() if value is not None}
    draft.partly = (draft.partly - fitted) | unfit
    draft.managed |= fitted


def _make_name(draft: Person, said: Said, *, was_made: bool) -> None:
    """R7: a name that Entra does not send, or takes away, is made, and follows what it is made from."""
    if said.texts.get("name") == "":
        draft.managed.discard("name")
    if not draft.texts["name"] or (was_made and "name" not in draft.managed):
        draft.texts["name"] = draft.made_name


def _follow(draft: Person, connection: Connection, active: bool | None) -> str | None:
    """R26, R31, R32, R33; what the log calls it, None when the contact stays."""
    if active is not None:
        draft.entra_active = active
    if active is False and not draft.deleted:
        _remove(draft, connection)
        return "deactivated"
    if active is False:
        draft.deleted_by = "entra"
        return None
    if draft.deleted and draft.entra_active:
        draft.deleted_by = ""
        draft.move_tickets("deletion", to="")
        return "reactivated"
    return None


def _remove(draft: Person, connection: Connection) -> None:
    """R26, R27."""
    draft.deleted_by = "entra"
    if not connection.keeps_tickets:
        draft.move_tickets("", to="deletion")


def _leave_out_tombstones(draft: Person, said: Said) -> None:
    """R22: they overwrite neither name, userName nor address."""
    known = draft.address_keys | {folded(draft.texts["user_name"])}

    def is_tombstone(text: str) -> bool:
        old = tombstone_of(text)
        return old is not None and (said.active is False or folded(old) in known)

    for name in ("user_name", "name"):
        if is_tombstone(said.texts.get(name, "")):
            del said.texts[name]
    said.typed = {kind: text for kind, text in said.typed.items() if not is_tombstone(text)}
    if said.emails is not None:
        said.emails = without_tombstones(draft, said.emails, is_tombstone)
