"""Requests at the same time, over real sockets: nothing is lost, doubled or half done.

Each pair starts at one signal. Needs PostgreSQL: SQLite lets one writer in at a time.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from django.db import connection as database
from django.db.models import Count, Q
from pytest_django.live_server_helper import LiveServer

from contacts import lifecycle
from contacts.errors import AddressTaken
from contacts.models import Contact, TimelineEntry
from contacts.values import Email
from deskscim.provisioning.models import Connection, LogEntry, Token
from tests.domain import AGENT
from tests.factories import ConnectionFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PATIENCE = 60  # seconds until a test gives up on a thread that hangs
ROUNDS = 20

Headers = dict[str, str] | None
Request = Callable[[httpx.Client], Any]


@pytest.fixture
def client(live_server: LiveServer) -> Iterator[httpx.Client]:
    """One connection's client, which threads may share."""
    _, secret = Token.issue(name="Test", connection=ConnectionFactory())
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/scim+json"}
    with httpx.Client(
        base_url=f"{live_server.url}/entra", headers=headers, timeout=PATIENCE, trust_env=False
    ) as found:
        yield found


def at_once(client: httpx.Client, *requests: Request) -> list[Any]:
    """What becomes of several requests that start at one signal."""
    barrier = threading.Barrier(len(requests), timeout=PATIENCE)

    def begin(request: Request) -> Any:
        barrier.wait()
        try:
            return request(client)
        finally:
            database.close()  # of this thread; an agent's request uses it

    with ThreadPoolExecutor(len(requests)) as pool:
        return [one.result(PATIENCE) for one in [pool.submit(begin, request) for request in requests]]


def person(login: str, **attributes: Any) -> dict[str, Any]:
    address = f"{login}@northwind.example"
    return {
        "userName": address,
        "externalId": login,
        "emails": [{"type": "work", "value": address}],
        **attributes,
    }


def post(login: str, **attributes: Any) -> Request:
    return lambda client: client.post("/Users", json=person(login, **attributes)).status_code


def patch(user_id: str, path: str, value: object, headers: Headers = None) -> Request:
    body = {"Operations": [{"op": "Replace", "path": path, "value": value}]}
    return lambda client: client.patch(f"/Users/{user_id}", json=body, headers=headers).status_code


def delete(user_id: str, headers: Headers = None) -> Request:
    return lambda client: client.delete(f"/Users/{user_id}", headers=headers).status_code


def bulk(logins: list[str]) -> Request:
    """POSTs of these people in one request; the statuses by login, in the order of the alphabet."""
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": login, "data": person(login)} for login in logins
    ]

    def statuses(client: httpx.Client) -> list[str]:
        found = client.post("/Bulk", json={"Operations": operations}).json()["Operations"]
        return [one["status"] for one in sorted(found, key=lambda one: str(one["bulkId"]))]

    return statuses


def created(client: httpx.Client, login: str) -> str:
    answer = client.post("/Users", json=person(login))
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def assert_sound() -> None:
    """One primary address for whoever has addresses, and a link for nobody whom Entra deleted by DELETE."""
    primary = Count("addresses", filter=Q(addresses__is_primary=True))
    counted = Contact.objects.annotate(primaries=primary, every=Count("addresses"))
    assert not counted.filter(every__gt=0).exclude(primaries=1).exists()
    assert not Contact.objects.filter(connection=None).exclude(external_id="").exists()


def test_of_two_equal_posts_one_creates(client: httpx.Client) -> None:
    """R15, R17: one 201, one 409, one contact, one line; each round a new person."""
    for number in range(ROUNDS):
        assert sorted(at_once(client, *[post(f"p{number}")] * 2)) == [201, 409]
    assert (Contact.objects.count(), TimelineEntry.objects.count()) == (ROUNDS, ROUNDS)
    assert Counter(LogEntry.objects.values_list("status", flat=True)) == {201: ROUNDS, 409: ROUNDS}
    assert_sound()


@pytest.mark.parametrize(
    "second",
    [{"externalId": "x"}, {"userName": "x"}, {"emails": [], "externalId": "x"}],
    ids=lambda one: "+".join(one),
)
def test_of_two_posts_that_share_something_one_creates(client: httpx.Client, second: dict[str, Any]) -> None:
    """R15: the same userName, the same externalId and address, the same userName without an address."""
    assert sorted(at_once(client, post("ann"), post("ann", **second))) == [201, 409]
    assert Contact.objects.count() == 1
    assert_sound()


