"""The addresses of a contact under the writes of Entra and of agents (R17, R20 to R23)."""

import pytest

from contacts import lifecycle
from contacts.errors import AddressTaken
from contacts.models import Contact
from contacts.values import Email
from tests.domain import AGENT, addresses_of, agent_writes, entra_writes, push, stored, timeline_of, work
from tests.factories import ConnectionFactory, ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Contact:
    """Ann, linked, with one address."""
    emails = work("ann@x.example")
    return push(ConnectionFactory(), "ann@x.example", title="Boss", emails=emails).contact


def test_a_new_work_address_becomes_primary_and_the_old_one_secondary(ann: Contact) -> None:
    """R23."""
    entra_writes(ann, emails=work("ann.married@x.example"))
    assert addresses_of(ann) == ["ann.married@x.example", "ann@x.example"]
    assert timeline_of(ann)[-1][1] == {
        "addresses": [["ann@x.example"], ["ann.married@x.example", "ann@x.example"]]
    }


def test_the_old_address_is_no_longer_entras(ann: Contact) -> None:
    """R23: the helpdesk keeps it, and answers only the new one."""
    entra_writes(ann, emails=work("ann.married@x.example"))
    types = dict(stored(ann).addresses.values_list("address", "scim_type"))
    assert types == {"ann.married@x.example": "work", "ann@x.example": ""}


def test_coming_back_to_an_old_address(ann: Contact) -> None:
    """R23: the secondary becomes primary again; no second row."""
    entra_writes(ann, emails=work("ann.married@x.example"))
    entra_writes(ann, emails=work("ann@x.example"))
    assert addresses_of(ann) == ["ann@x.example", "ann.married@x.example"]


def test_another_case_is_the_same_address_as_written_now(ann: Contact) -> None:
    """R8, R20."""
    entra_writes(ann, emails=work("Ann@X.example"))
    assert addresses_of(ann) == ["Ann@X.example"]


def test_clearing_the_addresses_keeps_them_for_the_helpdesk(ann: Contact) -> None:
    """R21, R23: gone for Entra; the contact can still be written to."""
    entra_writes(ann, emails=[])
    assert addresses_of(ann) == ["ann@x.example"]
    assert stored(ann).addresses.get().scim_type == ""
    assert stored(ann).primary_address == "ann@x.example"


def test_two_addresses_of_entra(ann: Contact) -> None:
    """R23: the work one is primary unless another is flagged."""
    home = Email("ann@home.example", scim_type="home")
    entra_writes(ann, emails=[home, Email("ann@x.example", scim_type="work")])
    assert addresses_of(ann) == ["ann@x.example", "ann@home.example"]


def test_swapping_the_primary_address(ann: Contact) -> None:
    """One primary at every moment, in the database too."""
    agent_writes(ann, emails=[Email("ann@x.example", primary=True), Email("two@x.example")])
    agent_writes(ann, emails=[Email("ann@x.example"), Email("two@x.example", primary=True)])
    assert addresses_of(ann) == ["two@x.example", "ann@x.example"]


def test_an_agent_edits_the_whole_list(ann: Contact) -> None:
    """What is not in it goes, and its address is free."""
    agent_writes(ann, emails=[Email("new@x.example")])
    assert addresses_of(ann) == ["new@x.example"]
    ContactFactory(emails=["ann@x.example"])


def test_an_agents_edit_leaves_how_entra_calls_an_address(ann: Contact) -> None:
    """R25."""
    agent_writes(ann, emails=[Email("ANN@x.example"), Email("two@x.example")])
    types = dict(stored(ann).addresses.values_list("address", "scim_type"))
    assert types == {"ANN@x.example": "work", "two@x.example": ""}


def test_an_agent_may_remove_every_address(ann: Contact) -> None:
    agent_writes(ann, emails=[])
    assert (addresses_of(ann), stored(ann).domain) == ([], "")


def test_a_taken_address_leaves_everything_as_it_was(ann: Contact) -> None:
    """R23: nothing half-saved, by an agent either."""
    ContactFactory(emails=["taken@x.example"])
    emails = [Email("new@x.example", primary=True), Email("taken@x.example")]
    with pytest.raises(AddressTaken):
        agent_writes(ann, title="Chief", emails=emails)
    assert (stored(ann).title, addresses_of(ann)) == ("Boss", ["ann@x.example"])


def test_the_order_handed_back_is_the_order_stored(ann: Contact) -> None:
    """A PATCH answers what the next GET will."""
    emails = [Email(f"{number}@x.example") for number in range(3)]
    change = agent_writes(ann, emails=[*emails, Email("ann@x.example", primary=True)])
    change = entra_writes(change.contact, emails=work("1@x.example"))
    handed_back = [row.address for row in change.contact.addresses.all()]
    assert handed_back == addresses_of(ann)


def test_new_addresses_are_kept_in_their_order() -> None:
    """The order in which a person entered them, whatever the database makes of several rows at once."""
    addresses = [f"{name}@x.example" for name in ("main", "zoe", "ann", "mia")]
    contact = lifecycle.create(
        values={"name": "Ann", "emails": [Email(one, primary=n == 0) for n, one in enumerate(addresses)]},
        actor=AGENT,
    ).contact
    assert addresses_of(contact) == addresses
