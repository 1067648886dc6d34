"""What a contact's standing with Entra means, and what to do about it (R42)."""

from django.utils.translation import gettext_lazy as _

from .models import Contact, SyncStatus

_SENTENCES = {
    SyncStatus.SYNCED: _("Entra ID and this contact agree. There is nothing to do."),
    SyncStatus.DEACTIVATED: _(
        "Entra ID disabled this user, or no longer assigns it to the application. The contact comes back by "
        "itself when Entra ID enables and assigns the user again."
    ),
    SyncStatus.PARTLY_APPLIED: _(
        "Entra ID sent a value that a custom field cannot hold; the field kept what it had. Correct the "
        "value in Entra ID, or have an admin change the field."
    ),
    SyncStatus.ERROR: _(
        "The last change that Entra ID sent was refused. An admin finds the reason and the cure in the "
        "provisioning log; Entra ID sends the change again by itself."
    ),
    SyncStatus.NOT_SYNCED: _(
        "No connection holds this contact. When Entra ID provisions a user with one of its addresses, the "
        "two are linked and the contact becomes verified."
    ),
}
_DELETED_HERE = _(
    "This contact is deleted here, but Entra ID still holds the user as active: the next change that Entra "
    "ID sends brings it back. To keep it away, remove the user's assignment in Entra ID."
)
_RESTORED_HERE = _(
    "This contact was restored here, but Entra ID holds the user as inactive. Enable the user in Entra ID, "
    "or delete the contact, and the two agree again."
)


def explain(contact: Contact) -> str:
    """A sentence or two for the contact's page."""
    status = contact.sync_status
    if status == SyncStatus.OUT_OF_STEP:
        return str(_DELETED_HERE if contact.is_deleted else _RESTORED_HERE)
    return str(_SENTENCES[status])
