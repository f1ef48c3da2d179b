"""Pre token generation, for a user and for a machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.context import Context
from localcloud.userpool.models import AppClient, Group, User, UserPool
from localcloud.userpool.triggers.call import call, call_about
from localcloud.userpool.triggers.claims import DETAILS, ClaimChanges, read_changes


def pre_token_generation(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    user: User,
    groups: list[Group],
    source: str,
    metadata: Mapping[str, str],
    granted: Sequence[str],
) -> ClaimChanges:
    """Ask the pre token generation trigger, V1 or V2 as the pool has it; `granted` are the access token's scopes."""
    version = _token_version(pool)
    request = _token_request(groups, metadata)
    if version != "V1_0":
        request["scopes"] = list(granted)
    defaults = {DETAILS[version]: None}
    answer = call_about(ctx, pool, "PreTokenGeneration", source, client.id, user, request, defaults, version[1])
    return read_changes(answer, version)


def machine_token_generation(
    ctx: Context, pool: UserPool, client: AppClient, metadata: Mapping[str, str], granted: Sequence[str]
) -> ClaimChanges:
    """Ask the pre token generation trigger about a machine's access token; before V3 it does not hear of those.

    AWS does not say whom it names as the user there: here it is the token's subject, the client.
    """
    version = _token_version(pool)
    if version != "V3_0":
        return ClaimChanges()
    request = {"userAttributes": {}, **_token_request([], metadata), "scopes": list(granted)}
    source, defaults = "TokenGeneration_ClientCredentials", {DETAILS[version]: None}
    answer = call(ctx, pool, "PreTokenGeneration", source, client.id, client.id, request, defaults, version[1])
    return read_changes(answer, version)


def _token_version(pool: UserPool) -> str:
    """The version of the pre token generation trigger."""
    config = pool.triggers.get("PreTokenGenerationConfig") or {}
    return str(config.get("LambdaVersion", "V1_0"))


def _token_request(groups: list[Group], metadata: Mapping[str, str]) -> dict[str, Any]:
    """What all versions of the pre token generation trigger are told."""
    roles = ClaimChanges().roles(groups)
    configuration = {
        "groupsToOverride": [group.name for group in groups],
        "iamRolesToOverride": roles.get("cognito:roles", []),
        "preferredRole": roles.get("cognito:preferred_role"),
    }
    return {"groupConfiguration": configuration, **({"clientMetadata": dict(metadata)} if metadata else {})}
