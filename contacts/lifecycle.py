"""Every transition of a contact, one function each; the only way in for portal, admin, commands and SCIM.

Each runs in one transaction with its line of the timeline. A function that reads before it writes takes a
`LockedContact`: its row is locked by `lock`, or it is guarded by its version. Then a change that came between
is found when the row is written (Overtaken), and whoever guards begins again.
"""

import logging
import uuid
from collections.abc import Collection, Sequence
from typing import NewType

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.domains import domain_of
from companies.models import Company

from . import addresses, errors, forgetting, limits, merging, states, words
from .draft import Change, Draft, Record, save_new
from .mapping import ByDomain, ForDomains, assign, for_domain, map_by_domain, map_company
from .matching import Person, match, unknown
from .models import Action, Contact, Ticket
from .naming import derive_name, made_name
from .normal import key
from .values import Actor, Email, Sync, Values
from .writes import Unless

logger = logging.getLogger(__name__)

LockedContact = NewType("LockedContact", Contact)

Cause = Ticket.SpamCause
By = Contact.DeletedBy


def lock(contact_id: uuid.UUID) -> LockedContact:
    """The contact with its row locked until the caller's transaction ends. Raises Contact.DoesNotExist."""
    return LockedContact(Contact.objects.prefetch_related("addresses").lock(contact_id))


def lock_many(contact_ids: Collection[uuid.UUID]) -> list[LockedContact]:
    """Those of the contacts that exist, locked in one order: who locks many must not wait in a circle."""
    found = Contact.objects.filter(pk__in=contact_ids).order_by("pk").select_for_update(of=("self",))
    return [LockedContact(one) for one in found.prefetch_related("addresses", "company")]


def guarded(contact: Contact) -> LockedContact:
    """A contact as it was read, addresses included. The caller tries again when it is Overtaken."""
    return LockedContact(contact)


def create(*, values: Values, actor: Actor, source: str = Contact.Source.PORTAL) -> Change:
    """A new contact that no connection holds. Raises AddressTaken, InvalidValue."""
    limits.check(values)
    return _insert(values, actor, None, source)


def create_many(*, many: Sequence[Values], actor: Actor, source: str) -> list[Change]:
    """`create` for each of many, all or none, in a few statements. Raises AddressTaken, InvalidValue."""
    by_domain = ForDomains({domain_of(one.address) for values in many for one in values.get("emails", ())})
    drafts = []
    for values in many:
        limits.check(values)
        draft = Draft(Contact(source=source), actor)
        _write_values(draft, values, None, by_domain)
        by_domain.note(draft.contact)
        drafts.append(draft)
    return save_new(drafts)


def create_or_link(*, values: Values, actor: Actor, sync: Sync, record: Record | None = None) -> Change:
    """A user that a connection pushes for the first time (R14 to R19).

    Raises InvalidValue, and a `Conflict` when the person cannot be told from somebody who is linked (R15).
    """
    limits.check(values)
    _make_way(values, actor, sync)
    person = Person(values.get("external_id", ""), values["user_name"], values.get("emails", ()))
    if not (sync.chosen or sync.apart):
        try:
            return _insert(values, actor, sync, Contact.Source.ENTRA, record, unknown(person, sync))
        except errors.Known:
            pass
    contact = match(person, sync)
    if contact is None:
        return _insert(values, actor, sync, Contact.Source.ENTRA, record)
    return link(contact=LockedContact(contact), values=values, actor=actor, sync=sync, record=record)


def link(
    *, contact: LockedContact, values: Values, actor: Actor, sync: Sync, record: Record | None = None
) -> Change:
    """Tie an existing contact to its user in Entra: verified (R14), and restored if deleted (R18)."""
    draft = Draft(contact, actor, record)
    draft.begins = True
    draft.set("verified", True)
    if not contact.is_linked:
        draft.changes["linked"] = [False, True]
    draft.mark("connection_id", sync.connection_id)
    draft.set("external_id", values.get("external_id", ""))
    draft.mark("entra_fields", [])
    draft.mark("entra_active", True)
    draft.mark("unapplied", [])
    _write_values(draft, values, sync)
    states.follow(draft, sync)
    return draft.save(Action.LINKED)


def update(
    *,
    contact: LockedContact,
    values: Values,
    actor: Actor,
    sync: Sync | None = None,
    record: Record | None = None,
) -> Change:
    """New values from an agent, or from the connection that holds the contact (R21 to R26, R31 to R33).

    A change that changes nothing writes no timeline line (R24). Raises UserNameTaken, ExternalIdTaken,
    AddressTaken, InvalidValue.
    """
    limits.check(values)
    _make_way(values, actor, sync)
    draft = Draft(contact, actor, record)
    _write_values(draft, values, sync)
    action = Action.UPDATED if draft.changes else Action.NOTHING
    return draft.save((states.follow(draft, sync) if sync else None) or action)


