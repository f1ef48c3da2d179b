"""AWS::Cognito::UserPoolResourceServer."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.resources.cognito_calls import call, call_unless_gone, to_request
from localcloud.context import Context
from localcloud.userpool.providers.federation_state import ResourceServer

TYPE = "AWS::Cognito::UserPoolResourceServer"

PROPERTIES: Mapping[str, Shape] = {
    "UserPoolId": ANY,
    "Identifier": ANY,
    "Name": ANY,
    "Scopes": {"ScopeName": ANY, "ScopeDescription": ANY},
}


def create(
    ctx: Context, properties: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """A new resource server, or the one of that identifier if an earlier run made it, brought up to date."""
    request = to_request(TYPE, "CreateResourceServer", properties)
    identifier, pool_id = str(request.get("Identifier")), str(request.get("UserPoolId"))
    is_there = physical_id == identifier and ctx.store.get(ResourceServer, pool_id, identifier)
    call(ctx, "UpdateResourceServer" if is_there else "CreateResourceServer", request)
    return identifier, {}


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Another name or other scopes; a new server where the identifier or the pool is another."""
    request = to_request(TYPE, "CreateResourceServer", new)
    is_same = (request["Identifier"], request["UserPoolId"]) == (physical_id, old["UserPoolId"])
    call(ctx, "UpdateResourceServer" if is_same else "CreateResourceServer", request)
    return request["Identifier"], {}


def delete(ctx: Context, physical_id: str, properties: Properties) -> None:
    """Delete the resource server; clients that were allowed its scopes stay."""
    request = {"Identifier": physical_id, "UserPoolId": properties["UserPoolId"]}
    call_unless_gone(ctx, "DeleteResourceServer", request)
