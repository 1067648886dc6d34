"""The values that a contact had before an import, put back where it still has the imported ones.

The contact's own timeline tells them, so that they go with it when it is erased (R30).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from companies.models import Company
from contacts import lifecycle
from contacts.columns import COMPANY
from contacts.deeds import company_state
from contacts.errors import InvalidTransition
from contacts.labels import label
from contacts.managed import managed
from contacts.models import ActorKind, Contact, TimelineEntry
from contacts.values import JSON, PLAIN_COLUMNS, Actor, Email, Values

# As the timeline calls them.
ADDRESSES, NOTE = "addresses", "note"


def put_back(
    contact: lifecycle.LockedContact, before: Mapping[str, Any], actor: Actor, labels: Mapping[str, str]
) -> str:
    """Write them; what stays as it is and why, in words, "" when nothing does.

    `before` is what the import kept of the contact (contacts.importing.writing), `labels` has those of the
    contact fields. Raises ContactError.
    """
    if contact.is_deleted:
        raise InvalidTransition(_("The contact was deleted since, so it stays as it is."))
    plan = _Plan(contact, before)
    if plan.values:
        lifecycle.update(contact=contact, values=plan.values, actor=actor)
    if plan.company and plan.company != company_state(contact):
        company = Company.objects.filter(pk=plan.company["company"]).first()
        source = Contact.CompanySource(plan.company["source"])
        lifecycle.move(contact=contact, company=company, source=source, actor=actor)
    return " ".join(plan.what_stays(labels))


class _Plan:
    """What is to be written, and which columns stay as they are."""

    def __init__(self, contact: Contact, before: Mapping[str, Any]) -> None:
        self.values = Values()
        self.company: Mapping[str, Any] | None = None
        self._managed = managed(contact)
        self._stay: dict[str, list[str]] = {"changed": [], "managed": [], "note": []}
        entry = _entry(contact, before)
        for column, (old, new) in entry.changes.items():
            if column != COMPANY:  # of which the timeline has only the name
                self._decide(column, old, new, _now(contact, column, entry))
        self._decide_company(company_state(contact), *before["company"])

    def _decide(self, column: str, old: JSON, new: JSON, now: JSON) -> None:
        if column == NOTE and old:
            self._stay["note"].append(column)
        elif now == old:
            pass
        elif ("emails" if column == ADDRESSES else column) in self._managed:
            self._stay["managed"].append(column)
        elif now != new:
            self._stay["changed"].append(column)
        else:
            self._want(column, old)

    def _decide_company(self, now: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """Also one that the import left: the address that comes back must not map another (R38)."""
        if COMPANY in self._managed:
            self._stay["managed"] += [COMPANY] if old != new else []
        elif now not in (old, new) or not _exists(old["company"]):
            self._stay["changed"] += [COMPANY] if old != new else []
        else:
            self.company = old

    def _want(self, column: str, value: Any) -> None:
        if column == ADDRESSES:
            self.values["emails"] = [Email(address, primary=n == 0) for n, address in enumerate(value)]
        elif column == NOTE:
            self.values["note"] = ""
        elif column in PLAIN_COLUMNS:
            self.values[column] = value  # type: ignore[literal-required]
        else:
            self.values.setdefault("custom_fields", {})[column] = value  # type: ignore[index]

    def what_stays(self, labels: Mapping[str, str]) -> Iterator[str]:
        """A sentence for each reason."""
        said = {
            "changed": _("Changed since, and left so: %(fields)s."),
            "managed": _("Left as Entra ID manages them: %(fields)s."),
            "note": _("The note from before is not kept, so the imported one stays."),
        }
        for reason, columns in self._stay.items():
            if columns:
                yield said[reason] % {"fields": ", ".join(label(one, labels) for one in columns)}


def _entry(contact: Contact, before: Mapping[str, Any]) -> TimelineEntry:
    """The import's line of the timeline. Raises InvalidTransition."""
    moment = datetime.fromisoformat(before["at"])
    entry = contact.timeline.filter(at=moment, actor_kind=ActorKind.IMPORT).first()
    if entry is None:
        raise InvalidTransition(_("The timeline does not tell any more what the contact was before."))
    return entry


def _now(contact: Contact, column: str, entry: TimelineEntry) -> JSON:
    """As the timeline would tell it; None for a note that somebody has changed since."""
    if column == ADDRESSES:
        return [one.address for one in contact.addresses.all()]
    if column == NOTE:
        later = contact.timeline.filter(at__gt=entry.at, changes__has_key=NOTE)
        return None if later.exists() else True
    if column in PLAIN_COLUMNS:
        return str(getattr(contact, column))
    return contact.custom_fields.get(column)  # type: ignore[no-any-return]


def _exists(company_id: int | None) -> bool:
    return company_id is None or Company.objects.filter(pk=company_id).exists()
