"""Query strings as Entra and its validators put them on the wire, in several encodings."""

from enum import IntEnum
from urllib.parse import quote

FLAG = "aadOptscim062020"


class Style(IntEnum):
    """How spaces, quotes and brackets of a filter travel."""

    PLUS = 0  # plus for a space, quotes and brackets raw
    PERCENT = 1  # everything percent-encoded
    MIXED = 2  # %20 for a space, quotes and brackets raw


def filter_query(attribute: str, value: str, *, style: Style) -> str:
    """Return `filter=attribute eq "value"`; the value itself is always percent-encoded, a plus as %2B."""
    if style is Style.PERCENT:
        return "filter=" + quote(f'{attribute} eq "{value}"', safe="")
    space = "+" if style is Style.PLUS else "%20"
    words = f'{attribute} eq "'.replace(" ", space)
    return f'filter={words}{quote(value, safe="")}"'


def manager_query(user_id: str, manager_id: str) -> str:
    """Return the question whether the target knows a person's manager."""
    return f'filter=id+eq+"{user_id}"+and+manager+eq+"{manager_id}"&attributes=id'


def with_flag(query: str, *, flagged: bool, in_front: bool) -> str:
    """Hang the flag of the Tenant URL on a query: in front of it, behind it or alone."""
    if not flagged:
        return query
    parts = [FLAG, query] if in_front else [query, FLAG]
    return "&".join(part for part in parts if part)
