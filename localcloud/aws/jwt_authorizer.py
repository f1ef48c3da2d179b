"""The JWT authorizer of HTTP APIs, in place of the engine's, which takes tokens that never expire.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localcloud.jws import InvalidTokenError


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """Who signs tokens for an authorizer's `Issuer`. `name` is the `iss` of its tokens, as it writes them.

    `verify` gives the claims of a token that its key signed with RS256 and raises InvalidTokenError at any other.
    """

    name: str
    verify: Callable[[str], Mapping[str, Any]]


FindIssuer = Callable[[str], TrustedIssuer | None]
"""From the `Issuer` that the template writes to whoever signs for it; None for a stranger."""

EngineAnswer = tuple[int, dict[str, str], bytes]


class _RefusedError(Exception):
    def __init__(self, status: int, challenge: str) -> None:
        super().__init__(challenge)
        self.status = status
        self.challenge = challenge


class JwtAuthorizer:
    """Stands where the engine has its own: claims and scopes of a good token, or the answer that refuses."""

    def __init__(self, find_issuer: FindIssuer, now: Callable[[], float]) -> None:
        """`now` gives seconds since the epoch."""
        self._find_issuer = find_issuer
        self._now = now

    async def __call__(
        self,
        route: Mapping[str, Any],
        authorizer: Mapping[str, Any],
        headers: Mapping[str, str],
        query: Mapping[str, Any],
    ) -> tuple[Mapping[str, Any] | None, list[str] | None, EngineAnswer | None]:
        """The engine's call: (claims, scopes, None), or (None, None, the answer)."""
        try:
            token = _token(authorizer["identitySource"], headers, query)
            settings = authorizer["jwtConfiguration"]
            claims = self._verified(token, settings["issuer"])
            self._check_times(claims)
            _check_audience(claims, settings["audience"])
            return claims, _check_scopes(claims, route.get("authorizationScopes") or []), None
        except _RefusedError as error:
            return None, None, _answer(error)

    def _verified(self, token: str, issuer_name: str) -> Mapping[str, Any]:
        issuer = self._find_issuer(issuer_name)
        if issuer is None:
            raise _invalid("the issuer is not known")
        try:
            claims = issuer.verify(token)
        except InvalidTokenError:
            raise _invalid("signature is invalid") from None
        # Attack: a token of another pool whose key this issuer happens to share.
        if claims.get("iss") != issuer.name:
            raise _invalid("issuer does not match")
        return claims

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._now()
        # Attack: a token without `exp` would be good for ever. What is no number counts as missing.
        if not _is_number(claims.get("exp")) or claims["exp"] <= now:
            raise _invalid("the token has expired")
        for name in ("nbf", "iat"):
            if name in claims and (not _is_number(claims[name]) or claims[name] > now):
                raise _invalid("the token is not valid yet")


def _token(sources: Sequence[str], headers: Mapping[str, str], query: Mapping[str, Any]) -> str:
    for source in sources:
        place, _, name = source.removeprefix("$request.").partition(".")
        value = headers.get(name.lower(), "") if place == "header" else (query.get(name) or [""])[-1]
        scheme, _, rest = value.strip().partition(" ")
        token = rest.strip() if scheme.lower() == "bearer" else value.strip()
        if token:
            return token
    raise _RefusedError(401, "Bearer")


def _check_audience(claims: Mapping[str, Any], audience: Sequence[str]) -> None:
    # `client_id` counts only where there is no `aud` at all; access tokens of Cognito have none.
    named = claims["aud"] if "aud" in claims else claims.get("client_id")
    named = named if isinstance(named, list) else [named]
    # Attack: an authorizer without an audience would take every client's token. The template must name one.
    if not any(isinstance(name, str) and name in audience for name in named):
        raise _invalid("the token does not have a valid audience")


def _check_scopes(claims: Mapping[str, Any], wanted: Sequence[str]) -> list[str]:
    scopes = claims.get("scope", claims.get("scp", ""))
    scopes = scopes if isinstance(scopes, list) else str(scopes).split()
    if wanted and not any(scope in wanted for scope in scopes):
        raise _RefusedError(403, f'Bearer scope="{" ".join(wanted)}" error="insufficient_scope"')
    return [str(scope) for scope in scopes]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _invalid(description: str) -> _RefusedError:
    return _RefusedError(401, f'Bearer scope="" error="invalid_token" error_description="{description}"')


def _answer(error: _RefusedError) -> EngineAnswer:
    message = "Unauthorized" if error.status == 401 else "Forbidden"
    headers = {"Content-Type": "application/json", "www-authenticate": error.challenge}
    return error.status, headers, json.dumps({"message": message}, separators=(",", ":")).encode()
