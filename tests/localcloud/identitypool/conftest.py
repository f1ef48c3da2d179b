"""A cloud in memory with a user pool, an identity pool and its two roles, and a way to call operations as AWS does."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest

from localcloud.access import credentials
from localcloud.access.credentials import RoleSession
from localcloud.clock import Clock
from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.federation import models as federation
from localcloud.identitypool import models as identity_models
from localcloud.jws import Key
from localcloud.seal import Sealer
from localcloud.store import Store
from localcloud.userpool import models, tokens
from localcloud.userpool.models import AppClient, User, UserPool
from localcloud.wire.model import load
from localcloud.wire.validation import check

NOW = 1_800_000_000.0
POOL_ID = "us-east-1_Abc123xyz"
PROVIDER = f"cognito-idp.us-east-1.amazonaws.com/{POOL_ID}"
CLIENT_ID = "1example23456789"
KEY = Key.make()
OTHER_KEY = Key.make()


@dataclass(frozen=True)
class Role:
    """A role as the engine would give it."""

    arn: str
    role_id: str
    trust_policy: Mapping[str, Any]
    max_session_seconds: int = 3600


def trust(pool_id: str, amr: str, *actions: str) -> dict[str, Any]:
    """The trust policy that AWS documents for one kind of identity of one pool; `actions` are allowed besides."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                "Action": ["sts:AssumeRoleWithWebIdentity", *actions],
                "Condition": {
                    "StringEquals": {"cognito-identity.amazonaws.com:aud": pool_id},
                    "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": amr},
                },
            }
        ],
    }


@dataclass
class World:
    """The cloud, and short words for what tests do in it."""

    ctx: Context
    roles: dict[str, Role] = field(default_factory=dict)
    pool_id: str = ""

    def call(self, operation_name: str, **request: Any) -> dict[str, Any]:
        """Validate and handle a call; an error must be one that the operation declares."""
        model = load("cognito-identity")
        operation = model.operations[operation_name]
        check(model, operation, request, "InvalidParameterException")
        module = import_module(f"localcloud.identitypool.operations.{operation.snake_name}")
        try:
            answer: dict[str, Any] = module.handle(self.ctx, request)
        except AwsError as error:
            if error.code not in operation.errors:
                pytest.fail(f"{operation_name} does not declare {error}")
            raise
        return answer

    def refusal(self, operation_name: str, **request: Any) -> str:
        """The error of a call that must fail: code and message."""
        with pytest.raises(AwsError) as caught:
            self.call(operation_name, **request)
        return f"{caught.value.code}: {caught.value.message}"

    def sign_in(self, username: str, client_id: str = CLIENT_ID, pool_id: str = POOL_ID) -> dict[str, Any]:
        """The tokens of a user, who is made when first seen."""
        pool, client = self.ctx.store.get(UserPool, pool_id), self.ctx.store.get(AppClient, client_id)
        assert pool is not None
        assert client is not None
        user = self.user(username, pool_id)
        return tokens.issue(self.ctx, pool, client, user, "TokenGeneration_Authentication")

    def user(self, username: str, pool_id: str = POOL_ID) -> User:
        """A user; the sub is made from the name, so that it is easy to see."""
        found = self.ctx.store.get(User, pool_id, f"sub-{username}")
        if found is None:
            found = User(
                pool_id, f"sub-{username}", username, username, "CONFIRMED", NOW, NOW, {"sub": f"sub-{username}"}
            )
            self.ctx.store.insert(found)
        return found

    def logins(self, username: str) -> dict[str, str]:
        """The `Logins` of a user who has just signed in."""
        return {PROVIDER: self.sign_in(username)["IdToken"]}

    def logins_saying(self, **claims: Any) -> dict[str, str]:
        """The `Logins` of ann with more claims in her token; the pool must not ask whether she is signed in."""
        good = {"iss": f"https://{PROVIDER}", "sub": "sub-ann", "aud": CLIENT_ID, "token_use": "id"}
        return {PROVIDER: KEY.sign({**good, "exp": int(NOW) + 3600, **claims})}

    def get_id(self, username: str = "") -> str:
        """The identity of a user, or a new guest's."""
        logins = {"Logins": self.logins(username)} if username else {}
        return str(self.call("GetId", IdentityPoolId=self.pool_id, **logins)["IdentityId"])

    def credentials(self, identity_id: str, logins: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The answer of GetCredentialsForIdentity."""
        request = {"Logins": dict(logins)} if logins else {}
        return self.call("GetCredentialsForIdentity", IdentityId=identity_id, **request)

    def session(self, identity_id: str, logins: Mapping[str, str] | None = None, **request: Any) -> RoleSession:
        """The session behind the credentials of an identity."""
        if logins:
            request["Logins"] = dict(logins)
        answer = self.call("GetCredentialsForIdentity", IdentityId=identity_id, **request)
        found = credentials.find(self.ctx.store, answer["Credentials"]["AccessKeyId"])
        assert found is not None
        return found

    def change_pool(self, **settings: Any) -> None:
        """Change the identity pool's settings and keep the others."""
        pool = self.call("DescribeIdentityPool", IdentityPoolId=self.pool_id)
        self.call("UpdateIdentityPool", **{**pool, **settings})

    def set_provider(self, **changes: Any) -> None:
        """Change the identity pool's user pool provider; `guests` is the pool's own setting."""
        provider = {"ProviderName": PROVIDER, "ClientId": CLIENT_ID, "ServerSideTokenCheck": True, **changes}
        self.call(
            "UpdateIdentityPool",
            IdentityPoolId=self.pool_id,
            IdentityPoolName="app",
            AllowUnauthenticatedIdentities=provider.pop("guests", True),
            CognitoIdentityProviders=[provider],
        )

    def set_trust(self, name: str, policy: Mapping[str, Any]) -> None:
        """Give the role of that name a trust policy: `authenticated`, `unauthenticated` or a new one."""
        arn = role_arn(name)
        self.roles[arn] = Role(arn, f"AROA{name.upper()}", policy)


def role_arn(name: str) -> str:
    """The ARN of a role; roles with a path are the harder case."""
    return f"arn:aws:iam::000000000000:role/app/{name}"


@pytest.fixture
def world() -> World:
    kinds = (*models.KINDS, *identity_models.KINDS, *federation.KINDS, *credentials.KINDS)
    cloud = Cloud(
        Store(None, kinds), Clock(source=lambda: NOW), Sealer(b"for tests"), random=random.Random(7).randbytes
    )
    world = World(Context(cloud))
    cloud.roles = world.roles.get
    add_user_pool(world, POOL_ID, CLIENT_ID, KEY)
    provider = {"ProviderName": PROVIDER, "ClientId": CLIENT_ID, "ServerSideTokenCheck": True}
    world.pool_id = world.call(
        "CreateIdentityPool",
        IdentityPoolName="app",
        AllowUnauthenticatedIdentities=True,
        CognitoIdentityProviders=[provider],
    )["IdentityPoolId"]
    roles = {kind: role_arn(kind) for kind in ("authenticated", "unauthenticated")}
    world.call("SetIdentityPoolRoles", IdentityPoolId=world.pool_id, Roles=roles)
    for kind in roles:
        world.set_trust(kind, trust(world.pool_id, kind))
    return world


def add_user_pool(world: World, pool_id: str, client_id: str, key: Key) -> None:
    """A user pool with one app client."""
    world.ctx.cloud.keys[pool_id] = key
    world.ctx.store.insert(UserPool(pool_id, {}, NOW, NOW))
    world.ctx.store.insert(AppClient(client_id, pool_id, {}, {}, NOW, NOW))
