"""Credentials for an identity: the pool's role for it, if that role trusts the pool."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from localcloud import credentials
from localcloud.context import Context, Role
from localcloud.credentials import RoleSession
from localcloud.errors import AwsError
from localcloud.iam import Decision, PolicyError, Principal, Request, compile_policy, decide_trust
from localcloud.identitypool import guests
from localcloud.identitypool.logins import ProvenLogin
from localcloud.identitypool.models import Identity, IdentityPool

PROVIDER = "cognito-identity.amazonaws.com"
SESSION_NAME = "CognitoIdentityCredentials"
SECONDS = 3600

_log = logging.getLogger(__name__)


def issue(ctx: Context, pool: IdentityPool, identity: Identity, logins: Sequence[ProvenLogin]) -> RoleSession:
    """A session of the pool's role for this identity. Raises InvalidIdentityPoolConfigurationException.

    A guest's is limited to AWS's list of services besides. Source: Cognito developer guide, "IAM roles".
    """
    role = _choose_role(ctx, pool, "authenticated" if logins else "unauthenticated")
    context: dict[str, str | list[str]] = {
        f"{PROVIDER}:aud": pool.id,
        f"{PROVIDER}:sub": identity.id,
        f"{PROVIDER}:amr": _authentication_methods(logins),
    }
    _check_trust(role, pool, context)
    return credentials.issue(
        ctx,
        role,
        SESSION_NAME,
        seconds=SECONDS,
        context={**context, "aws:FederatedProvider": PROVIDER},
        session_policies=() if logins else guests.SESSION_POLICIES,
    )


def _authentication_methods(logins: Sequence[ProvenLogin]) -> list[str]:
    """The `amr` of a session. Source: Cognito developer guide, "Role trust and permissions"."""
    if not logins:
        return ["unauthenticated"]
    providers = [name for login in logins for name in (login.provider, f"{login.provider}:CognitoSignIn:{login.sub}")]
    return ["authenticated", *providers]


def _choose_role(ctx: Context, pool: IdentityPool, kind: str) -> Role:
    arn = pool.roles.get(kind)
    role = ctx.cloud.roles(arn) if arn else None
    if role is None:
        _log.warning("identity pool %s: its %s role %s does not exist", pool.id, kind, arn or "(none set)")
        raise _invalid_configuration()
    return role


def _check_trust(role: Role, pool: IdentityPool, context: dict[str, str | list[str]]) -> None:
    """Attack: a guest, or another pool's user, in a role that never meant to let them in."""
    request = Request(
        principal=Principal("Federated", PROVIDER),
        action="sts:AssumeRoleWithWebIdentity",
        resource=role.arn,
        context={**context, "sts:RoleSessionName": SESSION_NAME},
    )
    try:
        decision = decide_trust(request, compile_policy(role.trust_policy, role.arn, kind="trust"))
    except PolicyError as error:
        _log.warning("identity pool %s: the trust policy of %s: %s", pool.id, role.arn, error)
        raise _invalid_configuration() from error
    if not decision.allowed:
        _log.warning("identity pool %s: %s does not trust it: %s", pool.id, role.arn, _explain(decision))
        raise _invalid_configuration()


def _explain(decision: Decision) -> str:
    return "; ".join(f"{reason.statement}: {reason.why}" for reason in decision.reasons)


def _invalid_configuration() -> AwsError:
    # AWS says no more than this to a client; the server's log says why.
    message = "Invalid identity pool configuration. Check assigned IAM roles for this pool."
    return AwsError("InvalidIdentityPoolConfigurationException", message)
