"""JSON documents of identity providers: where each provider is, and what it answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from localcloud.context import Cloud
from localcloud.federation import strict_json
from localcloud.federation.addresses import AnswerError, checked, is_loopback
from localcloud.federation.errors import RejectedError, UnreachableError

MAX_TOKEN = 4096
"""Characters of an access token; longer than any."""

_SIGNED = re.compile(rb"\s*eyJ[\w-]+\.[\w-]+\.[\w-]*\s*")
"""A compact JWS."""


def address_of(cloud: Cloud, provider: str, own: str) -> str:
    """The base URL of a provider, named as AWS does, `HOST[/PATH]`: its own, or a stand-in's (`--provider`)."""
    return cloud.providers.get(provider, own).rstrip("/")


def read_object(
    cloud: Cloud,
    provider: str,
    url: str,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    """The JSON object at one of a provider's addresses; a form is posted there. Raises UnreachableError."""
    try:
        body = cloud.fetch(url, form, headers)
    except OSError as error:
        raise _unreachable(provider, url, str(getattr(error, "reason", None) or error)) from error
    try:
        found = strict_json.read(body)
    except ValueError as error:
        kind = "a signed token, not with JSON" if _SIGNED.fullmatch(body) else "something else than JSON"
        raise _unreachable(provider, url, f"it answered with {kind}") from error
    if not isinstance(found, dict):
        raise _unreachable(provider, url, "it answered with something else than a JSON object")
    return found


def configuration(cloud: Cloud, provider: str, address: str, issuers: tuple[str, ...]) -> Mapping[str, Any]:
    """The discovery document at a provider's address (OpenID Connect Discovery 1.0). Raises UnreachableError."""
    found = read_object(cloud, provider, f"{address}/.well-known/openid-configuration")
    # Attack: one provider's document that is another one's. A stand-in may call itself by its own address.
    if found.get("issuer") not in (*issuers, address):
        raise UnreachableError(f"The discovery document at {address} is of another issuer than {issuers[0]}.")
    return found


def ask(cloud: Cloud, provider: str, address: str, token: str, **parameters: str) -> Mapping[str, Any]:
    """What a provider's API answers about an access token. Raises RejectedError when it says no, UnreachableError."""
    rejected = RejectedError(f"{provider} does not accept the token.")
    if not 0 < len(token) <= MAX_TOKEN:
        raise rejected
    url = f"{address}?{urlencode({**parameters, 'access_token': token})}"
    try:
        return read_object(cloud, provider, url)
    except UnreachableError as error:
        if isinstance(error.__cause__, AnswerError) and error.__cause__.status in (400, 401, 403):
            raise rejected from None
        # The cause names the URL, and the URL has the token in it.
        raise error from None


def check_same_reach(base: str, url: str, provider: str) -> str:
    """An address that a document at `base` names. Raises UnreachableError.

    Attack: the discovery document of a provider on the Internet that sends this server to its own loopback.
    """
    try:
        parts = checked(url)
    except ValueError as error:
        raise _unreachable(provider, base, f"it names an address that is not asked: {error}") from error
    if is_loopback(parts) and not is_loopback(urlsplit(base)):
        raise _unreachable(provider, base, "it names an address on this machine")
    return url


def _unreachable(provider: str, url: str, why: str) -> UnreachableError:
    # Without the query: an access token may be in it.
    return UnreachableError(
        f"{provider} could not be reached at {url.partition('?')[0]}: {why}. "
        f"A stand-in on this machine takes its place with --provider {provider}=URL"
    )
