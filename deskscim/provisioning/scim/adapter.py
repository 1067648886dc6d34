"""The adapter between SCIM users and contacts: it translates, it does not decide.

A request's operations are collected into one set of wanted values, and the lifecycle is called once.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest
from django_scim.adapters import SCIMUser

from contacts import fields as contact_fields
from contacts import lifecycle
from contacts.draft import Change, Record
from contacts.errors import InvalidValue as ValueRefused
from contacts.models import Action, ActorKind, Contact, ContactAddress, ContactField
from contacts.normal import key
from contacts.statements import addresses_of
from contacts.values import JSON, Actor, Email, Sync
from deskscim.provisioning import conflicts
from deskscim.provisioning.models import Connection

from . import patch, translate
from .errors import InvalidValue
from .preconditions import entity_tag
from .resource import Fields, normalise
from .schema import COMPANY_NAME, CORE_USER, CUSTOM_FIELDS, ENTERPRISE_USER, CustomField
from .shown import Address, Shown
from .translate import Wanted


def user_model() -> type[Contact]:
    """django-scim2's USER_MODEL_GETTER: its users are contacts."""
    return Contact


def custom_fields() -> dict[str, CustomField]:
    """The active contact fields by API name, as the pure modules take them (R10, R12)."""
    return {
        field.api_name: CustomField(
            field.api_name, field.label, field.type, tuple(field.options), field.required
        )
        for field in ContactField.objects.filter(active=True)
    }


