"""Entra tries while an admin decides (R15): one entry, one outcome, nobody waits in a circle."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection as database

from contacts.errors import ContactError
from contacts.models import Contact
from deskscim.provisioning import deciding
from deskscim.provisioning.models import Conflict
from tests.domain import AGENT
from tests.factories import ConnectionFactory, ContactFactory
from tests.scim.conftest import Scim, person, scim_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PATIENCE = 60
ROUNDS = 8


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What becomes of calls that start at one signal."""
    barrier = threading.Barrier(len(calls), timeout=PATIENCE)

    def begin(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        finally:
            database.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result(PATIENCE) for one in [pool.submit(begin, call) for call in calls]]


class Twins:
    """Two contacts, either of whom may be the user whom Entra posts."""

    def __init__(self, scim: Scim, number: int) -> None:
        self.scim = scim
        self.body = person(login=f"ann{number}", userName=f"login{number}@northwind.example")
        self.first: Contact = ContactFactory(emails=[f"ann{number}@northwind.example"])
        self.second: Contact = ContactFactory(emails=[f"login{number}@northwind.example"])

    def post(self) -> int:
        secret, client = self.scim.secret, type(self.scim.client)(raise_request_exception=False)
        status: int = Scim(self.scim.connection, secret, client).send("POST", "/Users", self.body).status_code
        return status

    def entry(self) -> Conflict:
        return Conflict.objects.get(external_id=self.body["externalId"], decision="")

    def decision(self, decide: Callable[..., Any], *whom: Contact) -> Callable[[], bool]:
        """Whether it was carried out, when called; refused is fine, broken is not."""
        entry = self.entry()
        version = deciding.Seen.of(entry).version

        def act() -> bool:
            try:
                decide(entry, *(one.pk for one in whom), actor=AGENT, version=version)
            except ContactError:
                return False
            return True

        return act


@pytest.fixture
def scim() -> Scim:
    return scim_of(ConnectionFactory())


def test_tries_at_once_are_one_entry(scim: Scim) -> None:
    """However many arrive, each is counted."""
    for number in range(ROUNDS):
        twins = Twins(scim, number)
        assert at_once(*[twins.post] * 4) == [409] * 4
        assert twins.entry().attempts == 4


def test_a_merge_and_a_try(scim: Scim) -> None:
    """Refused before it, linked after it; the try after both succeeds."""
    for number in range(ROUNDS):
        twins = Twins(scim, number)
        twins.post()
        merge = twins.decision(deciding.merge, twins.first, twins.second)
        merged, status = at_once(merge, twins.post)
        assert (merged, status in (201, 409)) == (True, True)
        assert {status, twins.post()} in ({201, 409}, {409, 201})
        linked = Contact.objects.get(external_id=twins.body["externalId"])
        assert linked == twins.first
        assert not Contact.objects.filter(pk=twins.second.pk).exists()


def test_two_admins_and_a_try(scim: Scim) -> None:
    """One of them decides, the other is told."""
    for number in range(ROUNDS):
        twins = Twins(scim, number)
        twins.post()
        apart = twins.decision(deciding.keep_apart)
        link = twins.decision(deciding.link, twins.first)
        kept, linked, _ = at_once(apart, link, twins.post)
        assert sorted([kept, linked]) == [False, True]
        twins.post()
        contact = Contact.objects.get(external_id=twins.body["externalId"])
        assert (contact == twins.first) == linked
        assert contact != twins.second
