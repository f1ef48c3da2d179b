"""The identity map in AppDataTable: who is which identity, written twice so that either id finds the other.

`pk` `USER#<sub>`, `sk` `IDENTITY#<id>`, and the same the other way round. Nothing is ever taken out: a user whose
identity changed has several, of which the one that was seen last is current.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from api.errors import ApiError
from api.store import app_data

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_SEEN = "SET first_seen_at = if_not_exists(first_seen_at, :now), last_seen_at = :now"


def enter(sub: str, identity_id: str) -> None:
    """Write down that this user is this identity, both ways or not at all. Raises ApiError 503."""
    user, identity = f"USER#{sub}", f"IDENTITY#{identity_id}"
    # To the microsecond: which of two identities is the current one shows in nothing else.
    now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    client = app_data().meta.client
    try:
        client.transact_write_items(TransactItems=[_seen(user, identity, now), _seen(identity, user, now)])
    except client.exceptions.TransactionCanceledException:  # the same user on two devices at once
        raise ApiError(503, "busy", "the same is being written by another request, please try again") from None


def list_identities(sub: str) -> list[dict[str, str]]:
    """The identities of a user, the current one first."""
    items = app_data().query(
        KeyConditionExpression="pk = :user AND begins_with(sk, :identity)",
        ExpressionAttributeValues={":user": f"USER#{sub}", ":identity": "IDENTITY#"},
        ConsistentRead=True,
    )["Items"]
    return [_render(item) for item in sorted(items, key=lambda item: str(item["last_seen_at"]), reverse=True)]


def _seen(pk: str, sk: str, now: str) -> TransactWriteItemTypeDef:
    return {
        "Update": {
            "TableName": app_data().name,
            "Key": {"pk": pk, "sk": sk},
            "UpdateExpression": _SEEN,
            "ExpressionAttributeValues": {":now": now},
        }
    }


def _render(item: dict[str, Any]) -> dict[str, str]:
    times = {name: str(item[name]) for name in ("first_seen_at", "last_seen_at")}
    return {"identity_id": str(item["sk"]).removeprefix("IDENTITY#"), **times}
