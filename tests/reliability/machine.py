"""Random steps of Entra, agents and admins, on the product and on the reference model alike."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests import domain as agents
from tests.reliability import people, product
from tests.reliability.dialects import DIALECTS
from tests.reliability.reference import desk, entra, shown
from tests.reliability.reference.state import Company, Connection, Field, Person, Refused, World
from tests.reliability.reference.values import Said

FIELDS = {"cf_text": "text", "cf_box": "checkbox", "cf_count": "number", "cf_kind": "dropdown"}

QUESTIONS = ("id", "list", "externalId", "userName", "work")

which = st.integers(0, 7)
either = st.integers(0, 1)
dialects = st.sampled_from(DIALECTS)
Write = Callable[[], tuple[Person, str]]


Suits = Callable[[Person], bool]
# What an agent does, what must come of it, and whom it suits.
STEPS: dict[str, tuple[Any, Callable[[World, Person], None], Suits]] = {
    "delete": (agents.agent_deletes, desk.delete, lambda one: not one.deleted),
    "restore": (agents.agent_restores, desk.restore, lambda one: one.deleted),
    "unsuspend": (agents.agent_unsuspends, desk.unsuspend, lambda one: one.suspended and not one.deleted),
    "erase": (agents.agent_erases, desk.erase, lambda one: one.deleted),
}
somebody = precondition(lambda self: bool(self.world.people))


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
        bound=st.booleans(),
        keep=st.booleans(),
        strict=st.booleans(),
        may_create=st.booleans(),
        shared=st.booleans(),
    )
    def set_up(self, *, bound: bool, keep: bool, strict: bool, may_create: bool, shared: bool) -> None:
        """Two companies, four fields, and what an admin may set on a connection."""
        first = Company("Northwind", {"northwind.example", "shared.example"})
        second = Company(
            "Fabrikam",
            {"fabrikam.example", "xn--mller-kva.example"} | ({"shared.example"} if shared else set()),
        )
        self.world.companies = [first, second]
        for company in self.world.companies:
            product.define_company(company)
        self.world.fields = {
            name: Field(kind, ("Gold", "Silver") if kind == "dropdown" else ())
            for name, kind in FIELDS.items()
        }
        product.define_fields(self.world.fields)
        one, other = self.connections
        one.keeps_tickets, one.strict, other.may_create_companies = keep, strict, may_create
        other.company = "Northwind" if bound else None
        for tenant, connection in zip(self.tenants, self.connections, strict=True):
            tenant.configure(connection)

        self._populate()

    def _populate(self) -> None:
        """Somebody of each kind, so that steps have whom to meet."""
        for tenant, said in people.first_users():
            self.entra_posts(tenant=tenant, said=said)
        self.agent_creates(name="İda", addresses=["ida@freemail.example", "İda@freemail.example"])
        for number in range(len(self.world.people)):
            self.ticket_is_opened(number=number)

    def person(self, number: int, suits: Suits = lambda person: True) -> Person:
        """Somebody whom it suits, if there is anybody, else whoever there is."""
        suited = [one for one in self.world.people if suits(one)] or self.world.people
        return suited[number % len(suited)]

    def person_of(self, contact_id: str) -> Person:
        """Who that is."""
        return next(one for one in self.world.people if one.id == contact_id)

    def linked(self, number: int) -> tuple[int, str]:
        """A tenant, and the id of somebody whom it holds, if there is anybody."""
        person = self.person(number, lambda one: one.connection is not None)
        return int(person.connection == self.connections[1].name), person.id

    # Entra

    @rule(tenant=either, said=people.users())
    def entra_posts(self, tenant: int, said: Said) -> None:
        """R14 to R19."""
        self.written(
            tenant,
            201,
            self.tenants[tenant].post(said),
            lambda: entra.post(self.world, self.connections[tenant], said),
        )

    @somebody
    @rule(tenant=either, number=which, said=people.users(), by_address=st.booleans())
    def entra_posts_again(self, tenant: int, number: int, said: Said, by_address: bool) -> None:
        """R14, R18, R28: somebody whom nobody holds, or who is in Deleted Contacts."""
        person = self.person(number, lambda one: one.connection is None or one.deleted)
        mine = [one.text for one in person.addresses] if by_address else [person.texts["user_name"]]
        said.texts["user_name"] = (mine or ["x"])[-1] or "x"
        said.emails = said.emails if number % 2 else None
        self.entra_posts(tenant, said)

    @somebody
    @rule(number=which, said=people.users(), renamed=st.booleans())
    def entra_puts(self, number: int, said: Said, renamed: bool) -> None:
        """R21."""
        tenant, user_id = self.linked(number)
        if not renamed:
            said.texts |= {name: self.person_of(user_id).texts[name] for name in ("user_name", "external_id")}
        answer = self.tenants[tenant].put(user_id, said)
        self.written(
            tenant, 200, answer, lambda: entra.put(self.world, self.connections[tenant], user_id, said)
        )

    @somebody
    @rule(number=which, said=people.changes(), dialect=dialects)
    def entra_patches(self, number: int, said: Said, dialect: str) -> None:
        """R21 to R24."""
        self._patch(*self.linked(number), said, dialect)

    @somebody
    @rule(number=which, said=people.new_addresses(), dialect=dialects)
    def entra_changes_addresses(self, number: int, said: Said, dialect: str) -> None:
        """R17, R23."""
        self._patch(*self.linked(number), said, dialect)

    @somebody
    @rule(number=which, active=st.booleans(), dialect=dialects)
    def entra_switches(self, number: int, active: bool, dialect: str) -> None:
        """R26, R31."""
        self._patch(*self.linked(number), Said(active=active), dialect)

    @somebody
    @rule(number=which, said=people.soft_deletes(), dialect=dialects)
    def entra_soft_deletes(self, number: int, said: Said, dialect: str) -> None:
        """R22, R26."""
        self._patch(*self.linked(number), said, dialect)

    @somebody
    @rule(number=which)
    def entra_deletes(self, number: int) -> None:
        """R28."""
        self._delete(*self.linked(number))

    @somebody
    @rule(tenant=either, number=which, said=people.changes())
    def a_stranger_writes(self, tenant: int, number: int, said: Said) -> None:
        """R4, R28: to somebody whom it does not hold."""
        user_id = self.person(number, lambda one: one.connection != self.connections[tenant].name).id
        self._patch(tenant, user_id, said, "old")
        self._delete(tenant, user_id)

    def _patch(self, tenant: int, user_id: str, said: Said, dialect: str) -> None:
        answer = self.tenants[tenant].patch(user_id, said, dialect)
        self.written(
            tenant, 200, answer, lambda: entra.patch(self.world, self.connections[tenant], user_id, said)
        )

    def _delete(self, tenant: int, user_id: str) -> None:
        answer = self.tenants[tenant].delete(user_id)
        self.written(tenant, 204, answer, lambda: entra.delete(self.world, self.connections[tenant], user_id))

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
            same(without_meta(answer.json()), shown.resource(self.world, person))
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

    @somebody
    @rule(number=which, wanted=people.agent_edits)
    def agent_edits(self, number: int, wanted: dict[str, Any]) -> None:
        """R25; a deleted contact is restored first."""
        person = self.person(number, lambda one: not one.deleted)
        if not person.deleted:
            self.agreed(product.edit(person.id, wanted), lambda: desk.edit(self.world, person, wanted))

    @somebody
    @rule(number=which, step=st.sampled_from(list(STEPS)))
    def agent_steps(self, number: int, step: str) -> None:
        """R26, R27, R30, R34, R35: mostly of somebody whom it suits."""
        act, expected, suits = STEPS[step]
        person = self.person(number, suits if number else lambda one: True)
        self.agreed(product.step(act, person.id), lambda: expected(self.world, person))

    @somebody
    @rule(number=which)
    def ticket_is_opened(self, number: int) -> None:
        """R35."""
        person = self.person(number)
        self.agreed(product.taken(product.open_ticket, person.id), lambda: desk.open_ticket(person))

    @somebody
    @rule(number=which, ticket=which)
    def agent_marks_spam(self, number: int, ticket: int) -> None:
        """R35."""
        person = self.person(number, lambda one: bool(one.tickets))
        if person.tickets:
            place = ticket % len(person.tickets)
            done = product.taken(agents.agent_marks, product.ticket_of(person.id, place))
            self.agreed(done, lambda: desk.mark_spam(self.world, person, place))

    def agreed(self, done: bool, expected: Callable[[], object]) -> None:
        """The model takes or refuses the step as the product did."""
        try:
            expected()
        except Refused:
            assert not done
        else:
            assert done

    # Admins

    @rule(company=st.integers(0, 1), domains=people.domains, name=people.fields, active=st.booleans())
    def admin_sets(self, company: int, domains: set[str], name: str, active: bool) -> None:
        """R11, R12, R36, R40: the domains of a company, and whether a contact field is on."""
        desk.set_domains(self.world.companies[company], domains)
        product.define_company(self.world.companies[company])
        desk.switch_field(self.world, name, active=active)
        product.switch_field(name, active=active)
        self.before.clear()  # resources change with the fields, contacts do not

    # What holds after each step

    @invariant()
    def tables_agree(self) -> None:
        """Contacts, addresses, tickets and the timeline are the model's."""
        stored = product.stored()
        assert stored.keys() == {one.id for one in self.world.people}
        for person in self.world.people:
            same(stored[person.id].facts, facts(person))
            told, resource, now = person.told(), shown.resource(self.world, person), stored[person.id]
            if person.id in self.before:
                told_before, resource_before, then = self.before[person.id]
                assert (now.changed > then.changed) == ((told, resource) != (told_before, resource_before))
            self.before[person.id] = (told, resource, now)

    @invariant()
    def answers_agree(self) -> None:
        """Each tenant sees its own contacts and no others, by id, filter and list (R4); a question a step."""
        self.steps += 1
        if not self.world.people:
            return
        person, question = self.person(self.steps // 10), QUESTIONS[self.steps % 5]
        tenant, connection = self.tenants[self.steps % 2], self.connections[self.steps % 2]
        if question == "id":
            self._read(tenant, connection, person)
        else:
            self._found(tenant, connection, person, question)

    def _read(self, tenant: product.Tenant, connection: Connection, person: Person) -> None:
        answer = tenant.read(person.id)
        if person.connection == connection.name:
            same(without_meta(answer.json()), shown.resource(self.world, person))
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


def same(actual: dict[str, Any], expected: dict[str, Any]) -> None:
    """Raises AssertionError with what the product has and what the model has, where they differ."""
    names = [name for name in {**actual, **expected} if actual.get(name) != expected.get(name)]
    assert not names, {name: (actual.get(name), expected.get(name)) for name in names}


def without_meta(resource: dict[str, Any]) -> dict[str, Any]:
    """What the model speaks of; it has no word on schemas and meta."""
    return {name: value for name, value in resource.items() if name not in ("schemas", "meta")}


def facts(person: Person) -> dict[str, Any]:
    """A contact of the model as `product.stored` tells of one."""
    return {
        "texts": person.texts,
        "addresses": [(one.text, one.kind, one.primary, one.said) for one in person.addresses],
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
