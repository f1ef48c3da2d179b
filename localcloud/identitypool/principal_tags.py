"""Attributes for access control: claims of a verified token that become the session's tags.

Source: Cognito developer guide, "Using attributes for access control". AWS lets a pool map any claim, also one that
the user may write: what the token says is all that can be checked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.federation import session_tags
from localcloud.federation.errors import TokenError
from localcloud.identitypool import openid_tokens, pools, provider_keys
from localcloud.identitypool.logins import ProvenLogin
from localcloud.identitypool.models import IdentityPool
from localcloud.identitypool.providers import canonical_name

DEFAULTS = {"username": "sub", "client": "aud"}
"""Tag by tag the claim it comes from, with `UseDefaults`."""

MAX_BYTES = 460
"""All keys and values together. Source: Cognito developer guide, "Using attributes for access control"."""


def of_logins(cloud: Cloud, pool: IdentityPool, logins: Sequence[ProvenLogin]) -> dict[str, str]:
    """The session tags of a caller, tag key → value; a guest has none.

    Attack: tags of two logins mixed to what neither of them says. As with the role, the first one decides.
    """
    return _of_login(cloud, pool, logins[0]) if logins else {}


def _of_login(cloud: Cloud, pool: IdentityPool, login: ProvenLogin) -> dict[str, str]:
    """The session tags of one login. A claim that is missing or empty gives no tag.

    Attack: a claim that is no text (`{"admin": true}`, a list of groups), or an empty one, as a value that a policy
    would put into an ARN: neither becomes a tag, so what depends on it denies.
    """
    if login.provider == openid_tokens.NAME:
        return session_tags.from_claims(login.claims)[0]
    found = provider_keys.find(cloud, pool.principal_tags, login)
    if found is None:
        return {}
    _, entry = found
    claims = {"sub": login.sub, "aud": login.audience} if entry["UseDefaults"] else login.claims
    values = {tag: claims.get(claim) for tag, claim in entry["PrincipalTags"].items()}
    return {tag: value for tag, value in values.items() if isinstance(value, str) and value}


def problem(tags: Mapping[str, str]) -> str:
    """What STS would not take of session tags; empty when they are good."""
    try:
        session_tags.checked(tags.items())
    except TokenError as error:
        return str(error)
    if sum(len(f"{key}{value}".encode()) for key, value in tags.items()) > MAX_BYTES:
        return f"All principal tags together have more than {MAX_BYTES} bytes."
    return ""


def set_map(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a SetPrincipalTagAttributeMap request; the answer. Raises InvalidParameterException and others."""
    tags = request.get("PrincipalTags") or {}
    defaults = bool(request.get("UseDefaults"))
    if defaults and tags not in ({}, DEFAULTS):
        raise AwsError("InvalidParameterException", "PrincipalTags can not be set together with UseDefaults.")
    if wrong := problem(dict.fromkeys(tags, "")):
        raise AwsError("InvalidParameterException", wrong)
    with ctx.store.transaction():
        pool = pools.require_pool(ctx, request["IdentityPoolId"])
        name = _require_provider(ctx.cloud, pool, request["IdentityProviderName"])
        entry = {"UseDefaults": defaults, "PrincipalTags": DEFAULTS if defaults else dict(tags)}
        kept = {**pool.principal_tags, name: entry}
        if not entry["PrincipalTags"]:
            del kept[name]
        return _answer(pools.change(ctx, pool.id, principal_tags=kept), name)


def get_map(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of GetPrincipalTagAttributeMap. Raises InvalidParameterException and ResourceNotFoundException."""
    pool = pools.require_pool(ctx, request["IdentityPoolId"])
    return _answer(pool, _require_provider(ctx.cloud, pool, request["IdentityProviderName"]))


def remove_map(ctx: Context, pool_id: str, name: str) -> None:
    """Forget the map of a provider, also of one that the pool no longer has. Raises ResourceNotFoundException."""
    with ctx.store.transaction():
        pool = pools.require_pool(ctx, pool_id)
        canonical = canonical_name(ctx.cloud, name)
        kept = {provider: entry for provider, entry in pool.principal_tags.items() if provider != canonical}
        pools.change(ctx, pool.id, principal_tags=kept)


def _answer(pool: IdentityPool, name: str) -> dict[str, Any]:
    nothing = {"UseDefaults": False, "PrincipalTags": {}}
    return {"IdentityPoolId": pool.id, "IdentityProviderName": name, **pool.principal_tags.get(name, nothing)}


def _require_provider(cloud: Cloud, pool: IdentityPool, name: str) -> str:
    found = canonical_name(cloud, name)
    if found not in provider_keys.for_principal_tags(pool):
        raise AwsError("InvalidParameterException", f"{name} is not a configured provider of this identity pool.")
    return found
