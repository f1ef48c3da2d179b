"""What was sent to whom: one item of AppDataTable for each name that a sign-in was begun with (pk `SIGN_IN#<digest>`).

It counts the mails of an hour, and holds the newest secret only; when both are over, the table lets it go. Neither the
name nor the secret can be read in it: the secret's digest is keyed with the sign-in's id, which stays in Cognito's
session.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any

from triggers.aws import app_data, holds
from triggers.challenges.attempt import MOST_WRONG, Asked

MOST_SENT = 5
"""Mails to one address in an hour."""

_HOUR = 3600


class TooManyError(Exception):
    """The address has had its mails of this hour."""


def enter(name: str, asked: Asked, secret: str, seconds: int) -> bool:
    """Let this secret count for `seconds`, in place of an earlier one. False if the sign-in has one already.

    Raises TooManyError.
    """
    table, key, now = app_data(), _key(name), int(time.time())
    attempt = _digest(asked.attempt)
    for _ in range(MOST_SENT):
        before = table.get_item(Key=key, ConsistentRead=True).get("Item", {})
        if before.get("attempt") == attempt:
            return False
        sent = int(str(before.get("sent", 0))) if before.get("hour") == now // _HOUR else 0
        if sent >= MOST_SENT:
            raise TooManyError
        item = {
            **key,
            "attempt": attempt,
            "secret": _keyed(asked, secret),
            "counts_until": now + seconds,
            # Attack: five mails for each time that a secret is over, where the count of the hour went with it.
            "expires_at": max(now + seconds, (now // _HOUR + 1) * _HOUR),
            "hour": now // _HOUR,
            "sent": sent + 1,
        }
        # Attack: sign-ins begun at once, so that each of them counts as the first mail.
        if holds(
            table.put_item,
            Item=item,
            ConditionExpression="attribute_not_exists(pk) OR attempt = :before",
            ExpressionAttributeValues={":before": before.get("attempt", "")},
        ):
            return True
    raise TooManyError


def use_up(name: str, asked: Asked, secret: str) -> bool:
    """Whether this is the secret, and nobody has used it before: only one of any number of runs is told so."""
    table, key = app_data(), _key(name)
    attempt, given = _digest(asked.attempt), _keyed(asked, secret)
    right = holds(
        table.update_item,
        Key=key,
        UpdateExpression="SET used = :yes",
        ConditionExpression=(
            "attempt = :attempt AND secret = :given AND counts_until > :now AND attribute_not_exists(used)"
            " AND (attribute_not_exists(wrong) OR size(wrong) < :most)"
        ),
        ExpressionAttributeValues={
            ":yes": True,
            ":attempt": attempt,
            ":given": given,
            ":now": int(time.time()),
            ":most": MOST_WRONG,
        },
    )
    if not right:
        # A set: the same wrong answer, judged twice because Cognito tried again, counts once.
        holds(
            table.update_item,
            Key=key,
            UpdateExpression="ADD wrong :given",
            ConditionExpression="attempt = :attempt",
            ExpressionAttributeValues={":attempt": attempt, ":given": {given}},
        )
    return right


def _key(name: str) -> dict[str, Any]:
    # Attack: telling names that exist, which Cognito gives in one spelling, from others by asking in many spellings.
    return {"pk": f"SIGN_IN#{_digest(name.casefold())}", "sk": "SENT"}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _keyed(asked: Asked, secret: str) -> str:
    return hmac.digest(str(asked).encode(), secret.encode(), "sha256").hex()
