"""NEW_PASSWORD_REQUIRED: a user whom an administrator made chooses a password of its own."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.accounts import attributes
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.factors.passwords import password_fields
from localcloud.userpool.models import User

_PREFIX = "userAttributes."


class NewPasswordRequired:
    """Asked where the proven password was a temporary one."""

    name = "NEW_PASSWORD_REQUIRED"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """While the user's status is FORCE_CHANGE_PASSWORD."""
        return s.first_proven == "PASSWORD" and s.known_user.status == "FORCE_CHANGE_PASSWORD"

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """The user's attributes, and those that the schema requires and the user lacks."""
        user = s.known_user
        shown = {name: value for name, value in user.attributes.items() if name != "sub"}
        required = [
            entry["Name"]
            for entry in s.pool.config.get("SchemaAttributes") or ()
            if entry.get("Required") and entry["Name"] not in user.attributes
        ]
        return s, {
            "USER_ID_FOR_SRP": user.username,
            "requiredAttributes": json.dumps([_PREFIX + name for name in required]),
            "userAttributes": json.dumps(shown),
        }

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Set the new password, and attributes given as `userAttributes.NAME`."""
        if not answer.get("NEW_PASSWORD"):
            raise AwsError("InvalidParameterException", "Missing required parameter NEW_PASSWORD")
        given = {name.removeprefix(_PREFIX): value for name, value in answer.items() if name.startswith(_PREFIX)}
        _check_given(s, given)
        secret = password_fields(ctx, s.pool, s.known_user.username, answer["NEW_PASSWORD"])

        def change(user: User) -> User:
            changed = {**user.attributes, **given, **_unverified(user, given)}
            return replaced(user, **secret, status="CONFIRMED", attributes=changed)

        user = update_user(ctx, s.pool, s.known_user.sub, change)
        return dataclasses.replace(s, user=user, new_password_set=True)


def _check_given(s: SignIn, given: Mapping[str, str]) -> None:
    """Attack: taking an address that is somebody's, and marked as verified, while choosing a password."""
    attributes.check_writable(s.client, given)
    attributes.check(s.pool, given)
    changed = [name for name, value in given.items() if s.known_user.attributes.get(name, value) != value]
    attributes.check_changes(s.pool, changed)
    required = {entry["Name"] for entry in s.pool.config.get("SchemaAttributes") or () if entry.get("Required")}
    for name in changed:
        if name in required or name in s.pool.username_attributes:
            raise AwsError("NotAuthorizedException", f"Cannot modify an already provided {name}")


def _unverified(user: User, given: Mapping[str, str]) -> dict[str, str]:
    new = [name for name in attributes.VERIFIABLE if name in given and given[name] != user.attributes.get(name)]
    return {f"{name}_verified": "false" for name in new}
