"""Texts: the form in which user names and addresses compare, and what a database can keep."""

import re
import unicodedata

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps no NUL, UTF-8 no lone surrogate


def key(text: str) -> str:
    """NFC, then casefold (R8, R17). The text itself is kept as sent (R20)."""
    return unicodedata.normalize("NFC", text).casefold()


def is_storable(text: str) -> bool:
    """Whether both databases can keep the text."""
    return _UNSTORABLE.search(text) is None