@transaction.atomic
def soft_delete(*, contact: LockedContact, actor: Actor) -> Change:
    """An agent deletes: into Deleted Contacts, tickets to spam (R27). Raises InvalidTransition if deleted."""
    if contact.is_deleted:
        raise errors.InvalidTransition(_("This contact is in Deleted Contacts already."))
    draft = Draft(contact, actor)
    states.delete(draft, By.AGENT, keep_tickets=False)
    return draft.save(Action.DELETED)


@transaction.atomic
def unlink(
    *, contact: LockedContact, actor: Actor, keep_tickets: bool = False, record: Record | None = None
) -> Change:
    """SCIM DELETE (R28): a soft delete that cuts the link, so that externalId and userName are free again."""
    draft = Draft(contact, actor, record)
    if not contact.is_deleted:
        states.delete(draft, By.ENTRA, keep_tickets=keep_tickets)
    states.cut_link(draft)
    return draft.save(Action.DELETED)


@transaction.atomic
def release(*, contact: LockedContact, actor: Actor) -> Change:
    """R15: Entra's user is somebody else, says an admin; the contact stays as it is, without a link.

    Raises InvalidTransition when no connection holds it.
    """
    if not contact.is_linked:
        raise errors.InvalidTransition(_("This contact is not linked to Entra ID."))
    draft = Draft(contact, actor)
    states.cut_link(draft)
    return draft.save(Action.UNLINKED)


@transaction.atomic
def merge(*, survivor: LockedContact, absorbed: LockedContact, actor: Actor) -> Change:
    """R15: two contacts are one person. All that `absorbed` has becomes the survivor's, then it is gone.

    Raises InvalidTransition when Entra holds both of them as active users.
    """
    draft = Draft(survivor, actor)
    holder = merging.holder(survivor, absorbed)
    merging.take_over(draft, absorbed, holder)
    states.settle(draft, absorbed)
    map_company(draft, Values(), None)
    merging.move_rows(survivor, absorbed)
    draft.counts = True
    absorbed.delete()
    return draft.save(Action.MERGED)


@transaction.atomic
def restore(*, contact: LockedContact, actor: Actor) -> Change:
    """An agent brings a contact back (R34). Raises InvalidTransition when it is not deleted."""
    if not contact.is_deleted:
        raise errors.InvalidTransition(_("This contact is not deleted."))
    draft = Draft(contact, actor)
    states.restore(draft)
    return draft.save(Action.RESTORED)


@transaction.atomic
def suspend(*, contact: LockedContact, actor: Actor) -> Change:
    """R35: its tickets become spam and it can open no new one. Suspending twice changes nothing."""
    if contact.is_suspended:
        return Change(contact, Action.NOTHING, {})
    draft = Draft(contact, actor)
    draft.set("suspended_at", draft.now, shown=(False, True))
    states.move_tickets(draft, Cause.NONE, Cause.DELETION, to=Cause.SUSPENSION)
    return draft.save(Action.SUSPENDED)


@transaction.atomic
def unsuspend(*, contact: LockedContact, actor: Actor) -> Change:
    """Lift the suspension; what it made spam leaves spam.

    Raises InvalidTransition when the contact is not suspended, or deleted.
    """
    if not contact.is_suspended:
        raise errors.InvalidTransition(_("This contact is not suspended."))
    if contact.is_deleted:
        raise errors.InvalidTransition(_("This contact is deleted. Restore it first."))
    draft = Draft(contact, actor)
    draft.set("suspended_at", None, shown=(True, False))
    states.move_tickets(draft, Cause.SUSPENSION, to=Cause.NONE)
    return draft.save(Action.UNSUSPENDED)


@transaction.atomic
def move(
    *, contact: LockedContact, company: Company | None, source: Contact.CompanySource, actor: Actor
) -> Change:
    """Another company, or none, for a reason that is known: chosen by an agent, or undone."""
    draft = Draft(contact, actor)
    assign(draft, company, source)
    return draft.save(Action.UPDATED if draft.changes else Action.NOTHING)


@transaction.atomic
def map_again(*, contact: LockedContact, actor: Actor) -> Change:
    """R40: the company that the domain says now (R36, R37), whatever gave the contact its present one."""
    draft = Draft(contact, actor)
    map_by_domain(draft)
    return draft.save(Action.UPDATED if draft.changes else Action.NOTHING)


@transaction.atomic
def verify(*, contact: LockedContact, verified: bool = True, actor: Actor) -> Change:
    """R14: an agent vouches for the person, or takes that back; Entra's word for a linked contact stays.

    Raises InvalidTransition.
    """
    if contact.verified == verified:
        raise errors.InvalidTransition(
            _("This contact is verified already.") if verified else _("This contact is not verified.")
        )
    if contact.is_linked:
        raise errors.InvalidTransition(_("Entra ID holds this contact, and its word makes it verified."))
    draft = Draft(contact, actor)
    draft.set("verified", verified)
    return draft.save(Action.UPDATED)


