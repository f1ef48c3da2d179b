"""Sign-in and sign-out with somebody else's SAML provider, `samlp` from npm: over sockets, to a pool's tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.journeys import foreign_provider
from tests.journeys.claims import claims_of
from tests.journeys.people import root_client
from tests.journeys.plain_browser import Page, PlainBrowser
from tests.journeys.pools import Pool, add_client
from tests.local_cloud import LocalCloud
from tests.localcloud.federation.saml_signer import CERTIFICATE
from tests.localcloud.federation.stand_in import RSA

APP = "http://127.0.0.1:1/"
CALLBACK, AFTER = f"{APP}callback", f"{APP}bye"
PROVIDERS = {"Plain": "assertion", "Both": "both", "Gcm": "gcm", "Cbc": "cbc", "Strict": "assertion"}
"""Providers of the pool, and what each signs and encrypts; `Strict` should encrypt, and does not."""

_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
MAPPING = {
    "email": f"{_CLAIMS}emailaddress",
    "name": f"{_CLAIMS}name",
    "custom:roles": "http://schemas.passportjs.com/groups",
}

pytestmark = pytest.mark.timeout(300)  # the first run downloads the packages


@dataclass
class Site:
    """A pool with a domain and an app, whose users come from the foreign provider."""

    cloud: LocalCloud
    pool: Pool
    domain: str
    client_id: str = ""
    secret: str = ""
    provider: str = ""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def base(self) -> str:
        return f"{self.cloud.endpoint}/_aws/auth/{self.domain}"

    def authorize_url(self, provider: str, **more: str) -> str:
        """Where the app sends its user."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid",
            "state": "the app's own",
            "identity_provider": provider,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.base}/oauth2/authorize?{urlencode({**query, **more})}"

    def ask_tokens(self, **form: str) -> Any:
        """What the token endpoint answers, an error too."""
        body = urlencode({"client_id": self.client_id, "client_secret": self.secret, **form}).encode()
        try:
            with urllib.request.urlopen(f"{self.base}/oauth2/token", body, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return json.load(error)

    def redeem(self, told: dict[str, str], **more: str) -> Any:
        """What the app gets for its code."""
        assert "code" in told, told
        form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK}
        return self.ask_tokens(**form, code=told["code"], **more)


@pytest.fixture(scope="module")
def cloud(real_time: LocalCloud) -> LocalCloud:
    return real_time


@pytest.fixture(scope="module")
def site(cloud: LocalCloud) -> Iterator[Site]:
    schema = [{"Name": "roles", "AttributeDataType": "String", "Mutable": True}]
    pool = Pool.make(cloud, UsernameAttributes=[], Schema=schema)
    found = Site(cloud, pool, domain=f"foreign-{uuid.uuid4().hex[:8]}")
    root = root_client(cloud, "cognito-idp")
    own = root.get_signing_certificate(UserPoolId=pool.id)["Certificate"]
    settings = {
        "key": RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "cert": CERTIFICATE.public_bytes(Encoding.PEM).decode(),
        "entity": f"urn:amazon:cognito:sp:{pool.id}",
        "acs": f"{found.base}/saml2/idpresponse",
        "slo": f"{found.base}/saml2/logout",
        "spCert": f"-----BEGIN CERTIFICATE-----\n{own}\n-----END CERTIFICATE-----\n",
    }
    with foreign_provider.served(foreign_provider.HERE / "saml_provider", "SETTINGS", settings) as found.provider:
        set_up(found, root)
        yield found


def set_up(site: Site, root: Any) -> None:
    root.create_user_pool_domain(UserPoolId=site.pool.id, Domain=site.domain)
    for name, kind in PROVIDERS.items():
        root.create_identity_provider(
            UserPoolId=site.pool.id,
            ProviderName=name,
            ProviderType="SAML",
            ProviderDetails={
                "MetadataURL": f"{site.provider}/{kind}/metadata",
                "RequestSigningAlgorithm": "rsa-sha256",
                "EncryptedResponses": "false" if name in ("Plain", "Both") else "true",
                "IDPSignout": "true",
                "IDPInit": "true",
            },
            AttributeMapping=MAPPING,
        )
    site.client_id = add_client(
        site.cloud,
        site.pool.id,
        GenerateSecret=True,
        SupportedIdentityProviders=list(PROVIDERS),
        ReadAttributes=list(MAPPING),
        WriteAttributes=list(MAPPING),
        CallbackURLs=[CALLBACK],
        LogoutURLs=[AFTER],
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        AllowedOAuthFlowsUserPoolClient=True,
    )
    client = root.describe_user_pool_client(UserPoolId=site.pool.id, ClientId=site.client_id)["UserPoolClient"]
    site.secret = client["ClientSecret"]


