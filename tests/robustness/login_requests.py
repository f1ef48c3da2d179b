"""One good request to every endpoint of a pool's domain, as deep in a sign-in as it gets, for tests that spoil them."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson

from localcloud.managed_login import browser
from localcloud.managed_login.request import PREFIX, LoginRequest
from localcloud.store import replaced
from localcloud.userpool.models import AppClient, Domain
from localcloud.userpool.protection import feedback
from localcloud.userpool.providers.federation_state import IdentityProvider, SamlKey
from localcloud.wire.http import HttpRequest
from localcloud.wire.web import FORM, Answer
from tests.localcloud.federation.saml_signer import (
    NAMESPACES,
    encoded,
    metadata,
    sign,
    time_at,
    with_signed_assertion,
)
from tests.localcloud.federation.stand_in import RSA, jwk
from tests.localcloud.federation.stand_in import sign as sign_token
from tests.localcloud.managed_login.pages_site import CALLBACK, CLIENT, DOMAIN, PASSWORD, VERIFIER, WANTED, Site
from tests.localcloud.relying_party.saml import logout_messages
from tests.localcloud.relying_party.saml.trip import Trip, audience, logout_service, pool_key, sent

AFTER = "https://app.example.com/after"
SAML_CLIENT = "1saml"
NEIGHBOUR, NEIGHBOURS_CLIENT = "bank", "2app"
PROVIDERS = ("Example", "Op", "Facebook", "LoginWithAmazon")
BROWSER = "ab" * 32
PROVIDER_SECRET = "the-secret-at-the-provider"
CODE, ACCESS_TOKEN = "a-code-of-the-provider", "an-access-token-of-the-provider"

CLIENT_CONFIG: Mapping[str, Any] = {
    "SupportedIdentityProviders": ["COGNITO", *PROVIDERS],
    "AllowedOAuthFlows": ["code", "implicit"],
    "AllowedOAuthScopes": ["openid", "email", "aws.cognito.signin.user.admin"],
    "LogoutURLs": [AFTER],
    "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_(self, part: str, name: str, value: str) -> Asked:
        """The request with one value changed, or added."""
        changed: dict[str, Any] = {part: {**getattr(self, part), name: value}}
        return dataclasses.replace(self, **changed)

    def send(self, site: Site, domain: str = DOMAIN) -> Answer:
        """What the door answers."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**self.headers, **({"cookie": cookies} if cookies else {}), "content-type": FORM}
        head = HttpRequest(self.method, f"{PREFIX}{domain}{self.path}", urlencode(self.query), headers)
        return site.door.answer(head, urlencode(self.form).encode())


def make_site() -> Site:
    """A pool with users and providers, and two apps: one takes all of them, the other one the SAML provider's only."""
    site = Site.make(client=CLIENT_CONFIG)
    furnish(site)
    add_client(site, SAML_CLIENT, SupportedIdentityProviders=["Example"])
    return site


