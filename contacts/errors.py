"""What the lifecycle refuses, each with a sentence for people and a code for programs."""

from django.utils.translation import gettext_lazy as _


class ContactError(Exception):
    """A change that was refused; nothing was changed. `reason` is stable, the message is for people."""

    reason = "refused"
    message = _("The change was refused.")

    def __init__(self, message: str = "") -> None:
        super().__init__(message or str(self.message))


class Overtaken(Exception):
    """The contact has changed since it was read; nothing was written, and trying again is right."""


class Known(Exception):
    """Somebody holds a name of the new contact; nothing was written."""


class InvalidTransition(ContactError):
    """The contact is not in a state from which this step leads on."""

    reason = "invalid_transition"


class InvalidValue(ContactError):
    """A value that no contact can hold."""

    reason = "invalid_value"


class SuspendedContact(ContactError):
    """R35: a suspended contact can open no new ticket."""

    reason = "suspended"
    message = _("This contact is suspended and can open no new ticket. Lift the suspension first.")


class Conflict(ContactError):
    """R15: two contacts would be one, or one would be two."""

    reason = "conflict"


class ExternalIdTaken(Conflict):
    """R15: the externalId is held by a contact of this connection."""

    reason = "external_id_taken"
    message = _("The externalId already belongs to another user of this connection.")


class UserNameTaken(Conflict):
    """R15: the userName is held by a contact of this connection."""

    reason = "user_name_taken"
    message = _("The userName already belongs to another user.")


class AddressTaken(Conflict):
    """R17, R23: an address belongs to one contact, deleted ones included."""

    reason = "address_taken"
    message = _("An e-mail address already belongs to another contact.")


class LinkedElsewhere(Conflict):
    """R15: held by another connection, of which nothing is revealed."""

    reason = "linked_elsewhere"
    message = _("This user conflicts with an existing contact.")


class OtherCompany(Conflict):
    """R4: a connection bound to a company links contacts of that company or of none."""

    reason = "other_company"
    message = _("This user conflicts with an existing contact.")


class Ambiguous(Conflict):
    """R15: two contacts match; no guess is made."""

    reason = "ambiguous_match"
    message = _("More than one contact matches this user.")
