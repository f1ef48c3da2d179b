"""AWS::Cognito::UserPoolIdentityProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.resources.cognito_calls import call, call_unless_gone, to_request
from localcloud.context import Context
from localcloud.userpool.providers.federation_state import IdentityProvider

TYPE = "AWS::Cognito::UserPoolIdentityProvider"

PROPERTIES: Mapping[str, Shape] = dict.fromkeys(
    ("UserPoolId", "ProviderName", "ProviderType", "ProviderDetails", "AttributeMapping", "IdpIdentifiers"), ANY
)

_FOR_LIFE = ("UserPoolId", "ProviderName", "ProviderType")
_EMPTY: Mapping[str, Any] = {"AttributeMapping": {}, "IdpIdentifiers": []}


def create(
    ctx: Context, properties: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """A new provider, or the one of that name and type if an earlier run made it, brought up to date."""
    request = to_request(TYPE, "CreateIdentityProvider", properties)
    name = str(request.get("ProviderName"))
    known = ctx.store.get(IdentityProvider, str(request.get("UserPoolId")), name) if physical_id == name else None
    if known is not None and known.type == request.get("ProviderType"):
        return _update(ctx, request)
    call(ctx, "CreateIdentityProvider", request)
    return name, {}


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Other details; a new provider where pool, name or type is another. Raises ValueError for another type alone."""
    request = to_request(TYPE, "CreateIdentityProvider", new)
    changed = [name for name in _FOR_LIFE if request.get(name) != old.get(name)]
    if not changed:
        return _update(ctx, request)
    if changed == ["ProviderType"]:
        # CloudFormation makes the new one first, and its name is taken; and the old one's users would be nobody's.
        raise ValueError(f"{TYPE}: property `ProviderType` cannot change under the same `ProviderName`")
    call(ctx, "CreateIdentityProvider", request)
    return request["ProviderName"], {}


def delete(ctx: Context, physical_id: str, properties: Properties) -> None:
    """Delete the provider."""
    request = {"ProviderName": physical_id, "UserPoolId": properties["UserPoolId"]}
    call_unless_gone(ctx, "DeleteIdentityProvider", request)


def _update(ctx: Context, request: Mapping[str, Any]) -> tuple[str, Attributes]:
    # UpdateIdentityProvider keeps what it does not name; what a template no longer names is to be gone.
    wanted = {name: value for name, value in request.items() if name != "ProviderType"}
    call(ctx, "UpdateIdentityProvider", {**_EMPTY, **wanted})
    return request["ProviderName"], {}
