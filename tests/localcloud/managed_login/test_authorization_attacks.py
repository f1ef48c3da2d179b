"""Attacks on the authorization request: where the answer goes, what it carries, and who may have begun it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.localcloud.managed_login.site import (
    CALLBACK,
    CHALLENGE,
    CLIENT,
    VERIFIER,
    Site,
    is_error_page,
    told,
    wanted,
)

PARAMETERS = [
    *wanted(),
    "nonce",
    "lang",
    "login_hint",
    "prompt",
    "resource",
    "identity_provider",
    "idp_identifier",
]

INJECTIONS = [
    "\r\nSet-Cookie: cognito=stolen",
    "x\r\n\r\n<script>alert(1)</script>",
    "%0d%0aLocation:%20https://evil.example.com",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; form-action *; '",
    "&code=forged&state=forged",
    "#code=forged",
    "\u2028\u560a\u560d",
    "\x00",
]


@pytest.fixture
def site() -> Site:
    site = Site.make()
    site.sign_in()
    return site


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://evil.example.com/callback",
        "https://app.example.com",
        "https://app.example.com/callback/",
        "https://app.example.com/callback/../evil",
        "https://app.example.com/callback?next=https://evil.example.com",
        "https://app.example.com/callback#",
        "https://app.example.com/callback%2F",
        "https://app.example.com/%63allback",
        "https://app.example.com/CALLBACK",
        "https://APP.example.com/callback",
        "HTTPS://app.example.com/callback",
        "http://app.example.com/callback",
        "https://app.example.com:443/callback",
        "https://app.example.com:8443/callback",
        "https://app.example.com./callback",
        "https://app.example.com@evil.example.com/callback",
        "https://evil.example.com@app.example.com/callback",
        "https://app.example.com.evil.example.com/callback",
        "https://evil.example.com/https://app.example.com/callback",
        "//app.example.com/callback",
        "https:app.example.com/callback",
        "https:/\\app.example.com/callback",
        "https://app.example.com\\@evil.example.com/callback",
        " https://app.example.com/callback",
        "https://app.example.com/callback ",
        "https://app.example.com/callback\r\nX: y",
        "https://app.example.com/callback\x00",
        "https://аpp.example.com/callback",
        "javascript:alert(1)//https://app.example.com/callback",
        f"{CALLBACK},{CALLBACK}",
    ],
)
def test_an_address_that_is_not_the_apps_gets_nothing(site: Site, uri: str) -> None:
    """Attack: redirect tricks. What differs in one byte is another address, and the browser stays here."""
    assert is_error_page(site.authorize(redirect_uri=uri))
    # An error is an answer, too: with a request that is wrong everywhere else it must not go there either.
    assert is_error_page(site.authorize(redirect_uri=uri, response_type=None, scope="none"))


def test_no_address_is_no_reason_to_take_the_first_one(site: Site) -> None:
    assert is_error_page(site.authorize(redirect_uri=None))


@pytest.mark.parametrize("client_id", [None, "", "1other", "1app ", "1APP", "1app\x00", "' OR 1=1 --"])
def test_a_client_that_is_none_gets_nothing(site: Site, client_id: str | None) -> None:
    """Attack: an address of one's own, at a client of one's own choice."""
    assert is_error_page(site.authorize(client_id=client_id))


def test_another_pools_client_gets_nothing(site: Site) -> None:
    """Attack: one's own pool's client and address, at the domain of a pool with other users."""
    site.add_client("1theirs", pool_id="us-east-1_theirs")
    assert is_error_page(site.authorize(client_id="1theirs"))


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_that_comes_twice_is_refused(site: Site, name: str) -> None:
    """Attack: the same parameter twice, of which the check reads one and the answer the other."""
    raw = urlencode(wanted(**{name: "once"})) if name not in wanted() else urlencode(wanted())
    assert is_error_page(site.ask("GET", "/oauth2/authorize", f"{raw}&{name}=https%3A%2F%2Fevil.example.com"))


def test_a_flood_of_parameters_is_refused(site: Site) -> None:
    """Attack: a request that takes long to read."""
    raw = urlencode({**wanted(), **{f"p{number}": "" for number in range(1000)}})
    assert is_error_page(site.ask("GET", "/oauth2/authorize", raw))


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": "s256"},
        {"code_challenge_method": "S256", "code_challenge": None},
        {"code_challenge": ""},
        {"code_challenge": "", "code_challenge_method": ""},
        {"code_challenge": VERIFIER},
        {"code_challenge": CHALLENGE + "="},
        {"code_challenge": CHALLENGE + "\n"},
        {"code_challenge": CHALLENGE[:-1] + "+"},
        {"code_challenge": CHALLENGE, "code_challenge_method": "plain"},
    ],
)
def test_a_public_client_cannot_do_with_less_than_s256(site: Site, changes: dict[str, str | None]) -> None:
    """Attack: PKCE downgrade, so that a code which was taken on its way can be redeemed."""
    assert told(site.authorize(**changes))["error"] == "invalid_request"


def test_a_secret_is_no_leave_to_send_half_of_pkce() -> None:
    """Attack: the challenge cut out of a confidential client's request, its method left in."""
    site = Site.make(secret="the secret")
    site.sign_in()
    assert told(site.authorize(code_challenge=None))["error"] == "invalid_request"


