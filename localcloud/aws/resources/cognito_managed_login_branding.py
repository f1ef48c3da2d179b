"""AWS::Cognito::ManagedLoginBranding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.resources.cognito_calls import call, call_unless_gone, to_request
from localcloud.context import Context
from localcloud.userpool.providers.federation_state import Branding

TYPE = "AWS::Cognito::ManagedLoginBranding"

PROPERTIES: Mapping[str, Shape] = {
    "UserPoolId": ANY,
    "ClientId": ANY,
    "UseCognitoProvidedValues": ANY,
    "Settings": ANY,
    "Assets": {"Category": ANY, "ColorMode": ANY, "Extension": ANY, "Bytes": ANY, "ResourceId": ANY},
    # Says what a read of the resource shows, and nothing of the style.
    "ReturnMergedResources": ANY,
}


def create(
    ctx: Context, properties: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """A new style, or the one of that id if it is there and of this client, brought up to date."""
    request = _request(properties)
    known = _known(ctx, physical_id)
    if known is not None and _is_of(known, request):
        return _update(ctx, known, request)
    return _shown(call(ctx, "CreateManagedLoginBranding", request)["ManagedLoginBranding"])


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Another look; a new style where the pool or the client is another."""
    request = _request(new)
    known = _known(ctx, physical_id)
    if known is not None and _is_of(known, request):
        return _update(ctx, known, request)
    return _shown(call(ctx, "CreateManagedLoginBranding", request)["ManagedLoginBranding"])


def delete(ctx: Context, physical_id: str, properties: Properties) -> None:
    """Delete the style."""
    pool_id, _, style_id = physical_id.partition("|")
    call_unless_gone(ctx, "DeleteManagedLoginBranding", {"UserPoolId": pool_id, "ManagedLoginBrandingId": style_id})


def _request(properties: Properties) -> dict[str, Any]:
    given = dict(properties)
    given.pop("ReturnMergedResources", None)
    # A document of its own, in which nothing has a type that a parameter's text could be turned into.
    settings = given.pop("Settings", None)
    request = to_request(TYPE, "CreateManagedLoginBranding", given)
    return request if settings is None else {**request, "Settings": settings}


def _known(ctx: Context, physical_id: str | None) -> Branding | None:
    pool_id, _, style_id = (physical_id or "").partition("|")
    return ctx.store.get(Branding, pool_id, style_id)


def _is_of(style: Branding, request: Mapping[str, Any]) -> bool:
    return (style.pool_id, style.client_id) == (request.get("UserPoolId"), request.get("ClientId"))


def _update(ctx: Context, style: Branding, request: Mapping[str, Any]) -> tuple[str, Attributes]:
    ids = {"UserPoolId": style.pool_id, "ManagedLoginBrandingId": style.id}
    wanted = {name: value for name, value in request.items() if name != "ClientId"}
    with ctx.store.transaction():
        # UpdateManagedLoginBranding keeps what it does not name; what a template no longer names is to be gone.
        call(ctx, "UpdateManagedLoginBranding", {**ids, "UseCognitoProvidedValues": True})
        return _shown(call(ctx, "UpdateManagedLoginBranding", {**wanted, **ids})["ManagedLoginBranding"])


def _shown(style: Mapping[str, Any]) -> tuple[str, Attributes]:
    style_id = style["ManagedLoginBrandingId"]
    return f"{style['UserPoolId']}|{style_id}", {"ManagedLoginBrandingId": style_id}
