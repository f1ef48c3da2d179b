"""The way to another provider and back: by one browser, once, and for the app that asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import pytest

from localcloud.context import Cloud
from localcloud.federation.errors import TokenError, UnreachableError
from localcloud.managed_login.models import BrowserSession, PostedAnswer, WaitingAtProvider
from localcloud.relying_party import providers
from localcloud.relying_party.errors import DeclinedError
from localcloud.relying_party.models import Arrival, Asked, Departure
from localcloud.userpool.models import User
from localcloud.userpool.providers.federation_state import IdentityProvider
from tests.localcloud.managed_login.site import POOL, SUB, Site, claims, is_error_page, read, told, wanted

AWAY = "https://partner.example.com/authorize"


@dataclass
class Partner:
    """A provider that vouches for whoever brings the answer that it gave out, and says what it was asked."""

    asked: list[Asked] = field(default_factory=list)
    by_form: bool = False
    begin_error: Exception | None = None
    finish_error: Exception | None = None

    def begin(self, _cloud: Cloud, asked: Asked, state: str) -> Departure:
        self.asked.append(asked)
        if self.begin_error:
            raise self.begin_error
        if self.by_form:
            return Departure(AWAY, {"nonce": "n"}, {"RelayState": state})
        return Departure(f"{AWAY}?state={state}", {"nonce": "n"})

    def finish(self, _cloud: Cloud, asked: Asked, secrets: Mapping[str, str], answer: Mapping[str, str]) -> Arrival:
        if self.finish_error:
            raise self.finish_error
        assert secrets == {"nonce": "n"}
        if answer.get("code") != "good":
            raise TokenError("The code is not the provider's.")
        return Arrival("grace", {"email": "grace@example.com"}, {}, "their session")


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch) -> Partner:
    partner = Partner()
    monkeypatch.setattr(providers, "of_type", lambda _type: partner)
    return partner


@pytest.fixture
def site(partner: Partner) -> Site:
    site = Site.make(SupportedIdentityProviders=["COGNITO", "Partner"])
    mapping = {"email": "email"}
    for name, type_ in (("Partner", "OIDC"), ("Stranger", "OIDC"), ("Company", "SAML")):
        site.cloud.store.put(IdentityProvider(POOL, name, type_, {}, mapping, [], 0.0, 0.0))
    return site


def leave(site: Site, **changes: str) -> str:
    """Go to the provider; the state that comes back."""
    answer = site.authorize(**{"identity_provider": "Partner", **changes})
    assert answer.location.startswith(AWAY), answer
    return dict(parse_qsl(urlsplit(answer.location).query))["state"]


def come_back(site: Site, state: str, **answer: str) -> dict[str, str]:
    return told(site.ask("GET", "/oauth2/idpresponse", {"state": state, "code": "good", **answer}))


def test_there_and_back_again(site: Site) -> None:
    answer = come_back(site, leave(site))
    assert answer["state"] == "the state"
    access = claims(read(site.redeem(answer["code"]))["access_token"])
    user = site.cloud.store.get(User, POOL, access["sub"])
    assert user is not None
    assert (user.username, user.status, access["username"]) == ("Partner_grace", "EXTERNAL_PROVIDER", "Partner_grace")


def test_the_browser_is_signed_in_after_it(site: Site) -> None:
    come_back(site, leave(site))
    assert "code" in told(site.authorize(identity_provider="Partner"))
    kept = site.cloud.store.find(BrowserSession)
    assert [(session.provider, session.provider_session) for session in kept] == [("Partner", "their session")]


def test_the_provider_hears_what_the_app_said_of_its_user(site: Site, partner: Partner) -> None:
    leave(site, login_hint="grace@example.com", lang="ja")
    (asked,) = partner.asked
    assert (asked.name, asked.login_hint, asked.language) == ("Partner", "grace@example.com", "ja")
    assert asked.callback == "http://127.0.0.1:4566/_aws/auth/shop/oauth2/idpresponse"
    assert asked.attributes == ("email",)


def test_a_hint_is_for_the_types_that_take_one(site: Site, partner: Partner) -> None:
    site.cloud.store.put(IdentityProvider(POOL, "Partner", "Facebook", {}, {}, [], 0.0, 0.0))
    leave(site, login_hint="grace@example.com")
    assert partner.asked[0].login_hint == ""


@pytest.mark.parametrize("prompt", ["login", "select_account", "consent", "login consent"])
def test_the_provider_hears_how_to_ask(site: Site, partner: Partner, prompt: str) -> None:
    leave(site, prompt=prompt)
    assert partner.asked[0].prompt == prompt


def test_prompt_login_leaves_again(site: Site) -> None:
    come_back(site, leave(site))
    leave(site, prompt="login")


def test_without_a_page_nobody_leaves(site: Site) -> None:
    assert told(site.authorize(identity_provider="Partner", prompt="none"))["error"] == "login_required"


def test_a_provider_that_takes_a_form_gets_one(site: Site, partner: Partner) -> None:
    partner.by_form = True
    answer = site.authorize(identity_provider="Partner")
    assert answer.status == 200
    assert f'action="{AWAY}"'.encode() in answer.body
    assert b"RelayState" in answer.body
    assert any(cookie.startswith("XSRF-TOKEN=") for cookie in answer.cookies)


def test_an_answer_that_is_posted_comes_back_with_the_cookies(site: Site) -> None:
    state, cookies = leave(site), dict(site.cookies)
    elsewhere = Site(site.cloud, site.times)
    kept = elsewhere.ask("POST", "/oauth2/idpresponse", form={"state": state, "code": "good"})
    assert kept.status == 303
    path, _, query = kept.location.removeprefix("/_aws/auth/shop").partition("?")
    browser = Site(site.cloud, site.times, cookies)
    assert "code" in told(browser.ask("GET", path, query))
    # A handle is good once.
    assert is_error_page(browser.ask("GET", path, query))


class TestAttacks:
    """What must not be brought back."""

    @pytest.mark.parametrize("state", ["", "x", "0" * 64, "the state", "\x00", "ü"])
    def test_an_answer_without_our_state(self, site: Site, state: str) -> None:
        """Attack: login CSRF, where state is missing or made up."""
        leave(site)
        assert is_error_page(site.ask("GET", "/oauth2/idpresponse", {"state": state, "code": "good"}))
        assert is_error_page(site.ask("GET", "/oauth2/idpresponse", {"code": "good"}))

    def test_an_answer_for_another_browser(self, site: Site) -> None:
        """Attack: login CSRF. The attacker's answer, in a link, opened by somebody else's browser."""
        state = leave(site)
        other = Site(site.cloud, site.times)
        for _ in range(2):
            assert is_error_page(other.ask("GET", "/oauth2/idpresponse", {"state": state, "code": "good"}))
            leave(other)
        assert site.cloud.store.count(BrowserSession) == 0

    def test_an_answer_for_another_browser_that_was_posted(self, site: Site) -> None:
        """Attack: login CSRF by a handle for the attacker's own answer."""
        state = leave(site)
        kept = site.ask("POST", "/oauth2/idpresponse", form={"state": state, "code": "good"})
        other = Site(site.cloud, site.times)
        leave(other)
        assert is_error_page(other.ask("GET", "/oauth2/idpresponse", kept.location.partition("?")[2]))

    def test_an_answer_used_twice(self, site: Site) -> None:
        """Attack: replay of the provider's answer."""
        state = leave(site)
        come_back(site, state)
        assert is_error_page(site.ask("GET", "/oauth2/idpresponse", {"state": state, "code": "good"}))

    def test_an_answer_that_is_late(self, site: Site) -> None:
        state = leave(site)
        site.times[0] += 601
        assert is_error_page(site.ask("GET", "/oauth2/idpresponse", {"state": state, "code": "good"}))

    def test_a_posted_answer_that_is_late_or_for_another_path(self, site: Site) -> None:
        form = {"state": leave(site), "code": "good"}
        handles = [site.ask("POST", "/oauth2/idpresponse", form=form).location.partition("?")[2] for _ in range(2)]
        assert is_error_page(site.ask("GET", "/saml2/idpresponse", handles[0]))
        site.times[0] += 121
        assert is_error_page(site.ask("GET", "/oauth2/idpresponse", handles[1]))

    def test_an_answer_to_another_pool(self, site: Site) -> None:
        """Attack: one's own pool's answer at the domain of another one."""
        state = leave(site)
        site.set_pool("us-east-1_other")
        assert is_error_page(site.ask("GET", "/oauth2/idpresponse", {"state": state, "code": "good"}))

    def test_one_protocols_answer_at_the_address_of_the_other(self, site: Site) -> None:
        """Attack: mix-up of providers."""
        site.add_client("1app", SupportedIdentityProviders=["Company"])
        state = leave(site, identity_provider="Company")
        assert is_error_page(site.ask("GET", "/oauth2/idpresponse", {"state": state, "code": "good"}))

    def test_a_provider_of_another_app(self, site: Site) -> None:
        """Attack: a provider that the pool has for another app's users."""
        assert told(site.authorize(identity_provider="Stranger"))["error"] == "invalid_request"

    def test_a_provider_that_the_app_no_longer_takes(self, site: Site) -> None:
        state = leave(site)
        site.add_client("1app", SupportedIdentityProviders=["COGNITO"])
        assert come_back(site, state)["error"] == "invalid_request"

    def test_a_provider_that_is_gone(self, site: Site) -> None:
        state = leave(site)
        site.cloud.store.delete(IdentityProvider, POOL, "Partner")
        assert come_back(site, state)["error"] == "invalid_request"

    def test_an_address_that_the_app_no_longer_has(self, site: Site) -> None:
        """Attack: a sign-in begun before the app's owner took the attacker's address away."""
        state = leave(site)
        site.add_client("1app", SupportedIdentityProviders=["Partner"], CallbackURLs=["https://new.example.com"])
        assert is_error_page(site.ask("GET", "/oauth2/idpresponse", {"state": state, "code": "good"}))

    def test_what_waits_is_kept_by_digest_only(self, site: Site) -> None:
        """Attack: states and handles read out of a copied data folder."""
        state = leave(site)
        kept = site.ask("POST", "/oauth2/idpresponse", form={"state": "s"}).location.partition("=")[2]
        waiting = site.cloud.store.find(WaitingAtProvider)
        assert state not in repr(waiting)
        assert site.cookies["XSRF-TOKEN"] not in repr(waiting)
        assert kept not in repr(site.cloud.store.find(PostedAnswer))

    def test_a_planted_browser_cookie_is_not_kept(self, site: Site) -> None:
        """Attack: a short or strange cookie, planted so that somebody else knows the browser's secret."""
        site.cookies["XSRF-TOKEN"] = "planted; Path=/"
        leave(site)
        assert len(site.cookies["XSRF-TOKEN"]) == 64
        assert "planted" not in site.cookies["XSRF-TOKEN"]


