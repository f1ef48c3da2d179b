"""The code flow of a relying party: what it sends, where, and what it makes of a good answer."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from typing import Any

import pytest

from localcloud.federation.errors import FederationError, UnreachableError
from localcloud.federation.models import OpenIdProvider
from localcloud.relying_party.providers import google, oidc
from tests.localcloud.federation.conftest import CLIENT
from tests.localcloud.federation.stand_in import EC, RSA, sign
from tests.localcloud.relying_party.journey import (
    ACCESS_TOKEN,
    CALLBACK,
    CLIENT_SECRET,
    CODE,
    STATE,
    Journey,
    challenge,
    encode,
)

DISCOVERY = "/.well-known/openid-configuration"


def test_the_browser_leaves_with_state_nonce_and_pkce(journey: Journey) -> None:
    query = journey.leave()
    assert journey.departure is not None
    assert journey.departure.url.startswith(f"{journey.stand_in.url}/authorize?")
    secrets = journey.departure.secrets
    assert query == {
        "client_id": CLIENT,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid email",
        "state": STATE,
        "nonce": secrets["nonce"],
        "code_challenge": challenge(secrets["verifier"]),
        "code_challenge_method": "S256",
    }
    assert len(secrets["nonce"]) == len(secrets["verifier"]) == 43
    assert journey.leave()["nonce"] != query["nonce"]


def test_a_code_becomes_a_user(journey: Journey) -> None:
    journey.leave()
    token = sign(journey.good_claims())
    journey.serve(token)
    arrival = journey.arrive()
    assert arrival.subject == "user-ada"
    assert (arrival.claims["email"], arrival.claims["name"]) == ("ada@example.com", "Ada")
    assert (arrival.claims["access_token"], arrival.claims["id_token"]) == (ACCESS_TOKEN, token)
    assert arrival.sources["tokenResponse"] == {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": token}
    assert arrival.sources["idToken"]["email"] == "ada@example.com"
    assert arrival.sources["userInfo"] == {"sub": "user-ada", "name": "Ada"}


def test_the_code_is_redeemed_with_the_secret_in_the_form(journey: Journey) -> None:
    """`client_secret_post`: AWS knows no other way."""
    journey.leave()
    journey.serve()
    journey.arrive()
    assert journey.departure is not None
    assert journey.stand_in.posted == [
        {
            "grant_type": "authorization_code",
            "code": CODE,
            "redirect_uri": CALLBACK,
            "client_id": CLIENT,
            "client_secret": CLIENT_SECRET,
            "code_verifier": journey.departure.secrets["verifier"],
        }
    ]
    assert journey.stand_in.authorized == [f"Bearer {ACCESS_TOKEN}"]


@pytest.mark.parametrize(("methods", "sent"), [(["S256", "plain"], True), (["plain"], False), ([], False)])
def test_pkce_is_left_out_where_the_provider_says_that_it_has_none(
    journey: Journey, methods: list[str], sent: bool
) -> None:
    journey.discoverable(code_challenge_methods_supported=methods)
    assert ("code_challenge" in journey.leave()) is sent
    journey.serve()
    journey.arrive()
    assert ("code_verifier" in journey.stand_in.posted[0]) is sent


def test_what_the_app_says_of_its_user_goes_along(journey: Journey) -> None:
    asked = dataclasses.replace(journey.asked, login_hint="ada@example.com", prompt="login consent")
    journey.cloud.providers = {"accounts.google.com": journey.stand_in.url}
    for module in (oidc, google):
        url = module.begin(journey.cloud, asked, STATE).url
        assert "login_hint=ada%40example.com" in url
        assert "prompt=login+consent" in url


def test_given_endpoints_win_and_nothing_is_discovered(journey: Journey) -> None:
    url = journey.stand_in.url
    journey.details |= {
        "authorize_url": f"{url}/given-authorize?tenant=1",
        "token_url": f"{url}/given-token",
        "jwks_uri": f"{url}/given-keys",
        "attributes_url": f"{url}/given-userinfo",
    }
    journey.leave()
    assert journey.departure is not None
    assert journey.departure.url.startswith(f"{url}/given-authorize?tenant=1&client_id=")
    journey.serve()
    for name in ("token", "userinfo"):
        journey.stand_in.answers[f"/given-{name}"] = journey.stand_in.answers[f"/{name}"]
    journey.stand_in.answers["/given-keys"] = {"keys": journey.stand_in.keys}
    assert journey.arrive().subject == "user-ada"
    assert journey.stand_in.asked == ["/given-token", "/given-keys", "/given-userinfo"]


def test_one_given_endpoint_wins_over_the_discovered_one(journey: Journey) -> None:
    journey.details["token_url"] = f"{journey.stand_in.url}/given-token"
    journey.leave()
    journey.serve()
    journey.stand_in.answers["/given-token"] = journey.stand_in.answers.pop("/token")
    assert journey.arrive().subject == "user-ada"


def test_with_a_stand_in_nothing_is_as_given(journey: Journey) -> None:
    """The settings name the real provider, which must not see what is meant for the stand-in."""
    journey.details |= {
        "oidc_issuer": "https://idp.example.com",
        "authorize_url": "https://idp.example.com/authorize",
        "token_url": "https://idp.example.com/token",
        "jwks_uri": "https://idp.example.com/keys",
        "attributes_url": "https://idp.example.com/userinfo",
    }
    journey.cloud.providers = {"idp.example.com": journey.stand_in.url}
    journey.issuer = "https://idp.example.com"
    journey.leave()
    assert journey.departure is not None
    assert journey.departure.url.startswith(f"{journey.stand_in.url}/authorize?")
    journey.serve()
    assert journey.arrive().claims["iss"] == "https://idp.example.com"


def test_attributes_are_requested_by_the_method_of_the_settings(journey: Journey) -> None:
    journey.details["attributes_request_method"] = "POST"
    journey.leave()
    journey.serve()
    journey.arrive()
    assert journey.stand_in.posted[1] == {}
    assert journey.stand_in.authorized == [f"Bearer {ACCESS_TOKEN}"]


def test_a_provider_without_user_info_has_its_id_token(journey: Journey) -> None:
    journey.discoverable(userinfo_endpoint=None)
    journey.leave()
    journey.serve(access_token=None)
    arrival = journey.arrive()
    assert (arrival.claims["email"], arrival.sources["userInfo"]) == ("ada@example.com", {})
    assert "access_token" not in arrival.claims


def test_user_info_is_the_fresher_of_the_two(journey: Journey) -> None:
    journey.leave()
    journey.serve(user_info={"sub": "user-ada", "email": "new@example.com"})
    arrival = journey.arrive()
    assert arrival.claims["email"] == "new@example.com"
    assert arrival.sources["idToken"]["email"] == "ada@example.com"


def test_a_name_that_ends_with_a_slash_is_the_same_provider(journey: Journey) -> None:
    """Auth0's, which is seldom written that way into the settings."""
    journey.stand_in.issuer = journey.issuer = f"{journey.stand_in.url}/"
    journey.leave()
    journey.serve()
    assert journey.arrive().claims["iss"] == f"{journey.stand_in.url}/"


