"""Credentials for an identity: a role of the pool for it, if that role trusts the pool."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from localcloud.access.assume_role import assume_role
from localcloud.access.credentials import RoleSession
from localcloud.access.refusals import Finding, RefusedError
from localcloud.context import Context, Role
from localcloud.errors import AwsError
from localcloud.iam.request import ContextValue, Principal
from localcloud.identitypool import amr, guests, openid_tokens, principal_tags, role_mapping
from localcloud.identitypool.logins import ProvenLogin
from localcloud.identitypool.models import Identity, IdentityPool

SESSION_NAME = "CognitoIdentityCredentials"
SECONDS = 3600
_COGNITO = Principal("Federated", openid_tokens.NAME)

_log = logging.getLogger(__name__)


def issue(
    ctx: Context, pool: IdentityPool, identity: Identity, logins: Sequence[ProvenLogin], custom_role: str = ""
) -> RoleSession:
    """A session of the role for this identity, or of `custom_role` where the pool's role mappings offer it.

    Raises NotAuthorizedException, and InvalidIdentityPoolConfigurationException. A guest's session is limited to AWS's
    list of services besides. Source: Cognito developer guide, "IAM roles".
    """
    role = _find_role(ctx, pool, _choose_role(ctx, pool, logins, custom_role))
    tags = principal_tags.of_logins(ctx.cloud, pool, logins)
    if problem := principal_tags.problem(tags):
        _log.warning("identity pool %s: %s", pool.id, problem)
        raise _invalid_configuration()
    context: dict[str, ContextValue] = {
        f"{openid_tokens.NAME}:aud": pool.id,
        f"{openid_tokens.NAME}:sub": identity.id,
        f"{openid_tokens.NAME}:amr": amr.of_logins(logins),
    }
    try:
        return assume_role(
            ctx,
            role,
            _COGNITO,
            "sts:AssumeRoleWithWebIdentity",
            SESSION_NAME,
            seconds=SECONDS,
            request_context=context,
            session_context={**context, "aws:FederatedProvider": openid_tokens.NAME},
            tags=tags,
            session_policies=() if logins else guests.SESSION_POLICIES,
        )
    except RefusedError as refused:
        _log.warning("identity pool %s: %s does not let it in", pool.id, role.arn)
        raise _invalid_configuration(refused.findings) from refused


def _choose_role(ctx: Context, pool: IdentityPool, logins: Sequence[ProvenLogin], custom_role: str) -> str:
    if logins:
        return role_mapping.choose(ctx, pool, logins[0], custom_role)
    if custom_role:
        raise role_mapping.forbidden(custom_role)
    return pool.roles.get("unauthenticated", "")


def _find_role(ctx: Context, pool: IdentityPool, arn: str) -> Role:
    role = ctx.cloud.roles(arn) if arn else None
    if role is None:
        _log.warning("identity pool %s: its role %s does not exist", pool.id, arn or "(none set)")
        raise _invalid_configuration()
    return role


def _invalid_configuration(findings: Sequence[Finding] = ()) -> AwsError:
    # AWS says no more than this to a client; `explain` and the server's log say why.
    message = "Invalid identity pool configuration. Check assigned IAM roles for this pool."
    return RefusedError("InvalidIdentityPoolConfigurationException", message, findings=findings)
