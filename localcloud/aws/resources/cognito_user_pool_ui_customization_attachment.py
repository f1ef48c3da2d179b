"""AWS::Cognito::UserPoolUICustomizationAttachment."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.resources.cognito_calls import call, to_request
from localcloud.context import Context
from localcloud.userpool.providers.federation_state import UiCustomization

TYPE = "AWS::Cognito::UserPoolUICustomizationAttachment"

PROPERTIES: Mapping[str, Shape] = dict.fromkeys(("UserPoolId", "ClientId", "CSS"), ANY)


def create(
    ctx: Context, properties: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """Set the CSS of a client's pages, or with `ALL` that of all clients. Raises ValueError without a `ClientId`."""
    request = to_request(TYPE, "SetUICustomization", properties)
    if not request.get("ClientId"):
        raise ValueError(f"{TYPE}: property `ClientId` is required: an app client, or ALL")
    call(ctx, "SetUICustomization", request)
    return f"{request['UserPoolId']}|{request['ClientId']}", {}


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Set it again; another pool or client means another physical id."""
    return create(ctx, new, "attachment", "")


def delete(ctx: Context, physical_id: str, properties: Properties) -> None:
    """Take it away; nothing happens when it is gone, or when the domain went first."""
    pool_id, _, client_id = physical_id.partition("|")
    ctx.store.delete(UiCustomization, pool_id, client_id)
