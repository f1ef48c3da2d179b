"""Cut off: makes the AWS keys that a user already has useless, by a deny on the roles that users get.

Two send events here: EventBridge, what CloudTrail saw of the user pool (`CutOffRule` in the template), and an
administrator, who invokes the function with `{"sub": "…"}`. Both may come twice, late, or in any order.
"""

from __future__ import annotations

import os
import re
import time
from typing import Any

from triggers import cut_off_register, role_policies
from triggers.timestamps import read_epoch
from triggers.trigger import logger

ENDINGS = frozenset(
    {"GlobalSignOut", "AdminUserGlobalSignOut", "ForgetDevice", "AdminForgetDevice", "AdminDisableUser"}
    # A user who is no more has keys all the same.
    | {"DeleteUser", "AdminDeleteUser"}
)
"""What ends a user's access, and cuts off the keys with it."""

_TRIES = 5
_GRACE = 300
"""Seconds that a cut-off outlives the sessions that it is about: clocks differ."""

_SUB = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@logger.inject_lambda_context(log_event=False)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Cut the user off, and read back from each role since when it denies whom.

    Raises what IAM and DynamoDB raise, and ValueError, KeyError for an event that is not understood: Lambda then
    tries again, and keeps the event in `CutOffFailures`.
    """
    detail = event.get("detail")
    if detail is None:
        return _cut_off(_checked(event["sub"]), int(time.time()))
    if not _is_ending(detail):
        logger.info("nothing to do", event_name=detail["eventName"])
        return {}
    return _cut_off(_checked(detail["additionalEventData"]["sub"]), read_epoch(detail["eventTime"]))


def _is_ending(detail: dict[str, Any]) -> bool:
    # Attack: sign-outs that fail, with a token that ended long ago, to cut off whoever uses the account now.
    if detail["eventSource"] != "cognito-idp.amazonaws.com" or detail.get("errorCode"):
        return False
    # Calls that users make themselves name no pool. A user of another pool is in no session of our roles.
    own = os.environ["USER_POOL_ID"]
    pool_id = (detail.get("requestParameters") or {}).get("userPoolId", own)
    return detail["eventName"] in ENDINGS and bool(pool_id == own)


def _checked(sub: Any) -> str:
    # Attack: `${aws:PrincipalTag/username}`, which in a policy is whoever asks.
    if not (isinstance(sub, str) and _SUB.fullmatch(sub)):
        raise ValueError("the event names no user")
    return sub


def _cut_off(sub: str, moment: int) -> dict[str, Any]:
    cut_off_register.enter(sub, moment)
    for _ in range(_TRIES):
        known, now = _known(), int(time.time()) - _GRACE
        denied = {role: role_policies.write(role, known, now) for role in os.environ["USER_ROLES"].split(",")}
        # Whoever is entered after this also reads and writes after it: the last one to write has seen everybody.
        if _known() == known:
            break
    else:
        raise TimeoutError("others are cut off all the time")
    logger.info("cut off", known=len(known))
    return {
        "sub": sub,
        "roles": [role_policies.read(role, sub, live[sub]) for role, live in denied.items() if sub in live],
    }


def _known() -> dict[str, int]:
    """The cut-offs that some session may still be about; the others are forgotten."""
    found = cut_off_register.cut_offs()
    oldest = int(time.time()) - _GRACE - cut_off_register.LONGEST_SESSION
    for sub in [sub for sub, moment in found.items() if moment < oldest]:
        cut_off_register.forget(sub, found.pop(sub))
    return found
