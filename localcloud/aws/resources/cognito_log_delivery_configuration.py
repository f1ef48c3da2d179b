"""AWS::Cognito::LogDeliveryConfiguration."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.resources.cognito_calls import call, call_unless_gone, to_request
from localcloud.context import Context

TYPE = "AWS::Cognito::LogDeliveryConfiguration"

PROPERTIES: Mapping[str, Shape] = {
    "UserPoolId": ANY,
    "LogConfigurations": {
        "LogLevel": ANY,
        "EventSource": ANY,
        "CloudWatchLogsConfiguration": {"LogGroupArn": ANY},
        "S3Configuration": {"BucketArn": ANY},
    },
}


def create(
    ctx: Context, properties: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """Set where the pool's logs go."""
    request = to_request(TYPE, "SetLogDeliveryConfiguration", {"LogConfigurations": [], **properties})
    call(ctx, "SetLogDeliveryConfiguration", request)
    return request["UserPoolId"], {"Id": request["UserPoolId"]}


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Set it again; another pool means another physical id."""
    return create(ctx, new, "logs", "")


def delete(ctx: Context, physical_id: str, properties: Properties) -> None:
    """Nothing is delivered any more."""
    call_unless_gone(ctx, "SetLogDeliveryConfiguration", {"UserPoolId": physical_id, "LogConfigurations": []})
