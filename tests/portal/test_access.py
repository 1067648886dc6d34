"""Who may go where (R48): every URL of the project is in this table, or in one of the two groups below it."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from tests.factories import (
    CompanyFactory,
    ContactFactory,
    ContactImportFactory,
    JobFactory,
    SavedViewFactory,
    TicketFactory,
)

from .conflict import ambiguous

OK, NOTHING, ELSEWHERE, FORBIDDEN, NOT_FOUND, WRONG_VERB = 200, 204, 302, 403, 404, 405

# URL, verb: what agent, manager and admin are answered. Somebody unknown is always sent to the sign-in page.
TABLE: dict[tuple[str, str], tuple[int, int, int]] = {
    ("", "GET"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("contacts:list", "GET"): (OK, OK, OK),
    ("contacts:changes", "GET"): (NOTHING, NOTHING, NOTHING),
    ("contacts:filters", "GET"): (OK, OK, OK),
    ("contacts:columns", "GET"): (OK, OK, OK),
    ("contacts:columns", "POST"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("contacts:view-create", "GET"): (OK, OK, OK),
    ("contacts:view-create", "POST"): (OK, OK, OK),
    ("contacts:view-edit", "GET"): (FORBIDDEN, OK, OK),
    ("contacts:view-edit", "POST"): (FORBIDDEN, OK, OK),
    ("contacts:view-update", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:view-delete", "GET"): (FORBIDDEN, OK, OK),
    ("contacts:view-delete", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:create", "GET"): (OK, OK, OK),
    ("contacts:create", "POST"): (OK, OK, OK),
    ("contacts:detail", "GET"): (OK, OK, OK),
    ("contacts:edit", "GET"): (OK, OK, OK),
    ("contacts:edit", "POST"): (OK, OK, OK),
    ("contacts:field title", "GET"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("contacts:field title", "POST"): (OK, OK, OK),
    ("contacts:address add", "POST"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("contacts:by-domain", "POST"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("contacts:merge-choose", "GET"): (FORBIDDEN, OK, OK),
    ("contacts:merge", "GET"): (FORBIDDEN, OK, OK),
    ("contacts:merge", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:not-duplicate", "POST"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("contacts:delete", "GET"): (OK, OK, OK),
    ("contacts:delete", "POST"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("contacts:restore", "POST"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("contacts:unsuspend", "POST"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("contacts:erase", "GET"): (FORBIDDEN, FORBIDDEN, OK),
    ("contacts:erase", "POST"): (FORBIDDEN, FORBIDDEN, ELSEWHERE),
    ("contacts:bulk delete", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:bulk restore", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:bulk unsuspend", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:bulk suspend", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:bulk verify", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:bulk company", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:bulk company-by-domain", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:bulk-merge", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:bulk erase", "POST"): (FORBIDDEN, FORBIDDEN, ELSEWHERE),
    ("contacts:export", "GET"): (FORBIDDEN, OK, OK),
    ("contacts:export", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("contacts:import", "GET"): (FORBIDDEN, OK, OK),
    ("contacts:import", "POST"): (FORBIDDEN, OK, OK),
    ("contacts:import-template", "GET"): (FORBIDDEN, OK, OK),
    ("contacts:import-file", "GET"): (FORBIDDEN, NOT_FOUND, NOT_FOUND),
    ("contacts:import-file", "POST"): (FORBIDDEN, NOT_FOUND, NOT_FOUND),
    ("contacts:import-run", "POST"): (FORBIDDEN, NOT_FOUND, NOT_FOUND),
    ("contacts:pick", "GET"): (OK, OK, OK),
    ("companies:list", "GET"): (OK, OK, OK),
    ("companies:pick", "GET"): (OK, OK, OK),
    ("companies:mapping", "GET"): (OK, OK, OK),
    ("companies:adopt", "GET"): (FORBIDDEN, OK, OK),
    ("companies:adopt", "POST"): (FORBIDDEN, OK, OK),
    ("companies:map", "GET"): (FORBIDDEN, OK, OK),
    ("companies:map", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("companies:add-domain", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("companies:remove-domain", "POST"): (FORBIDDEN, ELSEWHERE, ELSEWHERE),
    ("companies:keep-domain", "POST"): (FORBIDDEN, NOT_FOUND, NOT_FOUND),
    ("companies:share-domain", "POST"): (FORBIDDEN, NOT_FOUND, NOT_FOUND),
    ("companies:delete", "GET"): (FORBIDDEN, OK, OK),
    ("companies:delete", "POST"): (FORBIDDEN, OK, OK),
    ("companies:merge", "GET"): (FORBIDDEN, OK, OK),
    ("companies:merge", "POST"): (FORBIDDEN, OK, OK),
    ("companies:detail", "GET"): (OK, OK, OK),
    ("companies:create", "GET"): (FORBIDDEN, OK, OK),
    ("companies:create", "POST"): (FORBIDDEN, OK, OK),
    ("companies:edit", "GET"): (FORBIDDEN, OK, OK),
    ("companies:edit", "POST"): (FORBIDDEN, OK, OK),
    ("tickets:list", "GET"): (OK, OK, OK),
    ("tickets:detail", "GET"): (OK, OK, OK),
    ("tickets:spam", "GET"): (OK, OK, OK),
    ("tickets:spam", "POST"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("tickets:create", "GET"): (OK, OK, OK),
    ("tickets:create", "POST"): (OK, OK, OK),
    ("tickets:status", "POST"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("tickets:unspam", "GET"): (OK, OK, OK),
    ("tickets:unspam", "POST"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    ("jobs:list", "GET"): (FORBIDDEN, OK, OK),
    ("jobs:detail", "GET"): (FORBIDDEN, NOT_FOUND, OK),
    ("jobs:cancel", "POST"): (FORBIDDEN, NOT_FOUND, ELSEWHERE),
    ("jobs:undo", "GET"): (FORBIDDEN, NOT_FOUND, OK),
    ("jobs:undo", "POST"): (FORBIDDEN, NOT_FOUND, ELSEWHERE),
    ("jobs:file", "GET"): (FORBIDDEN, NOT_FOUND, OK),
    ("settings:home", "GET"): (FORBIDDEN, FORBIDDEN, OK),
    ("settings:conflicts", "GET"): (FORBIDDEN, FORBIDDEN, OK),
    ("settings:conflict", "GET"): (FORBIDDEN, FORBIDDEN, OK),
    ("settings:link", "GET"): (FORBIDDEN, FORBIDDEN, OK),
    ("settings:link", "POST"): (FORBIDDEN, FORBIDDEN, ELSEWHERE),
    ("settings:keep-apart", "GET"): (FORBIDDEN, FORBIDDEN, OK),
    ("settings:keep-apart", "POST"): (FORBIDDEN, FORBIDDEN, ELSEWHERE),
    ("settings:merge", "GET"): (FORBIDDEN, FORBIDDEN, OK),
    ("settings:merge", "POST"): (FORBIDDEN, FORBIDDEN, ELSEWHERE),
    ("settings:drop", "GET"): (FORBIDDEN, FORBIDDEN, OK),
    ("settings:drop", "POST"): (FORBIDDEN, FORBIDDEN, ELSEWHERE),
    ("agents:profile", "GET"): (OK, OK, OK),
    ("agents:profile", "POST"): (OK, OK, OK),
    ("agents:password", "GET"): (OK, OK, OK),
    ("agents:password", "POST"): (OK, OK, OK),
    ("agents:sign-out", "POST"): (ELSEWHERE, ELSEWHERE, ELSEWHERE),
}
# Everybody may, signed in or not.
OPEN = {("agents:sign-in", "GET"): OK, ("agents:sign-in", "POST"): OK, ("healthz", "GET"): OK}
# Every URL of the Django admin is for admins, every one of SCIM for bearers of a token: tested as groups.
GROUPS = ("admin", "scim")

DOMAIN = "access.example"
WITHOUT_ROW = (
    "list",
    "filters",
    "columns",
    "create",
    "view-create",
    "bulk-merge",
    "home",
    "conflicts",
    "pick",
    "mapping",
    "export",
    "import",
    "import-template",
    "changes",
)
STATES = {"restore": {"deleted": True}, "erase": {"deleted": True}, "unsuspend": {"suspended": True}}


def urls(resolver: URLResolver, label: str = "", route: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """Label (its name, else its route), whole route, and pattern of every URL there is."""
    for entry in resolver.url_patterns:
        whole = route + ("" if isinstance(entry.pattern, RegexPattern) and not route else str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from urls(entry, f"{label}{entry.namespace}:" if entry.namespace else label, whole)
        else:
            yield label + (entry.name or whole), whole, entry


ALL_URLS = list(urls(get_resolver()))


def group_of(label: str) -> str:
    return label.partition(":")[0]


def conflict_with(name: str) -> list[object]:
    entry, *people = ambiguous()
    whom = {"link": people[:1], "merge": people}
    return [entry.pk, *(one.pk for one in whom.get(name, []))]


# What stands in an address: of one view, else of every view of its app, which is told the view's name.
OF_VIEW: dict[str, Callable[[], list[object]]] = {
    "companies:adopt": lambda: [DOMAIN],
    "companies:map": lambda: [CompanyFactory(domains=[DOMAIN]).pk, DOMAIN],
    "contacts:field": lambda: [ContactFactory().pk],
    "contacts:address": lambda: [ContactFactory().pk],
    "contacts:merge": lambda: [ContactFactory().pk, ContactFactory().pk],
    "contacts:not-duplicate": lambda: [ContactFactory().pk, ContactFactory().pk],
    "contacts:import-file": lambda: [ContactImportFactory().pk],  # of somebody else
    "contacts:import-run": lambda: [ContactImportFactory().pk],
    "contacts:bulk": list,
    **dict.fromkeys(
        ["contacts:view-edit", "contacts:view-update", "contacts:view-delete"],
        lambda: [SavedViewFactory(is_shared=True).pk],
    ),
}
OF_APP: dict[str, Callable[[str], list[object]]] = {
    "agents": lambda name: [],
    "settings": conflict_with,
    "contacts": lambda name: [ContactFactory(**STATES.get(name, {})).pk],
    "companies": lambda name: [CompanyFactory(domains=[DOMAIN]).pk],
    "jobs": lambda name: [JobFactory(file=SimpleUploadedFile("made.csv", b"")).pk],  # of somebody else
    "tickets": lambda name: [TicketFactory(spam_cause="agent" if name == "unspam" else "").pk],
}


def address(label: str) -> str:
    """A URL of that label, with a new row in the state from which the step leads on."""
    view, _, deed = label.partition(" ")
    app, _, name = view.partition(":")
    if not name:
        return f"/{label}"
    if name in WITHOUT_ROW:
        return reverse(view) + ("?since=0&seen=0" if name == "changes" else "")
    arguments = OF_VIEW[view]() if view in OF_VIEW else OF_APP[app](name)
    return reverse(view, args=[*arguments, *([deed] if deed else [])])


@pytest.fixture
def clients(agent_client: Client, manager_client: Client, admin_client: Client) -> tuple[Client, ...]:
    return agent_client, manager_client, admin_client


def test_every_url_is_in_the_table() -> None:
    known = {label.partition(" ")[0] for label, _ in [*TABLE, *OPEN]}
    assert {label for label, _, _ in ALL_URLS if group_of(label) not in GROUPS} == known
    assert {group_of(label) for label, _, _ in ALL_URLS} >= set(GROUPS)


@pytest.mark.parametrize(("label", "verb"), TABLE)
def test_each_role_gets_what_the_table_says(label: str, verb: str, clients: tuple[Client, ...]) -> None:
    answers = [client.generic(verb, address(label)) for client in clients]
    assert tuple(answer.status_code for answer in answers) == TABLE[label, verb]
    signs_out = label == "agents:sign-out"
    assert [answer for answer in answers if "sign-in" in answer.get("Location", "")] == answers * signs_out


@pytest.mark.parametrize(("label", "verb"), TABLE)
def test_somebody_unknown_is_sent_to_the_sign_in_page(
    label: str, verb: str, client: Client, db: None
) -> None:
    answer = client.generic(verb, address(label))
    assert answer.status_code == ELSEWHERE
    assert answer["Location"].partition("?")[0] == reverse("agents:sign-in")


@pytest.mark.parametrize(("label", "verb"), OPEN)
def test_open_urls_are_open_to_somebody_unknown(label: str, verb: str, client: Client, db: None) -> None:
    assert client.generic(verb, address(label)).status_code == OPEN[label, verb]


@pytest.mark.parametrize("label", sorted({label for label, _ in TABLE if label}))
def test_a_wrong_verb_is_refused(label: str, admin_client: Client) -> None:
    right = {verb for known, verb in TABLE if known == label}
    for verb in {"GET", "POST", "PATCH", "DELETE"} - right:
        assert (verb, admin_client.generic(verb, address(label)).status_code) == (verb, WRONG_VERB)


ADMIN_URLS = [(label, route) for label, route, _ in ALL_URLS if group_of(label) == "admin"]
ADMIN_OPEN = {"admin:login", "admin:logout"}  # they lead in and out


def admin_path(route: str) -> str:
    """Each part of the route that varies, filled in."""
    plain = re.sub(r"\^?\(\?P<app_label>\w+.*", "contacts/", route)
    plain = re.sub(r"\(\?P<url>\.\*\)\$", "nothing/", plain)
    return "/" + re.sub(r"<[^>]+>", "1", plain)


@pytest.mark.parametrize(("label", "route"), ADMIN_URLS, ids=[route for _, route in ADMIN_URLS])
def test_the_django_admin_is_for_admins(
    label: str, route: str, clients: tuple[Client, ...], client: Client
) -> None:
    *others, admin = clients
    if label not in ADMIN_OPEN:
        for one in (client, *others):
            answer = one.get(admin_path(route))
            assert answer.status_code == ELSEWHERE
            assert re.search("/admin/login/|/sign-in/", answer["Location"])
    answer = admin.get(admin_path(route))
    assert answer.status_code < 500
    assert "login" not in answer.get("Location", "")


SCIM_URLS = [route for label, route, _ in ALL_URLS if group_of(label) == "scim"]


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_no_sign_in_opens_scim(verb: str, clients: tuple[Client, ...], client: Client) -> None:
    """The walk over every URL below /entra is in tests/scim/test_access.py."""
    assert SCIM_URLS
    for one in (client, *clients):
        assert one.generic(verb, "/entra/Users").status_code == 401
