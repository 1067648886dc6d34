"""Bearer tokens: issued once, kept as a digest, ended by expiry or revocation (R3)."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from deskscim.provisioning.models import Scope, Token
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 31, 12, 0, 30, tzinfo=UTC)


def issue(**said: object) -> tuple[Token, str]:
    """A token of a new connection."""
    return Token.issue(**{"name": "Entra", "connection": ConnectionFactory(), **said})  # type: ignore[arg-type]


class TestIssuing:
    def test_the_secret_is_kept_nowhere(self) -> None:
        """R3: only a digest, and a prefix too short to be of use."""
        _, secret = issue()
        with database.cursor() as cursor:
            cursor.execute("SELECT * FROM provisioning_token")
            row = repr(cursor.fetchall())
        assert secret not in row
        assert secret[13:] not in row

    def test_the_digest_finds_the_token(self) -> None:
        """R3."""
        token, secret = issue()
        assert Token.objects.get(digest=Token.digest_of(secret)) == token
        assert token.digest == hashlib.sha256(secret.encode()).hexdigest()

    def test_the_prefix_tells_tokens_apart(self) -> None:
        """R3: an admin recognises the token in Entra by its beginning."""
        token, secret = issue()
        assert secret.startswith(token.prefix)
        assert (token.prefix[:4], str(token)) == ("dsk_", f"Entra ({token.prefix}…)")

    def test_secrets_are_long_distinct_and_fit_into_a_header(self) -> None:
        """R3: 32 random bytes, fewer than 256 characters, nothing to be escaped."""
        secrets = {issue()[1] for _ in range(20)}
        assert len(secrets) == 20
        assert all(len(secret) == 47 and secret.isascii() and " " not in secret for secret in secrets)

    def test_a_connection_has_two_live_tokens_for_a_rotation(self) -> None:
        """R3."""
        connection = ConnectionFactory()
        tokens = [issue(connection=connection)[0] for _ in range(2)]
        assert all(token.is_live(timezone.now()) for token in tokens)

    def test_a_token_of_the_rest_api_has_no_connection(self) -> None:
        """R3."""
        token, _ = issue(connection=None, scopes=[Scope.API_READ, Scope.API_WRITE])
        assert (token.connection, token.scopes) == (None, ["api:read", "api:write"])

    def test_scim_needs_a_connection(self) -> None:
        """R3."""
        with pytest.raises(ValueError, match="belongs to a connection"):
            issue(connection=None)

    @pytest.mark.parametrize(
        "scopes", [[], [Scope.API_READ], [Scope.API_READ, Scope.API_WRITE], [Scope.SCIM, Scope.API_READ]]
    )
    def test_a_connection_s_token_opens_scim_alone(self, scopes: list[str]) -> None:
        """R3: it belongs to one connection or to the REST API."""
        with pytest.raises(ValueError, match="A token"):
            issue(scopes=scopes)

    @pytest.mark.parametrize("scopes", [[], [Scope.SCIM, Scope.API_WRITE]])
    def test_a_token_without_a_connection_needs_a_scope_of_the_api_alone(self, scopes: list[str]) -> None:
        with pytest.raises(ValueError, match="A token"):
            issue(connection=None, scopes=scopes)

    def test_an_unknown_scope_is_refused(self) -> None:
        """R3."""
        with pytest.raises(ValueError, match="Unknown scopes: api:all"):
            issue(scopes=["scim", "api:all"])
        assert not Token.objects.exists()

    @pytest.mark.parametrize("secret", ["", "dsk_\u00e4", "\udcff", "x" * 100_000])
    def test_any_text_has_a_digest(self, secret: str) -> None:
        """R2: whatever a client sends as a token is looked up, and not found."""
        assert len(Token.digest_of(secret)) == 64


class TestEnding:
    @pytest.mark.parametrize(
        ("expires_in", "live"),
        [(None, True), (timedelta(microseconds=1), True), (timedelta(0), False), (timedelta(-1), False)],
    )
    def test_a_token_expires(self, expires_in: timedelta | None, live: bool) -> None:
        """R3: at the moment named, it is over."""
        token, _ = issue(expires_at=None if expires_in is None else NOON + expires_in)
        assert token.is_live(NOON) is live

    def test_a_revoked_token_is_over_and_still_listed(self) -> None:
        """R2, R3: so that a refusal can say why."""
        token, _ = issue(expires_at=timezone.now() + timedelta(days=1))
        token.revoke()
        assert not Token.objects.get().is_live(timezone.now())

    def test_the_first_revocation_counts(self) -> None:
        """R3."""
        token, _ = issue()
        token.revoke()
        first = token.revoked_at
        token.revoke()
        assert Token.objects.get().revoked_at == first


class TestLastUsed:
    def used(self, *moments: datetime) -> datetime | None:
        """Last used after a use at each of the moments, each by a request that read the token itself."""
        issue()
        for moment in moments:
            Token.objects.get().touch(moment)
        return Token.objects.get().last_used_at

    def test_an_unused_token(self) -> None:
        """R3."""
        assert self.used() is None

    def test_it_is_kept_to_the_minute(self) -> None:
        """R3."""
        assert self.used(NOON) == NOON.replace(second=0)

    def test_a_use_in_a_later_minute_moves_it(self) -> None:
        """R3."""
        later = NOON + timedelta(minutes=1)
        assert self.used(NOON, later) == later.replace(second=0)

    def test_a_busy_sync_writes_once_a_minute(self, django_assert_num_queries: object) -> None:
        """R3."""
        issue()
        Token.objects.get().touch(NOON)
        token = Token.objects.get()
        with django_assert_num_queries(0):  # type: ignore[operator]
            for second in range(1, 30):
                token.touch(NOON + timedelta(seconds=second % 29))

    def test_an_older_request_that_ends_later_does_not_set_it_back(self) -> None:
        """R3."""
        assert self.used(NOON, NOON - timedelta(minutes=5)) == NOON.replace(second=0)
