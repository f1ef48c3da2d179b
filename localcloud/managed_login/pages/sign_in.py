"""The sign-in page: username and password, other providers, and the ways to the other pages that the pool allows."""

from __future__ import annotations

from dataclasses import dataclass

from localcloud.managed_login import authorization
from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.pages import carried, fields, passkeys, render, sent_codes
from localcloud.managed_login.pages.messages import Message
from localcloud.managed_login.request import Answer, LoginRequest
from localcloud.userpool.models import AppClient, UserPool
from localcloud.userpool.providers.federation_state import IdentityProvider

_BRANDS = {
    "Google": "Google",
    "Facebook": "Facebook",
    "LoginWithAmazon": "Amazon",
    "SignInWithApple": "Apple",
}
"""ProviderType → what people call it; a provider of the other types is called as the pool calls it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A provider that a person may go to."""

    name: str
    title: str
    address: str


def show(
    request: LoginRequest,
    wanted: AuthorizationRequest,
    *,
    username: str = "",
    error: Message | None = None,
    notice: Message | None = None,
    status: int = 200,
) -> Answer:
    """The page. What an earlier page has carried here is shown and dropped."""
    left = carried.read(request)
    with_password = takes_passwords(wanted.client)
    choices = _choices(request, wanted.client)
    if not with_password and not choices:
        raise PageError("SupportedIdentityProviders of the app client names no provider of the user pool")
    return render.page(
        request,
        "sign_in.html",
        status=status,
        cookies=carried.drop(request),
        with_password=with_password,
        choices=choices,
        username=fields.username(request.pool),
        value=username or left.username or request.query.get("login_hint", ""),
        codes=sent_codes.offered(request, wanted.client) if with_password else [],
        passkeys_of=passkeys.domain_of(request, wanted.client) if with_password else "",
        may_sign_up=may_sign_up(request.pool, wanted.client),
        may_recover=may_recover(request.pool, wanted.client),
        error=error,
        notice=notice or (Message(left.notice) if left.notice else None),
    )


def by_own_user(request: LoginRequest) -> AuthorizationRequest:
    """The authorization request of a page where a user of the pool itself signs in. Raises PageError.

    Attack: a password where the app lets in only users of another provider.
    """
    wanted = authorization.read(request, request.query)
    if not takes_passwords(wanted.client):
        raise PageError("SupportedIdentityProviders of the app client has no COGNITO")
    return wanted


def takes_passwords(client: AppClient) -> bool:
    """Whether users of the pool itself sign in to this app."""
    return "COGNITO" in (client.config.get("SupportedIdentityProviders") or ())


def may_sign_up(pool: UserPool, client: AppClient) -> bool:
    """Whether people make themselves users here."""
    only_admins = (pool.config.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly")
    return takes_passwords(client) and not only_admins


def may_recover(pool: UserPool, client: AppClient) -> bool:
    """Whether a forgotten password may be replaced by a code."""
    mechanisms = (pool.config.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or ()
    return takes_passwords(client) and [mechanism["Name"] for mechanism in mechanisms] != ["admin_only"]


def _choices(request: LoginRequest, client: AppClient) -> list[Choice]:
    found = []
    for name in client.config.get("SupportedIdentityProviders") or ():
        provider = request.ctx.store.get(IdentityProvider, request.pool.id, name)
        if provider is not None:
            address = render.link(request, "/oauth2/authorize", identity_provider=name, idp_identifier=None)
            found.append(Choice(name, _BRANDS.get(provider.type, name), address))
    return found
