"""A pool's domain with a SAML provider, and the responses that this provider makes."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import etree

from localcloud.federation.saml_metadata import REDIRECT
from localcloud.userpool.providers.federation_state import IdentityProvider, SamlKey
from localcloud.wire.web import Answer
from tests.localcloud.federation.saml_signer import encoded, metadata
from tests.localcloud.managed_login.site import CALLBACK, CLIENT, POOL, Site
from tests.localcloud.relying_party.saml.trip import Trip, logout_service, pool_key, sent

NAME = "Example"
SECRET = "the secret of the app"


def make(*, providers: tuple[str, ...] = (NAME,), secret: str = "", binding: str = REDIRECT, **details: str) -> Site:
    """A site whose client takes these providers; `details` are more settings of the SAML provider."""
    site = Site.make(secret, SupportedIdentityProviders=list(providers))
    key, begin, rest = pool_key().partition("-----BEGIN CERTIFICATE")
    site.cloud.store.put(SamlKey(POOL, key, begin + rest))
    usual = {"MetadataFile": metadata(inside=logout_service(binding)), "IDPSignout": "true"}
    site.cloud.store.put(IdentityProvider(POOL, NAME, "SAML", {**usual, **details}, {}, ["example.com"], 0.0, 0.0))
    return site


def leave(site: Site) -> tuple[Trip, str]:
    """Go to the provider: the request that it gets there, and the state."""
    answer = site.authorize(identity_provider=NAME)
    assert answer.status == 303, answer
    request, told = sent(answer.location)
    return Trip(site.cloud, request_id=request.get("ID", "")), told["RelayState"]


def come_back(site: Site, found: etree._Element | bytes, state: str, *, cookies: bool = True) -> Answer:
    """Post a response as the provider's page does, without cookies as from another site, and follow."""
    known, site.cookies = site.cookies, {}
    posted = site.ask("POST", "/saml2/idpresponse", form={"SAMLResponse": encoded(found), "RelayState": state})
    site.cookies = known if cookies else {}
    assert posted.status == 303, posted
    assert urlsplit(posted.location).path == "/_aws/auth/shop/saml2/idpresponse"
    assert not posted.cookies
    return site.ask("GET", "/saml2/idpresponse", urlsplit(posted.location).query)


def sign_in(site: Site, **changes: Any) -> Answer:
    """A whole sign-in at the provider."""
    trip, state = leave(site)
    return come_back(site, trip.signed(**changes), state)


def relay_state(**changes: str | None) -> str:
    """What a provider that begins by itself sends along, as AWS documents it."""
    usual: dict[str, str | None] = {
        "identity_provider": NAME,
        "client_id": CLIENT,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "email openid",
    }
    return urlencode({name: value for name, value in {**usual, **changes}.items() if value is not None})


def query_of(url: str) -> dict[str, str]:
    """The parameters of a URL."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