def make_neighbour(site: Site) -> Site:
    """Another pool with a domain of its own on the same host, furnished alike."""
    neighbour = dataclasses.replace(site)
    settings = {"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}
    neighbour.pool_id = site.call("CreateUserPool", PoolName="neighbours", **settings)["UserPool"]["Id"]
    site.cloud.store.put(Domain(NEIGHBOUR, neighbour.pool_id))
    add_client(neighbour, NEIGHBOURS_CLIENT)
    furnish(neighbour)
    return neighbour


def add_client(site: Site, client_id: str, **config: Any) -> None:
    """A public app client that is set up as the first one, but for this."""
    first = site.cloud.store.get(AppClient, CLIENT)
    assert first is not None
    made = replaced(first, id=client_id, pool_id=site.pool_id, config={**first.config, **config})
    site.cloud.store.put(made)


def furnish(site: Site) -> None:
    """Two users, one of whom has an authenticator app, and providers of four kinds that vouch for anybody."""
    site.take_totp("OPTIONAL")
    site.user(totp=True)
    site.user("bob@example.com")
    key, begin, rest = pool_key().partition("-----BEGIN CERTIFICATE")
    site.cloud.store.put(SamlKey(site.pool_id, key, begin + rest))
    client = {"client_id": "c", "client_secret": PROVIDER_SECRET, "authorize_scopes": "openid email"}
    op = "https://op.example.com"
    urls = {"oidc_issuer": op, "authorize_url": f"{op}/a", "token_url": f"{op}/t", "jwks_uri": f"{op}/k"}
    saml = {"MetadataFile": metadata(inside=logout_service()), "IDPSignout": "true", "IDPInit": "true"}
    for name, type_, details in (
        ("Example", "SAML", saml),
        ("Op", "OIDC", {**client, **urls, "attributes_request_method": "GET"}),
        ("Facebook", "Facebook", {**client, "api_version": "v17.0"}),
        ("LoginWithAmazon", "LoginWithAmazon", client),
    ):
        site.cloud.store.put(IdentityProvider(site.pool_id, name, type_, details, {"email": "email"}, [], 0.0, 0.0))


@dataclass
class Provider:
    """All providers in one, as the server fetches from them; `answers` is what it says for once, by path."""

    site: Site
    nonce: str = ""
    answers: dict[str, bytes] = field(default_factory=dict)

    def fetch(self, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        now = int(self.site.cloud.clock.now())
        claims = {
            "iss": "https://op.example.com",
            "sub": "7",
            "aud": "c",
            "iat": now,
            "exp": now + 60,
            "email": "p@x.io",
        }
        tokens = {"access_token": ACCESS_TOKEN, "token_type": "Bearer"}
        path = urlsplit(url).path.rpartition("/")[2]
        usual: Mapping[str, Any] = {
            "k": {"keys": [jwk(RSA, "rsa")]},
            "t": {**tokens, "id_token": sign_token({**claims, "nonce": self.nonce})},
            "access_token": tokens,
            "token": tokens,
            "app": {"id": "c"},
            "me": {"id": "7", "email": "p@x.io"},
            "tokeninfo": {"aud": "c", "exp": 60, "user_id": "7"},
            "profile": {"user_id": "7", "email": "p@x.io"},
        }
        return self.answers.get(path, orjson.dumps(usual.get(path)))


def requests(site: Site, provider: Provider) -> Mapping[str, Callable[[], Asked]]:
    """A maker for each: what counts once is made anew by each call."""
    return {
        "authorize": lambda: Asked("GET", "/oauth2/authorize", WANTED, cookies=signed_in(site)),
        "implicit": lambda: Asked(
            "GET", "/oauth2/authorize", {**WANTED, "response_type": "token"}, cookies=signed_in(site)
        ),
        **{f"to {name}": functools.partial(departing, name) for name in PROVIDERS},
        **{f"from {name}": functools.partial(arriving, site, provider, name) for name in PROVIDERS},
        "posted": lambda: Asked("POST", "/saml2/idpresponse", form=saml_answer(site)),
        "begun there": lambda: posted(site, unsolicited(site)),
        "page": lambda: Asked("GET", "/login", {**WANTED, "lang": "ja", "login_hint": "ada@example.com"}),
        "password": lambda: page(site, "/login", username="bob@example.com", password=PASSWORD),
        "totp": lambda: challenge(site, "SOFTWARE_TOKEN_MFA", code="123456", remember_device="yes"),
        "sign up": lambda: page(site, "/signup", username="new@example.com", password="short"),
        "confirm": lambda: page(site, "/confirm", username="bob@example.com", code="123456"),
        "again": lambda: page(site, "/resendcode", username="bob@example.com"),
        "forgot": lambda: page(site, "/forgotPassword", username="bob@example.com"),
        "reset": lambda: page(
            site, "/confirmForgotPassword", username="bob@example.com", code="123456", password=PASSWORD
        ),
        "code": lambda: program("token", grant_type="authorization_code", code=code(site), code_verifier=VERIFIER),
        "refresh": lambda: program("token", grant_type="refresh_token", refresh_token=tokens(site)["refresh_token"]),
        "machine": lambda: program("token", grant_type="client_credentials", scope="openid"),
        "revoke": lambda: program("revoke", token=tokens(site)["refresh_token"]),
        "who": lambda: Asked(
            "GET", "/oauth2/userInfo", headers={"authorization": f"Bearer {tokens(site)['access_token']}"}
        ),
        "sign out": lambda: Asked(
            "GET", "/logout", {"client_id": CLIENT, "logout_uri": AFTER}, cookies=signed_in(site, "Example")
        ),
        "signed out there": lambda: signed_out_there(site),
        "style": lambda: Asked("GET", "/assets/brand.css", {"client_id": CLIENT}),
        "metadata": lambda: Asked("GET", "/saml2/metadata"),
        "feedback": lambda: Asked("GET", "/feedback", feedback_on_an_event(site)),
    }


def feedback_on_an_event(site: Site) -> dict[str, str]:
    """The query of a link that a mail about a sign-in with a risk has."""
    sub = site.call("AdminGetUser", UserPoolId=site.pool_id, Username="bob@example.com")["Username"]
    token = feedback.token(site.context, site.pool_id, sub, "an-event")
    return {"user": sub, "event": "an-event", "token": token, "value": "Valid"}


def page(site: Site, path: str, **form: str) -> Asked:
    """A form that a page posts."""
    token = browser.form_token(_request(site), BROWSER)
    return Asked("POST", path, WANTED, {"_csrf": token, **form}, {"XSRF-TOKEN": BROWSER})


def challenge(site: Site, name: str, **form: str) -> Asked:
    """The answer to what comes after the password of the user with an authenticator app."""
    answer = page(site, "/login", username="ada@example.com", password=PASSWORD).send(site)
    session = answer.body.decode().partition('name="session" value="')[2].partition('"')[0]
    assert session, answer
    return page(site, "/login", username="ada@example.com", challenge=name, session=session, **form)


def signed_in(site: Site, provider: str = "") -> dict[str, str]:
    """The cookies of a browser in which somebody has signed in."""
    session = '{"subject":"user-ada","format":"","qualifiers":{},"index":"_session"}' if provider else ""
    cookie = browser.sign_in(_request(site), site.stored("bob@example.com").sub, provider, session)
    return {"cognito": cookie.partition(";")[0].partition("=")[2]}


def code(site: Site) -> str:
    """An authorization code."""
    return sent_to(Asked("GET", "/oauth2/authorize", WANTED, cookies=signed_in(site)).send(site))["code"]


def tokens(site: Site) -> dict[str, str]:
    """What a code gives."""
    asked = program("token", grant_type="authorization_code", code=code(site), code_verifier=VERIFIER)
    found: dict[str, str] = orjson.loads(asked.send(site).body)
    return found


def program(path: str, **form: str) -> Asked:
    """What an app's program posts."""
    return Asked("POST", f"/oauth2/{path}", form={"client_id": CLIENT, "redirect_uri": CALLBACK, **form})


def departing(name: str) -> Asked:
    """On the way to a provider."""
    query = {**WANTED, "identity_provider": name}
    return Asked("GET", "/oauth2/authorize", query, cookies={"XSRF-TOKEN": BROWSER})


def arriving(site: Site, provider: Provider, name: str) -> Asked:
    """On the way back from a provider."""
    if name == "Example":
        return posted(site, saml_answer(site))
    there = sent_to(departing(name).send(site))
    provider.nonce = there.get("nonce", "")
    query = {"state": there["state"], "code": CODE}
    return Asked("GET", "/oauth2/idpresponse", query, cookies={"XSRF-TOKEN": BROWSER})


def saml_answer(site: Site) -> dict[str, str]:
    """The form with the response to a request that was just sent."""
    request, there = sent(departing("Example").send(site).location)
    return _response(site, request.get("ID", ""), there["RelayState"])


def unsolicited(site: Site) -> dict[str, str]:
    """The form with a response that nobody asked for."""
    wanted = {**WANTED, "client_id": SAML_CLIENT, "identity_provider": "Example"}
    return _response(site, "", urlencode(wanted))


def posted(site: Site, form: Mapping[str, str]) -> Asked:
    """The request that follows a form that a provider's page posted."""
    handle = sent_to(Asked("POST", "/saml2/idpresponse", form=form).send(site))
    return Asked("GET", "/saml2/idpresponse", handle, cookies={"XSRF-TOKEN": BROWSER})


def signed_out_there(site: Site) -> Asked:
    """A provider's own request to sign somebody out."""
    now, identifier = site.cloud.clock.now(), f"_{site.cloud.random(8).hex()}"
    found = logout_messages.request(("_session",), ID=identifier, IssueInstant=time_at(now))
    return Asked("POST", "/saml2/logout", form={"SAMLRequest": encoded(sign(found)), "RelayState": "theirs"})


def sent_to(answer: Answer) -> dict[str, str]:
    """The parameters of the address that an answer sends the browser to."""
    assert answer.status == 303, answer
    return dict(parse_qsl(urlsplit(answer.location).query, strict_parsing=True))


def _response(site: Site, request_id: str, relay_state: str) -> dict[str, str]:
    trip = Trip(site.cloud, request_id=request_id)
    made = trip.response(audience=audience(f"urn:amazon:cognito:sp:{site.pool_id}"))
    found = made.find("saml:Assertion", NAMESPACES)
    assert found is not None
    found.set("ID", f"_{site.cloud.random(8).hex()}")
    return {"SAMLResponse": encoded(with_signed_assertion(made)), "RelayState": relay_state}


def _request(site: Site) -> LoginRequest:
    return LoginRequest(site.context, site.pool, DOMAIN, "", "GET", "/login")
