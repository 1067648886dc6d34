"""Who is let in below /entra (R2, R3, R4, R13)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from deskscim.provisioning.models import LogEntry, Scope, Token
from deskscim.provisioning.scim import urls
from deskscim.provisioning.scim.endpoint import ScimView
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory

from .conftest import Scim, scim_of

PATHS = {
    "root": ["", "/"],
    "search": ["/.search"],
    "users-search": ["/Users/.search"],
    "users": ["/Users", "/Users/", "/Users/1", "/Users/1/"],
    "groups-search": ["/Groups/.search"],
    "groups": ["/Groups", "/Groups/1"],
    "me": ["/Me"],
    "bulk": ["/Bulk"],
    "service-provider-config": ["/ServiceProviderConfig"],
    "resource-types": ["/ResourceTypes", "/ResourceTypes/User"],
    "schemas": ["/Schemas", "/Schemas/x"],
    "unknown": ["/nothing", "/a/b/c", "//"],
}
VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
ALL = [path for paths in PATHS.values() for path in paths]


def test_every_pattern_below_entra_is_walked() -> None:
    """A new endpoint must join the walk below."""
    assert {pattern.name for pattern in urls.urlpatterns} == PATHS.keys()
    views = [getattr(resolve(f"/entra{path}").func, "view_class", object) for path in ALL]
    assert all(issubclass(view, ScimView) for view in views)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("verb", VERBS)
def test_nothing_answers_without_a_token(path: str, verb: str) -> None:
    """R2: 401, as a SCIM error, with the challenge; never a redirect (R13)."""
    answer = Client().generic(verb, f"/entra{path}")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/scim+json"


@pytest.mark.django_db
def test_a_portal_session_opens_nothing(admin_client: Client) -> None:
    """The session of an admin is no token."""
    assert admin_client.get("/entra/Users").status_code == 401


@pytest.mark.django_db
def test_unknown_revoked_and_expired_tokens_are_told_apart(scim: Scim) -> None:
    """R2: the error says which."""
    token = Token.objects.get()
    told = [Scim(scim.connection, "dsk_unknown").get("/Users")]
    token.revoke()
    told.append(scim.get("/Users"))
    Token.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    told.append(scim.get("/Users"))
    assert [answer.status_code for answer in told] == [401, 401, 401]
    assert [answer.json()["detail"] for answer in told] == [
        "The token is unknown.",
        "The token is revoked.",
        "The token has expired.",
    ]


@pytest.mark.django_db
def test_a_token_without_the_scope_is_forbidden(scim: Scim) -> None:
    """R2: 403, not 401, which would quarantine the job."""
    Token.objects.update(scopes=[Scope.API_READ])
    answer = scim.get("/Users")
    assert answer.status_code == 403
    assert "scope" in answer.json()["detail"]


@pytest.mark.django_db
def test_two_live_tokens_make_rotation_possible(scim: Scim) -> None:
    """R3."""
    second = scim_of(scim.connection)
    assert (scim.get("/Users").status_code, second.get("/Users").status_code) == (200, 200)


@pytest.mark.django_db
def test_the_last_use_is_kept_to_the_minute(scim: Scim) -> None:
    """R3: a busy sync does not write the token's row with each request."""
    first = Token.objects.get().last_used_at
    scim.get("/Users")
    assert first is not None
    assert (first.second, first.microsecond) == (0, 0)
    assert Token.objects.get().last_used_at == first


@pytest.mark.django_db
def test_a_connection_that_is_off_asks_to_come_back(scim: Scim) -> None:
    """R4: 503 with Retry-After, and no change."""
    scim.connection.enabled = False
    scim.connection.save()
    answer = scim.post()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")


@pytest.mark.django_db
class TestIsolation:
    """R4: a connection sees its own contacts and no others."""

    def test_the_others_contact_is_in_no_answer(self, scim: Scim, other: Scim) -> None:
        """By id, filter or list."""
        contact = other.created(login="ann")
        assert scim.get(f"/Users/{contact.pk}").status_code == 404
        assert scim.find('userName eq "ann@northwind.example"') == []
        assert scim.get("/Users").json()["totalResults"] == 0

    def test_the_others_contact_cannot_be_changed(self, scim: Scim, other: Scim) -> None:
        """404 for every write."""
        contact = other.created()
        answers = [scim.replace(contact.pk, "title", "x"), scim.delete(contact.pk)]
        answers.append(scim.send("PUT", f"/Users/{contact.pk}", {"userName": "x"}))
        assert [answer.status_code for answer in answers] == [404, 404, 404]

    def test_a_post_of_the_others_contact_reveals_nothing(self, scim: Scim, other: Scim) -> None:
        """R15: 409 without id, name or connection of what stands in the way."""
        other.created(login="ann", displayName="Ann Secret")
        answer = scim.post(login="ann")
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
        assert "Secret" not in answer.content.decode()
        assert other.connection.name not in answer.content.decode()

    def test_unlinked_contacts_are_not_shown(self, scim: Scim) -> None:
        """They only come in by R14."""
        contact = ContactFactory()
        assert scim.get(f"/Users/{contact.pk}").status_code == 404

    def test_a_bound_connection_links_only_its_companys_contacts(self, scim: Scim) -> None:
        """R4: of that company or of none."""
        bound = scim_of(ConnectionFactory(company=CompanyFactory()))
        ContactFactory(emails=["ann@northwind.example"], company=CompanyFactory())
        assert bound.post(login="ann").status_code == 409
        ContactFactory(emails=["bea@northwind.example"])
        assert bound.created(login="bea").company == bound.connection.company


@pytest.mark.django_db
def test_failed_authentication_writes_no_log_entry(scim: Scim) -> None:
    """Nobody unknown can fill the log."""
    Scim(scim.connection, "dsk_unknown").get("/Users")
    assert LogEntry.objects.count() == 0
