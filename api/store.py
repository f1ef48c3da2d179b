"""A user's items in AppDataTable: pk `USER#<sub>`, sk `PROFILE` or `DEVICE#<key>`."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3

from api.fields import WRITABLE
from api.timestamps import render_time

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

LEAST = {"role": "user", "plan": "free"}
"""What everybody has who was given nothing else; the same as in the tokens (`triggers/profile.py`)."""


def read_profile(sub: str) -> dict[str, str]:
    """The user's profile. Fields never set are left out; admin-created users have no item and get the least."""
    return _render(sub, app_data().get_item(Key=_key(sub, "PROFILE"), ConsistentRead=True).get("Item", {}))


def change_profile(sub: str, changes: Mapping[str, str | None]) -> dict[str, str]:
    """Set fields, and clear those that are None, in one write that leaves all others alone; the profile after it."""
    now = render_time(datetime.now(UTC))
    sets = {name: value for name, value in changes.items() if value is not None} | {"updated_at": now}
    clears = [name for name, value in changes.items() if value is None]
    expression = "SET " + ", ".join(f"#{name} = :{name}" for name in sets)
    expression += ", #created_at = if_not_exists(#created_at, :updated_at)"
    if clears:
        expression += " REMOVE " + ", ".join(f"#{name}" for name in clears)
    answer = app_data().update_item(
        Key=_key(sub, "PROFILE"),
        UpdateExpression=expression,
        ExpressionAttributeNames={f"#{name}": name for name in [*sets, *clears, "created_at"]},
        ExpressionAttributeValues={f":{name}": value for name, value in sets.items()},
        ReturnValues="ALL_NEW",
    )
    return _render(sub, answer["Attributes"])


def unregister_device(sub: str, key: str) -> None:
    """Take one device out of the register; one that is not there is fine."""
    app_data().delete_item(Key=_key(sub, f"DEVICE#{key}"))


@functools.cache
def app_data() -> Table:
    """AppDataTable."""
    return boto3.resource("dynamodb").Table(os.environ["APP_DATA_TABLE"])


def _key(sub: str, sk: str) -> dict[str, str]:
    return {"pk": f"USER#{sub}", "sk": sk}


def _render(sub: str, item: Mapping[str, Any]) -> dict[str, str]:
    shown = ("role", "plan", *WRITABLE, "created_at", "updated_at")
    return {"sub": sub} | LEAST | {name: str(item[name]) for name in shown if name in item}
