"""The two hooks of the Entra case corpus: `python -m tests.conformance.corpus setup|check`, JSON on stdin.

`setup` brings the helpdesk of DATABASE_URL to a scenario's preconditions and prints the SCIM ids of its
contacts; `check` exits 0 when the portal shows what the scenario expects.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django

Json = dict[str, Any]


def setup(preconditions: list[Json]) -> dict[str, str]:
    """Make companies, fields and contacts; {"<ref>_id": SCIM id} of the contacts."""
    makers: dict[str, Callable[[Json], dict[str, str]]] = {
        "company": _company,
        "custom_field": _custom_field,
        "contact": _contact,
    }
    variables: dict[str, str] = {}
    for item in preconditions:
        variables |= makers[item["kind"]](item)
    return variables


def _company(item: Json) -> dict[str, str]:
    from companies.models import Company

    company = Company.objects.create(name=item["name"])
    for domain in item["domains"]:
        company.domains.create(domain=domain)
    return {}


def _custom_field(item: Json) -> dict[str, str]:
    from contacts import fields
    from contacts.models import ContactField

    wanted = {"type": item["type"], "options": item.get("options") or [], "active": True}
    if not ContactField.objects.filter(api_name=item["api_name"]).update(**wanted):
        fields.define(
            label=item["api_name"],
            api_name=item["api_name"],
            field_type=item["type"],
            options=item.get("options") or [],
        )
    return {}


def _contact(item: Json) -> dict[str, str]:
    from django.db import transaction

    from contacts import lifecycle
    from contacts.values import Actor

    actor = Actor.system("Corpus")
    with transaction.atomic():
        contact = lifecycle.LockedContact(_pushed(item) if item["source"] == "scim" else _typed(item))
        if item["deleted"] == "agent":
            lifecycle.soft_delete(contact=contact, actor=actor)
        elif item["deleted"] == "scim":
            lifecycle.unlink(contact=contact, actor=actor)
    return {f"{item['ref']}_id": str(contact.pk)}


def _values(item: Json) -> Any:
    from contacts.values import Email

    texts = {name: item.get(name) or "" for name in ("name", "title", "phone", "mobile")}
    emails = [Email(item["email"], primary=True, scim_type="work")] if item["email"] else []
    return {**texts, "emails": emails, "custom_fields": item["custom_fields"]}


def _typed(item: Json) -> Any:
    """A contact that an agent made; the check mark is set where the scenario wants one without a link."""
    from contacts import lifecycle
    from contacts.values import Actor

    contact = lifecycle.create(values=_values(item), actor=Actor.system("Corpus")).contact
    contact.verified = item["verified"]
    contact.save(update_fields=["verified"])
    return contact


def _pushed(item: Json) -> Any:
    from contacts import lifecycle
    from contacts.values import Actor, Sync

    values = {**_values(item), "external_id": item["externalId"], "user_name": item["userName"]}
    sync = Sync(_connection().pk, active=True)
    return lifecycle.create_or_link(values=values, actor=Actor.system("Corpus"), sync=sync).contact  # type: ignore[arg-type]


def _connection() -> Any:
    """The connection whose token was used last: the one the corpus speaks through."""
    from django.db.models import F

    from deskscim.provisioning.models import Connection

    return Connection.objects.order_by(F("tokens__last_used_at").desc(nulls_last=True), "pk").first()


def check(expectations: list[Json]) -> list[str]:
    """What the portal shows differently, a line each."""
    return [problem for expected in expectations for problem in _problems(expected)]


def _problems(expected: Json) -> list[str]:
    from contacts.models import Contact

    found = list(Contact.objects.filter(addresses__address_key=expected["email"].casefold()))
    if len(found) != expected.get("count", 1):
        return [f"{expected['email']}: {len(found)} contacts"]
    shown = [_shown(contact) for contact in found]
    keys = expected.keys() - {"email", "count"}
    return [
        f"{key}: {row[key]!r}, expected {expected[key]!r}"
        for row in shown
        for key in keys
        if row[key] != expected[key]
    ]


def _shown(contact: Any) -> Json:
    return {
        "deleted": contact.is_deleted,
        "verified": contact.verified,
        "company": contact.company.name if contact.company else None,
        "name": contact.name,
        "title": contact.title or None,
    }


def main() -> int:
    """Run the hook that the first argument names."""
    payload = json.load(sys.stdin)
    if payload:  # most scenarios need nothing; Django's start would be most of their time
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskscim.settings")
        django.setup()
    if sys.argv[1] == "setup":
        print(json.dumps(setup(payload)))
        return 0
    problems = check(payload)
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
