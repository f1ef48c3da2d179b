"""Gatehouse's library: sign-in, tokens, per-user AWS credentials and administration for one Amazon Cognito backend.

It owns the client's half of every protocol, and works against AWS and the local cloud alike (see `Settings`).
It does not own the server's half (`localcloud`), the trigger code (`triggers`) or the HTTP routes (`api`), and imports
none of them.

    from auth import AuthClient, Settings
    client = AuthClient(Settings.from_outputs())
    signed_in = client.sign_in("ada@example.com", password, answer=lambda ask: input(f"{ask.kind}: "))

The names below are the whole public API; each is loaded when it is first used, so that a Lambda function which
verifies a token never pays for boto3.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auth.admin import AdminClient
    from auth.attempt import Ask
    from auth.client import AuthClient
    from auth.credentials import Identity
    from auth.devices import Device, FileDeviceStore
    from auth.errors import AuthError, TokenInvalid
    from auth.guests import adopt
    from auth.hosted_ui import HostedUi, LoginAttempt
    from auth.identities import IdentityMap
    from auth.models import SignedIn, Tokens
    from auth.recovery import count_recovery_codes, make_recovery_codes
    from auth.registration import identity_of
    from auth.settings import Settings
    from auth.tokens import TokenVerifier

__all__ = [
    "AdminClient",
    "Ask",
    "AuthClient",
    "AuthError",
    "Device",
    "FileDeviceStore",
    "HostedUi",
    "Identity",
    "IdentityMap",
    "LoginAttempt",
    "Settings",
    "SignedIn",
    "TokenInvalid",
    "TokenVerifier",
    "Tokens",
    "adopt",
    "count_recovery_codes",
    "identity_of",
    "make_recovery_codes",
]

_HOME = {
    "AdminClient": "admin",
    "Ask": "attempt",
    "AuthClient": "client",
    "AuthError": "errors",
    "Device": "devices",
    "FileDeviceStore": "devices",
    "HostedUi": "hosted_ui",
    "Identity": "credentials",
    "IdentityMap": "identities",
    "LoginAttempt": "hosted_ui",
    "Settings": "settings",
    "SignedIn": "models",
    "TokenInvalid": "errors",
    "TokenVerifier": "tokens",
    "Tokens": "models",
    "adopt": "guests",
    "count_recovery_codes": "recovery",
    "identity_of": "registration",
    "make_recovery_codes": "recovery",
}


def __getattr__(name: str) -> Any:
    """The public name, from the module that owns it (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
