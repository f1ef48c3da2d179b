"""`/saml2/idpresponse`: where a SAML provider's response comes to, asked for or, where `IDPInit` lets it, by itself.

Source: Cognito developer guide, "The IdP SAML assertion endpoint".
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.managed_login import authorization, departures, posted
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.request import Answer, LoginRequest
from localcloud.userpool.providers.federation_state import IdentityProvider
from localcloud.wire.web import RepeatedError, read_parameters


def post(request: LoginRequest) -> Answer:
    """Keep the response: the provider's page posts it, and only on the way back has this browser its cookies."""
    return posted.keep(request)


def get(request: LoginRequest) -> Answer:
    """Go on with the response that was posted before. Raises PageError, RedirectError."""
    answer = posted.take(request, request.query.get("handle", ""))
    relay_state = answer.get("RelayState", "")
    # A state of ours is hexadecimal.
    if "=" in relay_state:
        return _unsolicited(request, relay_state, answer)
    return departures.arrive(request, departures.collect(request, relay_state), answer)


def _unsolicited(request: LoginRequest, relay_state: str, answer: Mapping[str, str]) -> Answer:
    """A sign-in that began at the provider: `RelayState` is what the app would have asked /oauth2/authorize."""
    try:
        query = read_parameters(relay_state)
    except RepeatedError as error:
        raise PageError(f"RelayState: {error}") from error
    wanted = authorization.read(request, query, by_app=False)
    # Attack: login CSRF, by whoever has an account at one of them. AWS takes no such client: its users cannot tell it
    # from a sign-in of their own. Source: "Implement IdP-initiated SAML sign-in".
    for name in wanted.client.config["SupportedIdentityProviders"]:
        provider = request.ctx.store.get(IdentityProvider, request.pool.id, name)
        if provider is None or provider.type != "SAML":
            raise wanted.refused("invalid_request", f"IdP-initiated sign-in: the client has {name}, which is not SAML")
    return departures.welcome(request, wanted, wanted.provider, {}, answer)
