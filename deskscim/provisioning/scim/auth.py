"""Who asks: the bearer token behind a request to /entra (R2, R3, R4)."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from deskscim.provisioning.models import Connection, Scope, Token
from deskscim.provisioning.remembered import remembered

from .errors import Forbidden, Unauthorized, Unavailable

RETRY_SECONDS = 600  # a connection that is off: ask again before Entra's next cycle of 40 minutes


@dataclass(frozen=True, slots=True)
class Access:
    """An accepted token and the connection it speaks for."""

    token: Token
    connection: Connection


def authenticate(request: HttpRequest) -> Access:
    """The access that the request's bearer token gives.

    Raises Unauthorized (missing, unknown, revoked or expired), Forbidden (no scope `scim`) and Unavailable
    (the connection is switched off), each saying which.
    """
    token = _live_token(_bearer(request))
    if token.connection is None or Scope.SCIM not in token.scopes:
        raise Forbidden("This token has no access to SCIM: it lacks the scope scim.", reason="scope_missing")
    token.touch(timezone.now())
    if not token.connection.enabled:
        raise Unavailable("Provisioning is switched off for this connection.", retry_after=RETRY_SECONDS)
    return Access(token, token.connection)


def _bearer(request: HttpRequest) -> str:
    scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthorized("A bearer token is required in the Authorization header.", reason="token_missing")
    return str(secret.strip())


def _token(digest: str) -> Token | None:
    return Token.objects.select_related("connection__company").filter(digest=digest).first()


def _live_token(secret: str) -> Token:
    digest = Token.digest_of(secret)
    token = remembered.get(("token", digest), lambda: _token(digest))
    if token is None:
        raise Unauthorized("The token is unknown.", reason="token_unknown")
    if token.revoked_at is not None:
        raise Unauthorized("The token is revoked.", reason="token_revoked")
    if not token.is_live(timezone.now()):
        raise Unauthorized("The token has expired.", reason="token_expired")
    return token
