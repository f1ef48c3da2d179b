"""`/logout`: the browser's session ends, and the browser goes where the app says, if that is the app's own."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from localcloud.managed_login.models import BrowserSession
from localcloud.userpool.providers.federation_state import IdentityProvider
from tests.localcloud.managed_login.site import AFTER, CALLBACK, CLIENT, POOL, Site, is_error_page, read, wanted


@pytest.fixture
def site() -> Site:
    site = Site.make()
    site.sign_in()
    return site


def is_signed_in(site: Site) -> bool:
    return site.authorize().location.startswith(CALLBACK)


def test_the_session_ends_and_the_app_has_the_browser_back(site: Site) -> None:
    answer = site.ask("GET", "/logout", {"client_id": CLIENT, "logout_uri": AFTER})
    assert (answer.status, answer.location) == (303, AFTER)
    assert any("cognito=;" in cookie and "Max-Age=0" in cookie for cookie in answer.cookies)
    assert not is_signed_in(site)
    assert site.cloud.store.count(BrowserSession) == 0


def test_a_kept_cookie_is_worth_nothing_afterwards(site: Site) -> None:
    """Attack: a copy of the cookie that was made before."""
    kept = dict(site.cookies)
    site.ask("GET", "/logout", {"client_id": CLIENT, "logout_uri": AFTER})
    assert not is_signed_in(Site(site.cloud, site.times, kept))


def test_tokens_live_on(site: Site) -> None:
    token = site.tokens()["access_token"]
    site.ask("GET", "/logout", {"client_id": CLIENT, "logout_uri": AFTER})
    read(site.user_info(token))


def test_or_somebody_else_signs_in(site: Site) -> None:
    answer = site.ask("GET", "/logout", wanted())
    parts = urlsplit(answer.location)
    assert (parts.netloc, parts.path, dict(parse_qsl(parts.query))) == ("", "/_aws/auth/shop/login", wanted())
    assert not is_signed_in(site)


def test_a_provider_that_cannot_be_reached_keeps_nobody_signed_in(site: Site) -> None:
    details = {"IDPSignout": "true", "MetadataURL": "https://company.example.com/metadata"}
    site.cloud.store.put(IdentityProvider(POOL, "Company", "SAML", details, {}, [], 0.0, 0.0))
    site.sign_in("Company")
    assert is_error_page(site.ask("GET", "/logout", {"client_id": CLIENT, "logout_uri": AFTER}))
    assert not is_signed_in(site)


def test_it_works_for_a_browser_that_is_not_signed_in(site: Site) -> None:
    site.cookies.clear()
    assert site.ask("GET", "/logout", {"client_id": CLIENT, "logout_uri": AFTER}).location == AFTER


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://evil.example.com",
        AFTER + "/",
        AFTER + "/..",
        AFTER + "?next=https://evil.example.com",
        AFTER + "#",
        AFTER.upper(),
        "https://app.example.com:443/bye",
        "https://app.example.com@evil.example.com/bye",
        "https://app.example.com.evil.example.com/bye",
        "https://app.example.com/%62ye",
        "//evil.example.com",
        "/\\evil.example.com",
        "javascript:alert(1)",
        AFTER + "\r\nLocation: https://evil.example.com",
        CALLBACK,
    ],
)
def test_it_opens_the_way_to_nobody_else(site: Site, uri: str) -> None:
    """Attack: open redirect, a link to this host that ends at the attacker's."""
    assert is_error_page(site.ask("GET", "/logout", {"client_id": CLIENT, "logout_uri": uri}))


def test_one_apps_address_is_not_anothers(site: Site) -> None:
    """Attack: an app of one's own, whose page the browser ends at, in a link that names another app."""
    site.add_client("1other", LogoutURLs=["https://other.example.com"])
    assert is_error_page(site.ask("GET", "/logout", {"client_id": CLIENT, "logout_uri": "https://other.example.com"}))
    site.add_client("1theirs", pool_id="us-east-1_theirs")
    assert is_error_page(site.ask("GET", "/logout", {"client_id": "1theirs", "logout_uri": AFTER}))


def test_both_addresses_do_not_make_one_that_is_right(site: Site) -> None:
    """Attack: a request of which one check reads the one address, and the redirect the other."""
    query = {**wanted(), "logout_uri": "https://evil.example.com"}
    assert is_error_page(site.ask("GET", "/logout", query))
    query = {**wanted(redirect_uri="https://evil.example.com"), "logout_uri": AFTER}
    assert site.ask("GET", "/logout", query).location == AFTER
    assert is_error_page(site.ask("GET", "/logout", urlencode({**wanted(), "logout_uri": AFTER}) + "&logout_uri=x"))


def test_without_an_address_the_browser_stays(site: Site) -> None:
    assert is_error_page(site.ask("GET", "/logout"))
    assert is_error_page(site.ask("GET", "/logout", {"client_id": CLIENT}))
