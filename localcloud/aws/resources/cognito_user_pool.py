"""AWS::Cognito::UserPool: over CreateUserPool, UpdateUserPool and, for factors and passkeys, SetUserPoolMfaConfig.

`EmailAuthenticationMessage` and `EmailAuthenticationSubject` are the texts of EmailMfaConfiguration; `WebAuthn…` are
its WebAuthnConfiguration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.resources.cognito_calls import call, call_unless_gone, shapes, to_request
from localcloud.context import Context
from localcloud.userpool import models
from localcloud.userpool.configuration import schema
from localcloud.userpool.configuration.pool_settings import IMMUTABLE, SUPPORTED
from localcloud.userpool.factors.second_factors import EMAIL, ORDER, SMS, TOTP
from localcloud.userpool.pools import require_pool

TYPE = "AWS::Cognito::UserPool"

_WEB_AUTHN = {
    "WebAuthnRelyingPartyID": "RelyingPartyId",
    "WebAuthnUserVerification": "UserVerification",
    "WebAuthnFactorConfiguration": "FactorConfiguration",
}

PROPERTIES: Mapping[str, Shape] = {
    **{name: shape for name, shape in shapes(SUPPORTED).items() if name != "PoolName"},
    "UserPoolName": None,
    "EnabledMfas": frozenset(ORDER),
    "EmailAuthenticationMessage": None,
    "EmailAuthenticationSubject": None,
    **dict.fromkeys(_WEB_AUTHN),
}


def create(
    ctx: Context, properties: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """A new pool, or the one of that id if it is there, brought up to date."""
    if physical_id and ctx.store.get(models.UserPool, physical_id):
        return update(ctx, physical_id, {}, properties)
    settings, mfa = _requests(properties)
    with ctx.store.transaction():
        pool_id = call(ctx, "CreateUserPool", {"PoolName": f"{stack_name}-{logical_id}", **settings})["UserPool"]["Id"]
        if mfa:
            call(ctx, "SetUserPoolMfaConfig", {"UserPoolId": pool_id, **mfa})
    return pool_id, _attributes(ctx, pool_id)


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Other settings, and more attributes in the schema. Raises ValueError for what a pool has for life."""
    with ctx.store.transaction():
        pool = require_pool(ctx, physical_id)
        settings, mfa = _requests(new, had_passkeys="WebAuthnConfiguration" in pool.config)
        _refuse_changes(pool, settings)
        added = _added_attributes(pool, old.get("Schema") or (), settings.get("Schema") or [])
        changeable = {name: value for name, value in settings.items() if name not in (*IMMUTABLE, "Schema")}
        call(ctx, "UpdateUserPool", {"UserPoolId": pool.id, **changeable})
        if mfa:
            call(ctx, "SetUserPoolMfaConfig", {"UserPoolId": pool.id, **mfa})
        if added:
            call(ctx, "AddCustomAttributes", {"UserPoolId": pool.id, "CustomAttributes": added})
    return physical_id, _attributes(ctx, physical_id)


def delete(ctx: Context, physical_id: str, properties: Properties) -> None:
    """Delete the pool and all that it owns."""
    call_unless_gone(ctx, "DeleteUserPool", {"UserPoolId": physical_id})


def _requests(properties: Properties, *, had_passkeys: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters of CreateUserPool, and those of SetUserPoolMfaConfig where there is something for it."""
    given = dict(properties)
    if "UserPoolName" in given:
        given["PoolName"] = given.pop("UserPoolName")
    factors = given.pop("EnabledMfas", None) or []
    web_authn = {ours: given.pop(name) for name, ours in _WEB_AUTHN.items() if name in given}
    texts = {name: given.pop(f"EmailAuthentication{name}", None) for name in ("Message", "Subject")}
    if unknown := set(factors) - set(ORDER):
        raise ValueError(f"{TYPE}: property `EnabledMfas`: {sorted(unknown)[0]} is not supported by the local cloud")
    if any(texts.values()) and EMAIL not in factors:
        raise ValueError(f"{TYPE}: property `EmailAuthenticationMessage` needs EMAIL_OTP in `EnabledMfas`")
    settings = to_request(TYPE, "CreateUserPool", given)
    if not (factors or web_authn or had_passkeys):
        return settings, {}
    if not factors and settings.get("MfaConfiguration", "OFF") != "OFF" and "SmsConfiguration" in settings:
        factors = [SMS]
    # CreateUserPool knows no factor but SMS, and refuses MFA without one.
    sms = {name: settings[name] for name in ("SmsAuthenticationMessage", "SmsConfiguration") if name in settings}
    configurations: dict[str, dict[str, Any]] = {
        TOTP: {"SoftwareTokenMfaConfiguration": {"Enabled": True}},
        SMS: {"SmsMfaConfiguration": sms},
        EMAIL: {"EmailMfaConfiguration": {name: text for name, text in texts.items() if text}},
    }
    mfa: dict[str, Any] = {"MfaConfiguration": settings.pop("MfaConfiguration", "OFF")}
    if web_authn:
        mfa["WebAuthnConfiguration"] = web_authn
    return settings, {name: value for factor in factors for name, value in configurations[factor].items()} | mfa


def _refuse_changes(pool: models.UserPool, settings: Mapping[str, Any]) -> None:
    """CloudFormation would put a new pool in place of the old one, without its users: never by accident."""
    for name in IMMUTABLE:
        if _parts(pool.config.get(name)) != _parts(settings.get(name)):
            raise ValueError(f"{TYPE}: property `{name}` cannot change once the pool is made")


def _parts(value: Any) -> set[Any]:
    return set(value.items() if isinstance(value, Mapping) else value or ())


def _added_attributes(pool: models.UserPool, old: Any, new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = {entry["Name"]: entry for entry in pool.config["SchemaAttributes"]}
    wanted = {entry["Name"]: entry for entry in schema.of_new_pool(new)}
    changed = any(kept[name] != entry for name, entry in wanted.items() if name in kept)
    if changed or {schema.full_name(entry) for entry in old} - wanted.keys():
        raise ValueError(f"{TYPE}: property `Schema`: Existing schema attributes cannot be modified or deleted.")
    return [entry for entry in new if schema.full_name(entry) not in kept]


def _attributes(ctx: Context, pool_id: str) -> Attributes:
    region = pool_id.split("_")[0]
    return {
        "Arn": ctx.cloud.pool_arn(pool_id),
        "ProviderName": f"cognito-idp.{region}.amazonaws.com/{pool_id}",
        "ProviderURL": ctx.cloud.issuer_of(pool_id),
        "UserPoolId": pool_id,
    }
