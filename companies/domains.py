"""E-mail domains and their one spelling (R38)."""

from functools import lru_cache

import idna
from django.utils.translation import gettext as _


class InvalidDomain(ValueError):
    """The text is no domain name; the message is a sentence for people."""


@lru_cache(maxsize=10_000)  # an import asks for the same few, a million times
def normalise_domain(text: str) -> str:
    """The IDNA form in lower case (R38): "Müller.Example" -> "xn--mller-kva.example".

    Raises InvalidDomain when the text has no dot, blanks, or a label that IDNA refuses.
    """
    name = text.strip().removeprefix("@")
    try:
        encoded = idna.encode(name, uts46=True).decode("ascii").lower().rstrip(".")
    except (idna.IDNAError, UnicodeError):
        raise InvalidDomain(
            _("“%(text)s” is not a domain name, such as northwind.example.") % {"text": text}
        ) from None
    if "." not in encoded:
        raise InvalidDomain(
            _("“%(text)s” has no dot; write the whole domain, such as northwind.example.") % {"text": text}
        )
    return encoded


def domain_of(address: str) -> str:
    """The normalised domain of an e-mail address; "" when it has none that a company could own."""
    _, at, domain = address.rpartition("@")
    return _usable(domain) if at else ""


@lru_cache(maxsize=1024)
def _usable(domain: str) -> str:
    """Kept, for thousands of addresses share a domain and IDNA has long tables to look through."""
    try:
        return normalise_domain(domain)
    except InvalidDomain:
        return ""


def above(domain: str) -> list[str]:
    """The domains of which this one is a part, the longest first: a.b.example -> b.example."""
    parts = domain.split(".")
    return [".".join(parts[start:]) for start in range(1, len(parts) - 1)]
