"""User pools that a test makes for itself, where the stack's own pool is set up otherwise."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from auth import AuthClient, Settings
from tests.journeys.people import PASSWORD, Person, root_client
from tests.local_cloud import LocalCloud

FLOWS = [
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool whose users sign in by e-mail address, and an app client of it."""

    cloud: LocalCloud
    id: str
    client_id: str

    @classmethod
    def make(cls, cloud: LocalCloud, **settings: Any) -> Pool:
        """A new pool, AWS's defaults where `settings` (of CreateUserPool) say nothing."""
        root = root_client(cloud, "cognito-idp")
        defaults = {"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}
        made = root.create_user_pool(PoolName=f"own-{uuid.uuid4().hex[:8]}", **{**defaults, **settings})
        pool_id = made["UserPool"]["Id"]
        return cls(cloud, pool_id, add_client(cloud, pool_id))

    @property
    def settings(self) -> Settings:
        """What `auth` needs to know."""
        return Settings("us-east-1", self.id, self.client_id, endpoint_url=self.cloud.endpoint)

    def take_totp(self, configuration: str) -> None:
        """Let authenticator apps be a second factor: `OPTIONAL`, or `ON` for everybody."""
        root_client(self.cloud, "cognito-idp").set_user_pool_mfa_config(
            UserPoolId=self.id,
            MfaConfiguration=configuration,
            SoftwareTokenMfaConfiguration={"Enabled": True},
        )

    def person(self, email: str) -> Person:
        """Someone who has not signed up here."""
        return Person(self.cloud, email, AuthClient(self.settings, now=self.cloud.now))

    def confirmed_person(self, email: str) -> Person:
        """Someone who has signed up here and confirmed."""
        person = self.person(email)
        person.client.sign_up(email, PASSWORD, {"email": email})
        person.client.confirm_sign_up(email, self.cloud.code(email))
        return person


def add_client(cloud: LocalCloud, pool_id: str, **settings: Any) -> str:
    """The id of another client of a pool."""
    root = root_client(cloud, "cognito-idp")
    made = root.create_user_pool_client(
        UserPoolId=pool_id, ClientName="own", **{"ExplicitAuthFlows": FLOWS, **settings}
    )
    client_id: str = made["UserPoolClient"]["ClientId"]
    return client_id
