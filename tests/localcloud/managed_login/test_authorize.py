"""`/oauth2/authorize`: which way a browser goes on, and what the app is told."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from localcloud.userpool.providers.federation_state import IdentityProvider
from tests.localcloud.managed_login.site import CALLBACK, CLIENT, POOL, SUB, Site, claims, read, told, wanted

LONG = "n" * 2049


@pytest.fixture
def site() -> Site:
    return Site.make()


def test_a_new_browser_goes_to_the_sign_in_page_with_the_whole_request(site: Site) -> None:
    answer = site.authorize(lang="ja", login_hint="ada@example.com", nonce="n&n=1")
    assert answer.status == 303
    parts = urlsplit(answer.location)
    assert parts.path == "/_aws/auth/shop/login"
    assert not parts.netloc
    expected = wanted(lang="ja", login_hint="ada@example.com", nonce="n&n=1")
    assert dict(parse_qsl(parts.query)) == expected


def test_a_browser_that_is_signed_in_gets_its_code_at_once(site: Site) -> None:
    site.sign_in()
    answer = told(site.authorize())
    assert answer["state"] == "the state"
    assert len(answer["code"]) == 64


def test_a_session_lasts_an_hour(site: Site) -> None:
    site.sign_in()
    site.times[0] += 3600
    assert "code" in told(site.authorize())
    site.times[0] += 1
    assert "/login?" in site.authorize().location


@pytest.mark.parametrize(
    "changes",
    [{"enabled": False}, {"status": "RESET_REQUIRED"}, {"status": "FORCE_CHANGE_PASSWORD"}, {"status": "UNCONFIRMED"}],
)
def test_a_session_ends_with_its_users_right_to_sign_in(site: Site, changes: dict[str, Any]) -> None:
    """Attack: going on with a browser's session after an administrator locked the user out."""
    site.sign_in()
    site.change_user(**changes)
    assert "/login?" in site.authorize().location


def test_a_session_counts_at_its_own_pool_only(site: Site) -> None:
    """Attack: a user of one pool who carries their cookie to another one."""
    site.sign_in()
    other = Site(site.cloud, site.times, dict(site.cookies))
    other.set_pool("us-east-1_other")
    other.add_client(CLIENT, pool_id="us-east-1_other")
    assert "/login?" in other.authorize().location


def test_prompt_login_asks_again(site: Site) -> None:
    site.sign_in()
    assert "/login?" in site.authorize(prompt="login").location
    assert "code" in told(site.authorize(prompt="select_account consent"))


def test_prompt_none_never_shows_a_page(site: Site) -> None:
    answer = told(site.authorize(prompt="none"))
    assert (answer["error"], answer["state"]) == ("login_required", "the state")
    site.sign_in()
    assert "code" in told(site.authorize(prompt="none"))


def test_without_scopes_all_of_the_client_are_granted(site: Site) -> None:
    token = site.tokens(scope=None)["access_token"]
    assert claims(token)["scope"] == "openid email profile aws.cognito.signin.user.admin"


def test_a_resource_becomes_the_audience(site: Site) -> None:
    assert claims(site.tokens(resource="https://api.example.com/v1")["access_token"])["aud"] == (
        "https://api.example.com/v1"
    )


def test_a_nonce_and_the_time_of_sign_in_come_back_in_the_id_token(site: Site) -> None:
    site.sign_in()
    signed_in = int(site.times[0])
    site.times[0] += 60
    found = claims(site.tokens(nonce="the nonce")["id_token"])
    assert (found["nonce"], found["auth_time"], found["aud"]) == ("the nonce", signed_in, CLIENT)


def test_the_implicit_grant_answers_in_the_fragment_and_without_a_refresh_token() -> None:
    site = Site.make(AllowedOAuthFlows=["implicit"])
    site.sign_in()
    answer = told(site.authorize(response_type="token", nonce="n"), fragment=True)
    assert set(answer) == {"access_token", "id_token", "token_type", "expires_in", "state"}
    assert claims(answer["id_token"])["nonce"] == "n"
    assert read(site.user_info(answer["access_token"]))["sub"] == SUB


