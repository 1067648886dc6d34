"""Random steps of Entra, agents and admins, on the product and on the reference model alike."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests import domain as agents
from tests.reliability import people, product
from tests.reliability.dialects import DIALECTS
from tests.reliability.reference import desk, entra, shown
from tests.reliability.reference.state import Company, Connection, Field, Person, Refused, World
from tests.reliability.reference.values import Said

NOBODY = "00000000-0000-7000-8000-000000000000"
FIELDS = {"cf_text": "text", "cf_box": "checkbox", "cf_count": "number", "cf_kind": "dropdown"}

which = st.integers(0, 7)
tenants = st.integers(0, 1)
Write = Callable[[], tuple[Person, str]]


class Directory(RuleBasedStateMachine):
    """One helpdesk, two tenants. Each example is rolled back, so that all begin alike."""

    tenants: tuple[product.Tenant, product.Tenant]  # the second may be bound to a company (R4)

    def __init__(self) -> None:
        super().__init__()
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.world = World()
        self.connections = [Connection(one.connection.name) for one in self.tenants]
        self.before: dict[str, tuple[dict[str, Any], dict[str, Any], product.Stored]] = {}
        self.steps = 0

    def teardown(self) -> None:
        """Roll back, whatever happened."""
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)

    @initialize(
        bound=st.booleans(), keep=st.booleans(), strict=st.booleans(), may_create=st.booleans(), shared=st.booleans()
    )
    def set_up(self, *, bound: bool, keep: bool, strict: bool, may_create: bool, shared: bool) -> None:
        """Two companies, four fields, and what an admin may set on a connection."""
        first = Company("Northwind", {"northwind.example", "shared.example"})
        second = Company("Fabrikam", {"fabrikam.example", "xn--mller-kva.example"} | ({"shared.example"} if shared else set()))
        self.world.companies = [first, second]
        for company in self.world.companies:
            product.define_company(company)
        self.world.fields = {
            name: Field(kind, ("Gold", "Silver") if kind == "dropdown" else ()) for name, kind in FIELDS.items()
        }
        product.define_fields(self.world.fields)
        one, other = self.connections
        one.keeps_tickets, one.strict, other.may_create_companies = keep, strict, may_create
        other.company = "Northwind" if bound else None
        for tenant, connection in zip(self.tenants, self.connections, strict=True):
            tenant.configure(connection)

    def person(self, number: int) -> Person | None:
        """Somebody there is; None when there is nobody."""
        return self.world.people[number % len(self.world.people)] if self.world.people else None

    def pick(self, number: int) -> str:
        """An id, or one that is nobody's."""
        person = self.person(number)
        return person.id if person else NOBODY

    # Entra

    @rule(tenant=tenants, said=people.users())
    def entra_posts(self, tenant: int, said: Said) -> None:
        """R14 to R19."""
        self.written(tenant, 201, self.tenants[tenant].post(said), lambda: entra.post(self.world, self.connections[tenant], said))

    @rule(tenant=tenants, number=which, said=people.users())
    def entra_puts(self, tenant: int, number: int, said: Said) -> None:
        """R21."""
        user_id = self.pick(number)
        answer = self.tenants[tenant].put(user_id, said)
        self.written(tenant, 200, answer, lambda: entra.put(self.world, self.connections[tenant], user_id, said))

    @rule(number=which, said=people.changes(), dialect=st.sampled_from(DIALECTS))
    def entra_patches(self, number: int, said: Said, dialect: str) -> None:
        """R21 to R24; by the connection that holds the contact."""
        self.patched(self.holder(number), number, said, dialect)

    @rule(tenant=tenants, number=which, said=people.changes(), dialect=st.sampled_from(DIALECTS))
    def anybody_patches(self, tenant: int, number: int, said: Said, dialect: str) -> None:
        """R4: often somebody else's contact, or nobody's."""
        self.patched(tenant, number, said, dialect)

    @rule(number=which, active=st.booleans(), dialect=st.sampled_from(DIALECTS))
    def entra_switches(self, number: int, active: bool, dialect: str) -> None:
        """R26, R31."""
        self.patched(self.holder(number), number, Said(active=active), dialect)

    @rule(number=which, said=people.soft_deletes(), dialect=st.sampled_from(DIALECTS))
    def entra_soft_deletes(self, number: int, said: Said, dialect: str) -> None:
        """R22, R26."""
        self.patched(self.holder(number), number, said, dialect)

    @rule(number=which)
    def entra_deletes(self, number: int) -> None:
        """R28."""
        tenant, user_id = self.holder(number), self.pick(number)
        answer = self.tenants[tenant].delete(user_id)
        self.written(tenant, 204, answer, lambda: entra.delete(self.world, self.connections[tenant], user_id))

    def holder(self, number: int) -> int:
        """The tenant whose contact it is; the first, when it is nobody's."""
        person = self.person(number)
        return int(person is not None and person.connection == self.connections[1].name)

    def patched(self, tenant: int, number: int, said: Said, dialect: str) -> None:
        """A PATCH on both sides."""
        user_id = self.pick(number)
        answer = self.tenants[tenant].patch(user_id, said, dialect)
        self.written(tenant, 200, answer, lambda: entra.patch(self.world, self.connections[tenant], user_id, said))

    def written(self, tenant: int, status: int, answer: Any, write: Write) -> None:
        """The model writes too; its outcome is the answer's, and the log's (R44)."""
        try:
            person, action = write()
        except Refused as refused:
            self._refused(tenant, answer, refused)
            return
        assert answer.status_code == status, (answer.status_code, answer.content)
        if status == 204:
            assert answer.content == b""
        else:
            person.id = person.id or answer.json()["id"]
            assert without_meta(answer.json()) == shown.resource(self.world, person)
        assert product.logged() == (status, action)

    def _refused(self, tenant: int, answer: Any, refused: Refused) -> None:
        body = answer.json()
        assert (answer.status_code, body.get("scimType", "")) == (refused.status, refused.scim_type), body
        assert product.logged()[0] == refused.status
        user_id = answer.request["PATH_INFO"].rpartition("/")[2]
        for person in self.world.held_by(self.connections[tenant]):
            person.failed = person.failed or person.id == user_id  # R42

    # Agents

    @rule(name=st.sampled_from(["Ann", "Zoë Example"]), addresses=st.lists(people.addresses, max_size=2))
    def agent_creates(self, name: str, addresses: list[str]) -> None:
        """R17, R36."""
        contact_id = product.create(name, addresses)
        self.agreed(contact_id is not None, lambda: desk.create(self.world, name=name, addresses=addresses))
        if contact_id:
            self.world.people[-1].id = contact_id

    @rule(number=which, wanted=people.agent_edits)
    def agent_edits(self, number: int, wanted: dict[str, Any]) -> None:
        """R25; a deleted contact is restored first."""
        person = self.person(number)
        if person and not person.deleted:
            self.agreed(product.edit(person.id, wanted), lambda: desk.edit(self.world, person, wanted))

    @rule(number=which)
    def agent_deletes(self, number: int) -> None:
        """R26, R27."""
        self.stepped(number, agents.agent_deletes, desk.delete)

    @rule(number=which)
    def agent_restores(self, number: int) -> None:
        """R34."""
        self.stepped(number, agents.agent_restores, desk.restore)

    @rule(number=which)
    def agent_unsuspends(self, number: int) -> None:
        """R35."""
        self.stepped(number, agents.agent_unsuspends, desk.unsuspend)

    @rule(number=which)
    def agent_erases(self, number: int) -> None:
        """R30."""
        self.stepped(number, agents.agent_erases, desk.erase)

    @rule(number=which)
    def ticket_is_opened(self, number: int) -> None:
        """R35."""
        if person := self.person(number):
            self.agreed(product.taken(product.open_ticket, person.id), lambda: desk.open_ticket(person))

    @rule(number=which, ticket=which)
    def agent_marks_spam(self, number: int, ticket: int) -> None:
        """R35."""
        person = self.person(number)
        if person and person.tickets:
            place = ticket % len(person.tickets)
            done = product.taken(agents.agent_marks, product.ticket_of(person.id, place))
            self.agreed(done, lambda: desk.mark_spam(self.world, person, place))

    def stepped(self, number: int, step: Any, expected: Callable[[World, Person], None]) -> None:
        """A step of an agent on both sides."""
        if person := self.person(number):
            done = product.taken(step, product.Contact(pk=person.id))
            self.agreed(done, lambda: expected(self.world, person))

    def agreed(self, done: bool, expected: Callable[[], object]) -> None:
        """The model takes or refuses the step as the product did."""
        try:
            expected()
        except Refused:
            assert not done
        else:
            assert done

    # Admins

    @rule(company=st.integers(0, 1), domains=people.domains)
    def admin_sets_domains(self, company: int, domains: set[str]) -> None:
        """R36, R40."""
        desk.set_domains(self.world.companies[company], domains)
        product.define_company(self.world.companies[company])

    @rule(name=people.fields, active=st.booleans())
    def admin_switches_field(self, name: str, active: bool) -> None:
        """R11, R12."""
        desk.switch_field(self.world, name, active=active)
        product.switch_field(name, active=active)
        self.before.clear()  # resources change with the fields, contacts do not

    # What holds after each step

    @invariant()
    def tables_agree(self) -> None:
        """Contacts, addresses, tickets and the timeline are the model's."""
        stored = product.stored()
        assert {key: one.facts for key, one in stored.items()} == {one.id: facts(one) for one in self.world.people}
        for person in self.world.people:
            told, resource, now = person.told(), shown.resource(self.world, person), stored[person.id]
            if person.id in self.before:
                told_before, resource_before, then = self.before[person.id]
                assert (now.changed > then.changed) == ((told, resource) != (told_before, resource_before))
            self.before[person.id] = (told, resource, now)

    @invariant()
    def answers_agree(self) -> None:
        """Each tenant sees its own contacts and no others, by id, filter and list (R4); one question a step."""
        self.steps += 1
        person = self.person(self.steps // 5)
        if person is None:
            return
        question = ("id", "list", "externalId", "userName", "work")[self.steps % 5]
        for tenant, connection in zip(self.tenants, self.connections, strict=True):
            if question == "id":
                self._read(tenant, connection, person)
            else:
                self._found(tenant, connection, person, question)

    def _read(self, tenant: product.Tenant, connection: Connection, person: Person) -> None:
        answer = tenant.read(person.id)
        if person.connection == connection.name:
            assert without_meta(answer.json()) == shown.resource(self.world, person)
        else:
            assert answer.status_code == 404

    def _found(self, tenant: product.Tenant, connection: Connection, person: Person, question: str) -> None:
        if question == "list":
            expected, condition = {one.id for one in self.world.held_by(connection)}, ""
        else:
            value, path = asked(person, question)
            expected, condition = shown.found(self.world, connection, question, value), f'{path} eq "{value}"'
        body = tenant.find(condition).json()
        assert body["totalResults"] == len(expected)
        assert {one["id"] for one in body["Resources"]} == expected


def asked(person: Person, question: str) -> tuple[str, str]:
    """The value and path of a filter about this person."""
    if question == "work":
        return next((one.text.upper() for one in person.addresses), "x"), 'emails[type eq "work"].value'
    if question == "userName":
        return person.texts["user_name"].swapcase() or "x", "userName"
    return person.texts["external_id"] or "x", "externalId"


def without_meta(resource: dict[str, Any]) -> dict[str, Any]:
    """What the model speaks of; it has no word on schemas and meta."""
    return {name: value for name, value in resource.items() if name not in ("schemas", "meta")}


def facts(person: Person) -> dict[str, Any]:
    """A contact of the model as `product.stored` tells of one."""
    return {
        "texts": person.texts,
        "addresses": [(one.text, one.kind, one.primary) for one in person.addresses],
        "custom": person.custom,
        "company": (person.company, person.company_by),
        "connection": person.connection,
        "state": (person.verified, person.deleted_by, person.suspended, person.entra_active),
        "status": person.status,
        "partly": person.partly,
        "managed": person.managed,
        "tickets": person.tickets,
        "lines": [(line.action, line.changes) for line in person.lines],
    }
