"""What the library hands back. Times are seconds since the epoch or aware datetimes, as each field says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from auth.devices import Device


@dataclass(frozen=True, slots=True)
class Tokens:
    """A user's tokens. None of them shows in `repr`, so that a log line cannot leak one.

    `expires_at`: when the ID and access token end, seconds since the epoch by this machine's clock.
    `device_key`: the device that the refresh token belongs to; where devices are tracked, Cognito refuses a refresh
    that does not name it, so it travels with the token.
    """

    access_token: str = field(repr=False)
    id_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: float
    device_key: str | None = None

    @classmethod
    def read(cls, result: Mapping[str, Any], now: float, previous: Tokens | None = None) -> Tokens:
        """Tokens of an `AuthenticationResult`. A refresh that sends no new refresh token keeps the `previous` one."""
        return cls(
            access_token=result["AccessToken"],
            id_token=result["IdToken"],
            refresh_token=result.get("RefreshToken") or (previous.refresh_token if previous else None),
            expires_at=now + result["ExpiresIn"],
            device_key=previous.device_key if previous else None,
        )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A finished sign-in: the tokens, and the device record to keep if this device is known to the pool."""

    tokens: Tokens
    device: Device | None


@dataclass(frozen=True, slots=True)
class CodeDelivery:
    """Where a code went: a masked address, `EMAIL` or `SMS`, and the attribute that it proves."""

    destination: str
    medium: str
    attribute: str | None

    @classmethod
    def read(cls, details: Mapping[str, Any]) -> CodeDelivery:
        """The `CodeDeliveryDetails` of an answer."""
        return cls(details.get("Destination", ""), details.get("DeliveryMedium", ""), details.get("AttributeName"))


@dataclass(frozen=True, slots=True)
class SignUp:
    """A new user: the `sub` claim of its tokens to come, whether it may sign in already, and where the code went."""

    sub: str
    confirmed: bool
    delivery: CodeDelivery | None


@dataclass(frozen=True, slots=True)
class TotpSecret:
    """What an authenticator app needs: the secret in base32, and the same as an `otpauth:` URI for a QR code."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class User:
    """A user as an administrator sees it. `status` is Cognito's, `CONFIRMED` for one."""

    username: str
    status: str
    enabled: bool
    created: datetime
    modified: datetime
    attributes: Mapping[str, str]

    @classmethod
    def read(cls, user: Mapping[str, Any]) -> User:
        """A user of `ListUsers`."""
        return cls(**_user_fields(user, "Attributes"))


@dataclass(frozen=True, slots=True)
class UserDetails(User):
    """A user with its groups and MFA methods (`SOFTWARE_TOKEN_MFA`, `SMS_MFA`, …), the preferred one apart."""

    groups: tuple[str, ...]
    mfa: tuple[str, ...]
    preferred_mfa: str | None

    @classmethod
    def read_with_groups(cls, user: Mapping[str, Any], groups: Iterable[str]) -> UserDetails:
        """The user of `AdminGetUser`, and what `AdminListGroupsForUser` adds."""
        return cls(
            **_user_fields(user, "UserAttributes"),
            groups=tuple(groups),
            mfa=tuple(user.get("UserMFASettingList", [])),
            preferred_mfa=user.get("PreferredMfaSetting") or None,
        )


@dataclass(frozen=True, slots=True)
class TrackedDevice:
    """A device as an administrator sees it. `remembered` devices skip the second factor."""

    key: str
    name: str | None
    remembered: bool
    last_ip: str | None
    created: datetime
    last_used: datetime | None

    @classmethod
    def read(cls, device: Mapping[str, Any]) -> TrackedDevice:
        """A device of `AdminListDevices`. Attribute names: AWS CLI's example of `admin-list-devices`."""
        attributes = _pairs(device.get("DeviceAttributes", []))
        return cls(
            key=device["DeviceKey"],
            name=attributes.get("device_name"),
            remembered=attributes.get("dev:device_remembered_status") == "remembered",
            last_ip=attributes.get("last_ip_used"),
            created=device["DeviceCreateDate"],
            last_used=device.get("DeviceLastAuthenticatedDate"),
        )


def _user_fields(user: Mapping[str, Any], attributes: str) -> dict[str, Any]:
    return {
        "username": user["Username"],
        "status": user["UserStatus"],
        "enabled": user["Enabled"],
        "created": user["UserCreateDate"],
        "modified": user["UserLastModifiedDate"],
        "attributes": _pairs(user.get(attributes, [])),
    }


def _pairs(pairs: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """`[{"Name": …, "Value": …}]` as a dict."""
    return {pair["Name"]: pair.get("Value", "") for pair in pairs}
