"""An identity pool with two people in it: one who attacks, and one whose identity is wanted."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from auth import Tokens
from tests.journeys.claims import encode
from tests.journeys.identity_pools import IdentityPool, provider_of
from tests.journeys.people import Person, root_client, unsigned_client
from tests.local_cloud import LocalCloud
from tests.localcloud.federation.stand_in import StandIn
from tests.localcloud.federation.stand_in import encode as base64url
from tests.localcloud.sts.actors import READ_ALL, role

APP = "app-1"


@dataclass(frozen=True, slots=True)
class Target:
    """What is attacked. The pool takes its user pool's logins, those of a provider in IAM, and guests."""

    cloud: LocalCloud
    pool: IdentityPool
    provider: StandIn
    provider_arn: str
    victim: Person
    victim_id: str
    attacker: Person

    @property
    def users(self) -> str:
        """The user pool as a login provider."""
        return provider_of(self.pool.users)

    @property
    def sts(self) -> Any:
        """STS, for whoever has no keys."""
        return unsigned_client(self.cloud, "sts")

    def tokens(self) -> Tokens:
        """The attacker signs in."""
        return self.attacker.sign_in().tokens

    def said(self, **changes: Any) -> dict[str, Any]:
        """The claims of a good token of the provider in IAM, for the victim."""
        now = int(self.cloud.now())
        return {"iss": self.provider.url, "sub": "victim", "aud": APP, "iat": now, "exp": now + 600, **changes}

    def pools_key(self) -> dict[str, Any]:
        """The public key that the user pool signs with, as everybody can get it."""
        with urllib.request.urlopen(f"{self.cloud.endpoint}/{self.pool.users.id}/.well-known/jwks.json") as answer:
            keys: list[dict[str, Any]] = json.load(answer)["keys"]
        return keys[0]

    def role(self, trust: Mapping[str, Any], *allowed: Mapping[str, Any]) -> str:
        """The ARN of a new role with a trust statement, an Allow, and what it may do."""
        return role(self.cloud, {"Effect": "Allow", **trust}, may=allowed or [READ_ALL])

    def classic_token(self, identity_id: str, logins: Mapping[str, str] | None = None) -> str:
        """The token of an identity for STS."""
        token: str = self.pool.public.get_open_id_token(IdentityId=identity_id, Logins=logins or {})["Token"]
        return token


@contextmanager
def target(cloud: LocalCloud) -> Iterator[Target]:
    """A new target, whose signed-in users and guests have a role that may do nothing yet."""
    with StandIn() as provider:
        iam = root_client(cloud, "iam")
        arn = iam.create_open_id_connect_provider(Url=provider.url, ClientIDList=[APP])["OpenIDConnectProviderArn"]
        pool = IdentityPool.make(cloud, OpenIdConnectProviderARNs=[arn], AllowClassicFlow=True)
        roles = {amr: pool.role([pool.reads("shared")], amr=amr) for amr in ("authenticated", "unauthenticated")}
        pool.root.set_identity_pool_roles(IdentityPoolId=pool.id, Roles=roles)
        name = uuid.uuid4().hex[:8]
        victim, attacker = (pool.users.confirmed_person(f"{who}-{name}@example.com") for who in ("victim", "attacker"))
        yield Target(cloud, pool, provider, arn, victim, pool.get_id(pool.logins(victim)), attacker)
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


def key_confused(claims: Mapping[str, Any], key: Mapping[str, Any], form: Encoding) -> str:
    """A token signed by HS256, with a public key for its secret."""
    secret = jwt.PyJWK(dict(key)).key.public_bytes(form, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{encode({'alg': 'HS256', 'typ': 'JWT', 'kid': key['kid']})}.{encode(claims)}"
    return f"{signed}.{base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))}"
