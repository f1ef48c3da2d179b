"""What an administrator does with users, groups and devices. Signed calls: the caller's IAM policies decide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from auth.cut_off import CutOff, cut_off
from auth.errors import InvalidRequest, ResourceNotFound, aws_errors
from auth.models import TrackedDevice, User, UserDetails
from auth.settings import Settings

PAGE = 60  # the most that Cognito lists at once

_MFA_SETTING = {
    "SOFTWARE_TOKEN_MFA": "SoftwareTokenMfaSettings",
    "SMS_MFA": "SMSMfaSettings",
    "EMAIL_OTP": "EmailMfaSettings",
    "WEB_AUTHN": "WebAuthnMfaSettings",
}


class AdminClient:
    """An administrator of one user pool. `username` is the username, the `sub`, or an alias such as the e-mail address.

    Every method raises a member of the `AuthError` tree: UserNotFound, AccessDenied, CredentialsMissing, ….
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = settings.need("user_pool_id")
        self._pools = settings.user_pools(signed=True)

    def list_users(self, filter: str | None = None, limit: int | None = None) -> Iterator[User]:
        """The pool's users, page by page as they are consumed, `limit` of them at most.

        `filter` is Cognito's own, over one standard attribute: `email ^= "ada"` (begins with), `status = "Disabled"`.
        https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-manage-user-accounts.html
        """
        query: dict[str, Any] = {"UserPoolId": self._pool} | ({"Filter": filter} if filter else {})
        with aws_errors():
            pages = self._pools.get_paginator("list_users").paginate(**query, PaginationConfig={"PageSize": PAGE})
            yield from islice((User.read(user) for page in pages for user in page["Users"]), limit)

    def get_user(self, username: str) -> UserDetails:
        """One user, with groups and MFA methods."""
        who = self._who(username)
        with aws_errors():
            user = self._pools.admin_get_user(**who)
            pages = self._pools.get_paginator("admin_list_groups_for_user").paginate(**who)
            return UserDetails.read_with_groups(
                user, [group["GroupName"] for page in pages for group in page["Groups"]]
            )

    def disable_user(self, username: str) -> None:
        """Refuse the user's sign-ins and refreshes. AWS keys already issued live on: see `cut_off`."""
        with aws_errors():
            self._pools.admin_disable_user(**self._who(username))

    def enable_user(self, username: str) -> None:
        """Let the user sign in again."""
        with aws_errors():
            self._pools.admin_enable_user(**self._who(username))

    def cut_off(self, username: str) -> tuple[CutOff, ...]:
        """End every sign-in of a user, then make the AWS keys useless that it has; gives what the roles now deny.

        A user who may still sign in gets new keys by doing so: see `disable_user`. Whoever is unknown raises
        UserNotFound, and where the function is not known nothing is done, either. Running it again does no harm.
        """
        self._settings.need("cut_off_function")
        who = self._who(username)
        with aws_errors():
            user = self._pools.admin_get_user(**who)
            # First, so that nothing new is issued: the identity pool asks the user pool about each token.
            self._pools.admin_user_global_sign_out(**who)
        return cut_off(self._settings, UserDetails.read_with_groups(user, ()).attributes["sub"])

    def reset_password(self, username: str) -> None:
        """Void the password and send the user a code for a new one."""
        with aws_errors():
            self._pools.admin_reset_user_password(**self._who(username))

    def reset_mfa(self, username: str) -> None:
        """Turn off every second factor of a user who lost it, forget the devices, and end the sessions.

        The factors come last. Stopped anywhere, it goes on when run again.
        """
        who = self._who(username)
        with aws_errors():
            active = self._pools.admin_get_user(**who).get("UserMFASettingList", [])
        if unknown := set(active) - set(_MFA_SETTING):
            raise InvalidRequest(f"cannot turn off {', '.join(sorted(unknown))}")
        # Attack: a thief's remembered device or session, which would outlive the factor.
        for device in list(self.list_devices(username)):
            with suppress(ResourceNotFound):
                self.forget_device(username, device.key)
        with aws_errors():
            self._pools.admin_user_global_sign_out(**who)
            if active:
                off: Any = {_MFA_SETTING[method]: {"Enabled": False, "PreferredMfa": False} for method in active}
                self._pools.admin_set_user_mfa_preference(**who, **off)
        with suppress(ResourceNotFound), aws_errors():  # there is no authenticator
            self._pools.admin_delete_software_token(**who)

    def list_devices(self, username: str) -> Iterator[TrackedDevice]:
        """The devices that the pool tracks for a user, page by page as they are consumed."""
        query: dict[str, Any] = {**self._who(username), "Limit": PAGE}
        with aws_errors():
            while True:
                page = self._pools.admin_list_devices(**query)
                yield from map(TrackedDevice.read, page.get("Devices", []))
                if not page.get("PaginationToken"):
                    return
                query["PaginationToken"] = page["PaginationToken"]

    def forget_device(self, username: str, device_key: str) -> None:
        """Drop a device: it needs the second factor again, and its refresh tokens end."""
        with aws_errors():
            self._pools.admin_forget_device(**self._who(username), DeviceKey=device_key)

    def add_to_group(self, username: str, group: str) -> None:
        """Put a user into a group; the next tokens say so."""
        with aws_errors():
            self._pools.admin_add_user_to_group(**self._who(username), GroupName=group)

    def remove_from_group(self, username: str, group: str) -> None:
        """Take a user out of a group; tokens already issued still say otherwise."""
        with aws_errors():
            self._pools.admin_remove_user_from_group(**self._who(username), GroupName=group)

    def _who(self, username: str) -> Any:
        return {"UserPoolId": self._pool, "Username": username}
