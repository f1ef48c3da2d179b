"""Sign-in with somebody else's OpenID Connect provider, `oidc-provider` from npm: over sockets, to a pool's tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.journeys import foreign_provider
from tests.journeys.claims import claims_of
from tests.journeys.people import root_client
from tests.journeys.plain_browser import PlainBrowser
from tests.journeys.pools import Pool, add_client
from tests.local_cloud import LocalCloud

APP = "http://127.0.0.1:1/callback"
CLIENTS: dict[str, dict[str, str]] = {
    "Foreign": {"id_token_signed_response_alg": "RS256"},
    "Curves": {"id_token_signed_response_alg": "ES256"},
    "Sealed": {"userinfo_signed_response_alg": "RS256"},
    "Stranger": {},
}
"""Providers of the pool, each of which is another client of the one that runs; of `Stranger` the secret is wrong."""

MAPPING = {"email": "email", "email_verified": "email_verified", "name": "name", "custom:roles": "groups"}

pytestmark = pytest.mark.timeout(300)  # the first run downloads the packages


@dataclass
class Site:
    """A pool with a domain and an app, whose users come from the foreign provider."""

    cloud: LocalCloud
    pool: Pool
    domain: str
    client_id: str = ""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def base(self) -> str:
        return f"{self.cloud.endpoint}/_aws/auth/{self.domain}"

    def authorize_url(self, provider: str, **more: str) -> str:
        """Where the app sends its user."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "client_id": self.client_id,
            "redirect_uri": APP,
            "response_type": "code",
            "scope": "openid",
            "state": "the app's own",
            "identity_provider": provider,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.base}/oauth2/authorize?{urlencode({**query, **more})}"

    def tokens(self, code: str) -> Any:
        """What the app gets for its code."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "redirect_uri": APP,
            "code_verifier": self.verifier,
        }
        with urllib.request.urlopen(f"{self.base}/oauth2/token", urlencode(form).encode(), timeout=30) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def cloud(real_time: LocalCloud) -> LocalCloud:
    return real_time


@pytest.fixture(scope="module")
def site(cloud: LocalCloud) -> Iterator[Site]:
    schema = [{"Name": "roles", "AttributeDataType": "String", "Mutable": True}]
    found = Site(
        cloud, Pool.make(cloud, UsernameAttributes=[], Schema=schema), domain=f"foreign-{uuid.uuid4().hex[:8]}"
    )
    callback = {"redirect_uris": [f"{found.base}/oauth2/idpresponse"], "client_secret": "only-for-tests"}
    method = {"token_endpoint_auth_method": "client_secret_post"}
    clients = [{"client_id": name, **callback, **method, **rest} for name, rest in CLIENTS.items()]
    with foreign_provider.running(clients) as issuer:
        set_up(found, issuer)
        yield found


def set_up(site: Site, issuer: str) -> None:
    root = root_client(site.cloud, "cognito-idp")
    root.create_user_pool_domain(UserPoolId=site.pool.id, Domain=site.domain)
    for name in CLIENTS:
        root.create_identity_provider(
            UserPoolId=site.pool.id,
            ProviderName=name,
            ProviderType="OIDC",
            ProviderDetails={
                "client_id": name,
                "client_secret": "wrong" if name == "Stranger" else "only-for-tests",
                "oidc_issuer": issuer,
                "authorize_scopes": "openid email profile groups",
                "attributes_request_method": "POST" if name == "Curves" else "GET",
            },
            AttributeMapping=MAPPING,
        )
    site.client_id = add_client(
        site.cloud,
        site.pool.id,
        SupportedIdentityProviders=list(CLIENTS),
        ReadAttributes=list(MAPPING),
        WriteAttributes=["email", "name", "custom:roles"],
        CallbackURLs=[APP],
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        AllowedOAuthFlowsUserPoolClient=True,
    )


def sign_in(site: Site, email: str, provider: str = "Foreign") -> dict[str, str]:
    """What the app is told of a person who signs in at the provider and agrees there."""
    browser = PlainBrowser(APP)
    page = browser.open(site.authorize_url(provider))
    while page.status == 200 and not page.url.startswith(site.base):
        page = browser.submit(page, login=email, password="any") if "password" in page.text else browser.submit(page)
    assert page.url.startswith(APP), page
    return page.query


def id_token(site: Site, told: dict[str, str]) -> dict[str, Any]:
    """The claims of the ID token that the app gets."""
    assert told.keys() == {"code", "state"}, told
    return claims_of(site.tokens(told["code"])["id_token"])


@pytest.mark.parametrize("provider", ["Foreign", "Curves"])
def test_a_user_of_the_provider_gets_the_pools_tokens(site: Site, email: str, provider: str) -> None:
    """RS256 with userInfo by GET, ES256 with userInfo by POST; the provider names itself in the answer (RFC 9207)."""
    told = sign_in(site, email, provider)
    assert told["state"] == "the app's own"
    claims = id_token(site, told)
    assert claims["cognito:username"] == f"{provider}_{email}"
    assert (claims["email"], claims["email_verified"], claims["name"]) == (email, True, email.partition("@")[0])
    assert claims["custom:roles"] == "[readers, writers]"
    (identity,) = claims["identities"]
    assert (identity["providerName"], identity["providerType"]) == (provider, "OIDC")
    assert identity["userId"] == email


def test_whoever_comes_again_is_the_same_user(site: Site, email: str) -> None:
    first, second = (id_token(site, sign_in(site, email)) for _ in range(2))
    assert first["sub"] == second["sub"]


def test_whoever_says_no_is_back_at_the_app(site: Site) -> None:
    browser = PlainBrowser(APP)
    page = browser.open(site.authorize_url("Foreign"))
    told = browser.open(f"{page.url}/abort").query
    assert (told["error"], told["state"]) == ("access_denied", "the app's own")


def test_user_info_as_a_signed_token_is_refused_by_name(site: Site, email: str) -> None:
    told = sign_in(site, email, "Sealed")
    assert "it answered with a signed token" in told["error_description"]
    assert "code" not in told


def test_a_wrong_secret_is_named_and_not_shown(site: Site, email: str) -> None:
    told = sign_in(site, email, "Stranger")
    assert "gives no token for the code: invalid_client" in told["error_description"]
    assert "code" not in told
