"""`/saml2/logout`: signing out at the provider on the way out, and being signed out by it."""

from __future__ import annotations

import pytest
from lxml import etree

from localcloud.federation.saml_metadata import POST
from localcloud.managed_login.models import BrowserSession
from tests.localcloud.federation.saml_signer import OTHER_CERTIFICATE, encoded, sign
from tests.localcloud.federation.stand_in import OTHER_RSA
from tests.localcloud.managed_login import saml_site
from tests.localcloud.managed_login.saml_site import query_of
from tests.localcloud.managed_login.site import AFTER, CLIENT, POOL, Site, is_error_page, read, refusal, told
from tests.localcloud.relying_party.saml.logout_messages import answer, query, request
from tests.localcloud.relying_party.saml.trip import SLO, attributes, sent


def sign_out(site: Site) -> tuple[etree._Element, str]:
    """Sign out in the app: the request that the provider gets, and the state."""
    left = site.ask("GET", "/logout", {"client_id": CLIENT, "logout_uri": AFTER})
    assert left.location.startswith(f"{SLO}?"), left
    found, told_there = sent(left.location)
    return found, told_there["RelayState"]


def signed_in() -> Site:
    """A browser in which a user of the provider has signed in."""
    site = saml_site.make()
    assert "code" in told(saml_site.sign_in(site))
    return site


def sessions(site: Site) -> list[BrowserSession]:
    return site.cloud.store.find(BrowserSession, pool_id=POOL)


def test_who_signs_out_here_signs_out_there_and_comes_back_to_the_app() -> None:
    site = signed_in()
    found, state = sign_out(site)
    assert sessions(site) == []
    assert found[1].text == "user-ada"
    assert attributes(found[1])["Format"] == "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    reply = encoded(sign(answer(InResponseTo=found.get("ID"))))
    back = site.ask("POST", "/saml2/logout", form={"SAMLResponse": reply, "RelayState": state})
    assert (back.status, back.location) == (303, AFTER)


def test_the_answer_may_come_in_the_query() -> None:
    site = signed_in()
    found, state = sign_out(site)
    text = query(answer(InResponseTo=found.get("ID")), relay_state=state)
    assert site.ask("GET", "/saml2/logout", text).location == AFTER


def test_a_provider_that_takes_only_forms_gets_a_form() -> None:
    site = saml_site.make(binding=POST)
    told(saml_site.sign_in(site))
    page = site.ask("GET", "/logout", {"client_id": CLIENT, "logout_uri": AFTER})
    assert page.status == 200
    assert b'name="SAMLRequest"' in page.body


@pytest.mark.parametrize("setting", ["false", ""])
def test_without_the_setting_only_this_session_ends(setting: str) -> None:
    site = saml_site.make(IDPSignout=setting)
    told(saml_site.sign_in(site))
    assert site.ask("GET", "/logout", {"client_id": CLIENT, "logout_uri": AFTER}).location == AFTER
    assert sessions(site) == []


def test_an_answer_that_nobody_signed_leads_nowhere() -> None:
    site = signed_in()
    found, state = sign_out(site)
    reply = encoded(answer(InResponseTo=found.get("ID")))
    assert is_error_page(site.ask("POST", "/saml2/logout", form={"SAMLResponse": reply, "RelayState": state}))


def test_an_answer_counts_once_and_only_with_its_state() -> None:
    site = signed_in()
    found, state = sign_out(site)
    reply = encoded(sign(answer(InResponseTo=found.get("ID"))))
    assert is_error_page(site.ask("POST", "/saml2/logout", form={"SAMLResponse": reply, "RelayState": "00"}))
    assert site.ask("POST", "/saml2/logout", form={"SAMLResponse": reply, "RelayState": state}).location == AFTER
    assert is_error_page(site.ask("POST", "/saml2/logout", form={"SAMLResponse": reply, "RelayState": state}))


def test_a_state_of_a_sign_in_is_none_of_a_sign_out() -> None:
    site = saml_site.make()
    trip, state = saml_site.leave(site)
    reply = encoded(sign(answer(InResponseTo=trip.request_id)))
    assert is_error_page(site.ask("POST", "/saml2/logout", form={"SAMLResponse": reply, "RelayState": state}))


def test_who_signs_out_there_is_signed_out_here_and_in_the_apps() -> None:
    site = saml_site.make()
    tokens = read(site.redeem(told(saml_site.sign_in(site))["code"]))
    asked = encoded(sign(request(("_session",))))
    back = site.ask("POST", "/saml2/logout", form={"SAMLRequest": asked, "RelayState": "theirs"})
    assert back.location.startswith(f"{SLO}?SAMLResponse=")
    assert query_of(back.location)["RelayState"] == "theirs"
    assert sessions(site) == []
    again = site.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert refusal(again) == (400, "invalid_grant")


@pytest.mark.parametrize("found", [request(("_other",)), request(subject="user-bob")])
def test_another_session_or_user_stays(found: etree._Element) -> None:
    site = signed_in()
    back = site.ask("POST", "/saml2/logout", form={"SAMLRequest": encoded(sign(found))})
    assert back.location.startswith(f"{SLO}?SAMLResponse=")
    assert len(sessions(site)) == 1


def test_a_request_of_somebody_else_ends_nothing() -> None:
    site = signed_in()
    for found in (request(), sign(request(), OTHER_RSA, OTHER_CERTIFICATE), sign(request(issuer="https://x.example"))):
        assert is_error_page(site.ask("POST", "/saml2/logout", form={"SAMLRequest": encoded(found)}))
    assert len(sessions(site)) == 1


@pytest.mark.parametrize("form", [{}, {"SAMLRequest": ""}, {"SAMLResponse": "x"}, {"SAMLRequest": "PHg+"}])
def test_nothing_that_could_be_read_leads_nowhere(form: dict[str, str]) -> None:
    site = saml_site.make()
    assert is_error_page(site.ask("POST", "/saml2/logout", form=form))
    assert is_error_page(site.ask("GET", "/saml2/logout", form))
