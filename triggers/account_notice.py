"""Account notice: mails users what happened to their account, so that a take-over does not stay unseen.

No trigger: the triggers and the API call it, and do not wait (`notices.py`, `api/notices.py`).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from triggers import mail
from triggers.aws import app_data, attributes_of, holds, user_pools
from triggers.notices import KINDS
from triggers.trigger import logger

SAME = 60
"""Seconds in which one kind of notice is mailed to a user once.

What Cognito sends has no id: a trigger that it runs again, which it does within seconds, cannot be told from a second
sign-in. So two real sign-ins in one minute give one mail, too.
"""

_KEPT = 86_400


@logger.inject_lambda_context(log_event=False)
def handler(event: dict[str, Any], context: Any) -> None:
    """Mail one notice, of `kind`, to the user's verified address, if it has one.

    It is written down first and mailed then: where SES fails, there is no mail, rather than two. Raises what AWS does.
    """
    kind, at = event["kind"], int(event["at"])
    if kind not in KINDS:
        raise ValueError("there is no such notice")
    user = _attributes(event["pool_id"], event["username"])
    if user.get("email_verified") != "true":
        logger.info("no verified address", kind=kind)
    elif _is_first(user["sub"], kind, at):
        mail.send(user["email"], user.get("locale", ""), f"Notice_{kind}", {"when": _when(at)})
        logger.info("mailed", kind=kind)
    else:
        logger.info("mailed before", kind=kind)


def _attributes(pool_id: str, username: str) -> dict[str, str]:
    pools = user_pools()
    try:
        user = pools.admin_get_user(UserPoolId=pool_id, Username=username)
    except pools.exceptions.UserNotFoundException:
        return {}
    return attributes_of(user["UserAttributes"])


def _is_first(sub: str, kind: str, at: int) -> bool:
    """Whether no notice of this kind was mailed in this minute; asked twice, the second time says no."""
    return holds(
        app_data().put_item,
        Item={"pk": f"NOTICE#{sub}", "sk": kind, "at": at, "expires_at": int(time.time()) + _KEPT},
        ConditionExpression="attribute_not_exists(pk) OR #at < :before OR #at > :after",
        ExpressionAttributeNames={"#at": "at"},
        ExpressionAttributeValues={":before": at - SAME, ":after": at + SAME},
    )


def _when(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
