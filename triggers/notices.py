"""Notices about an account: what happened is handed to `account_notice.py`, and nobody waits for the mail.

Of AWS it takes one call that is over at once, so that a slow or broken SES never stops a sign-in.
"""

from __future__ import annotations

import json
import os
import time

from triggers.aws import one_try
from triggers.trigger import Event, logger

NEW_DEVICE = "NewDevice"
PASSWORD_RESET = "PasswordReset"  # noqa: S105 - the name of a notice
RECOVERY_CODES_MADE = "RecoveryCodesMade"
SECOND_FACTOR_RESET = "SecondFactorReset"
KINDS = (NEW_DEVICE, PASSWORD_RESET, RECOVERY_CODES_MADE, SECOND_FACTOR_RESET)
"""Each has its mail in the catalogue, `Notice_<kind>`. The API tells of the codes that it made."""


def tell(event: Event, kind: str) -> None:
    """Have the user of a trigger's event be told (environment: NOTICE_FUNCTION, empty where nobody is).

    Raises nothing: what went wrong is in the log.
    """
    function = os.environ["NOTICE_FUNCTION"]
    if not function:
        return
    told = {"kind": kind, "pool_id": event["userPoolId"], "username": event["userName"], "at": int(time.time())}
    try:
        one_try("lambda", 1).invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(told))
    except Exception:
        logger.exception("no notice", kind=kind)
