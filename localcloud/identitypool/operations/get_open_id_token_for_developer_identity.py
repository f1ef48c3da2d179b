"""GetOpenIdTokenForDeveloperIdentity: a backend says who its user is, and gets a token to hand on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool import amr, developer_identities, logins, openid_tokens, principal_tags
from localcloud.identitypool.logins import ProvenLogin
from localcloud.identitypool.models import IdentityPool
from localcloud.identitypool.pools import require_pool

SECONDS = 900
"""How long the token is good for, unless `TokenDuration` says otherwise."""


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The identity of the user, made when first seen, and its token; further logins are linked to it.

    Raises InvalidParameterException, and what `developer_identities.identify` does.
    """
    pool = require_pool(ctx, request["IdentityPoolId"])
    tags = request.get("PrincipalTags") or {}
    if problem := principal_tags.problem(tags):
        raise AwsError("InvalidParameterException", problem)
    developer, others = developer_identities.read_login(pool, openid_tokens.refuse_own(request["Logins"]))
    public = _verify(ctx, pool, others)
    identity = developer_identities.identify(ctx, pool, request.get("IdentityId"), developer, public)
    token = openid_tokens.issue(
        ctx, identity, amr.of_logins([developer, *public]), seconds=request.get("TokenDuration", SECONDS), tags=tags
    )
    return {"IdentityId": identity.id, "Token": token}


def _verify(ctx: Context, pool: IdentityPool, tokens: Mapping[str, str]) -> list[ProvenLogin]:
    try:
        return logins.verify(ctx, pool, tokens)
    except AwsError as error:
        # A provider that cannot be reached has no code of its own in this call.
        if error.code != "ExternalServiceException":
            raise
        raise AwsError("NotAuthorizedException", error.message) from error
