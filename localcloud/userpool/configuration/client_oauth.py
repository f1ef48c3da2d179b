"""What an app client may do by OAuth: the flows, scopes, providers and addresses of its settings, checked together.

Sources: API reference, `CreateUserPoolClient`; Cognito developer guide, "Application-specific settings with app
clients" and "Quotas"; messages as AWS answers them, where those are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration import scopes
from localcloud.userpool.models import UserPool
from localcloud.userpool.providers.federation_state import IdentityProvider, ResourceServer

COGNITO = "COGNITO"
"""The pool's own users, in `SupportedIdentityProviders`."""

_MACHINES = "client_credentials"

_URI = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>[!-~]+)")
_WEB = re.compile(r"//(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?([/?].*)?")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_RUN_BY_BROWSERS = ("javascript", "data", "vbscript", "blob", "file", "about", "view-source")


def check(ctx: Context, pool: UserPool, config: Mapping[str, Any], *, has_secret: bool) -> None:
    """Raise InvalidParameterException, InvalidOAuthFlowException or ScopeDoesNotExistException."""
    flows, wanted = config.get("AllowedOAuthFlows") or [], config.get("AllowedOAuthScopes") or []
    if config.get("AllowedOAuthFlowsUserPoolClient") and not (flows and wanted):
        message = (
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows."
        )
        raise _bad(message)
    _check_addresses(config)
    _check_flows(flows, wanted, config, has_secret=has_secret)
    _check_scopes(ctx, pool, wanted)
    _check_providers(ctx, pool, config.get("SupportedIdentityProviders") or [])


def _check_addresses(config: Mapping[str, Any]) -> None:
    callbacks = config.get("CallbackURLs") or []
    for uri in (*callbacks, *(config.get("LogoutURLs") or ())):
        _check_address(uri)
    default = config.get("DefaultRedirectURI")
    if default and default not in callbacks:
        raise _bad(f"The default redirect URI {default} is not in the callback URIs list.")


def _check_address(uri: str) -> None:
    """Attack: an address that a browser runs, reads in two ways, or sends a code to in the clear."""
    found = _URI.fullmatch(uri)
    if found is None or found["scheme"].lower() in _RUN_BY_BROWSERS:
        raise _bad(f"{uri} is not an absolute URI that a browser can be sent to.")
    if "#" in uri:
        raise _bad(f"{uri} cannot use fragment")
    scheme = found["scheme"].lower()
    if scheme not in ("http", "https"):
        return
    web = _WEB.fullmatch(found["rest"])
    if web is None:
        raise _bad(f"{uri} has no host, or a user name in front of it.")
    if scheme == "http" and web["host"].lower() not in _LOOPBACK:
        raise _bad(f"{uri} cannot use the HTTP protocol.")


def _check_flows(flows: Sequence[str], wanted: Sequence[str], config: Mapping[str, Any], *, has_secret: bool) -> None:
    if _MACHINES not in flows:
        if flows and not config.get("CallbackURLs"):
            raise _bad("CallbackUrls can not be empty when code flow or implicit flow is selected")
        return
    if len(flows) > 1:
        raise _bad_flow(f"{_MACHINES} flow can not be selected along with code flow or implicit flow.")
    # Attack: a flow without a user or a secret, which anybody who reads the client id off a page could start.
    if not has_secret:
        raise _bad_flow(f"{_MACHINES} flow can not be selected if client does not have a client secret.")
    for scope in wanted:
        if scope in scopes.SYSTEM:
            raise _bad_flow(f"{scope} is not supported with {_MACHINES} flow")


def _check_scopes(ctx: Context, pool: UserPool, wanted: Sequence[str]) -> None:
    for scope in wanted:
        # The name has no slash; the identifier may be a URL, and has many.
        identifier, _, name = scope.rpartition("/")
        server = ctx.store.get(ResourceServer, pool.id, identifier)
        if scope not in scopes.SYSTEM and (server is None or name not in server.scopes):
            raise AwsError("ScopeDoesNotExistException", f"Invalid scope requested: {scope}")


def _check_providers(ctx: Context, pool: UserPool, names: Sequence[str]) -> None:
    for name in names:
        if name != COGNITO and ctx.store.get(IdentityProvider, pool.id, name) is None:
            raise _bad(f"The provider {name} does not exist for User Pool {pool.id}.")


def _bad(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)


def _bad_flow(message: str) -> AwsError:
    return AwsError("InvalidOAuthFlowException", message)
