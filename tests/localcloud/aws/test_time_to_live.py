"""Items go when their time is over, by the cloud's clock, and no others ever. After a kill: `test_restart.py`."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest

from localcloud.aws.time_to_live import expire
from tests.localcloud.aws.local_engine import LocalEngine

NOW = 1_800_000_000
YEAR = 365 * 86_400


def make_table(local: LocalEngine, name: str, sort: str = "", attribute: str = "until") -> None:
    keys = {"pk": "HASH"} | ({"sk": "RANGE"} if sort else {})
    kinds = {"pk": "S", "sk": sort}
    local.call(
        "dynamodb",
        "CreateTable",
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": kinds[key]} for key in keys],
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()],
    )
    if attribute:
        switched = {"AttributeName": attribute, "Enabled": True}
        local.call("dynamodb", "UpdateTimeToLive", TableName=name, TimeToLiveSpecification=switched)


def put(local: LocalEngine, table: str, key: str, **attributes: Any) -> None:
    local.call("dynamodb", "PutItem", TableName=table, Item={"pk": {"S": key}, **attributes})


def keys(local: LocalEngine, table: str) -> set[str]:
    return {item["pk"]["S"] for item in local.call("dynamodb", "Scan", TableName=table)["Items"]}


def test_what_is_over_goes_and_nothing_else(local: LocalEngine) -> None:
    make_table(local, "registers")
    untils: dict[str, Any] = {
        "over": {"N": str(NOW - 1)},
        "just over": {"N": f"{NOW}.0"},
        "not yet": {"N": str(NOW + 1)},
        "in milliseconds": {"N": str(NOW * 1000)},
        "over for years": {"N": str(NOW - 6 * YEAR)},
        "a text": {"S": str(NOW - 1)},
        "a list": {"L": [{"N": "1"}]},
    }
    for key, until in untils.items():
        put(local, "registers", key, until=until)
    put(local, "registers", "never")
    assert local.wait(expire(local.engine, NOW)) == 2
    assert keys(local, "registers") == {*untils, "never"} - {"over", "just over"}
    assert local.wait(expire(local.engine, NOW)) == 0


@pytest.mark.parametrize("sort", ["S", "N", "B"])
def test_an_item_is_known_by_its_whole_key(local: LocalEngine, sort: str) -> None:
    table = f"sorted-by-{sort}"
    make_table(local, table, sort)
    values: dict[str, Any] = {"S": ("a", "b"), "N": ("1", "2"), "B": (b"\x00\xff", b"\x01")}
    for value, until in zip(values[sort], (NOW, NOW + 1), strict=True):
        put(local, table, "same", sk={sort: value}, until={"N": str(until)})
    local.wait(expire(local.engine, NOW))
    (left,) = local.call("dynamodb", "Scan", TableName=table)["Items"]
    assert left["sk"] == {sort: values[sort][1]}


def test_a_table_without_it_keeps_everything(local: LocalEngine) -> None:
    make_table(local, "kept", attribute="")
    make_table(local, "switched-off")
    off = {"AttributeName": "until", "Enabled": False}
    local.call("dynamodb", "UpdateTimeToLive", TableName="switched-off", TimeToLiveSpecification=off)
    make_table(local, "deleted")
    for table in ("kept", "switched-off", "deleted"):
        put(local, table, "over", until={"N": str(NOW)})
    local.call("dynamodb", "DeleteTable", TableName="deleted")
    assert local.wait(expire(local.engine, NOW)) == 0
    assert keys(local, "kept") == keys(local, "switched-off") == {"over"}


def test_the_engines_own_thread_deletes_nothing(local: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    make_table(local, "left-alone")
    put(local, "left-alone", "over", until={"N": "1"})
    dynamodb, rounds = local.engine.module("dynamodb"), iter([None])

    class Clock:
        def sleep(self, _: float) -> None:
            if next(rounds, "over") == "over":
                raise SystemExit

        def time(self) -> float:
            return float(NOW)

    def one_round() -> None:
        with contextlib.suppress(SystemExit):
            dynamodb._ttl_reaper()

    monkeypatch.setattr(dynamodb, "time", Clock())
    thread = threading.Thread(target=one_round, name="dynamodb-ttl-reaper")
    thread.start()
    thread.join(10)
    assert keys(local, "left-alone") == {"over"}
