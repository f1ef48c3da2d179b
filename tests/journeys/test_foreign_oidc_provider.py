"""Sign-in with somebody else's OpenID Connect provider, `oidc-provider` from npm: over sockets, to a pool's tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys import foreign_provider
from tests.journeys.claims import claims_of
from tests.journeys.federated_site import Site
from tests.journeys.plain_browser import PlainBrowser
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


@pytest.fixture(scope="module")
def cloud(real_time: LocalCloud) -> LocalCloud:
    return real_time


@pytest.fixture(scope="module")
def site(cloud: LocalCloud) -> Iterator[Site]:
    found = Site.make(cloud, APP)
    callback = {"redirect_uris": [f"{found.base}/oauth2/idpresponse"], "client_secret": "only-for-tests"}
    method = {"token_endpoint_auth_method": "client_secret_post"}
    clients = [{"client_id": name, **callback, **method, **rest} for name, rest in CLIENTS.items()]
    with foreign_provider.running(clients) as issuer:
        set_up(found, issuer)
        yield found


def set_up(site: Site, issuer: str) -> None:
    for name in CLIENTS:
        site.root.create_identity_provider(
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
    site.add_app(list(CLIENTS), ReadAttributes=list(MAPPING), WriteAttributes=["email", "name", "custom:roles"])


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
    return claims_of(site.redeem(told, code_verifier=site.verifier)["id_token"])


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