def test_a_client_with_a_secret_may_do_without_pkce() -> None:
    site = Site.make(secret="the secret")
    site.sign_in()
    assert "code" in told(site.authorize(code_challenge=None, code_challenge_method=None))


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://app.example.com/cb?tenant=1", "https://app.example.com/cb?tenant=1&code="),
        ("app:///callback", "app:///callback?code="),
        ("com.example.app:/callback", "com.example.app:/callback?code="),
        ("http://localhost:3000", "http://localhost:3000?code="),
    ],
)
def test_the_apps_address_stays_as_it_is_to_the_byte(uri: str, expected: str) -> None:
    site = Site.make(CallbackURLs=[uri])
    site.sign_in()
    assert site.authorize(redirect_uri=uri).location.startswith(expected)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"scope": "openid phone"}, "invalid_scope"),
        ({"scope": "orders/read"}, "invalid_scope"),
        ({"scope": "email"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "maybe"}, "invalid_request"),
        ({"resource": "api.example.com"}, "invalid_request"),
        ({"resource": "http://api.example.com"}, "invalid_request"),
        ({"resource": "http://localhost.example.com"}, "invalid_request"),
        ({"resource": "https://api.example.com/#here"}, "invalid_request"),
        ({"resource": "https://api.example.com/ x"}, "invalid_request"),
        ({"nonce": LONG}, "invalid_request"),
        ({"identity_provider": "Google"}, "invalid_request"),
        ({"idp_identifier": "example.com"}, "invalid_request"),
    ],
)
def test_the_app_is_told_what_is_wrong(site: Site, changes: dict[str, str | None], error: str) -> None:
    site.sign_in()
    answer = told(site.authorize(**changes))
    assert (answer["error"], answer["state"]) == (error, "the state")
    assert answer["error_description"]
    assert "code" not in answer


@pytest.mark.parametrize(
    "config",
    [
        {"AllowedOAuthFlowsUserPoolClient": False},
        {"AllowedOAuthFlows": ["implicit"]},
        {"AllowedOAuthFlows": ["client_credentials"]},
        {"SupportedIdentityProviders": []},
    ],
)
def test_a_client_that_may_not_is_told_so(config: dict[str, Any]) -> None:
    site = Site.make(**config)
    site.sign_in()
    assert told(site.authorize())["error"] == "unauthorized_client"


@pytest.mark.parametrize("resource", ["https://api.example.com/v1?a=b", "http://localhost:8080/api", "app://orders"])
def test_a_resource_is_a_url(site: Site, resource: str) -> None:
    site.sign_in()
    assert "code" in told(site.authorize(resource=resource))


def test_only_get_asks(site: Site) -> None:
    assert site.ask("POST", "/oauth2/authorize", form=wanted()).status == 405


class TestProviders:
    """Which provider's users an app takes."""

    @pytest.fixture
    def site(self) -> Site:
        site = Site.make(SupportedIdentityProviders=["COGNITO", "Partner"])
        for name in ("Partner", "Stranger"):
            site.cloud.store.put(
                IdentityProvider(POOL, name, "OIDC", {}, {}, [f"{name.lower()}.example.com"], 0.0, 0.0)
            )
        return site

    def test_the_pools_own_users_have_a_name_too(self, site: Site) -> None:
        site.sign_in()
        assert "code" in told(site.authorize(identity_provider="COGNITO"))

    def test_a_session_with_another_provider_is_not_the_one_asked_for(self, site: Site) -> None:
        site.sign_in("Partner")
        assert "code" in told(site.authorize())
        assert "code" in told(site.authorize(identity_provider="Partner"))
        assert "code" in told(site.authorize(idp_identifier="partner.example.com"))
        assert "/login?" in site.authorize(identity_provider="COGNITO").location

    def test_a_session_with_a_provider_that_the_app_does_not_take_opens_nothing(self, site: Site) -> None:
        """Attack: a sign-in with one provider that opens an app which only takes another one's users."""
        site.sign_in("Stranger")
        assert "/login?" in site.authorize().location
        assert told(site.authorize(prompt="none"))["error"] == "login_required"

    @pytest.mark.parametrize("named", [{"identity_provider": "Stranger"}, {"idp_identifier": "stranger.example.com"}])
    def test_a_provider_of_another_app_is_refused(self, site: Site, named: dict[str, str]) -> None:
        assert told(site.authorize(**named))["error"] == "invalid_request"
        assert site.authorize(**named).location.startswith(CALLBACK)
