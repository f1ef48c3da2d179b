"""`/saml2/idpresponse`: whom a SAML response signs in, in which browser, and where its error goes."""

from __future__ import annotations

import pytest

from localcloud.managed_login.models import BrowserSession
from localcloud.userpool.models import User
from localcloud.userpool.providers.federation_state import IdentityProvider
from tests.localcloud.federation.saml_signer import assertion, with_signed_assertion
from tests.localcloud.managed_login import saml_site
from tests.localcloud.managed_login.saml_site import NAME, SECRET, come_back, leave, relay_state
from tests.localcloud.managed_login.site import CALLBACK, POOL, Site, claims, is_error_page, read, told
from tests.localcloud.relying_party.saml.trip import Trip, sent


def test_a_good_response_signs_its_user_in() -> None:
    site = saml_site.make()
    code = told(saml_site.sign_in(site))["code"]
    said = claims(read(site.redeem(code))["id_token"])
    user = site.cloud.store.get(User, POOL, said["sub"])
    assert user is not None
    assert (user.username, user.status) == ("Example_user-ada", "EXTERNAL_PROVIDER")
    (session,) = site.cloud.store.find(BrowserSession, pool_id=POOL)
    assert (session.provider, session.sub) == (NAME, user.sub)


def test_an_app_may_have_its_user_sign_in_anew() -> None:
    request, _ = sent(saml_site.make().authorize(identity_provider=NAME, prompt="login").location)
    assert request.get("ForceAuthn") == "true"


def test_an_error_goes_to_the_app_and_names_nobody() -> None:
    answer = told(saml_site.sign_in(saml_site.make(), recipient="https://other.example.com"))
    assert answer["error"] == "invalid_request"
    assert answer["error_description"].endswith("Response does not contain the required recipient.")
    assert "ada" not in answer["error_description"]


def test_a_provider_that_says_no_denies_access() -> None:
    answer = saml_site.sign_in(saml_site.make(), status="urn:oasis:names:tc:SAML:2.0:status:Requester")
    assert told(answer)["error"] == "access_denied"


def test_a_stolen_relay_state_is_worth_nothing_in_another_browser() -> None:
    """Login CSRF: the thief's own response, brought to somebody else's browser; or theirs, brought to the thief's."""
    site = saml_site.make()
    trip, state = leave(site)
    site.cookies.clear()
    assert is_error_page(come_back(site, trip.signed(), state))
    leave(site)
    assert is_error_page(come_back(site, trip.signed(), state))


def test_in_response_to_another_browsers_request() -> None:
    """A good response to the thief's request, with the state of the victim's browser."""
    site = saml_site.make()
    thief, _ = leave(site)
    site.cookies.clear()
    _, state = leave(site)
    answer = told(come_back(site, thief.signed(), state))
    assert answer["error_description"].endswith("InResponseTo is not the id of the request that was sent.")


def test_a_relay_state_counts_once() -> None:
    site = saml_site.make()
    trip, state = leave(site)
    assert "code" in told(come_back(site, trip.signed(), state))
    found = trip.response()
    assertion(found).set("ID", "_second")
    assert is_error_page(come_back(site, with_signed_assertion(found), state))


@pytest.mark.parametrize("state", ["", "00", "f" * 64])
def test_a_relay_state_that_nobody_made(state: str) -> None:
    site = saml_site.make(IDPInit="true")
    trip, _ = leave(site)
    assert is_error_page(come_back(site, trip.signed(), state))


def test_a_response_in_the_query_is_not_looked_at() -> None:
    assert is_error_page(saml_site.make().ask("GET", "/saml2/idpresponse", {"SAMLResponse": "x", "RelayState": "y"}))


def unsolicited(site: Site, state: str) -> dict[str, str]:
    """What the app is told when the provider begins."""
    return told(come_back(site, Trip(site.cloud).signed(answers=""), state, cookies=False))


def test_a_provider_may_begin_where_its_settings_say_so() -> None:
    site = saml_site.make(secret=SECRET, IDPInit="true")
    code = unsolicited(site, relay_state(state="tile"))
    assert code["state"] == "tile"
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "client_secret": SECRET}
    tokens = read(site.token(code=code["code"], **form))
    assert claims(tokens["access_token"])["scope"] == "email openid"


def test_it_is_found_by_an_identifier_too() -> None:
    site = saml_site.make(secret=SECRET, IDPInit="true")
    assert "code" in unsolicited(site, relay_state(identity_provider=None, idp_identifier="example.com"))


def test_a_provider_that_may_not_begin_is_refused() -> None:
    site = saml_site.make(secret=SECRET)
    assert "IDPInit is not true" in unsolicited(site, relay_state())["error_description"]


def test_a_response_to_a_request_is_none_that_the_provider_began() -> None:
    """A response stolen on its way, sent as if nobody had asked for it."""
    site = saml_site.make(secret=SECRET, IDPInit="true")
    trip, _ = leave(site)
    answer = told(come_back(site, trip.signed(), relay_state(), cookies=False))
    assert answer["error_description"].endswith("InResponseTo is not the id of the request that was sent.")


@pytest.mark.parametrize("changes", [{"client_id": "other"}, {"redirect_uri": "https://evil.example"}])
def test_where_it_goes_is_as_strict_as_when_the_app_asks(changes: dict[str, str]) -> None:
    site = saml_site.make(secret=SECRET, IDPInit="true")
    found = Trip(site.cloud).signed(answers="")
    assert is_error_page(come_back(site, found, relay_state(**changes), cookies=False))
    assert is_error_page(come_back(site, found, f"{relay_state()}&client_id=other", cookies=False))


@pytest.mark.parametrize("changes", [{"scope": "openid evil"}, {"response_type": "token"}, {"identity_provider": "X"}])
def test_what_the_app_may_not_ask_the_provider_may_not_either(changes: dict[str, str]) -> None:
    site = saml_site.make(secret=SECRET, IDPInit="true")
    assert "error" in unsolicited(site, relay_state(**changes))


def test_a_client_with_users_of_another_kind_takes_no_unasked_response() -> None:
    site = saml_site.make(providers=(NAME, "COGNITO"), secret=SECRET, IDPInit="true")
    assert "COGNITO, which is not SAML" in unsolicited(site, relay_state())["error_description"]


def test_a_provider_of_the_pool_that_the_client_does_not_take() -> None:
    site = saml_site.make(secret=SECRET, IDPInit="true")
    site.cloud.store.put(IdentityProvider(POOL, "Other", "SAML", {}, {}, [], 0.0, 0.0))
    assert "error" in unsolicited(site, relay_state(identity_provider="Other"))


def test_the_pool_describes_itself() -> None:
    answer = saml_site.make().ask("GET", "/saml2/metadata")
    assert answer.content_type == "application/samlmetadata+xml"
    assert b"urn:amazon:cognito:sp:us-east-1_site" in answer.body
    assert is_error_page(Site.make().ask("GET", "/saml2/metadata"), 404)
