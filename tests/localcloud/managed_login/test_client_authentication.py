"""Which app client calls the token endpoints: by a secret in the header or the body, or none for a public one."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.localcloud.managed_login.site import CALLBACK, CLIENT, VERIFIER, Site, read, refusal

SECRET = "the+secret/1"
INVALID, WRONG = (400, "invalid_client"), (400, "invalid_request")


@pytest.fixture
def site() -> Site:
    return Site.make(SECRET)


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def redeem(site: Site, authorization: str | None = None, **form: str) -> Any:
    """Exchange a new code, with this header and these parameters beside the code's own."""
    given = {"grant_type": "authorization_code", "code": site.code(), "redirect_uri": CALLBACK, **form}
    headers = {"authorization": authorization} if authorization is not None else {}
    return site.ask("POST", "/oauth2/token", form={"code_verifier": VERIFIER, **given}, **headers)


def test_the_secret_in_the_header(site: Site) -> None:
    encoded = SECRET.replace("+", "%2B").replace("/", "%2F")
    assert "access_token" in read(redeem(site, basic(CLIENT, encoded)))
    assert "access_token" in read(redeem(site, basic(CLIENT, encoded), client_id=CLIENT))


def test_the_secret_in_the_body(site: Site) -> None:
    assert "access_token" in read(redeem(site, client_id=CLIENT, client_secret=SECRET))


def test_a_public_client_needs_none() -> None:
    assert "access_token" in read(redeem(Site.make(), client_id=CLIENT))


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + " ", SECRET[:-1], SECRET.upper(), "ü", "\x00"])
def test_a_client_with_a_secret_has_to_show_it(site: Site, secret: str) -> None:
    """Attack: a stolen code, redeemed by who knows the client's id only."""
    assert refusal(redeem(site, client_id=CLIENT, client_secret=secret)) == INVALID
    assert refusal(redeem(site, basic(CLIENT, secret))) == INVALID
    assert refusal(redeem(site, client_id=CLIENT)) == INVALID


def test_a_public_client_cannot_look_like_one_with_a_secret() -> None:
    """Attack: any text as the secret of a client that has none."""
    site = Site.make()
    assert refusal(redeem(site, client_id=CLIENT, client_secret="anything")) == INVALID
    assert refusal(redeem(site, basic(CLIENT, "anything"))) == INVALID


@pytest.mark.parametrize("header", ["", "Basic", "Basic ", "Basic !!!", "Basic MWFwcA==", "Bearer abc", "Basic /w=="])
def test_a_header_that_is_none_is_refused(site: Site, header: str) -> None:
    """Attack: a header that one reader takes and the other one overlooks."""
    assert refusal(redeem(site, header, client_id=CLIENT, client_secret=SECRET)) == WRONG


def test_a_client_names_itself_once(site: Site) -> None:
    """Attack: two clients in one request."""
    site.add_client("1other")
    assert refusal(redeem(site, basic(CLIENT, SECRET), client_id="1other")) == WRONG
    assert refusal(redeem(site, basic(CLIENT, SECRET), client_secret=SECRET)) == WRONG


def test_an_unknown_client_is_refused(site: Site) -> None:
    assert refusal(redeem(site, client_id="1none", client_secret="")) == INVALID
    assert refusal(redeem(site)) == WRONG


def test_another_pools_client_is_refused(site: Site) -> None:
    """Attack: a client of one's own pool, at the domain of another one."""
    site.add_client("1theirs", "their secret", pool_id="us-east-1_theirs")
    assert refusal(redeem(site, client_id="1theirs", client_secret="their secret")) == INVALID


def test_revocation_says_so_with_401(site: Site) -> None:
    answer = site.ask("POST", "/oauth2/revoke", form={"token": "t"}, authorization=basic(CLIENT, "wrong"))
    assert refusal(answer) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic ")
