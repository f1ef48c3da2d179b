"""Sign-in and sign-out with SimpleSAMLphp: metadata both ways, its own login form, and at the end a pool's tokens."""

from __future__ import annotations

import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from auth import HostedUi, Tokens
from auth.errors import NotAuthorized
from auth.settings import Settings
from tests.journeys import simplesamlphp
from tests.journeys.people import root_client
from tests.journeys.plain_browser import Page, PlainBrowser
from tests.journeys.pools import Pool, add_client
from tests.journeys.simplesamlphp import PASSWORD, SimpleSamlPhp
from tests.local_cloud import LocalCloud

APP = "http://127.0.0.1:1/"
CALLBACK, AFTER = f"{APP}callback", f"{APP}bye"
PEOPLE = ("ada", "bob")
MAPPING = {"email": "mail", "name": "cn", "custom:roles": "groups"}

SIGNS_ALL = {
    "saml20.sign.response": True,
    "saml20.sign.assertion": True,
    "sign.logout": True,
    "validate.authnrequest": True,
    "validate.logout": True,
}
PROVIDERS = {"Signed": SIGNS_ALL, "Sealed": {**SIGNS_ALL, "assertion.encryption": True}}
"""Providers of the pool. Both sign whatever they say, and believe only what is signed; one encrypts, too."""


@dataclass(frozen=True, slots=True)
class Site:
    """An app with managed login, and the providers of its users."""

    pool: Pool
    ui: HostedUi
    providers: dict[str, SimpleSamlPhp]

    def sign_in(self, provider: str, name: str, browser: PlainBrowser | None = None) -> Tokens:
        """The tokens of somebody who signs in at the provider."""
        attempt = self.ui.begin(CALLBACK, provider=provider, scopes=["openid"])
        page = walk(browser or PlainBrowser(APP), attempt.url, name)
        assert page.url.startswith(CALLBACK), page
        return self.ui.finish(attempt, page.url)


@pytest.fixture(scope="module")
def cloud(real_time: LocalCloud) -> LocalCloud:
    return real_time


@pytest.fixture(scope="module")
def site(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    simplesamlphp.require()
    folder, schema = tmp_path_factory.mktemp("simplesamlphp"), {"AttributeDataType": "String", "Mutable": True}
    pool = Pool.make(cloud, UsernameAttributes=[], Schema=[{"Name": "roles", **schema}])
    base = f"{cloud.endpoint}/_aws/auth/simple-{uuid.uuid4().hex[:8]}"
    with ExitStack() as stack:
        providers = {
            name: stack.enter_context(simplesamlphp.running(folder / name, PEOPLE, **settings))
            for name, settings in PROVIDERS.items()
        }
        set_up(pool, base.rpartition("/")[2], providers)
        with urllib.request.urlopen(f"{base}/saml2/metadata", timeout=30) as answer:
            ours = answer.read()
        for provider in providers.values():
            provider.meet(ours)
        settings = Settings("us-east-1", pool.id, add_app(pool), hosted_ui_url=base, endpoint_url=cloud.endpoint)
        yield Site(pool, HostedUi(settings, cloud.now), providers)


def set_up(pool: Pool, domain: str, providers: dict[str, SimpleSamlPhp]) -> None:
    """Give the pool a domain and its providers."""
    root = root_client(pool.cloud, "cognito-idp")
    root.create_user_pool_domain(UserPoolId=pool.id, Domain=domain)
    for name, provider in providers.items():
        root.create_identity_provider(
            UserPoolId=pool.id,
            ProviderName=name,
            ProviderType="SAML",
            ProviderDetails={
                "MetadataURL": provider.metadata_url,
                "RequestSigningAlgorithm": "rsa-sha256",
                "EncryptedResponses": "true" if name == "Sealed" else "false",
                "IDPSignout": "true",
                "IDPInit": "true",
            },
            AttributeMapping=MAPPING,
        )


def add_app(pool: Pool, **settings: Any) -> str:
    """Another app of the pool; its client id."""
    return add_client(
        pool.cloud,
        pool.id,
        **settings,
        SupportedIdentityProviders=list(PROVIDERS),
        ReadAttributes=list(MAPPING),
        WriteAttributes=list(MAPPING),
        CallbackURLs=[CALLBACK],
        LogoutURLs=[AFTER],
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        AllowedOAuthFlowsUserPoolClient=True,
    )


def walk(browser: PlainBrowser, url: str, name: str) -> Page:
    """The page at the end, with every form on the way sent, the provider's login among them."""
    page = browser.open(url)
    for _ in range(5):
        if page.status != 200 or "<form" not in page.text:
            break
        filled = {"username": name, "password": PASSWORD} if asks(page) else {}
        page = browser.submit(page, **filled)
    return page


def asks(page: Page) -> bool:
    """Whether a page is the provider's login form."""
    return 'name="password"' in page.text


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_user_of_simplesamlphp_gets_the_pools_tokens(site: Site, provider: str) -> None:
    """A signed request is checked there, and here a signed response with a signed assertion, clear or encrypted."""
    claims = site.ui.claims(site.sign_in(provider, "ada"))
    (identity,) = claims["identities"]
    assert (identity["providerName"], identity["providerType"]) == (provider, "SAML")
    assert claims["cognito:username"] == f"{provider}_{identity['userId']}"
    assert (claims["email"], claims["name"]) == ("ada@example.com", "Ada Example")
    assert claims["custom:roles"] == "[readers, writers]"


def test_a_persistent_name_is_the_same_each_time_and_another_ones_for_others(site: Site) -> None:
    first, second, other = (site.ui.claims(site.sign_in("Signed", name)) for name in ("ada", "ada", "bob"))
    assert len(first["identities"][0]["userId"]) == 40
    assert first["sub"] == second["sub"] != other["sub"]


def test_a_sign_in_may_begin_at_simplesamlphp(site: Site) -> None:
    wanted = {
        "identity_provider": "Signed",
        "client_id": add_app(site.pool, GenerateSecret=True),
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid",
    }
    start = {"spentityid": f"urn:amazon:cognito:sp:{site.pool.id}", "RelayState": urlencode(wanted)}
    page = walk(PlainBrowser(APP), f"{site.providers['Signed'].url}saml2/idp/SSOService.php?{urlencode(start)}", "ada")
    assert page.url.startswith(CALLBACK), page
    assert "code" in page.query, page


@pytest.mark.parametrize("provider", PROVIDERS)
def test_signing_out_here_signs_out_there(site: Site, provider: str) -> None:
    browser = PlainBrowser(APP)
    site.sign_in(provider, "ada", browser)
    assert walk(browser, site.ui.sign_out_url(AFTER), "").url == AFTER
    assert asks(browser.open(site.ui.begin(CALLBACK, provider=provider, scopes=["openid"]).url))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_signing_out_there_signs_out_here(site: Site, provider: str) -> None:
    browser = PlainBrowser(APP)
    tokens = site.sign_in(provider, "bob", browser)
    site.ui.refresh(tokens)
    assert walk(browser, site.providers[provider].sign_out_url(AFTER), "").url == AFTER
    with pytest.raises(NotAuthorized):
        site.ui.refresh(tokens)
    assert asks(browser.open(site.ui.begin(CALLBACK, provider=provider, scopes=["openid"]).url))
