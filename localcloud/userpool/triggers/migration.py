"""User migration: a function that knows an older directory says who somebody is whom the pool does not know.

Source: Cognito developer guide, "Migrate user Lambda trigger".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.context import Context
from localcloud.userpool.models import AppClient, UserPool
from localcloud.userpool.triggers.answer import read_flag, read_strings, read_text, read_texts, wrong
from localcloud.userpool.triggers.call import call

_STATUSES = ("CONFIRMED", "RESET_REQUIRED", "FORCE_CHANGE_PASSWORD")
_ACTIONS = ("SUPPRESS", "RESEND")
_MEDIA = ("EMAIL", "SMS")


@dataclass(frozen=True, slots=True)
class FoundUser:
    """What the trigger says of a user; `suppress` is about the welcome message."""

    attributes: Mapping[str, str]
    status: str
    suppress: bool
    media: tuple[str, ...]
    force_alias: bool
    sms_mfa: bool


def user_migration(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    username: str,
    source: str,
    password: str,
    validation: Mapping[str, str],
    metadata: Mapping[str, str],
) -> FoundUser | None:
    """Ask about a name that nobody has; `source` is `Authentication` or `ForgotPassword`, the latter has no password.

    None where the trigger knows nobody. Raises UserLambdaValidationException where it refuses.
    """
    request: dict[str, Any] = {"password": password} if source == "Authentication" else {}
    request |= {"validationData": dict(validation) or None, "clientMetadata": dict(metadata) or None}
    names = ("userAttributes", "finalUserStatus", "messageAction", "desiredDeliveryMediums")
    defaults = dict.fromkeys((*names, "forceAliasCreation", "enableSMSMFA"))
    answer = call(ctx, pool, "UserMigration", f"UserMigration_{source}", client.id, username, request, defaults)
    attributes = read_strings(answer, "userAttributes")
    if not attributes:
        return None
    media = read_texts(answer, "desiredDeliveryMediums")
    if not set(media) <= set(_MEDIA):
        raise wrong("desiredDeliveryMediums")
    return FoundUser(
        attributes,
        status=_one_of(answer, "finalUserStatus", _STATUSES) or "FORCE_CHANGE_PASSWORD",
        suppress=_one_of(answer, "messageAction", _ACTIONS) == "SUPPRESS",
        media=tuple(media),
        force_alias=read_flag(answer, "forceAliasCreation"),
        sms_mfa=read_flag(answer, "enableSMSMFA"),
    )


def _one_of(answer: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    text = read_text(answer, name)
    if text not in ("", *allowed):
        raise wrong(name)
    return text