def test_two_patches_of_different_attributes_lose_nothing(client: httpx.Client) -> None:
    """R21: the second sees what the first wrote."""
    user_id = created(client, "ann")
    for number in range(ROUNDS):
        requests = [patch(user_id, "title", f"t{number}"), patch(user_id, "displayName", f"n{number}")]
        assert at_once(client, *requests) == [200, 200]
        contact = Contact.objects.get()
        assert (contact.title, contact.name) == (f"t{number}", f"n{number}")
    assert TimelineEntry.objects.count() == LogEntry.objects.count() == 1 + 2 * ROUNDS


def test_two_new_addresses_leave_one_primary(client: httpx.Client) -> None:
    """R23: whoever comes last; the database holds the promise."""
    user_id = created(client, "ann")
    work = 'emails[type eq "work"].value'
    for number in range(ROUNDS):
        requests = [patch(user_id, work, f"{side}{number}@x.example") for side in "ab"]
        assert at_once(client, *requests) == [200, 200]
        assert_sound()
    assert Contact.objects.get().addresses.count() == 1 + 2 * ROUNDS


def test_two_people_want_one_address(client: httpx.Client) -> None:
    """R17, R23: one has it, the other is told 409."""
    users = [created(client, login) for login in ("ann", "bea")]
    work = 'emails[type eq "work"].value'
    for number in range(ROUNDS):
        requests = [patch(user_id, work, f"new{number}@x.example") for user_id in users]
        assert sorted(at_once(client, *requests)) == [200, 409]
    assert_sound()


def test_two_people_swap_their_addresses(client: httpx.Client) -> None:
    """R17: an old address stays its contact's, so neither gets the other's; and nobody waits in a circle."""
    ann, bea = (created(client, login) for login in ("ann", "bea"))
    work = 'emails[type eq "work"].value'
    for _ in range(5):
        requests = [patch(ann, work, "bea@northwind.example"), patch(bea, work, "ann@northwind.example")]
        assert at_once(client, *requests) == [409, 409]
    assert_sound()


def test_a_patch_against_a_delete(client: httpx.Client) -> None:
    """R28: before it or not at all; afterwards the contact is deleted and unlinked either way."""
    for number in range(ROUNDS):
        user_id = created(client, f"p{number}")
        change, removal = at_once(client, patch(user_id, "title", "late"), delete(user_id))
        assert (removal, change in (200, 404)) == (204, True)
        contact = Contact.objects.get(pk=user_id)
        assert (contact.is_deleted, contact.is_linked, contact.external_id) == (True, False, "")
        assert contact.title == ("late" if change == 200 else "")


def test_of_two_deletes_one_finds_nobody(client: httpx.Client) -> None:
    """R28."""
    for number in range(5):
        user_id = created(client, f"p{number}")
        assert sorted(at_once(client, *[delete(user_id)] * 2)) == [204, 404]


def test_off_and_on_at_once(client: httpx.Client) -> None:
    """R26, R31: one of the two states, and Entra's word agrees with it."""
    user_id = created(client, "ann")
    for _ in range(ROUNDS):
        assert at_once(client, patch(user_id, "active", False), patch(user_id, "active", True)) == [200, 200]
        contact = Contact.objects.get()
        assert contact.is_deleted is not contact.entra_active


def test_a_post_against_an_agent(client: httpx.Client) -> None:
    """R14, R17: the agent is first and the POST links, or the POST is first and the agent is refused."""
    for number in range(ROUNDS):
        address = f"p{number}@northwind.example"

        def agent(_: httpx.Client, address: str = address) -> object:
            try:
                return lifecycle.create(values={"name": "Ann", "emails": [Email(address, True)]}, actor=AGENT)
            except AddressTaken:
                return None

        status, made = at_once(client, post(f"p{number}"), agent)
        contact = Contact.objects.get(addresses__address=address)
        assert (status, contact.is_linked, contact.source) == (201, True, "portal" if made else "entra")
    assert Contact.objects.count() == ROUNDS
    assert_sound()


