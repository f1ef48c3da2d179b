"""Who was cut off, and when: items of AppDataTable (pk `CUT_OFF`, sk `USER#<sub>`), one for each user.

The policies of the roles are written from here, never from what they said before: IAM has no conditional write, and
what is read from it may be old, so of two cut-offs at once one would be lost. This table knows both.
"""

from __future__ import annotations

from triggers.aws import app_data, holds, query_app_data
from triggers.timestamps import read_epoch, render_epoch

LONGEST_SESSION = 12 * 3600
"""Seconds: no role's sessions can be longer. Source: IAM, MaxSessionDuration."""

_PK = "CUT_OFF"


def enter(sub: str, moment: int) -> None:
    """Cut a user off at a moment (seconds since the epoch); one that was cut off later than that stays so."""
    holds(
        app_data().update_item,
        Key=_key(sub),
        UpdateExpression="SET cut_off_at = :at",
        ConditionExpression="attribute_not_exists(pk) OR cut_off_at < :at",
        ExpressionAttributeValues={":at": render_epoch(moment)},
    )


def cut_offs() -> dict[str, int]:
    """The moment of each user who was cut off, by `sub`."""
    items = query_app_data(KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": _PK})
    return {str(item["sk"]).removeprefix("USER#"): read_epoch(str(item["cut_off_at"])) for item in items}


def forget(sub: str, moment: int) -> None:
    """Forget a cut-off of that moment; one that came later stays."""
    holds(
        app_data().delete_item,
        Key=_key(sub),
        ConditionExpression="cut_off_at = :at",
        ExpressionAttributeValues={":at": render_epoch(moment)},
    )


def _key(sub: str) -> dict[str, str]:
    return {"pk": _PK, "sk": f"USER#{sub}"}
