"""Identity pools that a test makes for itself, with roles of its own and one bucket that they are about."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.journeys.people import Person, client, root_client, unsigned_client
from tests.journeys.pools import Pool
from tests.journeys.refusals import is_denied
from tests.local_cloud import LocalCloud

Statements = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class IdentityPool:
    """An identity pool in front of a user pool. Guests may come in; nobody has a role yet."""

    cloud: LocalCloud
    users: Pool
    id: str
    bucket: str

    @classmethod
    def make(cls, cloud: LocalCloud, **settings: Any) -> IdentityPool:
        """A new pool with `settings` (of CreateIdentityPool), a user pool and an empty bucket."""
        users, name = Pool.make(cloud), f"own-{uuid.uuid4().hex[:8]}"
        provider = {"ProviderName": provider_of(users), "ClientId": users.client_id, "ServerSideTokenCheck": True}
        defaults = {"AllowUnauthenticatedIdentities": True, "CognitoIdentityProviders": [provider]}
        made = root_client(cloud, "cognito-identity").create_identity_pool(
            IdentityPoolName=name, **{**defaults, **settings}
        )
        root_client(cloud, "s3").create_bucket(Bucket=name)
        return cls(cloud, users, made["IdentityPoolId"], name)

    @property
    def root(self) -> Any:
        """The identity pools' API with the root's keys."""
        return root_client(self.cloud, "cognito-identity")

    @property
    def public(self) -> Any:
        """The same without keys: what an app may call."""
        return unsigned_client(self.cloud, "cognito-identity")

    def role(self, allowed: Statements, *, amr: str = "authenticated", may_be_tagged: bool = False) -> str:
        """The ARN of a new role that trusts identities of this pool and may do what these statements say."""
        iam, name = root_client(self.cloud, "iam"), f"own-{uuid.uuid4().hex[:8]}"
        actions = ["sts:AssumeRoleWithWebIdentity", *(["sts:TagSession"] if may_be_tagged else [])]
        trust = {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": actions,
            "Condition": {
                "StringEquals": {"cognito-identity.amazonaws.com:aud": self.id},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": amr},
            },
        }
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document([trust]))["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=_document(allowed))
        return arn

    def reads(self, folder: str) -> dict[str, Any]:
        """A statement that allows reading under a folder of the bucket."""
        return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{self.bucket}/{folder}/*"}

    def put(self, *keys: str) -> None:
        """Store objects, as the root."""
        for key in keys:
            root_client(self.cloud, "s3").put_object(Bucket=self.bucket, Key=key, Body=key.encode())

    def logins(self, person: Person) -> dict[str, str]:
        """The `Logins` of somebody who signs in now."""
        return {provider_of(self.users): person.sign_in().tokens.id_token}

    def readable(self, keys: Sequence[str], credentials: Mapping[str, Any]) -> list[str]:
        """Those of the objects that may be read with credentials of GetCredentialsForIdentity or STS."""
        s3 = client(self.cloud, "s3", credentials)
        return [key for key in keys if not is_denied(s3.get_object, Bucket=self.bucket, Key=key)]

    def credentials(self, identity_id: str, logins: Mapping[str, str] | None = None, **request: Any) -> dict[str, Any]:
        """The credentials of the enhanced flow."""
        answer = self.public.get_credentials_for_identity(IdentityId=identity_id, Logins=logins or {}, **request)
        credentials: dict[str, Any] = answer["Credentials"]
        return credentials

    def get_id(self, logins: Mapping[str, str] | None = None) -> str:
        """The identity of these logins, or a new guest's."""
        identity_id: str = self.public.get_id(IdentityPoolId=self.id, Logins=logins or {})["IdentityId"]
        return identity_id


def provider_of(users: Pool) -> str:
    """The user pool as a login provider."""
    return f"cognito-idp.us-east-1.amazonaws.com/{users.id}"


def _document(statements: Statements) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
