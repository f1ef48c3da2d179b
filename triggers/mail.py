"""Mail of our own, through SES: what Cognito has no message for."""

from __future__ import annotations

import os
from collections.abc import Mapping

from triggers.aws import one_try
from triggers.messages import MAILS, language_of

NOBODY = "success@simulator.amazonses.com"
"""An address of SES's that takes everything and keeps nothing: sending there takes as long as to anybody else.

https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html
"""


def send(to: str, locale: str, name: str, fields: Mapping[str, str]) -> None:
    """Send a message of the catalogue (environment: SES_IDENTITY_ARN, SES_FROM). Raises what SES raises."""
    language = language_of(locale)
    message = MAILS[language][name]
    one_try("sesv2", 3).send_email(
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
