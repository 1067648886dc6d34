"""What the search for tickets looks for: every word in the subject, or by the search for contacts."""

from dataclasses import dataclass

from django.db.models import Q

from companies.paging import CAP

from .models import Contact
from .querysets import has_word
from .words import TRIGRAM

# Where more contacts than can be named have a word, it is looked for in so many tickets.
LOOKED_THROUGH = 1000
# So many words of a search count: each is a query.
MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Word:
    """What a ticket with this word fulfils; `is_common`: more contacts than CAP have it too."""

    condition: Q
    is_common: bool


def words(text: str) -> list[Word]:
    """The first of a text. One query for each finds the contacts who have it, unless they are many."""
    return [_word(word) for word in list(dict.fromkeys(text.split()))[:MOST_WORDS]]


def _word(word: str) -> Word:
    some = list(Contact.objects.search_some(word, CAP + 1).values_list("pk", flat=True))
    if len(some) <= CAP:
        return Word(_in_subject(word) | Q(contact__in=some), is_common=False)
    return Word(_in_subject(word) | has_word(word, of="contact__"), is_common=True)


def _in_subject(word: str) -> Q:
    """One or two characters must begin a word there, too."""
    if len(word) < TRIGRAM:
        return Q(subject__istartswith=word) | Q(subject__icontains=f" {word}")
    return Q(subject__icontains=word)
