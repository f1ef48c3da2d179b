"""What an app client may ask of `/oauth2/authorize`, checked in the order in which AWS names what is wrong.

Sources: Cognito developer guide, "The redirect and authorization endpoint"; RFC 7636, RFC 8707, RFC 9700.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from localcloud.userpool.configuration import scopes
from localcloud.userpool.models import AppClient

Refusal: TypeAlias = tuple[str, str]
"""RFC 6749's error code, and what is wrong in words for the developer."""

RESPONSE_TYPES: Mapping[str, str] = {"code": "code", "token": "implicit"}
"""`response_type` → the entry of AllowedOAuthFlows that it needs."""

PROMPTS = frozenset({"none", "login", "select_account", "consent"})

_NEED_OPENID = frozenset(scopes.SYSTEM) - {scopes.OPENID, scopes.USER}

_LONGEST = 2048
"""Characters of a value that comes back inside of a token."""

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""A SHA-256 digest in base64url without padding."""

_RESOURCE = re.compile(r"(?!http:(?!//localhost([:/?]|$)))[A-Za-z][A-Za-z0-9+.-]*://[!\"$-~]+", re.ASCII)
"""An absolute URI without a fragment: https, an app's own scheme, or plain http to localhost."""


def refusal(client: AppClient, query: Mapping[str, str], *, by_app: bool = True) -> Refusal | None:
    """The first thing that is wrong with a request whose client and redirect URI are proven, or None.

    Not `by_app`: the provider began by itself, so there is nothing of the app's to bind an answer to.
    """
    return (
        _of_client(client, query)
        or _of_scope(scopes_of(client, query), client)
        or (_of_challenge(client, query) if query["response_type"] == "code" else None)
        or (_of_binding(query) if by_app else None)
        or _of_prompt(prompts_of(query))
        or _of_values(query)
    )


def scopes_of(client: AppClient, query: Mapping[str, str]) -> tuple[str, ...]:
    """The scopes that a request asks for; all of the client's where it names none."""
    named = tuple(dict.fromkeys(query.get("scope", "").split()))
    return named or tuple(client.config.get("AllowedOAuthScopes") or ())


def prompts_of(query: Mapping[str, str]) -> frozenset[str]:
    """The values of `prompt`."""
    return frozenset(query.get("prompt", "").split())


def _of_client(client: AppClient, query: Mapping[str, str]) -> Refusal | None:
    wanted = query.get("response_type", "")
    if not client.config.get("AllowedOAuthFlowsUserPoolClient"):
        return "unauthorized_client", "AllowedOAuthFlowsUserPoolClient is off"
    if not client.config.get("SupportedIdentityProviders"):
        return "unauthorized_client", "SupportedIdentityProviders is empty: nobody can sign in"
    if not wanted:
        return "invalid_request", "response_type is missing"
    if wanted not in RESPONSE_TYPES:
        return "unsupported_response_type", "response_type is code or token"
    if RESPONSE_TYPES[wanted] not in (client.config.get("AllowedOAuthFlows") or ()):
        return "unauthorized_client", f"AllowedOAuthFlows has no {RESPONSE_TYPES[wanted]}"
    return None


def _of_scope(wanted: tuple[str, ...], client: AppClient) -> Refusal | None:
    if not wanted or not set(wanted) <= set(client.config.get("AllowedOAuthScopes") or ()):
        return "invalid_scope", "a scope is not in AllowedOAuthScopes"
    if scopes.OPENID not in wanted and not _NEED_OPENID.isdisjoint(wanted):
        return "invalid_scope", "phone, email and profile need openid"
    return None


def _of_challenge(client: AppClient, query: Mapping[str, str]) -> Refusal | None:
    challenge, method = query.get("code_challenge"), query.get("code_challenge_method")
    if challenge is None and method is None:
        # Attack: a code taken on its way by another app of the phone. Who has no secret has to show a verifier.
        return None if client.secrets else ("invalid_request", "a client without a secret has to use PKCE")
    # Attack: PKCE downgrade. `plain` gives the verifier away with the request.
    if method != "S256" or not _CHALLENGE.fullmatch(challenge or ""):
        return "invalid_request", "code_challenge_method is S256, and code_challenge a SHA-256 digest in base64url"
    return None


def _of_binding(query: Mapping[str, str]) -> Refusal | None:
    """Attack: login CSRF at the app, an answer that was begun in another browser. Stricter than AWS: RFC 9700, 2.1."""
    if any(query.get(name) for name in ("state", "nonce", "code_challenge")):
        return None
    return "invalid_request", "state is missing: without it, nonce or PKCE, the app cannot tell whose answer it gets"


def _of_prompt(prompts: frozenset[str]) -> Refusal | None:
    if not prompts <= PROMPTS:
        return "invalid_request", "prompt is none, login, select_account or consent"
    if "none" in prompts and len(prompts) > 1:
        return "invalid_request", "prompt=none goes with no other"
    return None


def _of_values(query: Mapping[str, str]) -> Refusal | None:
    resource = query.get("resource", "")
    if resource and not (len(resource) <= _LONGEST and _RESOURCE.fullmatch(resource)):
        return "invalid_request", "resource is no URL with https://, http://localhost or an app's own scheme"
    # Attack: a token so long that nobody who is given it can read it.
    if len(query.get("nonce", "")) > _LONGEST:
        return "invalid_request", f"nonce is longer than {_LONGEST} characters"
    return None
