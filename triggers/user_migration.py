"""User migration: brings a user over from an older directory, at the first sign-in or with a forgotten password.

It writes nothing: Cognito makes the user of what it is told, and asks no more once it has. A second run reads again.
"""

from __future__ import annotations

import os
from typing import Any

from triggers.email_domains import domain_of, read_list
from triggers.trigger import Event, logger, trigger

KEPT = ("name", "given_name", "family_name", "locale")
"""Attributes that come over, besides the address: those that a user may write, and none that a role depends on."""


@trigger("UserMigration_Authentication", "UserMigration_ForgotPassword")
def handler(event: Event) -> None:
    """Say who it is, with no word to a stranger: an empty answer is Cognito's "incorrect username or password"."""
    username, response = event["userName"], event["response"]
    signs_in = event["triggerSource"] == "UserMigration_Authentication"
    found = _find(username, event["request"]["password"] if signs_in else None)
    if found is None or not _is_theirs(username, found) or not (signs_in or _is_verified(found)):
        logger.info("nobody came over")
        return
    attributes = {name: str(found[name]) for name in KEPT if found.get(name)}
    response |= {
        "userAttributes": {
            **attributes,
            "email": str(found["email"]),
            "email_verified": "true" if _is_verified(found) else "false",
        },
        # Behind a right password. A forgotten one is set anew, by a code that goes to the address.
        "finalUserStatus": "CONFIRMED" if signs_in else "RESET_REQUIRED",
        "messageAction": "SUPPRESS",
    }
    logger.info("a user came over", signs_in=signs_in)


def _find(username: str, password: str | None) -> dict[str, Any] | None:
    # Loaded by need: the one has no use for what the other takes long to load.
    if os.environ["MIGRATION_URL"]:
        from triggers.directories import http

        return http.find(username, password)
    from triggers.directories import user_pool

    return user_pool.find(username, password)


def _is_theirs(username: str, found: dict[str, Any]) -> bool:
    """Attack: a directory's user who has set somebody else's address there, and would be that user here."""
    email, setting = str(found.get("email", "")), os.environ["ALLOWED_EMAIL_DOMAINS"]
    if email.lower() != username.lower() or domain_of(email) is None:
        return False
    return not setting.strip() or domain_of(email) in read_list(setting)


def _is_verified(found: dict[str, Any]) -> bool:
    return found.get("email_verified") in (True, "true")