@transaction.atomic
def erase(*, contact: LockedContact, actor: Actor, is_one_of_many: bool = False) -> None:
    """Delete Forever (R30): contact, addresses, custom values, timeline, tickets, saved searches are gone.

    Whoever erases many calls words.forget at the end, which takes as long as for one.
    Raises InvalidTransition when it is not in Deleted Contacts.
    """
    if not contact.is_deleted:
        raise errors.InvalidTransition(_("Only a contact in Deleted Contacts can be deleted forever."))
    contact_id = contact.pk
    _forget_conflicts(contact)
    forgetting.forget(contact)
    contact.delete()
    if not is_one_of_many:
        words.forget()
    logger.info("Contact %s erased", contact_id)


@transaction.atomic
def withdraw(*, contact_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Take back that these contacts were created; the ids of those that are gone, addresses and all.

    Nothing is erased here that anybody worked with (R30): a contact that has changed since, that a connection
    holds or a conflict names, or that has a ticket, which moves its version, stays.
    """
    fresh = Contact.objects.filter(pk__in=contact_ids, version=1, connection=None, conflicts=None)
    rows = fresh.order_by("pk").select_for_update(of=("self",))
    gone = set(rows.values_list("pk", flat=True))
    Contact.objects.filter(pk__in=gone).delete()
    return gone


def note_failure(contact_id: uuid.UUID) -> None:
    """R42: a write of Entra on this contact was refused; its next success clears the mark."""
    Contact.objects.filter(pk=contact_id, connection__isnull=False).update(sync_failed_at=timezone.now())


def _make_way(values: Values, actor: Actor, sync: Sync | None) -> None:
    """R15: who is kept apart lets go of a userName or externalId that a connection can have once only."""
    if sync is None or not sync.apart:
        return
    wanted = {"user_name_key": key(values.get("user_name", "")), "external_id": values.get("external_id", "")}
    same = Q(pk__in=[])
    for column, value in wanted.items():
        if value:
            same |= Q(**{column: value})
    ours = Contact.objects.linked_to(sync.connection_id).filter(same, pk__in=sync.apart).order_by("pk")
    for rival in ours.select_for_update(of=("self",)):
        release(contact=LockedContact(rival), actor=actor)


def forget_unapplied(api_names: Collection[str]) -> None:
    """R11, R42: these contact fields are off, and nobody is Partly applied for what is ignored."""
    for contact in Contact.objects.exclude(unapplied=[]).select_for_update(of=("self",)):
        contact.unapplied = [name for name in contact.unapplied if name not in api_names]
        contact.save(update_fields=["unapplied"])


def _insert(
    values: Values,
    actor: Actor,
    sync: Sync | None,
    source: str,
    record: Record | None = None,
    unless: Unless | None = None,
) -> Change:
    draft = Draft(Contact(source=source), actor, record)
    if sync:
        draft.begins = True
        draft.mark("connection_id", sync.connection_id)
        draft.mark("verified", True)
    _write_values(draft, values, sync)
    if sync:
        states.follow(draft, sync)
    return draft.save(Action.CREATED, unless)


def _write_values(draft: Draft, values: Values, sync: Sync | None, by_domain: ByDomain = for_domain) -> None:
    """Columns, name, addresses, company and the link's bookkeeping, in the order in which they depend."""
    derived = draft.contact.name == made_name(draft.contact)
    draft.apply(values)
    emails = _emails(draft, values, sync)
    if emails is not None:
        draft.plan_addresses(addresses.plan(draft.contact, emails, keep_others=sync is not None))
    map_company(draft, values, sync, by_domain)
    if sync:
        _note_sync(draft, values, sync)
    if not draft.contact.name or (
        derived and "name" not in draft.contact.entra_fields and "name" not in values
    ):
        derive_name(draft)


def _emails(draft: Draft, values: Values, sync: Sync | None) -> Sequence[Email] | None:
    """R16: where no address is sent or held, an address-like userName serves; R22: at the beginning only."""
    apart = sync.apart if sync else ()
    sent, name = addresses.free(values.get("emails"), apart), draft.contact.user_name
    if sent or not draft.begins or addresses.held(draft.contact) or not addresses.looks_like_address(name):
        return sent
    return addresses.free([Email(name, primary=True)], apart)


def _note_sync(draft: Draft, values: Values, sync: Sync) -> None:
    """R24: last synced moves with every write; R11 and R25: what did not fit, and what Entra manages."""
    contact = draft.contact
    draft.mark("last_synced_at", draft.now)
    draft.mark("sync_failed_at", None)
    draft.mark("unapplied", sorted((set(contact.unapplied) - sync.fitted) | sync.unapplied.keys()))
    draft.mark("entra_fields", sorted((set(contact.entra_fields) | sync.sent) - _given_up(values)))
    draft.notes += [f"{api_name}: {why}" for api_name, why in sync.unapplied.items()]


def _given_up(values: Values) -> set[str]:
    """R7: a displayName that Entra takes away is made here from then on."""
    return {"name"} if values.get("name") == "" else set()


def _forget_conflicts(contact: Contact) -> None:
    """R30: an entry that names the contact, or whose user it became, may hold its personal values."""
    contact.conflicts.all().delete()
    if contact.connection:
        contact.connection.conflicts.of_user(contact.external_id, contact.user_name_key, contact).delete()
