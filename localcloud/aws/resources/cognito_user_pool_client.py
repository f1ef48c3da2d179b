"""AWS::Cognito::UserPoolClient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.resources.cognito_calls import call, call_unless_gone, shapes, to_request
from localcloud.context import Context
from localcloud.userpool.configuration.client_settings import SUPPORTED
from localcloud.userpool.models import AppClient

TYPE = "AWS::Cognito::UserPoolClient"

PROPERTIES: Mapping[str, Shape] = {**shapes(SUPPORTED), "UserPoolId": None, "GenerateSecret": None}


def create(
    ctx: Context, properties: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """A new client, or the one of that id if it is there and in this pool, brought up to date."""
    request = to_request(TYPE, "CreateUserPoolClient", properties)
    if physical_id and _is_same(ctx.store.get(AppClient, physical_id), request):
        return _update(ctx, physical_id, request)
    named = {"ClientName": f"{stack_name}-{logical_id}", **request}
    return _shown(call(ctx, "CreateUserPoolClient", named)["UserPoolClient"])


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Other settings, or a new client where the pool or the secret is to be another."""
    request = to_request(TYPE, "CreateUserPoolClient", new)
    client = ctx.store.get(AppClient, physical_id)
    if client is not None and not _is_same(client, request):
        named = {"ClientName": client.config["ClientName"], **request}
        return _shown(call(ctx, "CreateUserPoolClient", named)["UserPoolClient"])
    return _update(ctx, physical_id, request)


def delete(ctx: Context, physical_id: str, properties: Properties) -> None:
    """Delete the client."""
    request = {"UserPoolId": properties["UserPoolId"], "ClientId": physical_id}
    call_unless_gone(ctx, "DeleteUserPoolClient", request)


def _is_same(client: AppClient | None, request: Mapping[str, Any]) -> bool:
    if client is None or client.pool_id != request.get("UserPoolId"):
        return False
    return bool(client.secrets) == bool(request.get("GenerateSecret"))


def _update(ctx: Context, client_id: str, request: Mapping[str, Any]) -> tuple[str, Attributes]:
    settings = {name: value for name, value in request.items() if name != "GenerateSecret"}
    return _shown(call(ctx, "UpdateUserPoolClient", {**settings, "ClientId": client_id})["UserPoolClient"])


def _shown(client: Mapping[str, Any]) -> tuple[str, Attributes]:
    secret = {"ClientSecret": client["ClientSecret"]} if "ClientSecret" in client else {}
    return client["ClientId"], {"ClientId": client["ClientId"], "Name": client["ClientName"], **secret}
