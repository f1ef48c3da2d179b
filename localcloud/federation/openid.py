"""OpenID Connect ID tokens: whose are they, made for whom, and are they still good?

Rules: OpenID Connect Core 1.0, section 3.1.3.7, and what AWS makes of them (Cognito developer guide, "Open ID Connect
providers (identity pools)"; IAM user guide, "Create an OpenID Connect identity provider in IAM").
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.context import Cloud
from localcloud.federation import base64url, documents, keys, strict_json
from localcloud.federation.errors import AudienceError, TokenError, TokenExpiredError

MAX_LENGTH = 20_000
"""Characters; what STS takes. Longer ones are not even parsed."""

SKEW = 300
"""Seconds by which a provider's clock may be ahead: AWS's grace. None is given after the end: denied when in doubt."""

NO_TOKEN = "Not a valid OpenId Connect identity token."  # noqa: S105
WRONG_ISSUER = "Issuer doesn't match providerName"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: its name as AWS writes it, `HOST[/PATH]`, the forms of `iss` in its tokens, its own address.

    `key_set` is where its keys are; empty: its discovery document says so.
    """

    name: str
    forms: tuple[str, ...]
    address: str
    key_set: str = ""


@dataclass(frozen=True, slots=True)
class IdToken:
    """A verified ID token. `client` is the app it was made for: `azp` if there is one, else the only `aud`."""

    issuer: str
    subject: str
    client: str
    audiences: tuple[str, ...]
    algorithm: str
    claims: Mapping[str, Any]


def verify(cloud: Cloud, token: str, issuer: Issuer, clients: Collection[str] | None) -> IdToken:
    """An issuer's ID token for one of these clients; None takes every client's, and the caller has to decide on it.

    Raises FederationError.
    """
    header, claims, signed, signature = _read(token)
    # Attack: a token of another provider, under this one's name. Nothing is fetched for it.
    if claims.get("iss") not in issuer.forms:
        raise TokenError(WRONG_ISSUER)
    # `crit` lists extensions that must be understood; none is understood here (RFC 7515, section 4.1.11).
    if "crit" in header or not isinstance(header.get("kid"), str):
        raise TokenError(NO_TOKEN)
    address = documents.address_of(cloud, issuer.name, issuer.address)
    key = keys.find_key(cloud, issuer.name, address, issuer.forms, header["kid"], issuer.key_set)
    algorithm = str(header.get("alg"))
    key.verify(algorithm, signed, signature)
    _check_times(claims, cloud.clock.now())
    audiences = _audiences(claims)
    # Attack: a token for several apps of which none says that it is the one that asked for it.
    if "azp" not in claims and len(audiences) > 1:
        raise TokenError("Missing a required claim: azp")
    client = _text(claims, "azp", 2048) if "azp" in claims else audiences[0]
    # Attack: a token that the user gave to another app, which now signs in as that user.
    if clients is not None and client not in clients:
        raise AudienceError
    return IdToken(str(claims["iss"]), _text(claims, "sub", 255), client, audiences, algorithm, claims)


def claimed_issuer(token: str) -> str:
    """The `iss` of a token that nobody has checked: good for choosing the provider, and nothing else.

    Raises TokenError for what is no token at all.
    """
    return _text(_read(token)[1], "iss", 2048)


def _read(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any], bytes, bytes]:
    """Header, claims, signed bytes and signature of a token that is not verified yet."""
    # Attack: a text so long or so deep that reading it is the damage.
    if len(token) > MAX_LENGTH or token.count(".") != 2:
        raise TokenError(NO_TOKEN)
    head, body, signature = token.split(".")
    try:
        header, claims = (strict_json.read(base64url.decode(part)) for part in (head, body))
        made = base64url.decode(signature)
    except ValueError as error:
        raise TokenError(NO_TOKEN) from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise TokenError(NO_TOKEN)
    return header, claims, f"{head}.{body}".encode(), made


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    expires = _seconds(claims, "exp")
    if now >= expires:
        raise TokenExpiredError.at(now, expires)
    begins = max(_seconds(claims, "iat"), _seconds(claims, "nbf") if "nbf" in claims else 0)
    if begins > now + SKEW:
        raise TokenError(f"Token is not yet valid: {int(now)} < {int(begins)}")


def _audiences(claims: Mapping[str, Any]) -> tuple[str, ...]:
    listed = claims.get("aud")
    audiences = tuple(listed) if isinstance(listed, list) else (listed,)
    if not audiences or not all(isinstance(entry, str) and entry for entry in audiences):
        raise TokenError("Missing a required claim: aud")
    return audiences


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TokenError(f"Missing a required claim: {name}")
    return value


def _text(claims: Mapping[str, Any], name: str, limit: int) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        raise TokenError(f"Missing a required claim: {name}")
    return value
