"""A domain's OAuth endpoints over sockets: what stands on the wire, and what its tokens are worth at the API."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.browserless import Browser, Reply, over_sockets
from tests.journeys.people import PASSWORD, root_client, unsigned_client
from tests.journeys.pools import Pool, add_client
from tests.journeys.refusals import code_of
from tests.local_cloud import LocalCloud

CALLBACK = "http://localhost:1/callback"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
API = "aws.cognito.signin.user.admin"


@dataclass(frozen=True)
class Site:
    """A pool with a domain and a public app."""

    pool: Pool
    base: str
    client_id: str

    def authorize_url(self, **changes: str) -> str:
        query = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": f"openid email {API}",
            "state": "s",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return f"{self.base}/oauth2/authorize?{urlencode({**query, **changes})}"

    def tokens(self, email: str, **changes: str) -> dict[str, Any]:
        """The tokens of somebody who signs in by the page."""
        browser = Browser()
        browser.open(self.authorize_url(**changes))
        page = browser.submit(username=email, password=PASSWORD)
        (code,) = parse_qs(urlsplit(page.url).query)["code"]
        form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER, "code": code}
        found: dict[str, Any] = json.loads(self.post("/oauth2/token", {"client_id": self.client_id, **form}).body)
        return found

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> Reply:
        given = {"content-type": "application/x-www-form-urlencoded", **headers}
        return over_sockets("POST", self.base + path, given, urlencode(form).encode())


@pytest.fixture(scope="module")
def site(cloud: LocalCloud) -> Site:
    pool, domain = Pool.make(cloud), f"own-{uuid.uuid4().hex[:8]}"
    root_client(cloud, "cognito-idp").create_user_pool_domain(UserPoolId=pool.id, Domain=domain)
    settings = {
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": [CALLBACK],
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", API],
        "AllowedOAuthFlowsUserPoolClient": True,
    }
    return Site(pool, f"{cloud.endpoint}/_aws/auth/{domain}", add_client(cloud, pool.id, **settings))


def test_the_api_takes_its_tokens(site: Site, email: str) -> None:
    site.pool.confirmed_person(email)
    found = site.tokens(email)
    api = unsigned_client(site.pool.cloud, "cognito-idp")
    user = api.get_user(AccessToken=found["access_token"])
    assert {entry["Name"]: entry["Value"] for entry in user["UserAttributes"]}["email"] == email
    parameters = {"REFRESH_TOKEN": found["refresh_token"]}
    call = {"ClientId": site.client_id, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters}
    again = api.initiate_auth(**call)["AuthenticationResult"]
    assert api.get_user(AccessToken=again["AccessToken"])["Username"] == user["Username"]
    api.revoke_token(ClientId=site.client_id, Token=found["refresh_token"])
    assert code_of(api.get_user, AccessToken=again["AccessToken"]) == "NotAuthorizedException"
    assert code_of(api.initiate_auth, **call) == "NotAuthorizedException"


def test_the_api_wants_its_own_scope(site: Site, email: str) -> None:
    """Attack: an app that was given an address to read, and manages the user with it."""
    site.pool.confirmed_person(email)
    token = site.tokens(email, scope="openid email")["access_token"]
    api = unsigned_client(site.pool.cloud, "cognito-idp")
    assert code_of(api.get_user, AccessToken=token) == "NotAuthorizedException"


def test_an_app_of_another_origin_asks_before_it_calls(site: Site) -> None:
    asked = over_sockets(
        "OPTIONS",
        f"{site.base}/oauth2/token",
        {"origin": "https://app.example.com", "access-control-request-method": "POST"},
        b"",
    )
    assert (asked.status, asked.header("access-control-allow-origin")) == (200, "*")
    answer = site.post("/oauth2/token", {"grant_type": "authorization_code"}, origin="https://app.example.com")
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "invalid_request")
    assert (answer.header("access-control-allow-origin"), answer.header("cache-control")) == ("*", "no-store")


def test_a_line_break_in_a_parameter_is_no_line_break_in_the_answer(site: Site) -> None:
    """Attack: header injection, by what a URL encodes, and by a bare byte that no URL has."""
    for name in ("state", "nonce", "lang", "login_hint", "scope", "prompt"):
        url = site.authorize_url(**{name: "x\r\nX-Injected: yes\r\n\r\n<script>alert(1)</script>"})
        answer = over_sockets("GET", url, {}, b"")
        assert answer.status == 303
        assert not answer.header("x-injected")
        assert b"<script>alert" not in answer.body
    parts = urlsplit(site.authorize_url())
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(f"GET {parts.path}?{parts.query}&lang=\nX: y HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert b"\nX: y" not in connection.recv(65536)


def test_a_body_without_end_is_not_read(site: Site) -> None:
    """Attack: filling the memory."""
    answer = site.post("/oauth2/token", {"grant_type": "x" * 300_000})
    assert answer.status == 413


def test_the_address_is_not_told_to_the_next_page(site: Site) -> None:
    """Attack: a code or state that a Referer header gives away, or a cache."""
    answer = over_sockets("GET", site.authorize_url(), {}, b"")
    assert answer.header("referrer-policy") == "no-referrer"
    assert answer.header("cache-control") == "no-store"


def test_head_is_get_without_a_body(site: Site) -> None:
    parts = urlsplit(site.authorize_url())
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("HEAD", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (303, b"")
    connection.close()
