"""Made-up data for a first look: companies, contact fields, people, tickets, one connection, sign-ins.

Some contacts are people whom the simulated Entra will push, so that its first cycle verifies them (R14).
"""

import secrets
from dataclasses import asdict, dataclass

from django.contrib.auth import get_user_model
from django.db import transaction

from companies.models import Company
from contacts import fields, lifecycle, tickets
from contacts.models import ContactField, Ticket
from contacts.values import Actor, Email, Values

from . import demo_troubles
from .models import Connection, Token
from .simulator import mapping
from .simulator.directory import Directory, Person

ADMIN = "admin@example.com"
AGENTS = {ADMIN: ("Alex Admin", "admin"), "manager@example.com": ("Mo Manager", "manager"),
          "agent@example.com": ("Ash Agent", "agent")}  # fmt: skip
CONNECTION = "Contoso demo tenant"
TOKEN = "Demo"  # noqa: S105  (a name)
COMPANIES = {  # name -> city, country, domains
    "Northwind Traders": ("Seattle", "USA", ["northwind.example"]),
    "Fabrikam": ("Rotterdam", "Netherlands", ["fabrikam.example"]),
    "Contoso": ("Paris", "France", ["contoso.example"]),
    "Adatum": ("Leipzig", "Germany", ["adatum.example", "adatum-labs.example"]),
    "Tailspin Toys": ("Porto", "Portugal", ["tailspin.example"]),
}
FIELDS = (
    ("Country", ContactField.Type.TEXT, ()),
    ("VIP", ContactField.Type.CHECKBOX, ()),
    ("Support tier", ContactField.Type.DROPDOWN, ("Gold", "Silver", "Bronze")),
    ("Contract end", ContactField.Type.DATE, ()),
)
PORTAL_PEOPLE = {
    "Robin Sample": "robin.sample@northwind.example",
    "Jamie Placeholder": "jamie.placeholder@fabrikam.example",
    "Casey Specimen": "casey.specimen@wingtip.example",
}
SUBJECTS = (
    "Cannot print on the second floor",
    "VPN asks for the password again and again",
    "New laptop for a colleague who starts on Monday",
    "Shared calendar does not open",
    "Invoice shows the wrong address",
)
KNOWN_BEFORE = 12  # of the simulated directory's people

DEMO = Actor.system("Demo data")


@dataclass(frozen=True)
class Secrets:
    """What the person at the terminal needs, known to nobody afterwards."""

    email: str
    password: str
    token: str
    connection: str

    def as_dict(self) -> dict[str, str]:
        """For printing as JSON."""
        return asdict(self)


@transaction.atomic
def prepare() -> Secrets:
    """Make the demo's data unless it is there, and new secrets each time; older demo tokens end."""
    connection, is_new = Connection.objects.get_or_create(name=CONNECTION)
    if is_new:
        _fill()
    for token in connection.tokens.filter(name=TOKEN, revoked_at=None):
        token.revoke()
    _, secret = Token.issue(name=TOKEN, connection=connection)
    return Secrets(ADMIN, _renew_sign_ins(), secret, connection.name)


def _renew_sign_ins() -> str:
    """One new password for the three demo sign-ins."""
    password = secrets.token_urlsafe(12)
    for email, (name, role) in AGENTS.items():
        agent, _ = get_user_model().objects.get_or_create(email=email, defaults={"name": name, "role": role})
        agent.set_password(password)
        agent.save(update_fields=["password"])
    return password


def _fill() -> None:
    for name, (city, country, domains) in COMPANIES.items():
        company = Company.objects.create(name=name, city=city, country=country)
        for domain in domains:
            company.domains.create(domain=domain)
    for order, (label, field_type, options) in enumerate(FIELDS):
        fields.define(label=label, field_type=field_type, options=options, order=order)
    known = [
        _known_before(person) for person in Directory(users=KNOWN_BEFORE, seed=1, dialect="mixed").people
    ]
    known += [_typed_in(name, address) for name, address in PORTAL_PEOPLE.items()]
    for number, values in enumerate(known):
        _contact_with_tickets(number, values)
    _somebody_in_each_tab()
    demo_troubles.make(DEMO, known=(PORTAL_PEOPLE["Robin Sample"], PORTAL_PEOPLE["Jamie Placeholder"]))


def _known_before(person: Person) -> Values:
    """What an agent had typed in about a person before Entra was connected."""
    address = person.values.get(mapping.WORK_EMAIL) or person.values[mapping.USER_NAME]
    return _typed_in(str(person.values[mapping.DISPLAY_NAME]), str(address))


def _typed_in(name: str, address: str) -> Values:
    return Values(name=name, emails=[Email(address, primary=True)])


def _create(values: Values) -> lifecycle.LockedContact:
    return lifecycle.LockedContact(lifecycle.create(values=values, actor=DEMO).contact)


def _contact_with_tickets(number: int, values: Values) -> None:
    contact = _create(values)
    for turn in range(number % 3):
        subject = SUBJECTS[(number + turn) % len(SUBJECTS)]
        ticket = tickets.open_ticket(contact=contact, subject=subject, description=f"{subject}. Please help.")
        tickets.set_status(ticket_id=ticket.pk, status=list(Ticket.Status)[number % len(Ticket.Status)])


def _somebody_in_each_tab() -> None:
    former = _create(_typed_in("Sam Former", "sam.former@northwind.example"))
    lifecycle.soft_delete(contact=former, actor=DEMO)
    winner = _create(_typed_in("Lucky Winner", "lucky.winner@prizes.example"))
    spam = tickets.open_ticket(contact=winner, subject="You have won", description="Reply to be paid.")
    tickets.mark_spam(ticket_id=spam.pk, actor=DEMO)
