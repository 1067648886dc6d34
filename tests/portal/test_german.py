"""Pages in German: nothing that the catalogue knows is said in English."""

import re
from html import unescape

import pytest
from django.test import Client

from deskscim.agents.models import Agent
from tests.infrastructure.messages import german, words

from .pages import PAGES
from .test_access import address

GERMAN = [(message.id, words(message)[0]) for message in german() if isinstance(message.id, str)]
ENGLISH = {english for english, _ in GERMAN if len(english) > 3} - {translated for _, translated in GERMAN}


def texts(page: str) -> set[str]:
    """Whatever stands between two tags, and in the attributes that are read out."""
    visible = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    said = [
        *re.split(r"<[^>]*>", visible),
        *re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', visible),
    ]
    return {re.sub(r"\s+", " ", unescape(one)).strip() for one in said}


@pytest.mark.parametrize("label", PAGES)
def test_a_page_in_german_says_nothing_in_english(label: str, admin_client: Client) -> None:
    Agent.objects.update(language="de")

    page = admin_client.get(address(label)).content.decode()

    assert '<html lang="de"' in page
    assert texts(page) & ENGLISH == set()
