"""What a test reads off a page."""

import re
from html import unescape
from typing import Protocol


class Answer(Protocol):
    """A response, from the test client or from a view."""

    @property
    def content(self) -> bytes:
        """The page."""
        ...


def rows(response: Answer) -> list[str]:
    """The names in a list, from top to bottom."""
    return [unescape(name) for name in re.findall(r'class="row-name"[^>]*>([^<]*)<', _html(response))]


def text(response: Answer) -> str:
    """The words of the page as a reader gets them, on one line."""
    without_tags = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", _html(response), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(without_tags)).strip()


def _html(response: Answer) -> str:
    return response.content.decode()
