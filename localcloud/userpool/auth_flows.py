"""Both doors to the sign-in engine, with and without AWS credentials: which flow, which parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import custom_auth, sign_in, sign_up_sessions, tokens
from localcloud.userpool.accounts import auth_events, context_data
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.challenges import select_challenge
from localcloud.userpool.challenges.password import prove
from localcloud.userpool.challenges.password_verifier import read_srp_a
from localcloud.userpool.factors import first_factors
from localcloud.userpool.models import AppClient, UserPool
from localcloud.userpool.pools import check_secret_hash

_SAME = {"REFRESH_TOKEN": "REFRESH_TOKEN_AUTH", "ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH"}
"""Older names of flows."""

_SENDING_PASSWORD = ("USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH")


def begin(
    ctx: Context, pool: UserPool, client: AppClient, flows: frozenset[str], request: Mapping[str, Any]
) -> dict[str, Any]:
    """Begin a sign-in by one of `flows`. Raises InvalidParameterException for another flow, or one not enabled."""
    ctx, flow = context_data.of_user(ctx, client, request), request["AuthFlow"]
    if flow not in flows:
        raise AwsError("InvalidParameterException", f"The auth flow {flow} is not supported by this call.")
    flow = _SAME.get(flow, flow)
    if not client.allows(flow):
        raise AwsError("InvalidParameterException", f"{flow} is not enabled for the client.")
    parameters = request.get("AuthParameters") or {}
    if flow == "REFRESH_TOKEN_AUTH":
        return _refresh(ctx, pool, client, parameters)
    username = _required(parameters, "USERNAME")
    check_secret_hash(client, username, parameters.get("SECRET_HASH"))
    s = sign_in.start(
        ctx,
        pool,
        client,
        username,
        request.get("ClientMetadata"),
        flow=flow,
        password=parameters.get("PASSWORD", "") if flow in _SENDING_PASSWORD else "",
        device_key=parameters.get("DEVICE_KEY", ""),
    )
    session = request.get("Session") if flow == "USER_AUTH" else None
    s = sign_up_sessions.go_on(ctx, s, session) if session else _BEGIN[flow](ctx, s, parameters)
    result = sign_in.next_step(ctx, s)
    # Also where the preferred one is asked at once. Source: API reference, InitiateAuth, examples.
    if flow == "USER_AUTH" and not s.first_proven:
        result["AvailableChallenges"] = first_factors.available(ctx, s)
    return result


def with_password(ctx: Context, s: SignIn, password: str) -> SignIn:
    """The sign-in with its password proven. Raises NotAuthorizedException, and what `check_may_sign_in` does."""
    try:
        return auth_events.answered(ctx, prove(ctx, s, password), "PASSWORD")
    except AwsError as error:
        auth_events.refused(ctx, s, "PASSWORD", error.code)
        raise


def go_on(ctx: Context, pool: UserPool, client: AppClient, request: Mapping[str, Any]) -> dict[str, Any]:
    """Take the answer to a challenge."""
    ctx, responses = context_data.of_user(ctx, client, request), request.get("ChallengeResponses") or {}
    check_secret_hash(client, responses.get("USERNAME", ""), responses.get("SECRET_HASH"))
    name, session, metadata = request["ChallengeName"], request.get("Session"), request.get("ClientMetadata")
    return sign_in.answer(ctx, pool, client, name, session, responses, metadata)


def _by_password(ctx: Context, s: SignIn, parameters: Mapping[str, str]) -> SignIn:
    return with_password(ctx, s, _required(parameters, "PASSWORD"))


def _by_srp(ctx: Context, s: SignIn, parameters: Mapping[str, str]) -> SignIn:
    return s.choosing("PASSWORD_VERIFIER", a_public=read_srp_a(parameters))


def _by_triggers(ctx: Context, s: SignIn, parameters: Mapping[str, str]) -> SignIn:
    named = parameters.get("CHALLENGE_NAME", "")
    if named not in ("", "SRP_A"):
        raise AwsError("InvalidParameterException", "CHALLENGE_NAME must be SRP_A.")
    return custom_auth.begin(s, read_srp_a(parameters) if named else "")


def _by_choice(ctx: Context, s: SignIn, parameters: Mapping[str, str]) -> SignIn:
    factors, preferred = first_factors.available(ctx, s), parameters.get("PREFERRED_CHALLENGE", "")
    return select_challenge.begin(ctx, s, preferred, parameters) if preferred in factors else s


_BEGIN: Mapping[str, Callable[[Context, SignIn, Mapping[str, str]], SignIn]] = {
    "USER_SRP_AUTH": _by_srp,
    "USER_PASSWORD_AUTH": _by_password,
    "ADMIN_USER_PASSWORD_AUTH": _by_password,
    "CUSTOM_AUTH": _by_triggers,
    "USER_AUTH": _by_choice,
}


def _refresh(ctx: Context, pool: UserPool, client: AppClient, parameters: Mapping[str, str]) -> dict[str, Any]:
    refresh = _required(parameters, "REFRESH_TOKEN")
    if client.secrets:
        # The hash is over the username or the sub; which one, the token says.
        names = tokens.names_behind(ctx, refresh)
        _check_any_secret_hash(client, names, parameters.get("SECRET_HASH"))
    # The trigger hears of no ClientMetadata from here, only from GetTokensFromRefreshToken. Source: InitiateAuth.
    result = tokens.renew(ctx, pool, client, refresh, parameters.get("DEVICE_KEY", ""), None)
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
