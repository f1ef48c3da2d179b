"""One call of a trigger: which function, the event that all of them get, and which error refuses the operation.

Source of the events and error texts: Cognito developer guide, "Customizing user pool workflows with Lambda triggers".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.models import User, UserPool

_SERVICE = "cognito-idp.amazonaws.com"

SECONDS = 5.0
"""How long Cognito waits for a trigger; cannot be changed there, so it cannot be here."""

NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"
"""What AWS names in place of a client where an administrator calls."""


def function_of(pool: UserPool, name: str) -> str | None:
    """The ARN of a trigger's function, or None where the pool has no such trigger."""
    setting = pool.triggers.get(f"{name}Config") or pool.triggers.get(name)
    return str(setting["LambdaArn"]) if isinstance(setting, Mapping) else setting


def call_about(
    ctx: Context,
    pool: UserPool,
    name: str,
    source: str,
    client_id: str,
    user: User,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
    version: str = "1",
) -> Mapping[str, Any]:
    """Call a trigger about a user."""
    about = {"userAttributes": attributes_of(user), **request}
    return call(ctx, pool, name, source, client_id, user.username, about, response, version)


def call(
    ctx: Context,
    pool: UserPool,
    name: str,
    source: str,
    client_id: str,
    username: str,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
    version: str = "1",
) -> Mapping[str, Any]:
    """The `response` part of the trigger's answer, or the default one where the pool has no such trigger."""
    arn = function_of(pool, name)
    if not arn:
        return response
    event = _event(ctx, pool, source, client_id, username, request, response, version)
    attempts = ctx.cloud.faults.attempts
    for attempt in range(1, attempts + 1):
        result = ctx.cloud.invoke(arn, event, service=_SERVICE, source_arn=ctx.cloud.pool_arn(pool.id), seconds=SECONDS)
        if not result.timed_out:
            break
        if attempt == attempts:
            raise AwsError(
                "UnexpectedLambdaException",
                f"{name} invocation failed due to error Socket timeout while invoking Lambda function.",
            )
    if result.error_type in ("AccessDeniedException", "ResourceNotFoundException", "TooManyRequestsException"):
        raise AwsError("UnexpectedLambdaException", f"{name} invocation failed due to error {result.error_type}.")
    if result.error_type:
        raise AwsError("UserLambdaValidationException", f"{name} failed with error {result.error_message}.")
    if not isinstance(result.payload, Mapping) or not isinstance(result.payload.get("response"), Mapping | None):
        raise invalid(name, "Unrecognizable lambda output")
    return result.payload.get("response") or {}


def call_later(
    ctx: Context,
    pool: UserPool,
    name: str,
    source: str,
    client_id: str,
    username: str,
    request: Mapping[str, Any],
) -> None:
    """Call a trigger whose answer nobody waits for, if the pool has it."""
    if arn := function_of(pool, name):
        event = _event(ctx, pool, source, client_id, username, request, {}, "1")
        ctx.cloud.invoke_later(arn, event, service=_SERVICE, source_arn=ctx.cloud.pool_arn(pool.id))


def attributes_of(user: User) -> dict[str, str]:
    """What a trigger is told about a user that there is."""
    return {**user.attributes, "cognito:user_status": user.status}


def _event(
    ctx: Context,
    pool: UserPool,
    source: str,
    client_id: str,
    username: str,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
    version: str,
) -> dict[str, Any]:
    """What every trigger is told, in AWS's order."""
    return {
        "version": version,
        "triggerSource": source,
        "region": pool.region,
        "userPoolId": pool.id,
        "userName": username,
        "callerContext": {"awsSdkVersion": ctx.user_agent or "unknown", "clientId": client_id or NO_CLIENT},
        "request": request,
        "response": dict(response),
    }


def invalid(name: str, why: str) -> AwsError:
    """The refusal of an answer that cannot be what the trigger meant."""
    return AwsError("InvalidLambdaResponseException", f"{name}: {why}")
