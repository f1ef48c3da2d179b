"""Mail of our own, through SES: what Cognito has no message for."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

from triggers.messages import MAILS, language_of

NOBODY = "success@simulator.amazonses.com"
"""An address of SES's that takes everything and keeps nothing: sending there takes as long as to anybody else.

https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html
"""


def send(to: str, locale: str, name: str, fields: Mapping[str, str]) -> None:
    """Send a message of the catalogue (environment: SES_IDENTITY_ARN, SES_FROM). Raises what SES raises."""
    language = language_of(locale)
    message = MAILS[language][name]
    _mails().send_email(
        FromEmailAddress=os.environ["SES_FROM"],
        FromEmailAddressIdentityArn=os.environ["SES_IDENTITY_ARN"],
        Destination={"ToAddresses": [to]},
        Content={
            "Simple": {
                "Subject": {"Data": message.subject, "Charset": "UTF-8"},
                "Body": {"Html": {"Data": message.as_html(language, fields), "Charset": "UTF-8"}},
            }
        },
    )


@functools.cache
def _mails() -> Any:
    import boto3
    from botocore.config import Config

    # One try: a second one could be a second mail.
    once = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1})
    return boto3.client("sesv2", config=once)
