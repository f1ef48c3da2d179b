"""Custom message: words each e-mail and SMS of the user pool in the user's language."""

from __future__ import annotations

import os

from triggers.messages import CATALOGUES, FALLBACK, language_of
from triggers.trigger import Event, trigger


@trigger(*CATALOGUES[FALLBACK])
def handler(event: Event) -> None:
    """Fill in the SMS, and the e-mail where the pool sends through SES (EMAIL_THROUGH_SES is "true")."""
    request = event["request"]
    # Attack: a stranger signs up with your address and a "name" that is an advertisement, and our mail carries it.
    # So no attribute is quoted; the locale only picks a catalogue.
    language = language_of(request["userAttributes"].get("locale") or "")
    message = CATALOGUES[language][event["triggerSource"]]
    given = {"code": request["codeParameter"], "username": request.get("usernameParameter")}
    fields = {name: placeholder for name, placeholder in given.items() if placeholder}
    response = event["response"]
    response["smsMessage"] = message.as_sms(fields)
    if os.environ["EMAIL_THROUGH_SES"] == "true":
        # Without SES, Cognito refuses these two and with them the whole operation (InvalidLambdaResponseException).
        response["emailSubject"] = message.subject
        response["emailMessage"] = message.as_html(language, fields)
