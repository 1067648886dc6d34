"""What agents keep of the list and an erased contact must not remain in (R30): the searches of saved views.

A search that holds the whole name or an address of the contact is taken out of its view; the rest of the view
stays, for it is somebody's work. A part of a name, a name of one word or a domain is not the contact's alone,
and stays.
"""

from collections.abc import Iterator

from django.http import QueryDict

from .models import Contact, SavedView
from .normal import key


def searches_for(contact: Contact) -> Iterator[SavedView]:
    """The views whose search holds the contact's name or one of its addresses."""
    name = _words(contact.name)
    held = [{address} for address in contact.addresses.values_list("address_key", flat=True)]
    held += [name] if len(name) > 1 else []
    for view in SavedView.objects.filter(query__contains="&q=").order_by("pk"):
        wanted = _words(_state(view).get("q", ""))
        if any(words <= wanted for words in held):
            yield view


def forget(contact: Contact) -> None:
    """Take the searches out; before the contact's addresses are gone."""
    for view in searches_for(contact):
        rest = _state(view)
        del rest["q"]
        SavedView.objects.filter(pk=view.pk, query=view.query).update(query=f"?{rest.urlencode()}")


def _state(view: SavedView) -> QueryDict:
    return QueryDict(view.query.removeprefix("?"), mutable=True)


def _words(text: str) -> set[str]:
    return set(key(text).split())
