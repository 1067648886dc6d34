"""`manage.py simulate_entra`: provision made-up people over SCIM as Microsoft Entra ID does."""

import argparse
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deskscim.provisioning.simulator.client import ScimClient, check_base_url
from deskscim.provisioning.simulator.cycle import Provisioner, discover
from deskscim.provisioning.simulator.directory import Directory
from deskscim.provisioning.simulator.errors import RequestFailedError, SimulationError
from deskscim.provisioning.simulator.report import Tally

SHOWN = 20


class Command(BaseCommand):
    """Runs the simulation and fails on any difference or failed request."""

    help = "Provision made-up people over SCIM as Microsoft Entra ID does, then compare both sides."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        add = parser.add_argument
        add("--users", type=_at_least_one, default=100, help="people in the directory (100)")
        add("--cycles", type=_at_least_one, default=3, help="the initial cycle included (3)")
        add("--change-rate", type=_share, default=0.1, help="share that changes per cycle (0.1)")
        add("--dialect", choices=["legacy", "flagged", "mixed"], default="mixed")
        add("--rate", type=_not_negative, default=0, help="requests a second, 0 for no limit (0)")
        add("--seed", type=int, default=1, help="the same seed gives the same people (1)")
        add("--base-url", required=True, help="the Tenant URL, such as http://127.0.0.1:8000/entra")
        add("--token", default=os.environ.get("DESKSCIM_TOKEN"), help="else DESKSCIM_TOKEN")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the cycles, print the summary and raise CommandError unless both sides agree."""
        base_url, token, rate = (options[name] for name in ("base_url", "token", "rate"))
        if not token or not token.isascii():
            raise CommandError("A token is needed: --token or the environment variable DESKSCIM_TOKEN.")
        try:
            check_base_url(base_url)
            with ScimClient(base_url, token, rate=rate, tally=Tally()) as client:
                self._simulate(client, options)
        except (SimulationError, RequestFailedError) as error:
            raise CommandError(str(error)) from error

    def _simulate(self, client: ScimClient, options: dict[str, Any]) -> None:
        people = {name: options[name] for name in ("users", "seed", "dialect")}
        provisioner = Provisioner(client, Directory(fields=discover(client), **people))
        try:
            provisioner.run(cycles=options["cycles"], change_rate=options["change_rate"])
        finally:
            self._print(client.tally.table())
            self._print_some("failed", provisioner.failures)
            self._print_some("differs", [str(difference) for difference in provisioner.differences])
        differences, failures = len(provisioner.differences), len(provisioner.failures)
        if differences or failures:
            raise CommandError(f"{options['users']} people, differences: {differences}, failures: {failures}")
        self._print(f"{options['users']} people, no difference")

    def _print_some(self, label: str, lines: list[str]) -> None:
        for line in lines[:SHOWN]:
            self._print(f"{label}: {line}")
        if len(lines) > SHOWN:
            self._print(f"{label}: {len(lines) - SHOWN} more")

    def _print(self, text: str) -> None:
        self.stdout.write(text)


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number, at least 1")
    return int(text)


def _not_negative(text: str) -> float:
    number = _number(text)
    if not number >= 0:  # nor NaN
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _share(text: str) -> float:
    number = _number(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError("must be a share between 0 and 1")
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("must be a number") from error