def test_a_new_company_is_created_once(client: httpx.Client) -> None:
    """R39: by a connection that may."""
    Connection.objects.update(may_create_companies=True)
    urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    for number in range(5):
        requests = [post(f"{side}{number}", **{urn: {"organization": f"Company {number}"}}) for side in "abc"]
        assert at_once(client, *requests) == [201, 201, 201]
    assert Counter(Contact.objects.values_list("company__name", flat=True)) == {
        f"Company {n}": 3 for n in range(5)
    }


WORKERS, REQUESTS = 8, 30
LOGINS = ("ann", "bea", "cem", "dan", "eve")


def busy(client: httpx.Client, seed: int) -> list[int]:
    """One worker: finds a person as Entra does, then creates, changes, disables or deletes it."""
    chance = random.Random(seed)
    statuses = []
    for _ in range(REQUESTS):
        login = chance.choice(LOGINS)
        found = client.get("/Users", params={"filter": f'externalId eq "{login}"'})
        statuses.append(found.status_code)
        users = found.json()["Resources"]
        assert len(users) <= 1
        if not users:
            statuses.append(post(login)(client))
            continue
        user_id = users[0]["id"]
        writes = [
            patch(user_id, "title", str(chance.random())),
            patch(
                user_id, 'emails[type eq "work"].value', f"{login}.{chance.randrange(3)}@northwind.example"
            ),
            patch(user_id, "active", chance.choice(["True", "False"])),
            post(login),
            delete(user_id),
        ]
        statuses.append(chance.choices(writes, weights=[4, 3, 3, 1, 1])[0](client))
    return statuses


def test_many_workers_on_the_same_people(client: httpx.Client) -> None:
    """No 5xx reaches a client; one contact for each person, sound, and one log entry for each write."""
    requests = [lambda client, seed=seed: busy(client, seed) for seed in range(WORKERS)]
    statuses = [status for worker in at_once(client, *requests) for status in worker]
    assert set(statuses) <= {200, 201, 204, 404, 409}
    assert Contact.objects.count() == len(LOGINS)
    assert_sound()
    writes = WORKERS * REQUESTS
    assert len(statuses) == LogEntry.objects.count() + writes == 2 * writes
    carried_out = LogEntry.objects.filter(outcome="success").exclude(action="nothing")
    assert carried_out.count() == TimelineEntry.objects.count()


def test_of_two_writers_with_one_version_one_is_too_late(client: httpx.Client) -> None:
    """RFC 7644 3.14: only one finds it as it was; whoever lost has changed nothing."""
    user_id = created(client, "ann")
    for number in range(ROUNDS):
        known = {"If-Match": client.get(f"/Users/{user_id}").headers["ETag"]}
        requests = [patch(user_id, "title", f"{side}{number}", known) for side in "ab"]
        requests.append(delete(user_id, {"If-Match": 'W/"0"'}))
        statuses = at_once(client, *requests)
        assert sorted(statuses[:2]) == [200, 412]
        assert statuses[2] == 412
        assert Contact.objects.get().title == f"{'ab'[statuses.index(200)]}{number}"
    assert Contact.objects.get().version == 1 + ROUNDS


def test_two_bulks_of_the_same_people(client: httpx.Client) -> None:
    """R15, R17: each person is created once, whoever is quicker, and no operation fails on the server."""
    people = [f"p{number}" for number in range(ROUNDS)]
    for pair in zip(*at_once(client, bulk(people), bulk(people[::-1])), strict=True):
        assert sorted(pair) == ["201", "409"]
    assert Contact.objects.count() == ROUNDS
    assert Counter(LogEntry.objects.values_list("status", flat=True)) == {201: ROUNDS, 409: ROUNDS}
    assert_sound()


def test_a_bulk_and_a_post_outlive_the_connections_to_the_database(client: httpx.Client) -> None:
    """After a restart of PostgreSQL the first request on an old connection is carried out all the same."""
    for number in range(3):
        created(client, f"before{number}")
        end_other_sessions()
        assert bulk([f"a{number}", f"b{number}"])(client) == ["201", "201"]
        end_other_sessions()
        created(client, f"after{number}")


def end_other_sessions() -> None:
    """As a restart does, but for the session of the test itself."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
