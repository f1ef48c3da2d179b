"""What a user pool is called as a login provider: `cognito-idp.REGION.amazonaws.com/POOL_ID`."""

from __future__ import annotations

import re

from localcloud.context import Cloud

_USER_POOL = re.compile(r"cognito-idp\.([a-z0-9-]+)\.amazonaws\.com/(\1_[0-9A-Za-z]+)")


def canonical_name(cloud: Cloud, name: str) -> str:
    """The name as AWS writes it.

    With `--issuer endpoint` clients make it from the token's issuer, with or without the scheme.
    """
    endpoint, host = cloud.endpoint_url, cloud.endpoint_url.partition("://")[2]
    for prefix in (endpoint, host) if cloud.issuer == "endpoint" else ():
        if name.startswith(f"{prefix}/"):
            pool_id = name.removeprefix(f"{prefix}/")
            return f"cognito-idp.{pool_id.split('_')[0]}.amazonaws.com/{pool_id}"
    return name


def user_pool_id(name: str) -> str | None:
    """The user pool that a canonical provider name stands for; None for a provider of another kind."""
    found = _USER_POOL.fullmatch(name)
    return found[2] if found else None
