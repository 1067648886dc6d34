"""Two agents whose writes wait for each other. Needs PostgreSQL: SQLite lets one writer in at a time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database
from django.db import transaction
from django.test import Client

from contacts import lifecycle
from contacts.errors import ContactError
from contacts.models import Contact
from contacts.values import Email
from deskscim.agents.models import Agent
from deskscim.jobs.delivery import deliver
from deskscim.jobs.running import Running
from tests.cast import agent, agent_client
from tests.domain import AGENT
from tests.factories import JobFactory
from tests.portal.form import NEW

from .test_concurrency import PATIENCE, outcome, wait_until_blocked

__all__ = ["agent", "agent_client"]

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def created(address: str) -> None:
    lifecycle.create(values={"name": "Other", "emails": [Email(address)]}, actor=AGENT)


def create_both(job: Running) -> None:
    """A task that writes two contacts in one transaction."""
    try:
        with transaction.atomic():
            created("one@x.example")
            created("two@x.example")
    except ContactError as refused:
        job.refuse("both", str(refused))


def test_a_job_goes_on_from_its_checkpoint(agent: Agent) -> None:
    """Sync and an import may meet at any two addresses; that is no reason to give the import up."""
    job = JobFactory(agent=agent, task=f"{__name__}.create_both")
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        database.cursor().execute("SET LOCAL deadlock_timeout = '1min'")  # so that the job is the one ended
        created("two@x.example")
        running = pool.submit(outcome, lambda: deliver(str(job.pk)))
        wait_until_blocked(running)
        created("one@x.example")
    assert running.result(PATIENCE) is None
    job.refresh_from_db()
    assert (job.state, job.refused, job.attempts) == ("done", 1, 2)


def test_who_is_ended_for_another_is_carried_out_again(agent_client: Client) -> None:
    """R17: the form says then that the address is taken, as it would have a moment later."""
    form = {"name": "Ann", "email": "one@x.example", "other_emails": "two@x.example"}
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        database.cursor().execute("SET LOCAL deadlock_timeout = '1min'")  # so that the agent is the one ended
        created("two@x.example")
        running = pool.submit(outcome, lambda: agent_client.post(NEW, form))
        wait_until_blocked(running)
        created("one@x.example")
    answer = running.result(PATIENCE)
    assert not isinstance(answer, Exception), answer
    assert answer.context["form"].errors
    assert set(Contact.objects.values_list("name", flat=True)) == {"Other"}