def follow(browser: PlainBrowser, page: Page, email: str) -> Page:
    """The page at the end, with every form on the way sent."""
    while page.status == 200 and "<form" in page.text:
        page = browser.submit(page, email=email) if 'name="email"' in page.text else browser.submit(page)
    return page


def sign_in(site: Site, email: str, provider: str, browser: PlainBrowser | None = None) -> dict[str, str]:
    """What the app is told of a person who signs in at the provider."""
    browser = browser or PlainBrowser(APP)
    page = follow(browser, browser.open(site.authorize_url(provider)), email)
    assert page.url.startswith(CALLBACK), page
    return page.query


@pytest.mark.parametrize("provider", ["Plain", "Both", "Gcm", "Cbc"])
def test_a_user_of_the_provider_gets_the_pools_tokens(site: Site, email: str, provider: str) -> None:
    """A signed request; the assertion is signed, or the response too, or it is encrypted in either way."""
    told = sign_in(site, email, provider)
    assert told["state"] == "the app's own"
    claims = claims_of(site.redeem(told, code_verifier=site.verifier)["id_token"])
    assert claims["cognito:username"] == f"{provider}_{email}"
    assert (claims["email"], claims["name"]) == (email, email.partition("@")[0])
    assert claims["custom:roles"] == "[readers, writers]"
    (identity,) = claims["identities"]
    assert (identity["providerName"], identity["providerType"], identity["userId"]) == (provider, "SAML", email)


def test_whoever_comes_again_is_the_same_user(site: Site, email: str) -> None:
    first, second = (
        claims_of(site.redeem(sign_in(site, email, "Plain"), code_verifier=site.verifier)["id_token"]) for _ in range(2)
    )
    assert first["sub"] == second["sub"]


def test_an_unencrypted_assertion_is_refused_where_it_has_to_be_encrypted(site: Site, email: str) -> None:
    told = sign_in(site, email, "Strict")
    assert told["error_description"].endswith("exactly one assertion, and that encrypted")


def test_a_sign_in_may_begin_at_the_provider(site: Site, email: str) -> None:
    wanted = {
        "identity_provider": "Plain",
        "client_id": site.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid",
    }
    browser = PlainBrowser(APP)
    start = f"{site.provider}/assertion/sso?{urlencode({'RelayState': urlencode(wanted)})}"
    page = follow(browser, browser.open(start), email)
    assert claims_of(site.redeem(page.query)["id_token"])["email"] == email


@pytest.mark.parametrize("provider", ["Plain", "Both"])
def test_signing_out_here_signs_out_there(site: Site, email: str, provider: str) -> None:
    """The provider answers in a form, or by a redirect; both are signed."""
    browser = PlainBrowser(APP)
    sign_in(site, email, provider, browser)
    query = urlencode({"client_id": site.client_id, "logout_uri": AFTER})
    page = follow(browser, browser.open(f"{site.base}/logout?{query}"), email)
    assert page.url == AFTER
    assert 'name="email"' in browser.open(site.authorize_url(provider)).text


@pytest.mark.parametrize("provider", ["Gcm", "Cbc"])
def test_signing_out_there_signs_out_here(site: Site, email: str, provider: str) -> None:
    browser = PlainBrowser(APP)
    tokens = site.redeem(sign_in(site, email, provider, browser), code_verifier=site.verifier)
    again = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert "id_token" in site.ask_tokens(**again)
    page = follow(browser, browser.open(f"{site.provider}/{PROVIDERS[provider]}/slo"), email)
    assert (page.status, page.text) == (200, "done")
    assert site.ask_tokens(**again)["error"] == "invalid_grant"
    assert 'name="email"' in browser.open(site.authorize_url(provider)).text