def test_salesforces_way_is_understood(journey: Journey) -> None:
    """Its subject is a URL, its truth a text, and there are objects in what it says."""
    subject = "https://login.salesforce.com/id/00D000000000062/005000000000001"
    journey.leave()
    said = {"sub": subject, "email_verified": "true", "custom_attributes": {"team": "blue"}, "active": True}
    journey.serve(
        sign(journey.good_claims(sub=subject, aud=[CLIENT])),
        {**said, "utcOffset": -28800000, "groups": ["a", 7, False], "zoneinfo": None},
    )
    arrival = journey.arrive()
    assert arrival.subject == subject
    claims = arrival.claims
    assert (claims["email_verified"], claims["active"], claims["utcOffset"]) == ("true", "true", "-28800000")
    assert (claims["groups"], claims["custom_attributes"]) == (["a", "7", "false"], '{"team":"blue"}')
    assert "zoneinfo" not in claims
    assert arrival.sources["userInfo"]["groups"] == '["a",7,false]'


@pytest.mark.parametrize("alg", ["RS256", "RS384", "ES256", "ES512"])
def test_a_hash_of_the_access_token_fits_it(journey: Journey, alg: str) -> None:
    journey.leave()
    digest = hashlib.new(f"sha{alg[2:]}", ACCESS_TOKEN.encode()).digest()
    claims = journey.good_claims(at_hash=encode(digest[: len(digest) // 2]))
    journey.serve(sign(claims, EC.get(alg, RSA), alg, kid=alg if alg in EC else "rsa"))
    assert journey.arrive().subject == "user-ada"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"issuer": "https://accounts.google.com"}, "is of another issuer"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "names an address that is not asked"),
        ({"authorization_endpoint": None}, "names an address that is not asked"),
        ({"token_endpoint": "http://169.254.169.254/token"}, "names an address that is not asked"),
        ({"userinfo_endpoint": "file:///etc/passwd"}, "names an address that is not asked"),
        ({"jwks_uri": 7}, "names an address that is not asked"),
    ],
)
def test_a_bad_discovery_document_sends_nobody_anywhere(journey: Journey, document: dict[str, Any], why: str) -> None:
    journey.discoverable(**document)
    with pytest.raises(UnreachableError, match=why):
        journey.leave()


def test_a_provider_on_the_internet_does_not_send_us_to_this_machine(journey: Journey) -> None:
    """Server-side request forgery: a token endpoint of a discovery document that only this machine can reach."""
    document = (
        b'{"issuer": "https://idp.example.com", "authorization_endpoint": "https://idp.example.com/a",'
        b' "jwks_uri": "https://idp.example.com/k", "token_endpoint": "http://127.0.0.1:4566/_localcloud/reset"}'
    )
    journey.cloud.fetch = lambda *_: document
    journey.details["oidc_issuer"] = "https://idp.example.com"
    with pytest.raises(UnreachableError, match="names an address on this machine"):
        journey.leave()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://example.com/", "https://ada:secret@idp.example.com/"])
def test_a_given_endpoint_is_an_address_too(journey: Journey, url: str) -> None:
    journey.details["authorize_url"] = url
    with pytest.raises(FederationError, match="authorize_url of 127"):
        journey.leave()


def test_a_provider_that_is_not_there_is_named_with_the_option(journey: Journey) -> None:
    journey.details["oidc_issuer"] = "http://127.0.0.1:1"
    with pytest.raises(UnreachableError, match=r"--provider 127\.0\.0\.1:1=URL"):
        journey.leave()


def test_the_store_is_free_while_a_provider_is_asked(journey: Journey) -> None:
    """A provider that takes its time must not stop everybody else's writes."""
    written = []

    def write() -> None:
        journey.cloud.store.put(OpenIdProvider("other", "https://idp.example.com", [], [], 0))
        written.append(True)

    def before() -> None:
        other = threading.Thread(target=write)
        other.start()
        other.join(5)

    journey.stand_in.before = before
    journey.leave()
    journey.serve()
    journey.arrive()
    assert len(written) == len(journey.stand_in.asked) == 5
