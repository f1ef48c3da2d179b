"""`MFAOptions`, the older words for codes by SMS. Source: API reference, `SetUserSettings`, `MFAOptionType`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.errors import AwsError


def as_preference(options: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The same in the words of SetUserMFAPreference. Raises InvalidParameterException for any other factor."""
    for option in options:
        if (option.get("DeliveryMedium"), option.get("AttributeName")) != ("SMS", "phone_number"):
            raise AwsError("InvalidParameterException", "MFAOptions can only be SMS to phone_number.")
    return {"SMSMfaSettings": {"Enabled": bool(options)}}
