"""AWS::Cognito::UserPoolRiskConfigurationAttachment."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.resources.cognito_calls import call, to_request
from localcloud.context import Context
from localcloud.userpool.configuration.pool_state import RiskConfiguration

TYPE = "AWS::Cognito::UserPoolRiskConfigurationAttachment"

_ALL = "ALL"
_PARTS = ("CompromisedCredentialsRiskConfiguration", "AccountTakeoverRiskConfiguration", "RiskExceptionConfiguration")
PROPERTIES: Mapping[str, Shape] = dict.fromkeys(("UserPoolId", "ClientId", *_PARTS), ANY)


def create(
    ctx: Context, properties: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """Set what counts for a client, or with `ALL` for all that have nothing of their own. Raises ValueError."""
    request = to_request(TYPE, "SetRiskConfiguration", properties)
    if not request.get("ClientId"):
        raise ValueError(f"{TYPE}: property `ClientId` is required: an app client, or {_ALL}")
    wanted = {name: value for name, value in request.items() if (name, value) != ("ClientId", _ALL)}
    call(ctx, "SetRiskConfiguration", wanted)
    return f"{request['UserPoolId']}|{request['ClientId']}", {}


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Set it again; another pool or client means another physical id."""
    return create(ctx, new, "attachment", "")


def delete(ctx: Context, physical_id: str, properties: Properties) -> None:
    """Take it away; nothing happens when it is gone."""
    pool_id, _, client_id = physical_id.partition("|")
    ctx.store.delete(RiskConfiguration, pool_id, "" if client_id == _ALL else client_id)
