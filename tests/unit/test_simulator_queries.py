"""Every spelling of a query asks the same question."""

from urllib.parse import parse_qsl

import pytest

from deskscim.provisioning.simulator.mapping import WORK_EMAIL
from deskscim.provisioning.simulator.queries import Style, filter_query, manager_query, with_flag


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize(
    "value", ["9edf-01", "ada+desk@northwind.example", "ada_b.example#EXT#@northwind.example"]
)
@pytest.mark.parametrize("attribute", ["externalId", WORK_EMAIL])
def test_every_style_decodes_to_the_filter(style: Style, value: str, attribute: str) -> None:
    query = filter_query(attribute, value, style=style)
    assert parse_qsl(query) == [("filter", f'{attribute} eq "{value}"')]


def test_styles_differ_on_the_wire() -> None:
    value = "a+b@northwind.example"
    assert (
        filter_query("userName", value, style=Style.PLUS) == 'filter=userName+eq+"a%2Bb%40northwind.example"'
    )
    assert filter_query("id", "7", style=Style.MIXED) == 'filter=id%20eq%20"7"'
    assert filter_query(WORK_EMAIL, "7", style=Style.PERCENT) == (
        "filter=emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%227%22"
    )


def test_manager_question() -> None:
    assert parse_qsl(manager_query("7", "8")) == [
        ("filter", 'id eq "7" and manager eq "8"'),
        ("attributes", "id"),
    ]


def test_flag_hangs_anywhere() -> None:
    assert with_flag("a=1", flagged=True, in_front=True) == "aadOptscim062020&a=1"
    assert with_flag("a=1", flagged=True, in_front=False) == "a=1&aadOptscim062020"
    assert with_flag("", flagged=True, in_front=False) == "aadOptscim062020"
    assert with_flag("a=1", flagged=False, in_front=True) == "a=1"
