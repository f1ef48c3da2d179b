"""Passkeys on the pages: only in managed login, and only for apps whose users may choose how to sign in.

Source: Cognito developer guide, "Configure authentication methods for managed login".
"""

from __future__ import annotations

from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.request import LoginRequest
from localcloud.userpool import sign_in
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.challenges import select_challenge
from localcloud.userpool.configuration import domains
from localcloud.userpool.factors import first_factors, passkeys
from localcloud.userpool.models import AppClient, Domain


def domain_of(request: LoginRequest, client: AppClient) -> str:
    """The domain whose passkeys this app's users sign in with; empty where they do not."""
    served = request.ctx.store.get(Domain, request.domain)
    if served is None or served.version != domains.MANAGED_LOGIN:
        return ""
    if not client.allows("USER_AUTH") or passkeys.FACTOR not in first_factors.allowed(request.pool):
        return ""
    return passkeys.relying_party(request.ctx, request.pool)


def check_taken(request: LoginRequest, client: AppClient) -> None:
    """Raise PageError unless this app takes passkeys."""
    if not domain_of(request, client):
        raise PageError("the user pool, its domain or the app client takes no passkeys")


def begin(request: LoginRequest, wanted: AuthorizationRequest, username: str) -> SignIn:
    """A sign-in that is to be asked for a passkey. Raises PageError where the app takes none, and AwsError."""
    check_taken(request, wanted.client)
    s = sign_in.start(request.ctx, request.pool, wanted.client, username, None, flow="USER_AUTH", via="pages")
    return select_challenge.begin(request.ctx, s, passkeys.FACTOR, {})
