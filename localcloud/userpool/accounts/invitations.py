"""The message that tells a user who was made by an administrator its temporary password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import messages
from localcloud.userpool.models import User, UserPool

_ATTRIBUTE = {"SMS": "phone_number", "EMAIL": "email"}


def send(ctx: Context, pool: UserPool, user: User, password: str, request: Mapping[str, Any]) -> None:
    """Send the password to the addresses that AdminCreateUser asks for, unless it asks for none (`SUPPRESS`)."""
    for attribute in addresses(user, request):
        messages.deliver(
            ctx,
            pool,
            user,
            "AdminCreateUser",
            attribute,
            password,
            metadata=request.get("ClientMetadata"),
            username=request["Username"],
        )


def addresses(user: User, request: Mapping[str, Any]) -> list[str]:
    """One for each medium; if none is named, the first that the user has, the phone before the e-mail.

    Raises InvalidParameterException where a medium is named and the user has no address for it.
    """
    media = request.get("DesiredDeliveryMediums") or ()
    if request.get("MessageAction") == "SUPPRESS":
        return []
    if not media:
        return [attribute for attribute in _ATTRIBUTE.values() if user.attributes.get(attribute)][:1]
    wanted = [_ATTRIBUTE[medium] for medium in dict.fromkeys(media)]
    for attribute in wanted:
        if not user.attributes.get(attribute):
            raise AwsError("InvalidParameterException", f"{attribute} is required for the message that is to be sent.")
    return wanted
