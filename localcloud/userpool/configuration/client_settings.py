"""The settings of an app client: what is honoured, AWS's defaults, what must fit together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration import client_oauth
from localcloud.userpool.configuration.settings import ANY, Supported, only, read
from localcloud.userpool.models import AppClient, UserPool

SUPPORTED: Mapping[str, Supported] = {
    "ClientName": ANY,
    "RefreshTokenValidity": ANY,
    "AccessTokenValidity": ANY,
    "IdTokenValidity": ANY,
    "TokenValidityUnits": {"AccessToken": ANY, "IdToken": ANY, "RefreshToken": ANY},
    "ReadAttributes": ANY,
    "WriteAttributes": ANY,
    "ExplicitAuthFlows": only(
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_USER_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_CLIENT_TOKEN_AUTH",
        "CUSTOM_AUTH_FLOW_ONLY",
        "USER_PASSWORD_AUTH",
        "ADMIN_NO_SRP_AUTH",
    ),
    "SupportedIdentityProviders": ANY,
    "CallbackURLs": ANY,
    "DefaultRedirectURI": ANY,
    "LogoutURLs": ANY,
    "AllowedOAuthFlows": only("code", "implicit", "client_credentials"),
    "AllowedOAuthScopes": ANY,
    "AllowedOAuthFlowsUserPoolClient": ANY,
    "PreventUserExistenceErrors": ANY,
    "EnableTokenRevocation": ANY,
    "EnablePropagateAdditionalUserContextData": ANY,
    "AuthSessionValidity": ANY,
    "RefreshTokenRotation": {"Feature": only("ENABLED", "DISABLED"), "RetryGracePeriodSeconds": ANY},
}

_DEFAULTS: Mapping[str, Any] = {
    "RefreshTokenValidity": 30,
    "EnableTokenRevocation": True,
    "EnablePropagateAdditionalUserContextData": False,
    "AuthSessionValidity": 3,
    "AllowedOAuthFlowsUserPoolClient": False,
}

_DAY = 86_400
_RANGES = {"AccessToken": (300, _DAY), "IdToken": (300, _DAY), "RefreshToken": (3600, 3650 * _DAY)}
"""Seconds. Source: Cognito developer guide, "Quotas", validity of tokens."""

_NEVER_WRITABLE = frozenset({"sub", "email_verified", "phone_number_verified"})


def made(ctx: Context, pool: UserPool, request: Mapping[str, Any], *, has_secret: bool) -> dict[str, Any]:
    """The settings of a new client. Raises AwsError as `client_oauth.check`, and InvalidParameterException."""
    config = _checked(pool, request, "creating")
    _check_secret(config, has_secret=has_secret)
    client_oauth.check(ctx, pool, config, has_secret=has_secret)
    return config


def updated(ctx: Context, pool: UserPool, client: AppClient, request: Mapping[str, Any]) -> dict[str, Any]:
    """The settings after UpdateUserPoolClient: whatever it does not name goes back to its default, as on AWS."""
    config = _checked(pool, {"ClientName": client.config["ClientName"], **request}, "updating")
    _check_secret(config, has_secret=bool(client.secrets))
    client_oauth.check(ctx, pool, config, has_secret=bool(client.secrets))
    return config


def _checked(pool: UserPool, request: Mapping[str, Any], doing: str) -> dict[str, Any]:
    config = {**_DEFAULTS, **read(request, SUPPORTED)}
    if config["RefreshTokenValidity"] == 0:
        config["RefreshTokenValidity"] = 30
        config["TokenValidityUnits"] = {**(config.get("TokenValidityUnits") or {}), "RefreshToken": "days"}
    _check_validity(config)
    _check_flows(pool, config.get("ExplicitAuthFlows") or ())
    _check_rotation(pool, config)
    _check_attributes(pool, config, doing)
    return config


def _check_validity(config: Mapping[str, Any]) -> None:
    client = AppClient(id="", pool_id="", secrets={}, config=dict(config), created=0, modified=0)
    seconds = {token: client.validity(token) for token in _RANGES}
    in_range = all(low <= seconds[token] <= high for token, (low, high) in _RANGES.items())
    if not in_range or seconds["RefreshToken"] < max(seconds["AccessToken"], seconds["IdToken"]):
        raise AwsError("InvalidParameterException", "Invalid range for token validity.")


def _check_secret(config: Mapping[str, Any], *, has_secret: bool) -> None:
    """Attack: anybody who reads the client id off a page, and is a machine, or says which address a user has."""
    for wanted, name in (
        ("ALLOW_CLIENT_TOKEN_AUTH" in (config.get("ExplicitAuthFlows") or ()), "ALLOW_CLIENT_TOKEN_AUTH"),
        (config["EnablePropagateAdditionalUserContextData"], "EnablePropagateAdditionalUserContextData"),
    ):
        if wanted and not has_secret:
            raise AwsError("InvalidParameterException", f"{name} needs an app client with a client secret.")


def _check_flows(pool: UserPool, flows: Sequence[str]) -> None:
    if "ALLOW_USER_AUTH" in flows and pool.config.get("UserPoolTier") == "LITE":
        raise AwsError("FeatureUnavailableInTierException", "ALLOW_USER_AUTH needs a tier above LITE.")
    if "ALLOW_CLIENT_TOKEN_AUTH" in flows and len(flows) > 1:
        raise AwsError("InvalidParameterException", "ALLOW_CLIENT_TOKEN_AUTH cannot be mixed with flows of users.")
    if len({flow.startswith("ALLOW_") for flow in flows}) > 1:
        raise AwsError(
            "InvalidParameterException", "ExplicitAuthFlows with the ALLOW_ prefix and older ones cannot be mixed."
        )


def _check_rotation(pool: UserPool, config: Mapping[str, Any]) -> None:
    """Source: Cognito developer guide, "Refresh token rotation"."""
    if (config.get("RefreshTokenRotation") or {}).get("Feature") != "ENABLED":
        return
    if pool.config.get("UserPoolTier") == "LITE":
        raise AwsError("FeatureUnavailableInTierException", "RefreshTokenRotation needs a tier above LITE.")
    if "ALLOW_REFRESH_TOKEN_AUTH" in (config.get("ExplicitAuthFlows") or ()):
        raise AwsError(
            "InvalidParameterException", "Refresh token rotation cannot be enabled with ALLOW_REFRESH_TOKEN_AUTH."
        )


def _check_attributes(pool: UserPool, config: Mapping[str, Any], doing: str) -> None:
    """Attack: a client that may write `email_verified`, so that a user verifies an address by saying so."""
    schema = {entry["Name"]: entry for entry in pool.config["SchemaAttributes"] if not entry["DeveloperOnlyAttribute"]}
    required = {name for name, entry in schema.items() if entry["Required"]} - _NEVER_WRITABLE
    readable, writable = set(config.get("ReadAttributes") or ()), set(config.get("WriteAttributes") or ())
    if not readable <= schema.keys():
        raise AwsError("InvalidParameterException", f"Invalid read attributes specified while {doing} a client")
    if writable and not required <= writable <= schema.keys() - _NEVER_WRITABLE:
        raise AwsError("InvalidParameterException", f"Invalid write attributes specified while {doing} a client")
