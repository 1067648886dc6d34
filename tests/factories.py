"""Rows for tests, made directly so that a test can have any state; fake people of example domains."""

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from companies.domains import domain_of
from companies.models import Company, CompanyDomain
from contacts.models import (
    Action,
    ActorKind,
    Contact,
    ContactAddress,
    ContactField,
    ContactImport,
    SavedView,
    Ticket,
    TimelineEntry,
)
from contacts.normal import key
from deskscim.agents.models import Agent
from deskscim.agents.roles import Role
from deskscim.jobs.models import Job
from deskscim.provisioning.models import Connection

PASSWORD = "a passphrase for tests"


class AgentFactory(DjangoModelFactory[Agent]):
    """Somebody who signs in with PASSWORD; `role` is one of Role."""

    class Meta:
        model = Agent

    name = factory.Sequence(lambda n: f"Agent {n}")
    email = factory.Sequence(lambda n: f"agent{n}@helpdesk.example")
    role = Role.AGENT

    @classmethod
    def _create(cls, model_class: type[Agent], *args: Any, **kwargs: Any) -> Agent:
        return Agent.objects.create_user(**{"password": PASSWORD, **kwargs})


class CompanyFactory(DjangoModelFactory[Company]):
    """A company; `domains` is a list of texts."""

    class Meta:
        model = Company

    name = factory.Sequence(lambda n: f"Company {n}")
    domains: Any = ()

    @classmethod
    def _create(cls, model_class: type[Company], *args: Any, **kwargs: Any) -> Company:
        domains = kwargs.pop("domains")
        company: Company = super()._create(model_class, *args, **kwargs)
        CompanyDomain.objects.bulk_create(CompanyDomain(company=company, domain=one) for one in domains)
        return company


class ConnectionFactory(DjangoModelFactory[Connection]):
    """One Entra tenant's application."""

    class Meta:
        model = Connection

    name = factory.Sequence(lambda n: f"Tenant {n}")


class ContactFactory(DjangoModelFactory[Contact]):
    """A contact; `emails` lists its addresses, the primary first. Traits: linked, suspended, deleted."""

    class Meta:
        model = Contact

    class Params:
        deleted = factory.Trait(
            deleted_at=factory.LazyFunction(timezone.now), deleted_by=Contact.DeletedBy.AGENT
        )
        suspended = factory.Trait(suspended_at=factory.LazyFunction(timezone.now))
        linked = factory.Trait(
            connection=factory.SubFactory(ConnectionFactory),
            external_id=factory.Faker("uuid4"),
            user_name=factory.LazyAttribute(lambda contact: contact.emails[0]),
            verified=True,
            source=Contact.Source.ENTRA,
            last_synced_at=factory.LazyFunction(timezone.now),
            entra_fields=["emails", "name", "user_name"],
        )

    name = factory.Sequence(lambda n: f"Person {n}")
    emails = factory.Sequence(lambda n: [f"person{n}@northwind.example"])
    updated_at = factory.LazyFunction(timezone.now)
    company_source = factory.LazyAttribute(lambda contact: "domain" if contact.company else "")
    company: Any = None

    @classmethod
    def _create(cls, model_class: type[Contact], *args: Any, **kwargs: Any) -> Contact:
        emails = kwargs.pop("emails")
        kwargs["domain"] = domain_of(emails[0]) if emails else ""
        kwargs["user_name_key"] = key(kwargs.get("user_name", ""))
        contact: Contact = super()._create(model_class, *args, **kwargs)
        ContactAddress.objects.bulk_create(
            ContactAddress(
                contact=contact,
                address=address,
                address_key=key(address),
                domain=domain_of(address),
                is_primary=position == 0,
                scim_type="work" if contact.is_linked and position == 0 else "",
            )
            for position, address in enumerate(emails)
        )
        return contact


class TicketFactory(DjangoModelFactory[Ticket]):
    """A ticket of a new contact, unless `contact` says whose."""

    class Meta:
        model = Ticket

    contact = factory.SubFactory(ContactFactory)
    subject = factory.Sequence(lambda n: f"Printer {n} is on fire")


class TimelineEntryFactory(DjangoModelFactory[TimelineEntry]):
    """A line in the timeline of a new contact, unless `contact` says whose."""

    class Meta:
        model = TimelineEntry

    contact = factory.SubFactory(ContactFactory)
    at = factory.LazyFunction(timezone.now)
    action = Action.UPDATED
    actor_kind = ActorKind.AGENT
    actor_label = "Mia Manager"


class SavedViewFactory(DjangoModelFactory[SavedView]):
    """A view of Deleted Contacts that a new agent keeps, unless `owner` says who."""

    class Meta:
        model = SavedView

    owner = factory.SubFactory(AgentFactory)
    name = factory.Sequence(lambda n: f"View {n}")
    query = "?tab=deleted"


class ContactFieldFactory(DjangoModelFactory[ContactField]):
    """A custom field of contacts, of type text unless `type` says otherwise."""

    class Meta:
        model = ContactField

    label = factory.Sequence(lambda n: f"Field {n}")
    api_name = factory.Sequence(lambda n: f"cf_field_{n}")
    type = ContactField.Type.TEXT


class JobFactory(DjangoModelFactory[Job]):
    """A job of a new agent, unless `agent` says whose; without a message in the queue."""

    class Meta:
        model = Job

    agent = factory.SubFactory(AgentFactory)
    title = factory.Sequence(lambda n: f"Job {n}")
    task = "tests.unit.test_jobs.count"


class ContactImportFactory(DjangoModelFactory[ContactImport]):
    """An upload of a new agent, unless `agent` says whose; without a file."""

    class Meta:
        model = ContactImport

    agent = factory.SubFactory(AgentFactory)
    name = "people.csv"
