"""Ways to keys that must all be shut: another pool's user, and a guest who wants to be more than that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from botocore.exceptions import ClientError

from localcloud.policy.prove.pools import Person, Pools, client, new_password, refused
from localcloud.policy.prove.wire import Keys
from localcloud.process import RunningCloud

_NAME = "stranger@example.com"
_FLOW = "ADMIN_USER_PASSWORD_AUTH"

Way = tuple[str, Callable[[], Person]]
Attempts = tuple[tuple[str, str], ...]
"""Ways that were tried, and how each was refused (empty: it was open)."""


def stranger(cloud: RunningCloud, pools: Pools) -> Person:
    """A user of another user pool, with an identity pool of its own. It keeps the first keys that it gets, if any.

    Attack: anybody can make pools, and an ARN is no secret. Only the providers of the identity pool and the trust
    policies of its roles keep a stranger out.
    """
    own, token = _own_pools(cloud)
    logins = {own.provider: token}
    ways: list[Way] = [
        ("its own token", lambda: pools.keys(pools.identity(logins), logins)),
        ("its own token under this pool's name", lambda: _enter(pools, {pools.provider: token})),
    ]
    for role in pools.roles():
        ways.append((f"{_name(role)} in its own identity pool, signed in", _by_own_pool(own, role, logins)))
        ways.append((f"{_name(role)} in its own identity pool, as a guest", _by_own_pool(own, role, {})))
    keys, attempts = _try(ways)
    found = keys or Person(None, {"self": own.identity(logins)}, "no way to keys is open to it")
    return replace(found, attempts=attempts)


def of_a_guest(cloud: RunningCloud, pools: Pools, identity: str) -> Attempts:
    """Attack: the classic flow lets a guest name any role that trusts the pool, and so that of signed-in users."""

    def assume(role: str) -> Person:
        token = pools.identities.get_open_id_token(IdentityId=identity)["Token"]
        answer = client(cloud, "sts").assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="prove", WebIdentityToken=token
        )
        return Person(_keys(answer["Credentials"]))

    own = pools.default_roles().get("unauthenticated")
    return _try((f"{_name(role)} by the classic flow", partial(assume, role)) for role in pools.roles() if role != own)[
        1
    ]


def of_a_user(pools: Pools, identity: str, logins: dict[str, str], groups: Sequence[str]) -> Attempts:
    """Attack: a user asks for the role of a group that it is not in."""

    def choose(role: str) -> Person:
        answer = pools.identities.get_credentials_for_identity(IdentityId=identity, Logins=logins, CustomRoleArn=role)
        return Person(_keys(answer["Credentials"]))

    others = [role for group, role in pools.group_roles().items() if group not in groups]
    return _try((f"{_name(role)} as the role of its choice", partial(choose, role)) for role in others)[1]


def _keys(given: dict[str, str]) -> Keys:
    return Keys(given["AccessKeyId"], given.get("SecretKey") or given["SecretAccessKey"], given["SessionToken"])


def _name(role: str) -> str:
    return role.rsplit("/", 1)[-1]


def _enter(pools: Pools, logins: dict[str, str]) -> Person:
    return pools.keys(pools.identity(logins), logins)


def _by_own_pool(own: Pools, role: str, logins: dict[str, str]) -> Callable[[], Person]:
    def enter() -> Person:
        roles = {"authenticated": role, "unauthenticated": role}
        own.identities.set_identity_pool_roles(IdentityPoolId=own.identity_pool, Roles=roles)
        return _enter(own, logins)

    return enter


def _try(ways: Iterable[Way]) -> tuple[Person | None, Attempts]:
    """The first keys that came of it, and how each way ended."""
    first, attempts = None, []
    for name, way in ways:
        try:
            found = way()
            first = first or found
            attempts.append((name, ""))
        except ClientError as error:
            attempts.append((name, refused(error)))
    return first, tuple(attempts)


def _own_pools(cloud: RunningCloud) -> tuple[Pools, str]:
    """Pools that have nothing to do with the template, and the ID token of a user there."""
    users = client(cloud, "cognito-idp")
    pool = users.create_user_pool(PoolName="stranger")["UserPool"]["Id"]
    flows = [f"ALLOW_{_FLOW}", "ALLOW_REFRESH_TOKEN_AUTH"]
    made = users.create_user_pool_client(UserPoolId=pool, ClientName="stranger", ExplicitAuthFlows=flows)
    app = made["UserPoolClient"]["ClientId"]
    provider = {"ProviderName": f"cognito-idp.{cloud.region}.amazonaws.com/{pool}", "ClientId": app}
    identity_pool = client(cloud, "cognito-identity").create_identity_pool(
        IdentityPoolName="stranger", AllowUnauthenticatedIdentities=True, CognitoIdentityProviders=[provider]
    )["IdentityPoolId"]
    own, password = Pools(cloud, pool, identity_pool), new_password()
    own.add_user(_NAME, password)
    answer = users.admin_initiate_auth(
        UserPoolId=pool, ClientId=app, AuthFlow=_FLOW, AuthParameters={"USERNAME": _NAME, "PASSWORD": password}
    )
    return own, answer["AuthenticationResult"]["IdToken"]
