"""Texts: the form in which user names and addresses compare, and what a database can keep."""

import re
import unicodedata

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps no NUL, UTF-8 no lone surrogate


def key(text: str) -> str:
    """NFC, casefold (R8, R17), and NFC again, since folding takes some letters apart.

    The text itself is kept as sent (R20).
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


def is_storable(text: str) -> bool:
    """Whether both databases can keep the text."""
    return _UNSTORABLE.search(text) is None
