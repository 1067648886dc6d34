"""Sixteen workers on the same people: what comes of it, some serial order would have made (R14 to R35).

Each round four crowds of four write at one signal. Each crowd is after two people of its own, so that every
order of its four steps can be tried on the reference model; answers, contacts, addresses and timelines must
be those of one of these orders. Needs PostgreSQL: SQLite lets one writer in at a time.
"""

import copy
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import pytest
from django.db import connection as database

from tests import domain as agents
from tests.reliability import product
from tests.reliability.machine import facts
from tests.reliability.reference import desk, entra
from tests.reliability.reference.state import Connection, Person, Refused, World
from tests.reliability.reference.values import Said

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CROWDS, WORKERS, ROUNDS = 4, 16, 12
PATIENCE = 60  # seconds until a test gives up on a thread that hangs
TENANT = Connection("Northwind tenant")

Outcome = tuple[
    int, str
]  # the status, or 0 and 1 for an agent's step; and the id of the contact that was made


@dataclass
class Step:
    """One worker's step, on the product and on the model."""

    run: Callable[[product.Tenant], Outcome]
    replay: Callable[[World, Outcome], int]


def replayed(status: int, write: Callable[[], object]) -> int:
    """The status that the model gives."""
    try:
        write()
    except Refused as refused:
        return refused.status
    return status


def post(said: Said) -> Step:
    """POST."""

    def run(tenant: product.Tenant) -> Outcome:
        answer = tenant.post(said)
        return answer.status_code, answer.json().get("id", "")

    def replay(world: World, outcome: Outcome) -> int:
        def write() -> None:
            person, _ = entra.post(world, TENANT, said)
            person.id = person.id or outcome[1]

        return replayed(201, write)

    return Step(run, replay)


def patch(user_id: str, said: Said) -> Step:
    """PATCH."""
    return Step(
        lambda tenant: (tenant.patch(user_id, said, "old").status_code, ""),
        lambda world, _: replayed(200, lambda: entra.patch(world, TENANT, user_id, copy.deepcopy(said))),
    )


def put(user_id: str, said: Said) -> Step:
    """PUT."""
    return Step(
        lambda tenant: (tenant.put(user_id, said).status_code, ""),
        lambda world, _: replayed(200, lambda: entra.put(world, TENANT, user_id, copy.deepcopy(said))),
    )


def delete(user_id: str) -> Step:
    """DELETE."""
    return Step(
        lambda tenant: (tenant.delete(user_id).status_code, ""),
        lambda world, _: replayed(204, lambda: entra.delete(world, TENANT, user_id)),
    )


def by_agent(user_id: str, act: Any, expected: Callable[[World, Person], None]) -> Step:
    """A step of an agent; 1 when it was taken."""

    def replay(world: World, _: Outcome) -> int:
        person = next(one for one in world.people if one.id == user_id)
        return int(replayed(1, lambda: expected(world, person)) == 1)

    return Step(lambda tenant: (int(product.step(act, user_id)), ""), replay)


def edit(user_id: str, wanted: dict[str, Any]) -> Step:
    """An agent saves the form."""

    def replay(world: World, _: Outcome) -> int:
        person = next(one for one in world.people if one.id == user_id)
        return int(replayed(1, lambda: desk.edit(world, person, wanted)) == 1)

    return Step(lambda tenant: (int(product.edit(user_id, wanted)), ""), replay)


def user(crowd: str, login: str) -> Said:
    """Somebody of a crowd, as Entra posts them."""
    address = f"{login}@{crowd}.example"
    emails = [{"value": address, "type": "work", "primary": True}]
    return Said({"user_name": address, "external_id": f"{crowd}-{login}"}, emails=emails)


def steps(chance: random.Random, crowd: str, ids: list[str]) -> Iterator[Step]:
    """What the four workers of a crowd do: on two people, about few addresses."""
    for _ in range(WORKERS // CROWDS):
        user_id, login = chance.choice(ids), chance.choice(["ann", "bea", "new"])
        address = f"{login}@{crowd}.example"
        pair = [address, f"home.{address}"]
        chance.shuffle(pair)  # two who insert the same pair the other way round wait in a circle
        yield chance.choice(
            [
                post(user(crowd, login)),
                patch(user_id, Said(typed=dict(zip(("work", "home"), pair, strict=True)))),
                patch(user_id, Said({"title": login}, active=chance.choice([None, True, False]))),
                patch(user_id, Said({"user_name": address})),
                put(user_id, user(crowd, login)),
                delete(user_id),
                edit(user_id, {"title": "Queen", "addresses": [address, f"{user_id[:8]}@{crowd}.example"]}),
                by_agent(user_id, agents.agent_deletes, desk.delete),
                by_agent(user_id, agents.agent_restores, desk.restore),
            ]
        )


def at_once(tenant: product.Tenant, todo: list[Step]) -> list[Outcome]:
    """What becomes of steps that start at one signal."""
    barrier = threading.Barrier(len(todo), timeout=PATIENCE)

    def begin(step: Step) -> Outcome:
        barrier.wait()
        try:
            return step.run(tenant)
        finally:
            database.close()

    with ThreadPoolExecutor(len(todo)) as pool:
        return [one.result(PATIENCE) for one in [pool.submit(begin, step) for step in todo]]


def told(world: World) -> dict[str, Any]:
    """The model's contacts; R42's mark of a failure is set after the step, so in no order with it."""
    return {one.id: facts(one) | {"status": ""} for one in world.people}


def orders(world: World, todo: list[Step], outcomes: list[Outcome]) -> Iterator[World]:
    """Every next state that a serial order with these very answers makes."""
    for order in permutations(range(len(todo))):
        trial = copy.deepcopy(world)
        if all(todo[n].replay(trial, outcomes[n]) == outcomes[n][0] for n in order):
            yield trial


def differing(ours: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What speaks against an order: facts that the product has and the model has not."""
    pairs = [(ours[key], other[key]) for key in ours.keys() & other.keys()]
    told = [f"{name}: {a[name]} != {b[name]}" for a, b in pairs for name in a if a[name] != b[name]]
    return [f"contacts: {len(ours)}, {len(other)}", *told]


@pytest.mark.parametrize("seed", range(3))
def test_some_serial_order_explains_it(seed: int) -> None:
    """No deadlock and no 5xx reaches anybody, nothing is lost, nobody is there twice."""
    chance, tenant = random.Random(seed), product.Tenant.create(TENANT.name)
    for number in range(ROUNDS):
        names = [f"crowd{number}-{letter}" for letter in "abcd"]
        worlds = [World() for _ in names]
        todo: list[Step] = []
        for name, world in zip(names, worlds, strict=True):
            for said in (user(name, "ann"), user(name, "bea")):
                step = post(said)
                step.replay(world, step.run(tenant))
            todo += steps(chance, name, [one.id for one in world.people])
        outcomes = at_once(tenant, todo)
        stored = {key: one.facts | {"status": ""} for key, one in product.stored().items()}
        for place, (name, world) in enumerate(zip(names, worlds, strict=True)):
            mine = slice(4 * place, 4 * place + 4)
            ours = {
                key: one for key, one in stored.items() if any(name in row[0] for row in one["addresses"])
            }
            possible = [told(one) for one in orders(world, todo[mine], outcomes[mine])]
            assert ours in possible, (outcomes[mine], [differing(ours, one) for one in possible])
