"""Whatever way somebody comes in, boto3 uploads to their own folder with the keys that they get, and to no other."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from localcloud.federation.providers import VERIFIERS
from tests.journeys.identity_pools import provider_of
from tests.journeys.login_kinds import KINDS, SINGLE, Providers, providers
from tests.journeys.people import client
from tests.journeys.refusals import code_of, refusal

SUB = "${cognito-identity.amazonaws.com:sub}"
NO_MATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Providers]:
    with providers(tmp_path_factory.mktemp("kinds")) as found:
        yield found


@pytest.fixture(scope="module", autouse=True)
def _own_folders(world: Providers) -> None:
    """Everybody, guests too, has a folder of their own."""
    bucket = f"arn:aws:s3:::{world.pool.bucket}"
    own = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"{bucket}/private/{SUB}/*"}
    prefix = {"StringEquals": {"s3:prefix": f"private/{SUB}/"}}
    lists = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket, "Condition": prefix}
    roles = {amr: world.pool.role([own, lists], amr=amr) for amr in ("authenticated", "unauthenticated")}
    world.pool.root.set_identity_pool_roles(IdentityPoolId=world.pool.id, Roles=roles)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with an identity and keys."""

    bucket: str
    identity_id: str
    s3: Any

    @classmethod
    def enter(cls, world: Providers, kind: str) -> User:
        login = KINDS[kind](world, f"user-{uuid.uuid4().hex[:8]}")
        keys = world.pool.credentials(login.identity_id, login.logins)
        return cls(world.pool.bucket, login.identity_id, client(world.cloud, "s3", keys))

    def key(self, name: str) -> str:
        return f"private/{self.identity_id}/{name}"

    def upload(self, content: bytes, key: str) -> None:
        self.s3.upload_fileobj(io.BytesIO(content), self.bucket, key)

    def read(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content


@pytest.mark.parametrize("kind", KINDS)
def test_own_files_and_nobody_elses(world: Providers, kind: str) -> None:
    mine, theirs = User.enter(world, kind), User.enter(world, kind)
    mine.upload(b"mine", mine.key("note.txt"))
    assert mine.read(mine.key("note.txt")) == b"mine"
    listed = mine.s3.list_objects_v2(Bucket=mine.bucket, Prefix=mine.key(""))["Contents"]
    assert [found["Key"] for found in listed] == [mine.key("note.txt")]

    own = {"Bucket": mine.bucket, "Key": mine.key("note.txt")}
    assert code_of(theirs.upload, content=b"theirs", key=mine.key("note.txt")) == "AccessDenied"
    assert code_of(theirs.s3.get_object, **own) == "AccessDenied"
    assert code_of(theirs.s3.delete_object, **own) == "AccessDenied"
    assert code_of(theirs.s3.list_objects_v2, Bucket=mine.bucket, Prefix=mine.key("")) == "AccessDenied"
    taking = {"Bucket": mine.bucket, "Key": theirs.key("copy"), "CopySource": own}
    assert code_of(theirs.s3.copy_object, **taking) == "AccessDenied"
    assert mine.read(mine.key("note.txt")) == b"mine"


@pytest.mark.parametrize("kind", SINGLE)
def test_whoever_comes_again_is_the_same_and_opens_no_other_identity(world: Providers, kind: str) -> None:
    """Attack: another's identity id, shown with one's own login."""
    user, sign_in = f"user-{uuid.uuid4().hex[:8]}", SINGLE[kind]
    own = sign_in(world, user)
    assert world.pool.get_id(own) == world.pool.get_id(sign_in(world, user))
    victim = world.first(sign_in(world, f"victim-{user}"))
    request = {"IdentityId": victim.identity_id, "Logins": own}
    assert refusal(world.pool.public.get_credentials_for_identity, **request) == ("NotAuthorizedException", NO_MATCH)


def test_every_provider_is_tried(world: Providers) -> None:
    """A new one has to be tried here, too."""
    tried = {provider for sign_in in SINGLE.values() for provider in sign_in(world, "anybody")}
    others = {provider_of(world.pool.users), world.openid.host, world.saml}
    assert tried == VERIFIERS.keys() | others
