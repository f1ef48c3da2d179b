"""Shorthand for the tests of DynamoDB requests."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.errors import AwsError
from localcloud.iam.actions import Check, checks
from tests.iam.actions.fakes import RESOURCES, call

TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/table"
OTHER = "arn:aws:dynamodb:us-east-1:000000000000:table/other"
ME, YOU = {"S": "me"}, {"S": "you"}
KEY = {"pk": ME, "sk": {"S": "1"}}


def found(operation: str, **params: Any) -> list[Check]:
    return checks(call("dynamodb", operation, params), RESOURCES)


def only(operation: str, **params: Any) -> Check:
    (check,) = found(operation, **params)
    return check


def refused(operation: str, **params: Any) -> str:
    with pytest.raises(AwsError) as caught:
        found(operation, **params)
    assert caught.value.code in ("ValidationException", "SerializationException")
    return caught.value.message


def keys(check: Check) -> Any:
    return check.context.get("dynamodb:LeadingKeys")
