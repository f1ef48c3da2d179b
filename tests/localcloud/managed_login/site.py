"""A pool's domain in memory, asked as the server asks it: one pool, one app client, one user, and a clock to move."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from localcloud.clock import Clock
from localcloud.context import Cloud, Context
from localcloud.jws import Key
from localcloud.managed_login import browser, models
from localcloud.managed_login.door import Door
from localcloud.managed_login.request import PREFIX, LoginRequest
from localcloud.seal import Sealer
from localcloud.store import Store, replaced
from localcloud.userpool.configuration import pool_settings
from localcloud.userpool.models import KINDS, AppClient, Domain, User, UserPool
from localcloud.wire.http import HttpRequest
from localcloud.wire.web import Answer

POOL, DOMAIN, CLIENT, SUB = "us-east-1_site", "shop", "1app", "11111111-2222-4333-8444-555555555555"
CALLBACK, AFTER = "https://app.example.com/callback", "https://app.example.com/bye"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SCOPES = ["openid", "email", "profile", "aws.cognito.signin.user.admin"]
FORM = "application/x-www-form-urlencoded"


@functools.cache
def key() -> Key:
    """Made once for all tests: making one takes longer than most of them."""
    return Key.make()


@dataclass
class Site:
    """The domain, and one browser with its cookies."""

    cloud: Cloud
    times: list[float]
    cookies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, secret: str = "", **config: Any) -> Site:
        """A domain whose app client is public, or has this secret; `config` changes the client's settings."""
        times = [1_800_000_000.0]
        cloud = Cloud(Store(None, (*KINDS, *models.KINDS)), Clock(source=lambda: times[0]), Sealer(b"for tests"))
        cloud.keys[POOL] = key()
        site = cls(cloud, times)
        site.set_pool()
        site.add_client(CLIENT, secret, **config)
        attributes = {
            "sub": SUB,
            "email": "ada@example.com",
            "email_verified": "true",
            "name": "Ada",
            "custom:size": "9",
        }
        cloud.store.put(User(POOL, SUB, "ada", "ada", "CONFIRMED", times[0], times[0], attributes))
        return site

    def add_client(self, client_id: str, secret: str = "", pool_id: str = POOL, **config: Any) -> None:
        """An app client, in place of the one of that id."""
        usual = {
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": SCOPES,
            "CallbackURLs": [CALLBACK],
            "LogoutURLs": [AFTER],
            "SupportedIdentityProviders": ["COGNITO"],
            "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        }
        self.cloud.store.put(
            AppClient(client_id, pool_id, {"its secret": secret} if secret else {}, {**usual, **config}, 0.0, 0.0)
        )

    def set_pool(self, pool_id: str = POOL, **settings: Any) -> None:
        """Let the domain be of a pool with these settings of CreateUserPool."""
        config = pool_settings.new_pool({"PoolName": "people", **settings})
        self.cloud.store.put(UserPool(pool_id, config, self.times[0], self.times[0]))
        self.cloud.store.put(Domain(DOMAIN, pool_id))

    @property
    def context(self) -> Context:
        return Context(self.cloud)

    def change_user(self, **changes: Any) -> None:
        """Change the user behind everybody's back."""
        self.cloud.store.update(User, (POOL, SUB), lambda user: replaced(user, **changes))

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | str = "",
        form: Mapping[str, str] | str | None = None,
        **headers: str,
    ) -> Answer:
        """What the domain answers to this browser, which keeps the cookies it is given."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if form is not None:
            given.setdefault("content-type", FORM)
        if self.cookies:
            given["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        raw = query if isinstance(query, str) else urlencode(query)
        body = form if isinstance(form, str) else urlencode(form or {})
        head = HttpRequest(method, f"{PREFIX}{DOMAIN}{path}", raw, given)
        with ThreadPoolExecutor(1) as executor:
            answer = Door(self.cloud, executor).answer(head, body.encode())
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def sign_in(self, provider: str = "") -> None:
        """Sign the user in at this browser, as a page does at its end."""
        request = LoginRequest(self.context, self.pool, DOMAIN, "", "POST", "/login")
        name, _, value = browser.sign_in(request, SUB, provider).partition(";")[0].partition("=")
        self.cookies[name] = value

    @property
    def pool(self) -> UserPool:
        pool = self.cloud.store.get(UserPool, POOL)
        assert pool is not None
        return pool

    def authorize(self, **changes: str | None) -> Answer:
        """Ask to sign in; a parameter that is None is left out."""
        return self.ask("GET", "/oauth2/authorize", wanted(**changes))

    def code(self, **changes: str | None) -> str:
        """A code for this browser, which is signed in."""
        if "cognito" not in self.cookies:
            self.sign_in()
        return told(self.authorize(**changes))["code"]

    def token(self, **form: str) -> Answer:
        """Ask for tokens."""
        return self.ask("POST", "/oauth2/token", form={"client_id": CLIENT, **form})

    def redeem(self, code: str, **changes: str) -> Answer:
        """Exchange a code, as the app that asked for it."""
        usual = {"redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        return self.token(grant_type="authorization_code", code=code, **{**usual, **changes})

    def tokens(self, **changes: str | None) -> dict[str, Any]:
        """The tokens of a whole sign-in."""
        return read(self.redeem(self.code(**changes)))

    def user_info(self, token: str) -> Answer:
        """Ask who that is."""
        return self.ask("GET", "/oauth2/userInfo", authorization=f"Bearer {token}")


def wanted(**changes: str | None) -> dict[str, str]:
    """An authorization request of the public app."""
    usual: dict[str, str | None] = {
        "client_id": CLIENT,
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "openid email",
        "state": "the state",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def told(answer: Answer, *, fragment: bool = False) -> dict[str, str]:
    """What a redirect tells the app, which it is proven to go to."""
    assert answer.status == 303, answer
    assert answer.location.startswith(CALLBACK + ("#" if fragment else "?")), answer.location
    parts = urlsplit(answer.location)
    return dict(parse_qsl(parts.fragment if fragment else parts.query, strict_parsing=True))


def read(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer that is none of a refusal."""
    assert answer.status == 200, answer
    value: dict[str, Any] = json.loads(answer.body)
    return value


def refusal(answer: Answer) -> tuple[int, str]:
    """Status and error code of a refusal to a program."""
    assert answer.content_type.startswith("application/json"), answer
    return answer.status, str(json.loads(answer.body)["error"])


def claims(token: str) -> dict[str, Any]:
    """The claims of a token that the pool signed."""
    return key().verify(token)


def is_error_page(answer: Answer, status: int = 400) -> bool:
    """Whether the browser stays here, on a page that leads nowhere."""
    return answer.status == status and not answer.location and answer.content_type.startswith("text/html")
