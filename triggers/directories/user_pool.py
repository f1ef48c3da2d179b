"""An older user pool of the same account and Region, with a client of it that allows ADMIN_USER_PASSWORD_AUTH."""

from __future__ import annotations

import os
from typing import Any

from triggers.aws import attributes_of, user_pools
from triggers.errors import deny


def find(username: str, password: str | None) -> dict[str, Any] | None:
    """The user (environment: MIGRATION_USER_POOL_ID, MIGRATION_CLIENT_ID). Refuses whoever has more than a password."""
    pools, pool_id = user_pools(), os.environ["MIGRATION_USER_POOL_ID"]
    nobody = (pools.exceptions.NotAuthorizedException, pools.exceptions.UserNotFoundException)
    try:
        if password is not None:
            answer = pools.admin_initiate_auth(
                UserPoolId=pool_id,
                ClientId=os.environ["MIGRATION_CLIENT_ID"],
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": username, "PASSWORD": password},
            )
            # Attack: a password alone, of somebody whom the old pool asks for a second factor, which cannot be moved.
            if not answer.get("AuthenticationResult"):
                _refuse()
        user = pools.admin_get_user(UserPoolId=pool_id, Username=username)
    except nobody:
        return None
    if user.get("UserMFASettingList"):
        _refuse()
    if not user["Enabled"] or user["UserStatus"] != "CONFIRMED":
        return None
    return attributes_of(user["UserAttributes"])


def _refuse() -> None:
    deny("this account cannot be moved by itself, please ask for help")
