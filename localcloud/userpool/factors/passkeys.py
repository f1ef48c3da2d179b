"""What a pool says of passkeys, and the passkeys of its users: who may have one, for which domain, how it counts.

Source: API reference, `WebAuthnConfigurationType`, `WebAuthnMfaSettingsType`; developer guide, "Passkey sign-in".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import pages
from localcloud.userpool.configuration import domains
from localcloud.userpool.configuration.settings import ANY, Supported
from localcloud.userpool.factors.passkey_state import WebAuthnCredential
from localcloud.userpool.models import User, UserPool

SUPPORTED: Mapping[str, Supported] = {"RelyingPartyId": ANY, "UserVerification": ANY, "FactorConfiguration": ANY}
DEFAULTS: Mapping[str, str] = {"UserVerification": "preferred", "FactorConfiguration": "SINGLE_FACTOR"}

FACTOR, MFA = "WEB_AUTHN", "WEB_AUTHN_MFA"
"""The first factor, and how a user's MFA settings call it where it stands for the second one too."""

MOST = 20
"""Passkeys of one user. Source: Cognito developer guide, "Quotas"."""

_HERE = "localhost"
_HOST = re.compile(r"(?=.*[a-z])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def check_settings(config: Mapping[str, Any]) -> None:
    """Raise where `WebAuthnConfiguration` does not fit the pool."""
    given = config.get("WebAuthnConfiguration")
    if given is None:
        return
    if config["UserPoolTier"] == "LITE":
        raise AwsError("FeatureUnavailableInTierException", "WebAuthnConfiguration needs a tier above LITE.")
    name = given.get("RelyingPartyId")
    if name is not None and not _HOST.fullmatch(name):
        raise AwsError("InvalidParameterException", "RelyingPartyId must be a domain name.")


def counts_twice(config: Mapping[str, Any]) -> bool:
    """Whether a passkey whose authenticator verified its user stands for both factors, for users who want it so."""
    factor = (config.get("WebAuthnConfiguration") or {}).get("FactorConfiguration")
    return bool(factor == "MULTI_FACTOR_WITH_USER_VERIFICATION")


def counts_twice_for(pool: UserPool, user: User) -> bool:
    """Whether this user's passkey stands for both factors."""
    return counts_twice(pool.config) and MFA in user.mfa_methods


def verification(pool: UserPool) -> str:
    """`required` where an authenticator has to verify its user, or `preferred`."""
    wanted = (pool.config.get("WebAuthnConfiguration") or {}).get("UserVerification")
    return "required" if counts_twice(pool.config) else str(wanted or DEFAULTS["UserVerification"])


def relying_party(ctx: Context, pool: UserPool) -> str:
    """The domain that passkeys are made for; empty where the pool has none."""
    domain = domains.of_pool(ctx, pool.id)
    own = f"{domain.domain}.auth.{pool.region}.amazoncognito.com" if domain else ""
    name = str((pool.config.get("WebAuthnConfiguration") or {}).get("RelyingPartyId") or own)
    # The prefix domain's own name does not resolve here: its pages are on this machine, and so are their passkeys.
    return _HERE if name and name == own else name


def of_user(ctx: Context, user: User) -> list[WebAuthnCredential]:
    """All passkeys of a user, those included that were made when the pool had another domain."""
    return ctx.store.find(WebAuthnCredential, pool_id=user.pool_id, sub=user.sub)


def usable(ctx: Context, pool: UserPool, user: User) -> list[WebAuthnCredential]:
    """Those that the user can sign in with now."""
    found = of_user(ctx, user)
    domain = relying_party(ctx, pool) if found else ""
    return [one for one in found if one.relying_party == domain]


def list_page(
    ctx: Context, user: User, size: int | None, token: str | None
) -> tuple[list[WebAuthnCredential], str | None]:
    """One page of a user's passkeys, and the token of the next. Raises InvalidParameterException."""
    where = {"pool_id": user.pool_id, "sub": user.sub}
    return pages.read(ctx, WebAuthnCredential, f"passkeys {user.sub}", min(size or MOST, MOST), token, **where)


def delete(ctx: Context, user: User, credential_id: str) -> None:
    """Forget a passkey. Raises ResourceNotFoundException.

    Attack: naming somebody else's.
    """
    with ctx.store.transaction():
        kept = ctx.store.get(WebAuthnCredential, user.pool_id, credential_id)
        if kept is None or kept.sub != user.sub:
            raise AwsError("ResourceNotFoundException", "The credential does not exist.")
        ctx.store.delete(WebAuthnCredential, user.pool_id, credential_id)


def describe(credential: WebAuthnCredential) -> dict[str, Any]:
    """A `WebAuthnCredentialDescription`."""
    attachment = {"AuthenticatorAttachment": credential.attachment} if credential.attachment else {}
    return {
        "CredentialId": credential.id,
        "FriendlyCredentialName": credential.name,
        "RelyingPartyId": credential.relying_party,
        **attachment,
        "AuthenticatorTransports": list(credential.transports),
        "CreatedAt": credential.created,
    }


def descriptor(credential: WebAuthnCredential) -> dict[str, Any]:
    """A `PublicKeyCredentialDescriptorJSON`."""
    return {"type": "public-key", "id": credential.id, "transports": list(credential.transports)}
