"""How texts compare, and what they are good for."""

import re
import unicodedata

_TOMBSTONE = re.compile(r"[0-9a-f]{32}[^@]+@.+", re.IGNORECASE)


def folded(text: str) -> str:
    """R8, R17: NFC, then casefold."""
    return unicodedata.normalize("NFC", text).casefold()


def serves_as_address(user_name: str) -> bool:
    """R16, R20: it looks like an address, and is no guest's name."""
    local, at, domain = user_name.partition("@")
    return bool(local and at and "." in domain.strip(".")) and "#ext#" not in user_name.lower()


def domain_of(address: str) -> str:
    """R38: the whole domain in its IDNA form; "" without an address."""
    return address.rpartition("@")[2].lower().encode("idna").decode() if address else ""


def tombstone_of(text: str) -> str | None:
    """R22: the name before Entra's soft delete put 32 hex digits in front, None when it did not."""
    return text[32:] if _TOMBSTONE.fullmatch(text) else None
