"""The pools of one cloud: users are made in them, and identities get keys from them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from localcloud.policy.prove.wire import ROOT, Keys
from localcloud.process import RunningCloud


@dataclass(frozen=True, slots=True)
class Person:
    """A persona that exists. Without keys `refusal` says why; `ids` are its variables: `self`, `self.sub` ….

    `attempts` are the wrong ways by which it tried to get keys, and how each was refused (empty: it was not).
    """

    keys: Keys | None
    ids: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    attempts: tuple[tuple[str, str], ...] = ()


class Pools:
    """A user pool and an identity pool; every method raises ClientError."""

    def __init__(self, cloud: RunningCloud, user_pool: str, identity_pool: str) -> None:
        self.user_pool, self.identity_pool = user_pool, identity_pool
        self.provider = f"cognito-idp.{cloud.region}.amazonaws.com/{user_pool}"
        self.users, self.identities = client(cloud, "cognito-idp"), client(cloud, "cognito-identity")

    def add_user(self, name: str, password: str, groups: Iterable[str] = ()) -> str:
        """A user who can sign in at once; its `sub`. A group that the pool lacks is made, without a role."""
        pool = {"UserPoolId": self.user_pool}
        attributes = [{"Name": "email", "Value": name}, {"Name": "email_verified", "Value": "true"}]
        made = self.users.admin_create_user(
            **pool, Username=name, UserAttributes=attributes, MessageAction="SUPPRESS", TemporaryPassword=new_password()
        )
        self.users.admin_set_user_password(**pool, Username=name, Password=password, Permanent=True)
        for group in groups:
            if group not in {known["GroupName"] for known in self.users.list_groups(**pool)["Groups"]}:
                self.users.create_group(**pool, GroupName=group)
            self.users.admin_add_user_to_group(**pool, Username=name, GroupName=group)
        return next(str(entry["Value"]) for entry in made["User"]["Attributes"] if entry["Name"] == "sub")

    def identity(self, logins: Mapping[str, str]) -> str:
        """The identity of these logins; a new guest's without any."""
        return str(self.identities.get_id(IdentityPoolId=self.identity_pool, Logins=logins)["IdentityId"])

    def keys(self, identity: str, logins: Mapping[str, str], sub: str = "") -> Person:
        """Whoever these logins are, with keys. The identity may be another one: after a merge."""
        answer = self.identities.get_credentials_for_identity(IdentityId=identity, Logins=logins)
        given = answer["Credentials"]
        keys = Keys(given["AccessKeyId"], given["SecretKey"], given["SessionToken"])
        return Person(keys, {"self": answer["IdentityId"], "self.sub": sub})

    def default_roles(self) -> dict[str, str]:
        """The ARNs of the identity pool's own roles: `authenticated`, `unauthenticated`."""
        found = self.identities.get_identity_pool_roles(IdentityPoolId=self.identity_pool)
        return dict(found.get("Roles", {}))

    def group_roles(self) -> dict[str, str]:
        """The ARNs of the roles that groups of the user pool have, by group."""
        groups = self.users.list_groups(UserPoolId=self.user_pool)["Groups"]
        return {group["GroupName"]: group["RoleArn"] for group in groups if group.get("RoleArn")}

    def roles(self) -> list[str]:
        """All of them."""
        return sorted({*self.default_roles().values(), *self.group_roles().values()})


def client(cloud: RunningCloud, service: str) -> Any:
    """A client with the root's keys; it never asks twice."""
    return boto3.Session(ROOT.access_key, ROOT.secret, region_name=cloud.region).client(  # type: ignore[call-overload]
        service, endpoint_url=cloud.endpoint, config=Config(retries={"total_max_attempts": 1}, max_pool_connections=20)
    )


def new_password() -> str:
    """A password that any pool's policy takes."""
    return f"Aa1!{secrets.token_hex(12)}"


def refused(error: ClientError) -> str:
    """How a call was refused, in a line."""
    found = error.response["Error"]
    return f"{found['Code']}: {found.get('Message', '')}"
