"""How a pool's role mappings and principal tags name its login providers.

A user pool is `PROVIDER:CLIENT_ID` in role mappings and `PROVIDER` in principal tags, any other provider its plain
name; an OpenID Connect provider may go by its ARN too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from localcloud.context import Cloud
from localcloud.identitypool.logins import ProvenLogin
from localcloud.identitypool.models import IdentityPool

Entry = TypeVar("Entry")


def for_role_mappings(pool: IdentityPool) -> set[str]:
    """The keys that a role mapping of this pool may have."""
    return {f"{entry.name}:{entry.client_id}" for entry in pool.providers} | _others(pool)


def for_principal_tags(pool: IdentityPool) -> set[str]:
    """The providers that principal tags of this pool may be for."""
    return {entry.name for entry in pool.providers} | _others(pool)


def find(cloud: Cloud, entries: Mapping[str, Entry], login: ProvenLogin) -> tuple[str, Entry] | None:
    """The entry for a login and its key, if there is one."""
    arn = f"arn:aws:iam::{cloud.account}:oidc-provider/{login.provider}"
    for key in (f"{login.provider}:{login.audience}", login.provider, arn):
        if key in entries:
            return key, entries[key]
    return None


def _others(pool: IdentityPool) -> set[str]:
    oidc = {arn.partition(":oidc-provider/")[2] for arn in pool.oidc_arns}
    return oidc.union(pool.login_providers, pool.oidc_arns, pool.saml_arns)
