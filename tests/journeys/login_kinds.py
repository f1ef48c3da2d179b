"""Every way to come into an identity pool, each with the provider's own token: what a test signs in with."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jwt
from pycognito.aws_srp import AWSSRP

from tests.journeys.identity_pools import IdentityPool, provider_of
from tests.journeys.people import PASSWORD, Person, root_client, unsigned_client
from tests.local_cloud import LocalCloud
from tests.localcloud.federation import saml_signer
from tests.localcloud.federation.stand_in import RSA, StandIn

APP = "app-1.apps.example.com"
AMAZON_APP = "amzn1.application.x"
DEVELOPER = "login.example"
GOOGLE, APPLE = "accounts.google.com", "appleid.apple.com"
FACEBOOK, AMAZON = "graph.facebook.com", "www.amazon.com"


class Login(NamedTuple):
    """An identity, and what its owner shows to get its credentials."""

    identity_id: str
    logins: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Providers:
    """A cloud whose identity pool takes every kind of login, and a stand-in for each provider."""

    cloud: LocalCloud
    google: StandIn
    apple: StandIn
    openid: StandIn
    pool: IdentityPool
    saml: str
    people: dict[str, Person] = field(default_factory=dict)

    def id_token(self, provider: StandIn, user: str) -> str:
        """An ID token; PyJWT signs it, which shares no code with what verifies it."""
        now = int(self.cloud.now())
        claims = {"iss": provider.issuer or provider.url, "sub": user, "aud": APP, "iat": now, "exp": now + 600}
        return jwt.encode(claims, RSA, "RS256", headers={"kid": "rsa"})

    def person(self, user: str) -> Person:
        """Somebody in the user pool, who signs up when first asked for."""
        if user not in self.people:
            self.people[user] = self.pool.users.confirmed_person(f"{user}@example.com")
        return self.people[user]

    def first(self, logins: Mapping[str, str]) -> Login:
        """The identity of these logins."""
        return Login(self.pool.get_id(logins), logins)


@contextmanager
def providers(data_dir: Path) -> Iterator[Providers]:
    """A running cloud with all of them."""
    with (
        StandIn(issuer=f"https://{GOOGLE}") as google,
        StandIn(issuer=f"https://{APPLE}") as apple,
        StandIn() as openid,
    ):
        urls = {GOOGLE: google, FACEBOOK: google, AMAZON: google, APPLE: apple}
        options = [word for name, at in urls.items() for word in ("--provider", f"{name}={at.url}")]
        cloud = LocalCloud(data_dir, ("--no-stack", *options)).start()
        try:
            iam = root_client(cloud, "iam")
            registered = iam.create_open_id_connect_provider(Url=openid.url, ClientIDList=[APP])
            saml = iam.create_saml_provider(Name="work", SAMLMetadataDocument=saml_signer.metadata())["SAMLProviderArn"]
            pool = IdentityPool.make(
                cloud,
                SupportedLoginProviders={GOOGLE: APP, APPLE: APP, FACEBOOK: APP, AMAZON: AMAZON_APP},
                OpenIdConnectProviderARNs=[registered["OpenIDConnectProviderArn"]],
                SamlProviderARNs=[saml],
                DeveloperProviderName=DEVELOPER,
            )
            yield Providers(cloud, google, apple, openid, pool, saml)
        finally:
            cloud.stop()


def user_pool(world: Providers, user: str) -> dict[str, str]:
    """Signed up and in with the library of this project."""
    return world.pool.logins(world.person(user))


def pycognito(world: Providers, user: str) -> dict[str, str]:
    """Signed in with pycognito, by SRP."""
    pool, person = world.pool.users, world.person(user)
    app = unsigned_client(world.cloud, "cognito-idp")
    tokens = AWSSRP(person.email, PASSWORD, pool.id, pool.client_id, client=app).authenticate_user()
    return {provider_of(pool): tokens["AuthenticationResult"]["IdToken"]}


def google(world: Providers, user: str) -> dict[str, str]:
    return {GOOGLE: world.id_token(world.google, user)}


def apple(world: Providers, user: str) -> dict[str, str]:
    return {APPLE: world.id_token(world.apple, user)}


def openid_connect(world: Providers, user: str) -> dict[str, str]:
    """A provider that is registered in IAM."""
    return {world.openid.host: world.id_token(world.openid, user)}


def facebook(world: Providers, user: str) -> dict[str, str]:
    """An access token, for which the Graph API is asked."""
    token = f"EAA{uuid.uuid4().hex}"
    world.google.facebook(token, APP, {"id": user})
    return {FACEBOOK: token}


def amazon(world: Providers, user: str) -> dict[str, str]:
    """An access token, for which Login with Amazon is asked."""
    token = f"Atza|{uuid.uuid4().hex}"
    info = {"aud": "amzn1.application-oa2-client.x", "app_id": AMAZON_APP, "user_id": user, "exp": 3597}
    world.google.amazon(token, info, {"user_id": user})
    return {AMAZON: token}


def saml(world: Providers, user: str) -> dict[str, str]:
    """A response that signxml signs."""
    said = saml_signer.attributes({"Role": f"{saml_signer.ROLE},{world.saml}"})
    response = saml_signer.signed_response(world.cloud.now(), said, subject=user)
    return {world.saml: saml_signer.encoded(response)}


def developer_identity(world: Providers, user: str) -> Login:
    """The app's own backend vouches."""
    answer = world.pool.root.get_open_id_token_for_developer_identity(
        IdentityPoolId=world.pool.id, Logins={DEVELOPER: user}
    )
    return Login(answer["IdentityId"], {"cognito-identity.amazonaws.com": answer["Token"]})


def guest(world: Providers, user: str) -> Login:
    """Nobody says who it is."""
    return world.first({})


def linked(world: Providers, user: str) -> Login:
    """A user of the user pool, who comes back with the Google login that was linked meanwhile."""
    own = world.first(user_pool(world, user))
    world.pool.credentials(own.identity_id, {**own.logins, **google(world, user)})
    return Login(own.identity_id, google(world, user))


def merged(world: Providers, user: str) -> Login:
    """Two identities, of Facebook and of the user pool, that are one since both were shown together."""
    one, other = world.first(facebook(world, user)), world.first(user_pool(world, user))
    assert one.identity_id != other.identity_id
    world.pool.credentials(one.identity_id, {**one.logins, **other.logins})
    assert world.pool.get_id(other.logins) == world.pool.get_id(one.logins)
    return world.first(other.logins)


SINGLE: Mapping[str, Callable[[Providers, str], Any]] = {
    kind.__name__: kind for kind in (user_pool, pycognito, google, facebook, apple, amazon, openid_connect, saml)
}
"""What one provider says of its user: the `Logins` of a call."""


def _first(kind: Callable[[Providers, str], Any], world: Providers, user: str) -> Login:
    return world.first(kind(world, user))


KINDS: Mapping[str, Callable[[Providers, str], Login]] = {
    **{name: partial(_first, kind) for name, kind in SINGLE.items()},
    **{kind.__name__: kind for kind in (developer_identity, guest, linked, merged)},
}
"""By name, how a user of that name comes in for the first time."""
