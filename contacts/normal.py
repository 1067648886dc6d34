"""The form in which user names and addresses compare."""

import unicodedata


def key(text: str) -> str:
    """NFC, then casefold (R8, R17): what is equal to a person has one key. The text itself is kept as sent (R20)."""
    return unicodedata.normalize("NFC", text).casefold()