def test_an_answer_that_nothing_ties_to_a_browser_is_refused() -> None:
    """Attack: login CSRF at the app, where state is missing, and nonce and PKCE as well."""
    site = Site.make(secret="the secret", AllowedOAuthFlows=["code", "implicit"])
    site.sign_in()
    bare = {"state": None, "code_challenge": None, "code_challenge_method": None}
    assert told(site.authorize(**bare))["error"] == "invalid_request"
    assert told(site.authorize(**bare, response_type="token"))["error"] == "invalid_request"
    assert "code" in told(site.authorize(**{**bare, "nonce": "n"}))


@pytest.mark.parametrize("injection", INJECTIONS)
@pytest.mark.parametrize("name", PARAMETERS)
def test_what_is_put_into_a_parameter_stays_inside_of_it(site: Site, name: str, injection: str) -> None:
    """Attack: header and HTML injection through every parameter, and more parameters for the app."""
    for value in (injection, wanted().get(name, "") + injection):
        check_harmless(site, wanted(**{name: value}))


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=40)))
def test_no_request_leaves_for_anywhere_else(changes: dict[str, str]) -> None:
    """Attack: the whole of it, fuzzed."""
    check_harmless(SIGNED_IN, wanted(**changes))


SIGNED_IN = Site.make()
SIGNED_IN.sign_in()


def check_harmless(site: Site, query: dict[str, str]) -> None:
    """Signed in or not, the answer is one header line, ends at the app or here, and says nothing that was put in."""
    for cookies in (dict(site.cookies), {}):
        answer = Site(site.cloud, site.times, cookies).ask("GET", "/oauth2/authorize", query)
        everything = answer.location + "".join(answer.cookies) + "".join(answer.headers.values())
        assert everything.isascii()
        assert everything.isprintable()
        if not answer.location:
            assert answer.status == 400
            assert b"<script>alert" not in answer.body
            assert b"<img src=x" not in answer.body
            continue
        assert answer.location.startswith((f"{CALLBACK}?", "/_aws/auth/shop/login?")), answer.location
        parts = urlsplit(answer.location)
        assert not parts.fragment
        found = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)
        assert len(dict(found)) == len(found)
        if parts.path == "/callback":
            assert dict(found).keys() <= {"code", "state", "error", "error_description"}
            assert "forged" not in dict(found).get("code", "")
            assert dict(found).get("state", "") == query["state"]
        else:
            assert dict(found) == query


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_error_page_says_nothing_of_the_request(site: Site, name: str) -> None:
    """Attack: text of the attacker's on a page of this host."""
    query = {**wanted(**{name: "marker-of-the-attacker"}), "redirect_uri": "https://evil.example.com/marker"}
    answer = site.ask("GET", "/oauth2/authorize", query)
    assert is_error_page(answer)
    seen = re.sub(rb"<[^<>]*>", b"", answer.body)
    assert b"marker" not in seen
    assert b"evil" not in seen


def test_nobody_else_answers_for_the_domain(site: Site) -> None:
    assert is_error_page(site.ask("GET", "/oauth2/authorize/", wanted()), 404)
    assert is_error_page(site.ask("GET", "/" + quote("../oauth2/authorize", safe=""), wanted()), 404)
    assert is_error_page(site.ask("DELETE", "/oauth2/authorize", wanted()), 405)
    assert CLIENT not in site.ask("GET", "/nothing").location