class TestErrors:
    """What the app is told when the provider, or what follows, says no."""

    def test_a_person_who_changed_their_mind(self, site: Site, partner: Partner) -> None:
        state = leave(site)
        partner.finish_error = DeclinedError("Partner", "access_denied", "not today")
        answer = come_back(site, state, error="access_denied")
        assert (answer["error"], answer["state"]) == ("access_denied", "the state")

    @pytest.mark.parametrize(
        "error", [DeclinedError("Partner", "invalid_scope"), TokenError("No."), UnreachableError("Read timed out")]
    )
    def test_a_provider_that_says_no(self, site: Site, partner: Partner, error: Exception) -> None:
        state = leave(site)
        partner.finish_error = error
        answer = come_back(site, state)
        assert answer["error"] == "invalid_request"
        assert answer["error_description"].startswith("Partner Error - ")
        assert site.cloud.store.count(BrowserSession) == 0

    def test_a_provider_that_cannot_be_reached(self, site: Site, partner: Partner) -> None:
        partner.begin_error = UnreachableError("Read timed out")
        answer = told(site.authorize(identity_provider="Partner"))
        assert (answer["error"], answer["error_description"]) == ("invalid_request", "Partner Error - Read timed out")

    def test_a_name_that_is_taken(self, site: Site) -> None:
        site.change_user(username="Partner_grace", username_key="Partner_grace")
        answer = come_back(site, leave(site))
        assert answer["error"] == "invalid_request"
        assert answer["error_description"] == "Already found an entry for username Partner_grace"
        assert site.cloud.store.count(BrowserSession) == 0
        assert site.cloud.store.get(User, POOL, SUB) is not None

    def test_what_is_told_is_not_long(self, site: Site, partner: Partner) -> None:
        state = leave(site)
        partner.finish_error = TokenError("x" * 5000)
        assert len(come_back(site, state)["error_description"]) == 300


def test_an_authorization_that_never_was_is_not_begun(site: Site) -> None:
    answer = site.ask("GET", "/oauth2/authorize", wanted(identity_provider="Partner", redirect_uri="https://evil"))
    assert is_error_page(answer)
    assert site.cloud.store.count(WaitingAtProvider) == 0
