"""A helpdesk as agents see one: varied names, people deleted and suspended, tickets, an agent signed in."""

from django.db import connection as database
from django.test import Client

from contacts.models import Contact, Ticket
from deskscim.agents.roles import Role
from tests.benchmarks import data
from tests.factories import AgentFactory, TicketFactory

GIVEN = ("Ada", "Bo", "Cleo", "Dev", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kai", "Lea", "Mio", "Noa")
FAMILY = ("Adler", "Bruin", "Castell", "Doorn", "Eberg", "Falk", "Grove", "Haas", "Ibsen", "Jansz", "Krone")
COMMON, TWO_CHARACTERS, MISS = "Cleo", "Ca", "xyzzyq"
RARE = "Zebulon"  # one contact's
CONTACTS_FOR_EACH_TICKET = 10


def load(contacts: int) -> None:
    """Fill an empty database."""
    data.load(contacts, **_differences())
    pattern = TicketFactory(contact=Contact.objects.get(external_id="pattern"))
    number = contacts // CONTACTS_FOR_EACH_TICKET
    data.copies(
        Ticket,
        pattern.pk,
        number,
        id=f"{pattern.pk} + n",
        contact_id=data.contact_id(f"n * {CONTACTS_FOR_EACH_TICKET}"),
        subject="'Printer ' || n || ' is on fire'",
        spam_cause="CASE WHEN mod(n, 10) = 0 THEN 'agent' ELSE '' END",
    )
    with database.cursor() as cursor:
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('contacts_ticket', 'id'), {number} + 1000)")
    data.settle()


def _differences() -> dict[str, str]:
    given, family = _one_of(GIVEN, "n"), _one_of(FAMILY, f"n / {len(GIVEN)}")
    given = f"CASE WHEN n = 7 THEN '{RARE}' ELSE {given} END"
    return {
        "name": f"{given} || ' ' || {family} || ' ' || n",
        "given_name": given,
        "family_name": family,
        "deleted_at": "CASE WHEN mod(n, 50) = 0 THEN now() - n * interval '1 second' END",
        "deleted_by": "CASE WHEN mod(n, 50) = 0 THEN 'agent' ELSE '' END",
        "suspended_at": "CASE WHEN mod(n, 50) = 1 THEN now() END",
        "last_synced_at": "now() - n * interval '1 second'",
        "created_at": "now() - n * interval '1 minute'",
    }


def _one_of(words: tuple[str, ...], number: str) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{listed}])[1 + mod({number}, {len(words)})]"


def signed_in() -> Client:
    """An admin's client; its cookie opens the web server too."""
    client = Client()
    admin = AgentFactory(role=Role.ADMIN)
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    return client
