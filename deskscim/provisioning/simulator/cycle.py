"""What Entra's provisioning service does in a cycle: probe, match, create, read, change, delete."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from tqdm import tqdm  # type: ignore[import-untyped]

from deskscim.provisioning.simulator import changes, dialects, mapping
from deskscim.provisioning.simulator.client import ScimClient
from deskscim.provisioning.simulator.comparison import Difference, compare_directory, compare_person
from deskscim.provisioning.simulator.custom import CustomField, announced_fields
from deskscim.provisioning.simulator.directory import Directory, Person, State
from deskscim.provisioning.simulator.errors import QuarantineError, RequestFailedError, SimulationError
from deskscim.provisioning.simulator.mapping import Wanted
from deskscim.provisioning.simulator.queries import Style, filter_query, manager_query, with_flag

RESTART_EVERY = 3  # each third cycle is a "Restart provisioning": everybody is looked at again
ON_DEMAND_SHARE = 0.1  # of the changed people are provisioned on demand
MANAGER_EVERY = 10  # each tenth person has a manager
QUARANTINE_AFTER = 20  # people failing one after the other


def discover(client: ScimClient) -> list[CustomField]:
    """Ask the target for its schemas and return the custom fields they announce."""
    try:
        return announced_fields(client.find("discover", "/Schemas", ""))
    except RequestFailedError as error:
        raise SimulationError(f"No SCIM server answers at {client.base_url}: {error}.") from error


class Provisioner:
    """Brings the directory's changes to the target and notes what is not as it should be."""

    def __init__(self, client: ScimClient, directory: Directory) -> None:
        self.client = client
        self.directory = directory
        self.differences: list[Difference] = []
        self.failures: list[str] = []
        self.escrow: set[int] = set()
        self.failed_in_a_row = 0
        self.dice = directory.dice("requests")

    def run(self, *, cycles: int, change_rate: float) -> None:
        """Run the initial cycle and the incremental ones, then compare everybody.

        Raises SimulationError when the connection test fails, the token is refused or the job is quarantined.
        """
        for number in range(1, cycles + 1):
            self.test_connection()
            if number == 1:
                self.directory.recognise(self.client.pages())
            self._cycle(number, cycles, self._people_of(number, change_rate))
        self.differences += compare_directory(self.directory.people, self.client.pages())

    def test_connection(self) -> None:
        """Ask for a user and a group that cannot exist: both lists must be empty (Test Connection)."""
        nobody = str(UUID(int=self.dice.getrandbits(128), version=4))
        user_query = filter_query(mapping.EXTERNAL_ID, nobody, style=self._style())
        group_query = filter_query(mapping.DISPLAY_NAME, nobody, style=self._style())
        try:
            found = self.client.find("probe", "/Users", user_query)
            found += self.client.find("probe", "/Groups", f"excludedAttributes=members&{group_query}")
        except RequestFailedError as error:
            raise SimulationError(f"The connection test of {self.client.base_url} failed: {error}") from error
        if found:
            raise SimulationError("The connection test failed: the target found somebody for a random GUID.")

    def provision(self, person: Person) -> None:
        """Bring one person's state to the target."""
        if person.state is State.PURGED:
            self._delete(person)
        elif person.is_active and self.dice.random() < ON_DEMAND_SHARE:
            self._provision_on_demand(person)
        else:
            self._synchronise(person, flagged=person.flagged)

    def _people_of(self, number: int, change_rate: float) -> list[Person]:
        if number == 1:
            return self.directory.people
        changed = changes.change_people(self.directory, number, change_rate)
        if number % RESTART_EVERY == 0:
            return self.directory.people
        due = {person.number for person in changed} | self.escrow
        return [person for person in self.directory.people if person.number in due]

    def _cycle(self, number: int, cycles: int, people: list[Person]) -> None:
        unlinked = {person.number for person in people if not person.target_id}
        title = f"cycle {number}/{cycles}"
        self._each(tqdm(people, desc=title, unit=" people", disable=None), self.provision)
        created = [person for person in people if person.target_id and person.number in unlinked]
        self._each((person for person in created if person.number % MANAGER_EVERY == 0), self._send_manager)

    def _each(self, people: Iterable[Person], step: Callable[[Person], None]) -> None:
        """Take the step for each person; one who fails goes to escrow until the next cycle."""
        for person in people:
            try:
                step(person)
            except RequestFailedError as error:
                self._put_in_escrow(person, error)
            else:
                self.escrow.discard(person.number)
                self.failed_in_a_row = 0

    def _put_in_escrow(self, person: Person, error: RequestFailedError) -> None:
        self.failures.append(f"{person.object_id}: {error}")
        self.escrow.add(person.number)
        self.failed_in_a_row += 1
        if self.failed_in_a_row >= QUARANTINE_AFTER:
            raise QuarantineError(f"{QUARANTINE_AFTER} people in a row failed, the last with {error}")

    def _synchronise(self, person: Person, *, flagged: bool) -> None:
        if match := self._match(person, mapping.EXTERNAL_ID, flagged=flagged):
            self._update(person, match["id"], flagged=flagged)
        elif person.is_active:
            self._create(person, flagged=flagged)

    def _provision_on_demand(self, person: Person) -> None:
        """Provision at once, in the legacy dialect whatever the flag says, then ask for the result."""
        self._synchronise(person, flagged=False)
        attribute = self.dice.choice([mapping.EXTERNAL_ID, mapping.USER_NAME, mapping.WORK_EMAIL])
        if person.values.get(attribute) or attribute == mapping.EXTERNAL_ID:
            match = self._match(person, attribute, flagged=False)
            self._check(person, match, f"filter by {attribute}")

    def _match(self, person: Person, attribute: str, *, flagged: bool) -> dict[str, Any] | None:
        query = filter_query(attribute, str(person.wanted()[attribute]), style=self._style())
        found = self.client.find("match", "/Users", self._flag(query, flagged=flagged))
        if len(found) > 1:
            raise RequestFailedError(f"match GET: {len(found)} users for one {attribute}")
        return found[0] if found else None

    def _create(self, person: Person, *, flagged: bool) -> None:
        wanted = person.wanted()
        query, body = self._flag("", flagged=flagged), dialects.user(wanted)
        answer = self.client.send("create", "POST", "/Users", query, body=body, expect=(201,))
        person.adopt(str(answer.get("id")), mapping.flatten(answer))
        person.learn({path: value for path, value in wanted.items() if value not in (None, "")})
        self._check(person, answer, "answer to POST")

    def _update(self, person: Person, target_id: str, *, flagged: bool) -> None:
        """Read the person and send what differs from that answer, and nothing if nothing does."""
        resource = self.client.send("read", "GET", f"/Users/{target_id}", self._flag("", flagged=flagged))
        found = mapping.flatten(resource)
        if not person.target_id:
            person.adopt(target_id, found)
        self._check(person, resource, "answer to GET")
        if wanted := person.to_send(found):
            self._patch(person, wanted, flagged=flagged)

    def _patch(self, person: Person, wanted: Wanted, *, flagged: bool) -> None:
        kind = "update" if mapping.ACTIVE not in wanted else "enable" if person.is_active else "disable"
        path, query = f"/Users/{person.target_id}", self._flag("", flagged=flagged)
        body = dialects.patch(wanted, flagged=flagged)
        answer = self.client.send(kind, "PATCH", path, query, body=body, expect=(200, 204))
        person.learn(wanted)
        if answer:
            self._check(person, answer, "answer to PATCH")

    def _delete(self, person: Person) -> None:
        """Delete the counterpart, then see that it is gone (RFC 7644 section 3.6)."""
        if person.target_id:
            path = f"/Users/{person.target_id}"
            self.client.send("delete", "DELETE", path, expect=(204,))
            person.forget()
            self.client.send("read gone", "GET", path, expect=(404,))

    def _send_manager(self, person: Person) -> None:
        manager = self.directory.people[person.number // MANAGER_EVERY - 1]
        if person.target_id and manager.target_id:
            self.client.find("reference", "/Users", manager_query(person.target_id, manager.target_id))
            body = dialects.manager(manager.target_id, flagged=person.flagged)
            self.client.send("reference", "PATCH", f"/Users/{person.target_id}", body=body, expect=(200, 204))

    def _check(self, person: Person, resource: dict[str, Any] | None, when: str) -> None:
        self.differences += compare_person(person, resource, when)

    def _style(self) -> Style:
        return self.dice.choice(list(Style))

    def _flag(self, query: str, *, flagged: bool) -> str:
        return with_flag(query, flagged=flagged, in_front=self.dice.random() < 0.5)
