"""Several providers, one user: a provider's user is joined with the pool's own user of the same verified address.

Where there is none yet, one is made, so that a sign-up by password later finds it, too: both directions meet in the
same user. Every step can be repeated, and what was begun and cannot be ended is taken back.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from triggers.aws import attributes_of, user_pools
from triggers.trigger import logger

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import AdminGetUserResponseTypeDef


def join(pool_id: str, provider: str, subject: str, email: str) -> None:
    """Link the provider's user to the pool's user of that address. Nothing happens where it is linked already."""
    owner, made = _owner(pool_id, email), False
    if owner is None:
        if _find(pool_id, f"{provider}_{subject}"):
            return  # it has been here as a user of its own: two users who exist are not merged
        made = _make(pool_id, email)
        # Not made: another run of this was quicker, or somebody has the address who has not verified it.
        owner = _owner(pool_id, email)
    if owner is None:
        logger.warning("not joined: the address is taken", provider=provider)
    elif not _is_linked(owner, provider, subject):
        linked = False
        try:
            _confirm(pool_id, owner)
            linked = _link(pool_id, owner["Username"], provider, subject)
        finally:
            if made and not linked:
                _take_back(pool_id, owner["Username"])


def _owner(pool_id: str, email: str) -> AdminGetUserResponseTypeDef | None:
    """The pool's own user who has verified this address.

    Attack: signing up under somebody's address before them, and sharing the account when they come. Who has not shown
    that the address is theirs is no owner; such a sign-up is removed, as it keeps the address from its owner.
    """
    # By the name to sign in with, which only the pool's own users have. A search would tell upper case from lower.
    user = _find(pool_id, email)
    if user is None or user["UserStatus"] == "EXTERNAL_PROVIDER":
        return None
    attributes = _attributes(user)
    if attributes.get("email_verified") == "true":
        return user if attributes.get("email", "").lower() == email.lower() else None
    if user["UserStatus"] == "UNCONFIRMED":
        user_pools().admin_delete_user(UserPoolId=pool_id, Username=user["Username"])
        logger.info("removed a sign-up that was never confirmed")
    return None


def _find(pool_id: str, name: str) -> AdminGetUserResponseTypeDef | None:
    pools = user_pools()
    try:
        return pools.admin_get_user(UserPoolId=pool_id, Username=name)
    except pools.exceptions.UserNotFoundException:
        return None


def _attributes(user: AdminGetUserResponseTypeDef) -> dict[str, str]:
    return attributes_of(user.get("UserAttributes", []))


def _is_linked(user: AdminGetUserResponseTypeDef, provider: str, subject: str) -> bool:
    identities = json.loads(_attributes(user).get("identities", "[]"))
    return any((entry["providerName"], str(entry["userId"])) == (provider, subject) for entry in identities)


def _make(pool_id: str, email: str) -> bool:
    """Make a new user of the pool's own. False where the address is taken."""
    pools = user_pools()
    try:
        pools.admin_create_user(
            UserPoolId=pool_id,
            Username=email,
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            MessageAction="SUPPRESS",
        )
    except pools.exceptions.UsernameExistsException:
        return False
    return True


def _confirm(pool_id: str, user: AdminGetUserResponseTypeDef) -> None:
    """Put a password that nobody knows in place of a temporary one: its owner sets another by "forgot password".

    Of a user that an earlier run made and had no time for, or an administrator invited: with a temporary password there
    is no "forgot password".
    """
    if user["UserStatus"] == "FORCE_CHANGE_PASSWORD":
        password = f"aA1!{secrets.token_urlsafe(48)}"
        user_pools().admin_set_user_password(
            UserPoolId=pool_id, Username=user["Username"], Password=password, Permanent=True
        )


def _link(pool_id: str, username: str, provider: str, subject: str) -> bool:
    """Whether the two are one now. They are not where the provider's user has been here as a user of its own."""
    pools = user_pools()
    try:
        pools.admin_link_provider_for_user(
            UserPoolId=pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": username},
            SourceUser={
                "ProviderName": provider,
                "ProviderAttributeName": "Cognito_Subject",
                "ProviderAttributeValue": subject,
            },
        )
    except (pools.exceptions.InvalidParameterException, pools.exceptions.AliasExistsException) as error:
        logger.warning("not joined", provider=provider, reason=error.response["Error"].get("Code", ""))
        return False
    logger.info("joined with a user", provider=provider)
    return True


def _take_back(pool_id: str, username: str) -> None:
    """Remove a user that was never anybody's: nobody could sign in to it, or sign up in its place."""
    user = _find(pool_id, username)
    # Another run of this may have joined somebody with it meanwhile.
    if user and "identities" not in _attributes(user):
        user_pools().admin_delete_user(UserPoolId=pool_id, Username=username)
