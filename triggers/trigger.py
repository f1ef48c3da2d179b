"""The steps that every trigger takes around its duty, so that none can forget one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger

from triggers.errors import DeniedError, deny

Event = dict[str, Any]
"""What Cognito sends: triggerSource, userPoolId, userName, request, response and more; AWS may add fields."""

logger = Logger()


def trigger(*sources: str) -> Callable[[Callable[[Event], None]], Callable[[Event, Any], Event]]:
    """Turn a duty, which fills in `event["response"]`, into the Lambda handler of these trigger sources.

    Raises DeniedError for any other source, for a refusal of the duty, and for every other error of it.
    """

    def decorate(duty: Callable[[Event], None]) -> Callable[[Event, Any], Event]:
        # log_event=False also overrules POWERTOOLS_LOGGER_LOG_EVENT: an event holds names and addresses.
        @logger.inject_lambda_context(log_event=False)
        @functools.wraps(duty)
        def handler(event: Event, context: Any) -> Event:
            try:
                if event["triggerSource"] not in sources:
                    deny(f"{event['triggerSource']} is not served here")
                duty(event)
            except DeniedError as refusal:
                logger.warning("refused", reason=str(refusal))
                raise
            except Exception:
                # Cognito hands our text to the caller; boto3's would tell a stranger role and table names.
                logger.exception("failed")
                raise DeniedError("an internal error, please try again later") from None
            return event

        return handler

    return decorate