class ContactAdapter(SCIMUser):  # type: ignore[misc]
    """One contact as a SCIM user of one connection; as it is `Shown`, it can be read only."""

    id_field = "id"
    url_name = "scim:users"

    obj: Contact
    connection: Connection
    fields: Fields  # the contact fields of the moment
    base: str  # the Tenant URL as this client reaches it
    change: Change
    ruling: conflicts.Ruling | None = None  # R15
    record: Record | None = None  # what the caller wants to be written with a change

    def __init__(self, obj: Contact, request: HttpRequest | None = None) -> None:
        super().__init__(obj, request)
        self.ignored = 0
        self._wanted = Wanted()

    @property
    def location(self) -> str:
        """The resource's address; a list has a hundred of them, so nothing is looked up for it."""
        return f"{self.base}/Users/{self.obj.pk}"

    def to_dict(self) -> dict[str, Any]:
        """The whole resource (RFC 7643 4.1): every value as it was sent (R20), nothing that is empty."""
        contact = self.obj
        enterprise = _filled(
            department=contact.department,
            employeeNumber=contact.employee_number,
            organization=contact.organization,
        )
        custom = self._shown_custom() if contact.custom_fields else {}
        urns = [CORE_USER]
        urns += [ENTERPRISE_USER] if enterprise else []
        urns += [CUSTOM_FIELDS] if custom else []
        resource = {"schemas": urns, "id": str(contact.pk), "meta": self._meta()} | self._core()
        return resource | _filled(**{ENTERPRISE_USER: enterprise, CUSTOM_FIELDS: custom})

    def _core(self) -> dict[str, Any]:
        contact = self.obj
        name = _filled(
            formatted=contact.formatted_name, givenName=contact.given_name, familyName=contact.family_name
        )
        return {"active": contact.deleted_at is None} | _filled(
            externalId=contact.external_id,
            userName=contact.user_name,
            displayName=contact.name,
            title=contact.title,
            name=name,
            emails=self._emails(),
            phoneNumbers=_phones(contact),
        )

    def _meta(self) -> dict[str, Any]:
        """RFC 7643 3.1; orjson writes dates and times as that wants them."""
        return {
            "resourceType": "User",
            "created": self.obj.created_at,
            "lastModified": self.obj.updated_at,
            "location": self.location,
            "version": entity_tag(self.obj.version),
        }

    def _emails(self) -> list[dict[str, Any]]:
        """The addresses that Entra has sent; the helpdesk's own are not its business (R23)."""
        contact: object = self.obj
        held = contact.sent if isinstance(contact, Shown) else addresses_of(self.obj)
        rows = [row for row in held if row.scim_type]
        said = any(row.scim_primary for row in rows)
        return [
            {"value": row.address, "type": row.scim_type, "primary": _is_primary(row, said)} for row in rows
        ]

    def _shown_custom(self) -> dict[str, Any]:
        custom = self.obj.custom_fields
        return {name: custom[name] for name in (*self.fields, COMPANY_NAME) if name in custom}

    def from_dict(self, d: Mapping[str, Any]) -> None:
        """Take the body of a POST (what is absent stays) or of a PUT (what is absent is cleared)."""
        body = normalise(d, self.fields)
        if not body.resource.get("userName"):
            raise InvalidValue("userName is required.", reason="user_name_missing")
        replaces = not self.obj._state.adding
        sent = body.sent | translate.all_paths(self.fields) if replaces else body.sent
        self.ignored = body.ignored
        self._wanted = translate.wanted(body.resource, sent, self.fields, clears=replaces)

    def handle_operations(self, operations: object) -> None:
        """Take the operations of a PATCH, in order (RFC 7644 3.5.2)."""
        before = self.to_dict()
        patched = patch.apply(before, operations, self.fields)
        self.ignored = patched.ignored
        if not patched.says_primary:
            translate.prefer_new_work_address(before, patched.resource)
        self._wanted = translate.wanted(patched.resource, patched.sent, self.fields)

    def save(self) -> None:
        """Have the lifecycle carry out what was collected."""
        self._leave_out_tombstone()
        sync = self._sync()
        actor, values = self._actor(), self._wanted.values
        if self.obj._state.adding:
            self.change = lifecycle.create_or_link(values=values, actor=actor, sync=sync, record=self.record)
        else:
            contact = lifecycle.guarded(self.obj)
            self.change = lifecycle.update(
                contact=contact, values=values, actor=actor, sync=sync, record=self.record
            )
        self.obj = self.change.contact
        self._forget_old_names()

    def attempt(self) -> conflicts.Attempt:
        """What is wanted, for the queue of conflicts (R15)."""
        own_id = None if self.obj._state.adding else self.obj.pk
        return conflicts.Attempt(self.connection, self._wanted.values, own_id)

    def delete(self) -> None:
        """R28: into Deleted Contacts, and the link is cut."""
        self.change = lifecycle.unlink(
            contact=lifecycle.guarded(self.obj),
            actor=self._actor(),
            keep_tickets=self._keeps_tickets,
            record=self.record,
        )
        self._forget_old_names()

    @property
    def is_renamed(self) -> bool:
        """Whether an entry of the queue of conflicts may have to go with the old userName or externalId."""
        values = self._wanted.values
        names = (("user_name", self.obj.user_name), ("external_id", self.obj.external_id))
        return not self.obj._state.adding and any(values.get(column, old) != old for column, old in names)

    def _forget_old_names(self) -> None:
        """R30: an entry of the queue under a name that this user has no more would outlive its contact."""
        changes = self.change.changes
        if self.change.action != Action.CREATED and changes.keys() & {"external_id", "user_name"}:
            old_id, old_name = (changes.get(column, [""])[0] for column in ("external_id", "user_name"))
            conflicts.forget(self.connection, str(old_id), str(old_name))

    @property
    def _keeps_tickets(self) -> bool:
        return self.connection.tickets_on_delete == Connection.Tickets.KEEP

    def _actor(self) -> Actor:
        return Actor(ActorKind.CONNECTION, self.connection.name)

    def _leave_out_tombstone(self) -> None:
        """R22: the name of a deleted object replaces neither name, userName nor address."""
        wanted = self._wanted
        for column in ("user_name", "name"):
            if self._is_tombstone(str(wanted.values.get(column, ""))):
                wanted.leave_out(column)
        buried = {email for email in wanted.values.get("emails", ()) if self._is_tombstone(email.address)}
        if buried:
            self._keep_addresses(buried)

    def _keep_addresses(self, buried: Collection[Email]) -> None:
        """In the place of a buried address stands the one of its type; none came if that changes nothing."""
        rows = [row for row in self.obj.addresses.all() if row.scim_type]
        held = {row.scim_type: Email(row.address, row.scim_primary, row.scim_type) for row in rows}
        emails = self._wanted.values["emails"]
        kept = [held.get(email.scim_type) if email in buried else email for email in emails]
        found = [email for email in kept if email is not None]
        if {email.address for email in found} == {row.address for row in rows}:
            self._wanted.leave_out("emails")
        else:
            self._wanted.values["emails"] = found

    def _is_tombstone(self, text: str) -> bool:
        """Of this contact; after a rename that never came, the deactivation that it comes with tells it."""
        contact = self.obj
        if contact._state.adding or not translate.is_tombstone(text):
            return False
        known = {contact.user_name_key, *(row.address_key for row in contact.addresses.all())}
        return self._wanted.active is False or key(text[32:]) in known

    def _sync(self) -> Sync:
        taken, unapplied = self._checked_custom()
        if taken:
            self._wanted.values["custom_fields"] = taken
        return Sync(
            connection_id=self.connection.pk,
            active=self._wanted.active,
            company=self.connection.company,
            may_create_companies=self.connection.may_create_companies,
            keep_tickets=self._keeps_tickets,
            sent=frozenset(self._wanted.sent) | taken.keys(),
            fitted=frozenset(taken),
            unapplied=unapplied,
            chosen=self.ruling.chosen if self.ruling else None,
            apart=self.ruling.apart if self.ruling else frozenset(),
        )

    def _checked_custom(self) -> tuple[dict[str, JSON], dict[str, str]]:
        """R11: the custom values that fit, and why others do not; a strict connection raises InvalidValue."""
        taken: dict[str, JSON] = {**self._wanted.kept}
        unapplied: dict[str, str] = {}
        for api_name, raw in self._wanted.custom.items():
            field = self.fields[api_name]
            try:
                taken[api_name] = contact_fields.clean(field.type, field.options, raw)
            except ValueRefused as refused:
                if self.connection.strict_custom_fields:
                    raise InvalidValue(f"{api_name}: {refused}", reason="custom_value_invalid") from refused
                unapplied[api_name] = str(refused)
        return taken, unapplied


def _filled(**values: Any) -> dict[str, Any]:
    """Without what is empty: SCIM leaves an attribute that has no value out (RFC 7643 2.5)."""
    return {name: value for name, value in values.items() if value}


def _is_primary(row: ContactAddress | Address, another: bool) -> bool:
    """As Entra said it (R20); where it never did, not even of another, the helpdesk's primary address is."""
    return bool(row.is_primary and not another if row.scim_primary is None else row.scim_primary)


def _phones(contact: Contact) -> list[dict[str, str]]:
    numbers = {"work": contact.phone, "mobile": contact.mobile}
    return [{"value": number, "type": phone_type} for phone_type, number in numbers.items() if number]
