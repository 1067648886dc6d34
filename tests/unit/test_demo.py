"""The demo's data: something of everything that agents and admins meet."""

import pytest

from contacts.listing import Listing, Tab
from contacts.models import Contact, SyncStatus
from deskscim.provisioning import demo
from deskscim.provisioning.models import Conflict, LogEntry

pytestmark = pytest.mark.django_db


def test_each_trouble_is_there_to_be_looked_at() -> None:
    """R42: every status word but Synced, which the simulated Entra's cycle brings; R15: an open conflict."""
    demo.prepare()
    shown = {contact.sync_status for contact in Contact.objects.all()}
    assert shown == set(SyncStatus) - {SyncStatus.SYNCED}
    assert {one.name for one in Conflict.objects.waiting().get().contacts.all()} == {
        "Robin Sample",
        "Jamie Placeholder",
    }
    assert set(LogEntry.objects.filter(outcome="failure").values_list("reason", flat=True)) == {
        "address_taken",
        "ambiguous_match",
    }


@pytest.mark.parametrize("tab", Tab)
def test_no_tab_is_empty(tab: Tab) -> None:
    demo.prepare()
    assert Listing(tab=tab).contacts().exists()


def test_a_second_start_makes_nobody_new() -> None:
    demo.prepare()
    before = Contact.objects.count()
    demo.prepare()
    assert Contact.objects.count() == before
