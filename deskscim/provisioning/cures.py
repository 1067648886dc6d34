"""What an admin should do about a failure in the provisioning log, in plain words (R44)."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_RECONNECT = _(
    "Copy a live token of this connection into Entra's Secret Token, then press Test Connection there."
)
_SERVER = _("Nothing to do in Entra: the fault is here. Look at the server's own log for this moment.")
_ENTRA_BUG = _(
    "Entra does not send this by itself: look at the application's attribute mappings and its custom client."
)
_TWICE = _(
    "Two users in Entra claim the same person. Settings > Conflicts shows both sides: link, keep apart or"
    " merge them there; Entra tries again at its next cycle."
)
_REMAP = _(
    "Open the application's attribute mappings in Entra and mend the expression behind this attribute."
)

CURES: Mapping[str, Promise] = {
    # Who asks
    "unauthorized": _RECONNECT,
    "token_missing": _RECONNECT,
    "token_unknown": _RECONNECT,
    "token_revoked": _("The token was revoked. Issue a new one for this connection and put it into Entra."),
    "token_expired": _("The token has expired. Issue a new one for this connection and put it into Entra."),
    "forbidden": _("The token lacks a scope. Issue one with the scope SCIM for this connection."),
    "scope_missing": _("The token is not for SCIM. Issue one with the scope SCIM for this connection."),
    # Whether we answer
    "unavailable": _(
        "Provisioning is switched off for this connection. Switch it on; Entra comes back by itself."
    ),
    "database_busy": _(
        "Nothing to do: Entra tries again by itself. If it lasts, look at the database's load."
    ),
    "error": _SERVER,
    # Two people who would be one
    "conflict": _TWICE,
    "uniqueness": _TWICE,
    "external_id_taken": _(
        "A user with this object id is linked already. Settings > Conflicts shows both sides: link the user"
        " to that contact, or keep the two apart."
    ),
    "user_name_taken": _(
        "Another user of this connection has this user principal name. Rename one of the two in Entra,"
        " or decide in Settings > Conflicts who is who."
    ),
    "address_taken": _(
        "Another contact, perhaps a deleted one, holds an e-mail address of this user. Decide in"
        " Settings > Conflicts who is who, or remove the address there."
    ),
    "linked_elsewhere": _(
        "The person belongs to another connection. Take them out of the scope of one of the two"
        " applications in Entra, and decide in Settings > Conflicts which connection holds them."
    ),
    "other_company": _(
        "The connection is bound to a company and the contact belongs to another one. Decide in"
        " Settings > Conflicts, or take the person out of this application's scope."
    ),
    "ambiguous_match": _(
        "More than one contact matches this user. Choose one in Settings > Conflicts, or merge them there."
    ),
    # What was sent
    "user_name_missing": _(
        "The user has no user principal name in the mapping. Map userName to userPrincipalName."
    ),
    "custom_value_invalid": _(
        "A value does not fit its contact field. Mend it in Entra, widen the field, or switch strict"
        " custom fields off for this connection."
    ),
    "invalid_value": _REMAP,
    "mutability": _(
        "A mapping writes an attribute that cannot be changed, such as id. Remove that mapping in Entra."
    ),
    "invalid_path": _(
        "A mapping's target is no SCIM path. Compare it with the Tenant URL followed by /Schemas."
    ),
    "no_target": _("A mapping removes something without saying what. Compare its target with /Schemas."),
    "invalid_filter": _(
        "Entra asked a question that is not supported: match users by externalId or userName."
    ),
    "invalid_paging": _ENTRA_BUG,
    "invalid_sort": _ENTRA_BUG,
    "discovery_filter": _ENTRA_BUG,
    "invalid_syntax": _ENTRA_BUG,
    "bad_request": _ENTRA_BUG,
    "too_many": _("A filter is longer or deeper than the server's settings allow: ask for less at a time."),
    "reference_unresolved": _(
        "An operation of a bulk request named a user whose own operation failed. Mend that one first."
    ),
    "version_differs": _(
        "The contact changed since the client read it. Nothing to do in Entra, which sends no versions;"
        " another client reads the user again and repeats its change."
    ),
    "payload_too_large": _("One request carries too much: take large attributes out of the mapping."),
    "unsupported_media_type": _ENTRA_BUG,
    "method_not_allowed": _ENTRA_BUG,
    "not_supported": _("Switch off the provisioning of groups in Entra: only users are taken."),
    "not_found": _(
        "The contact was deleted here, or never belonged to this connection. Restart provisioning in"
        " Entra, and it creates the user anew."
    ),
    # What the directory refuses
    "refused": _SERVER,
    "invalid_transition": _(
        "The contact changed at the same moment. Nothing to do: Entra tries again by itself."
    ),
    "suspended": _("The contact is suspended. Lift the suspension in the portal first."),
}

UNKNOWN = _("No advice for this one yet: look at the server's own log for this moment.")


def cure(reason: str) -> str:
    """A sentence that says what to do; "" for an empty reason, which is no failure."""
    return str(CURES.get(reason, UNKNOWN)) if reason else ""
