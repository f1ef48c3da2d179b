"""Notices about an account: what happened is handed to the function that mails them, and nobody waits for the mail."""

from __future__ import annotations

import functools
import json
import os
import time
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from api.caller import Caller

RECOVERY_CODES_MADE = "RecoveryCodesMade"

_logger = Logger(child=True)


def tell(caller: Caller, kind: str) -> None:
    """Have the caller be told (environment: NOTICE_FUNCTION, empty where nobody is). Raises nothing.

    Attack: an answer that is held back for want of a mail, when the codes in it count already.
    """
    function = os.environ["NOTICE_FUNCTION"]
    if not function:
        return
    told = {"kind": kind, "pool_id": os.environ["USER_POOL_ID"], "username": caller.username, "at": int(time.time())}
    try:
        _functions().invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(told))
    except Exception:
        _logger.exception("no notice", kind=kind)


@functools.cache
def _functions() -> Any:
    return boto3.client("lambda", config=Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1}))
