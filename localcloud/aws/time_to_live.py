"""Time to live of items: what is over is deleted now and then, by the cloud's clock, and stays deleted after a kill.

Rules: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import threading
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from localcloud.aws.seams import Seams
from localcloud.errors import AwsError

if TYPE_CHECKING:
    from localcloud.aws.engine import Engine

_FIVE_YEARS = 5 * 365 * 86_400
"""Seconds. What was over longer ago stays: it is taken for a mistake, as a time in milliseconds would be."""


class _Expired(NamedTuple):
    region: str
    table: str
    key: dict[str, Any]
    attribute: str
    seconds: str


def install(seams: Seams, dynamodb: ModuleType) -> None:
    """Keep the engine's own thread from deleting: it goes by real time, and by ways that the journal never sees.

    A write that was made because an item was gone could not be made again after a kill, and would be lost.
    """
    remove = seams.original(dynamodb, "_remove_item")

    def remove_item(table: Any, partition: Any, sort: Any) -> Any:
        if threading.current_thread().name == "dynamodb-ttl-reaper":
            return None
        return remove(table, partition, sort)

    seams.replace(dynamodb, "_remove_item", remove_item)


async def expire(engine: Engine, now: float) -> int:
    """Delete the items whose time is over at `now`, in seconds since the epoch; how many there were."""
    dynamodb = engine.module("dynamodb")
    found = await asyncio.to_thread(lambda: list(_expired(dynamodb, now)))
    for item in found:
        # It may have been written anew meanwhile, or its table be gone.
        with contextlib.suppress(AwsError):
            await engine.call("dynamodb", "DeleteItem", _deletion(item), item.region)
    return len(found)


def _expired(dynamodb: ModuleType, now: float) -> Iterator[_Expired]:
    for (account, region, name), setting in dynamodb._ttl_settings.all_items():
        table = dynamodb._tables.get_scoped(account, region, name)
        if table is None or setting["TimeToLiveStatus"] != "ENABLED":
            continue
        attribute, key_names = setting["AttributeName"], [n for n in (table["pk_name"], table["sk_name"]) if n]
        for partition in list(table["items"].values()):
            for item in list(partition.values()):
                # A number only: any other type is not looked at.
                seconds = (item.get(attribute) or {}).get("N")
                if seconds is not None and now - _FIVE_YEARS < float(seconds) <= now:
                    key = {key_name: _value(item[key_name]) for key_name in key_names}
                    yield _Expired(region, name, key, attribute, seconds)


def _deletion(item: _Expired) -> dict[str, Any]:
    return {
        "TableName": item.table,
        "Key": item.key,
        "ConditionExpression": "#ttl = :seconds",
        "ExpressionAttributeNames": {"#ttl": item.attribute},
        "ExpressionAttributeValues": {":seconds": {"N": item.seconds}},
    }


def _value(stored: Mapping[str, str]) -> dict[str, Any]:
    """A key's value as boto3 has it: the engine keeps bytes as base64."""
    return {kind: base64.b64decode(value) if kind == "B" else value for kind, value in stored.items()}
