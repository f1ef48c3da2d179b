"""AWS as the triggers reach it: plain boto3, imported and connected when first asked for, kept with the process."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb.service_resource import Table


@functools.cache
def app_data() -> Table:
    """AppDataTable (environment: APP_DATA_TABLE)."""
    import boto3

    return boto3.resource("dynamodb", config=_quick()).Table(os.environ["APP_DATA_TABLE"])


def query_app_data(**request: Any) -> Iterator[dict[str, Any]]:
    """All items that a query of AppDataTable finds as it is now, page after page."""
    page: dict[str, Any] = {}
    while True:
        answer = app_data().query(ConsistentRead=True, **request, **page)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        page = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def holds(write: Callable[..., object], **request: Any) -> bool:
    """Do a write of AppDataTable that has a condition; False, and nothing written, where the condition fails."""
    try:
        write(**request)
    except app_data().meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


@functools.cache
def user_pools() -> CognitoIdentityProviderClient:
    """The client of the service that called us; the pool's id comes with each event."""
    import boto3

    return boto3.client("cognito-idp", config=_quick())


def attributes_of(entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Name → value, of a user or a device."""
    return {entry["Name"]: entry.get("Value", "") for entry in entries}


@functools.cache
def one_try(service: Literal["lambda", "secretsmanager", "sesv2"], seconds: int) -> Any:
    """A client that waits for so long, once: a second try might do a thing twice, or take the time that is left."""
    import boto3
    from botocore.config import Config

    once = Config(connect_timeout=1, read_timeout=seconds, retries={"total_max_attempts": 1})
    return boto3.client(service, config=once)


@functools.cache
def iam() -> Any:
    """IAM, for what no sign-in waits for."""
    import boto3
    from botocore.config import Config

    return boto3.client("iam", config=Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard"}))


def _quick() -> Config:
    """Cognito waits 5 s for a trigger: boto3's default of a minute would never leave room for a second try."""
    from botocore.config import Config

    return Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2, "mode": "standard"})
