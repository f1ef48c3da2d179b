"""AWS::Cognito::UserPoolGroup."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.resources.cognito_calls import call, call_unless_gone, to_request
from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.accounts.groups import require_group
from localcloud.userpool.models import Group

TYPE = "AWS::Cognito::UserPoolGroup"

PROPERTIES: Mapping[str, Shape] = dict.fromkeys(("UserPoolId", "GroupName", "Description", "RoleArn", "Precedence"))


def create(
    ctx: Context, properties: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """A new group, or the one of that name if an earlier run made it, brought up to date."""
    request = {"GroupName": f"{stack_name}-{logical_id}", **to_request(TYPE, "CreateGroup", properties)}
    name, pool_id = request["GroupName"], str(request.get("UserPoolId"))
    if physical_id == name and ctx.store.get(Group, pool_id, name):
        return _update(ctx, request)
    call(ctx, "CreateGroup", request)
    return name, {}


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Another description, role or precedence; a new group where the name or the pool is another."""
    request = {"GroupName": physical_id, **to_request(TYPE, "CreateGroup", new)}
    if (request["GroupName"], request["UserPoolId"]) == (physical_id, old["UserPoolId"]):
        return _update(ctx, request)
    call(ctx, "CreateGroup", request)
    return request["GroupName"], {}


def delete(ctx: Context, physical_id: str, properties: Properties) -> None:
    """Delete the group; its users stay."""
    call_unless_gone(ctx, "DeleteGroup", {"GroupName": physical_id, "UserPoolId": properties["UserPoolId"]})


def _update(ctx: Context, request: Mapping[str, Any]) -> tuple[str, Attributes]:
    with ctx.store.transaction():
        # UpdateGroup keeps what it does not name; what a template no longer names is to be gone.
        group = require_group(ctx, request["UserPoolId"], request["GroupName"])
        ctx.store.put(replaced(group, description="", role_arn="", precedence=None))
        call(ctx, "UpdateGroup", request)
    return request["GroupName"], {}
