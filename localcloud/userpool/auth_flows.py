"""Both doors to the sign-in engine, with and without AWS credentials: which flow, which parameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import sign_in, tokens
from localcloud.userpool.account import check_may_sign_in
from localcloud.userpool.attempt import SignIn, wrong_password
from localcloud.userpool.challenges.password_verifier import read_srp_a
from localcloud.userpool.models import AppClient, UserPool
from localcloud.userpool.passwords import is_right
from localcloud.userpool.pools import check_secret_hash

_SAME = {"REFRESH_TOKEN": "REFRESH_TOKEN_AUTH", "ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH"}
"""Older names of flows."""


def begin(
    ctx: Context, pool: UserPool, client: AppClient, flows: frozenset[str], request: Mapping[str, Any]
) -> dict[str, Any]:
    """Begin a sign-in by one of `flows`. Raises InvalidParameterException for another flow, or one not enabled."""
    flow = request["AuthFlow"]
    if flow not in flows:
        raise AwsError("InvalidParameterException", f"The auth flow {flow} is not supported by this call.")
    flow = _SAME.get(flow, flow)
    if not client.allows(flow):
        raise AwsError("InvalidParameterException", f"{flow} is not enabled for the client.")
    parameters = request.get("AuthParameters") or {}
    if flow == "REFRESH_TOKEN_AUTH":
        return _refresh(ctx, pool, client, parameters, request.get("ClientMetadata"))
    username = _required(parameters, "USERNAME")
    check_secret_hash(client, username, parameters.get("SECRET_HASH"))
    if flow == "USER_SRP_AUTH":
        a_public = read_srp_a(parameters)
        s = _start(ctx, pool, client, username, parameters)
        return sign_in.next_step(ctx, s.noting(a_public=a_public))
    password = _required(parameters, "PASSWORD")
    return sign_in.next_step(ctx, with_password(ctx, _start(ctx, pool, client, username, parameters), password))


def with_password(ctx: Context, s: SignIn, password: str) -> SignIn:
    """The sign-in with its password proven. Raises NotAuthorizedException, and what `check_may_sign_in` does."""
    if not is_right(ctx, s.pool, s.user, password):
        raise wrong_password()
    check_may_sign_in(ctx, s.known_user)
    return dataclasses.replace(s, password_proven=True)


def go_on(ctx: Context, pool: UserPool, client: AppClient, request: Mapping[str, Any]) -> dict[str, Any]:
    """Take the answer to a challenge."""
    responses = request.get("ChallengeResponses") or {}
    check_secret_hash(client, responses.get("USERNAME", ""), responses.get("SECRET_HASH"))
    name, session, metadata = request["ChallengeName"], request.get("Session"), request.get("ClientMetadata")
    return sign_in.answer(ctx, pool, client, name, session, responses, metadata)


def _start(ctx: Context, pool: UserPool, client: AppClient, username: str, parameters: Mapping[str, str]) -> SignIn:
    # A sign-in's ClientMetadata reaches none of the triggers that run here. Source: InitiateAuth, ClientMetadata.
    return sign_in.start(ctx, pool, client, username, None, parameters.get("DEVICE_KEY", ""))


def _refresh(
    ctx: Context, pool: UserPool, client: AppClient, parameters: Mapping[str, str], metadata: Mapping[str, str] | None
) -> dict[str, Any]:
    refresh = _required(parameters, "REFRESH_TOKEN")
    if client.secrets:
        # The hash is over the username or the sub; which one, the token says.
        names = tokens.names_behind(ctx, refresh)
        _check_any_secret_hash(client, names, parameters.get("SECRET_HASH"))
    result = tokens.renew(ctx, pool, client, refresh, parameters.get("DEVICE_KEY", ""), metadata)
    return {"AuthenticationResult": result, "ChallengeParameters": {}}


def _check_any_secret_hash(client: AppClient, names: tuple[str, ...], secret_hash: str | None) -> None:
    for name in names[:-1]:
        try:
            return check_secret_hash(client, name, secret_hash)
        except AwsError:
            continue
    return check_secret_hash(client, names[-1] if names else "", secret_hash)


def _required(parameters: Mapping[str, str], name: str) -> str:
    if not parameters.get(name):
        raise AwsError("InvalidParameterException", f"Missing required parameter {name}")
    return parameters[name]
