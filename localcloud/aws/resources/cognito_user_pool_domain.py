"""AWS::Cognito::UserPoolDomain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.resources.cognito_calls import call, shapes, to_request
from localcloud.context import Context
from localcloud.userpool.configuration import domains
from localcloud.userpool.configuration.domains import SUPPORTED
from localcloud.userpool.models import Domain

TYPE = "AWS::Cognito::UserPoolDomain"

PROPERTIES: Mapping[str, Shape] = shapes(SUPPORTED)


def create(
    ctx: Context,
    properties: Properties,
    logical_id: str,
    stack_name: str,
    physical_id: str | None = None,
) -> tuple[str, Attributes]:
    """A domain for the pool, or the one that it has, if that is what is wanted and an earlier run made it."""
    request = to_request(TYPE, "CreateUserPoolDomain", properties)
    if physical_id is not None and physical_id == request.get("Domain") and _has(ctx, physical_id, properties):
        return _update(ctx, request)
    call(ctx, "CreateUserPoolDomain", request)
    return request["Domain"], {}


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Other pages, or another domain. A pool has one at most, so the old one goes first, or both stay as they were."""
    request = to_request(TYPE, "CreateUserPoolDomain", new)
    if (request["Domain"], request["UserPoolId"]) == (physical_id, old["UserPoolId"]):
        return _update(ctx, request)
    with ctx.store.transaction():
        delete(ctx, physical_id, old)
        call(ctx, "CreateUserPoolDomain", request)
    return request["Domain"], {}


def delete(ctx: Context, physical_id: str, properties: Properties) -> None:
    """Delete the domain, if the pool has it."""
    if _has(ctx, physical_id, properties):
        call(ctx, "DeleteUserPoolDomain", {"Domain": physical_id, "UserPoolId": properties["UserPoolId"]})


def _update(ctx: Context, request: Mapping[str, Any]) -> tuple[str, Attributes]:
    # UpdateUserPoolDomain keeps the version that it is not told; a template that no longer tells it has the default.
    call(ctx, "UpdateUserPoolDomain", {"ManagedLoginVersion": domains.CLASSIC, **request})
    return request["Domain"], {}


def _has(ctx: Context, name: str, properties: Properties) -> bool:
    domain = ctx.store.get(Domain, name)
    return domain is not None and domain.pool_id == properties["UserPoolId"]
