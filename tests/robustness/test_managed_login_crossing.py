"""Two pools on one host, two doors to a pool, two apps of a pool: what one has given out, the other does not take."""

from __future__ import annotations

import dataclasses

import pyotp
import pytest

from localcloud.errors import AwsError
from localcloud.managed_login.models import BrowserSession
from localcloud.userpool.sign_in_state import RefreshToken
from localcloud.wire.web import Answer
from tests.localcloud.managed_login.pages_site import CALLBACK, CLIENT, PASSWORD, WANTED, Site
from tests.robustness.login_requests import (
    NEIGHBOUR,
    NEIGHBOURS_CLIENT,
    SAML_CLIENT,
    Asked,
    Provider,
    challenge,
    make_neighbour,
    make_site,
    page,
    requests,
    tokens,
)

OF_A_POOL = (
    "authorize",
    "implicit",
    "from Example",
    "from Op",
    "from Facebook",
    "from LoginWithAmazon",
    "password",
    "totp",
    "code",
    "refresh",
    "who",
)
"""The requests that live on something which this pool has given out."""


@pytest.fixture
def site() -> Site:
    return make_site()


def is_let_in(answer: Answer) -> bool:
    """Whether an app hears of somebody."""
    given = any(name in answer.location for name in ("code=", "access_token="))
    told = answer.content_type.startswith("application/json") and answer.status == 200
    return (answer.location.startswith(CALLBACK) and given) or told


def of_the_neighbour(asked: Asked) -> Asked:
    """The same, in the name of the neighbour's app."""
    for part in ("query", "form"):
        if "client_id" in getattr(asked, part):
            asked = asked.with_(part, "client_id", NEIGHBOURS_CLIENT)
    return asked


@pytest.mark.parametrize("name", OF_A_POOL)
def test_attack_what_one_pool_gave_out_at_the_other_pools_domain(site: Site, name: str) -> None:
    """Cookie, form token, session, code, token, state and handle: all of them are on one origin."""
    provider = Provider(site)
    site.cloud.fetch = provider.fetch
    make_neighbour(site)
    make = requests(site, provider)[name]
    if name != "totp":
        assert is_let_in(make().send(site)), "it does not even work where it belongs"
    for asked in (make(), of_the_neighbour(make())):
        assert not is_let_in(asked.send(site, NEIGHBOUR))


def test_attack_one_pools_refresh_token_revoked_at_the_other_pools_domain(site: Site) -> None:
    make_neighbour(site)
    refresh = tokens(site)["refresh_token"]
    asked = Asked("POST", "/oauth2/revoke", form={"client_id": NEIGHBOURS_CLIENT, "token": refresh})
    assert asked.send(site, NEIGHBOUR).status == 400
    record = site.cloud.store.get(RefreshToken, refresh.partition(".")[0])
    assert record is not None
    assert not record.revoked


def test_attack_a_page_of_one_pool_under_the_cookies_of_the_other(site: Site) -> None:
    """The neighbour's page has a form token of its own for the same browser, and neither knows the other one's."""
    neighbour = make_neighbour(site)
    for asked in (page(site, "/login"), page(neighbour, "/login")):
        good = asked.with_("form", "username", "bob@example.com").with_("form", "password", PASSWORD)
        answers = [good.send(site), of_the_neighbour(good).send(site, NEIGHBOUR)]
        assert sorted(answer.status for answer in answers) == [303, 400]
    assert site.cloud.store.count(BrowserSession) == 2


def test_attack_a_new_account_let_into_an_app_that_takes_no_passwords(site: Site) -> None:
    """Signed up at one app, confirmed on the page of another one, whose users are a provider's only."""
    browser = site.browser()
    browser.open(site.address("/signup"))
    browser.submit("sign-up", username="new@example.com", password=PASSWORD)
    for client_id, status in ((SAML_CLIENT, 400), (CLIENT, 200)):
        assert browser.open(site.address("/confirm", client_id=client_id)).status == status
    for path in ("/confirm", "/resendcode", "/login", "/signup", "/forgotPassword"):
        asked = page(site, path, username="new@example.com", code=site.sent_code("new@example.com"), password=PASSWORD)
        answer = dataclasses.replace(asked, query={**WANTED, "client_id": SAML_CLIENT}).send(site)
        assert answer.status in (400, 403), path
        assert not answer.location, path


def test_attack_a_sign_in_of_the_pages_ended_by_the_api(site: Site) -> None:
    asked = challenge(site, "SOFTWARE_TOKEN_MFA")
    code = site.totp(site.stored("ada@example.com").totp_secret)
    responses = {"USERNAME": "ada@example.com", "SOFTWARE_TOKEN_MFA_CODE": code}
    given = {"ClientId": CLIENT, "ChallengeName": "SOFTWARE_TOKEN_MFA", "ChallengeResponses": responses}
    with pytest.raises(AwsError, match="Invalid session"):
        site.call("RespondToAuthChallenge", Session=asked.form["session"], **given)


def test_attack_a_sign_in_of_the_api_ended_by_the_pages(site: Site) -> None:
    given = {"USERNAME": "ada@example.com", "PASSWORD": PASSWORD}
    begun = site.call("InitiateAuth", ClientId=CLIENT, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    asked = challenge(site, "SOFTWARE_TOKEN_MFA", code=site.totp(site.stored("ada@example.com").totp_secret))
    assert not is_let_in(asked.with_("form", "session", begun["Session"]).send(site))


def test_attack_an_authenticator_app_set_up_at_the_other_door(site: Site) -> None:
    site.take_totp("ON")
    answer = page(site, "/login", username="bob@example.com", password=PASSWORD).send(site)
    of_page = answer.body.decode().partition('name="session" value="')[2].partition('"')[0]
    with pytest.raises(AwsError, match="Invalid session"):
        site.call("AssociateSoftwareToken", Session=of_page)
    given = {"USERNAME": "bob@example.com", "PASSWORD": PASSWORD}
    begun = site.call("InitiateAuth", ClientId=CLIENT, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    made = site.call("AssociateSoftwareToken", Session=begun["Session"])
    code = pyotp.TOTP(made["SecretCode"]).at(int(site.cloud.clock.now()))
    form = {"challenge": "MFA_SETUP", "session": made["Session"], "code": code}
    assert page(site, "/login", username="bob@example.com", **form).send(site).status == 400
    assert not site.stored("bob@example.com").totp_secret
