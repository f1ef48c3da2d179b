"""The pages of a running local cloud: from the first visit to tokens, with an authenticator app and without it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import pyotp
import pytest

from tests.browserless import FORM, Browser, over_sockets
from tests.journeys import people
from tests.journeys.people import root_client
from tests.journeys.pools import Pool, add_client
from tests.local_cloud import LocalCloud
from tests.localcloud.managed_login.pages_site import CALLBACK, CHALLENGE, PASSWORD, VERIFIER


@dataclass(frozen=True, slots=True)
class App:
    """An app that signs people in on the pages of its pool."""

    cloud: LocalCloud
    pool: Pool
    client_id: str
    base: str

    @classmethod
    def make(cls, cloud: LocalCloud) -> App:
        settings = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True}
        pool = Pool.make(cloud, DeviceConfiguration=settings)
        client_id = add_client(
            cloud,
            pool.id,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email"],
            CallbackURLs=[CALLBACK],
            SupportedIdentityProviders=["COGNITO"],
            PreventUserExistenceErrors="ENABLED",
        )
        domain = f"pages-{uuid.uuid4().hex[:10]}"
        root_client(cloud, "cognito-idp").create_user_pool_domain(Domain=domain, UserPoolId=pool.id)
        return cls(cloud, pool, client_id, f"{cloud.endpoint}/_aws/auth/{domain}")

    @property
    def address(self) -> str:
        wanted = {
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid email",
            "state": "the state",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return f"{self.base}/oauth2/authorize?{urlencode(wanted)}"

    def email_of(self, browser: Browser) -> str:
        """The user info behind the code that the browser brings to the app."""
        assert browser.page.left, browser.page.html
        code = parse_qs(urlsplit(browser.page.url).query)["code"][0]
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "code": code,
            "code_verifier": VERIFIER,
        }
        body = urlencode(form).encode()
        reply = over_sockets("POST", f"{self.base}/oauth2/token", {"content-type": FORM}, body)
        assert reply.status == 200, reply
        token = json.loads(reply.body)["access_token"]
        told = over_sockets("GET", f"{self.base}/oauth2/userInfo", {"authorization": f"Bearer {token}"}, b"")
        return str(json.loads(told.body)["email"])


@pytest.fixture
def app(cloud: LocalCloud) -> App:
    return App.make(cloud)


def test_from_the_first_visit_to_tokens(app: App, email: str) -> None:
    browser = Browser()
    assert browser.open(app.address).title == "Sign in"
    browser.open(browser.page.link("Create an account"))
    assert browser.submit("sign-up", username=email, password=PASSWORD).title == "Confirm your account"
    browser.submit("confirm", code=app.cloud.code(email))
    assert app.email_of(browser) == email
    # The browser is signed in now: the app is told at once.
    browser.open(app.address)
    assert app.email_of(browser) == email


def test_an_authenticator_app_once_and_then_a_remembered_browser(app: App, email: str) -> None:
    app.pool.take_totp("ON")
    app.pool.confirmed_person(email)
    browser = Browser(headers={"user-agent": "Firefox/144.0"})
    browser.open(app.address)
    page = browser.submit("sign-in", username=email, password=people.PASSWORD)
    code = pyotp.TOTP(page.text_of("secret")).at(int(app.cloud.now()))
    browser.submit("totp-setup", code=code, remember_device="yes")
    assert app.email_of(browser) == email
    root = root_client(app.cloud, "cognito-idp")
    (device,) = root.admin_list_devices(UserPoolId=app.pool.id, Username=email)["Devices"]
    names = {pair["Name"]: pair["Value"] for pair in device["DeviceAttributes"]}
    assert (names["device_name"], names["device_status"]) == ("Firefox/144.0", "valid")
    login = app.address.replace("/oauth2/authorize", "/login")
    browser.open(login)
    browser.submit("sign-in", username=email, password=people.PASSWORD)
    assert app.email_of(browser) == email
    root.admin_forget_device(UserPoolId=app.pool.id, Username=email, DeviceKey=device["DeviceKey"])
    browser.open(login)
    assert browser.submit("sign-in", username=email, password=people.PASSWORD).title == "Enter your code"


def test_the_pages_come_with_the_headers_that_keep_them_safe(app: App) -> None:
    page = Browser().open(app.address)
    policy = page.reply.header("content-security-policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.reply.header("x-frame-options") == "DENY"
    assert page.reply.header("referrer-policy") == "no-referrer"
    assert all("HttpOnly; SameSite=Lax" in value for name, value in page.reply.headers if name == "set-cookie")
