"""Sign-in and sign-out with somebody else's SAML provider, `samlp` from npm: over sockets, to a pool's tokens."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.journeys import foreign_provider
from tests.journeys.claims import claims_of
from tests.journeys.federated_site import Site
from tests.journeys.plain_browser import Page, PlainBrowser
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


@pytest.fixture(scope="module")
def cloud(real_time: LocalCloud) -> LocalCloud:
    return real_time


@pytest.fixture(scope="module")
def site(cloud: LocalCloud) -> Iterator[Site]:
    found = Site.make(cloud, CALLBACK)
    own = found.root.get_signing_certificate(UserPoolId=found.pool.id)["Certificate"]
    settings = {
        "key": RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "cert": CERTIFICATE.public_bytes(Encoding.PEM).decode(),
        "entity": f"urn:amazon:cognito:sp:{found.pool.id}",
        "acs": f"{found.base}/saml2/idpresponse",
        "slo": f"{found.base}/saml2/logout",
        "spCert": f"-----BEGIN CERTIFICATE-----\n{own}\n-----END CERTIFICATE-----\n",
    }
    with foreign_provider.served(foreign_provider.HERE / "saml_provider", "SETTINGS", settings) as found.provider:
        set_up(found)
        yield found


def set_up(site: Site) -> None:
    for name, kind in PROVIDERS.items():
        site.root.create_identity_provider(
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
    site.add_app(
        list(PROVIDERS),
        GenerateSecret=True,
        ReadAttributes=list(MAPPING),
        WriteAttributes=list(MAPPING),
        LogoutURLs=[AFTER],
    )


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
