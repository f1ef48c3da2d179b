"""A pool with a domain and an app, in memory, and people who open its pages with a browser that runs no script."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pyotp

from localcloud import outbox, own_services
from localcloud.clock import Clock
from localcloud.context import Cloud, Context, Invocation
from localcloud.managed_login import models as login
from localcloud.managed_login.door import Door
from localcloud.managed_login.request import PREFIX
from localcloud.seal import Sealer
from localcloud.store import Store, replaced
from localcloud.userpool import models
from localcloud.userpool.accounts.users import require_user, update_user
from localcloud.userpool.models import AppClient, Device, Domain, User, UserPool
from localcloud.userpool.pools import require_pool
from localcloud.wire import model, validation
from localcloud.wire.http import Message
from tests.browserless import Browser, Reply

START = 1_790_000_000.0
ENDPOINT = "http://127.0.0.1:4566"
DOMAIN, CLIENT, CALLBACK = "shop", "1app", "https://app.example.com/callback"
PASSWORD = "Correct1!horse"
TRIGGER = "arn:aws:lambda:us-east-1:000000000000:function:trigger"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
OAUTH = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email"],
    "CallbackURLs": [CALLBACK],
    "SupportedIdentityProviders": ["COGNITO"],
    "PreventUserExistenceErrors": "ENABLED",
}
WANTED = {
    "client_id": CLIENT,
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid",
    "state": "the state",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@dataclass
class Site:
    """One domain. `said` is what triggers answer, by their source: changes of the response, or an error text."""

    cloud: Cloud
    door: Door
    pool_id: str = ""
    said: dict[str, Mapping[str, Any] | str] = field(default_factory=dict)
    events: list[Mapping[str, Any]] = field(default_factory=list)

    @classmethod
    def make(cls, *, secret: str = "", client: Mapping[str, Any] | None = None, **pool: Any) -> Site:
        """A pool whose users sign in by e-mail address, unless `pool` says otherwise."""
        store = Store(None, (*models.KINDS, *login.KINDS, outbox.Message))
        ticks, numbers = itertools.count(START, 0.001), random.Random(7)
        clock = Clock(source=lambda: next(ticks))
        cloud = Cloud(store, clock, Sealer(b"for tests"), endpoint_url=ENDPOINT, random=numbers.randbytes)
        site = cls(cloud, Door(cloud, ThreadPoolExecutor(1)))
        cloud.invoke = site.invoke
        settings = {"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"], **pool}
        site.pool_id = site.call("CreateUserPool", PoolName="people", **settings)["UserPool"]["Id"]
        store.put(Domain(DOMAIN, site.pool_id))
        store.put(
            AppClient(
                CLIENT,
                site.pool_id,
                {"its secret": secret} if secret else {},
                {"ClientName": "app", **OAUTH, **(client or {})},
                START,
                START,
            )
        )
        return site

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """Call an operation as an administrator does."""
        called = own_services.find_operation("cognito-idp", operation)
        validation.check(model.load("cognito-idp"), called, params, "InvalidParameterException")
        return own_services.find_handler(called)(self.context, params)

    def invoke(self, arn: str, event: Mapping[str, Any], **_: Any) -> Invocation:
        """Stands for all triggers."""
        self.events.append(event)
        said = self.said.get(event["triggerSource"], {})
        if isinstance(said, str):
            return Invocation(error_type="Exception", error_message=said)
        return Invocation(payload={**event, "response": {**event["response"], **said}})

    @property
    def context(self) -> Context:
        return Context(self.cloud)

    @property
    def pool(self) -> UserPool:
        return require_pool(self.context, self.pool_id)

    def browser(self, **headers: str) -> Browser:
        """A new browser."""
        return Browser(self.send, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """One request through the ASGI door."""
        return asyncio.run(self._send(method, url, headers, body))

    async def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        parts, sent = urlsplit(url), list[Message]()

        async def receive() -> Message:
            return {"type": "http.request", "body": body}

        async def send(message: Message) -> None:
            sent.append(message)

        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        scope = {"method": method, "path": parts.path, "raw_path": parts.path.encode(), "headers": raw}
        await self.door({**scope, "type": "http", "query_string": parts.query.encode()}, receive, send)
        heads = [(name.decode(), value.decode("latin-1")) for name, value in sent[0]["headers"]]
        return Reply(sent[0]["status"], heads, sent[1]["body"])

    def address(self, path: str = "/login", **changes: str) -> str:
        """The address of a page, for the app's authorization request."""
        return f"{ENDPOINT}{PREFIX}{DOMAIN}{path}?{urlencode({**WANTED, **changes})}"

    def user(self, name: str = "ada@example.com", *, totp: bool = False, **attributes: str) -> User:
        """A confirmed user, with an authenticator app where `totp`."""
        given = {"email_verified": "true", **attributes}
        pairs = [{"Name": key, "Value": value} for key, value in given.items()]
        if self.pool.username_attributes:
            pairs.append({"Name": "email", "Value": name})
        self.call(
            "AdminCreateUser", UserPoolId=self.pool_id, Username=name, UserAttributes=pairs, MessageAction="SUPPRESS"
        )
        self.call("AdminSetUserPassword", UserPoolId=self.pool_id, Username=name, Password=PASSWORD, Permanent=True)
        user = self.stored(name)
        if not totp:
            return user
        methods = {"totp_secret": pyotp.random_base32(), "mfa_methods": ["SOFTWARE_TOKEN_MFA"]}
        return update_user(self.context, self.pool, user.sub, lambda kept: replaced(kept, **methods))

    def take_totp(self, configuration: str) -> None:
        """Let authenticator apps be a second factor: `OPTIONAL`, or `ON` for everybody."""
        settings = {"MfaConfiguration": configuration, "SoftwareTokenMfaConfiguration": {"Enabled": True}}
        self.call("SetUserPoolMfaConfig", UserPoolId=self.pool_id, **settings)

    def stored(self, name: str = "ada@example.com") -> User:
        return require_user(self.context, self.pool, name)

    def devices(self, user: User) -> list[Device]:
        return self.cloud.store.find(Device, pool_id=user.pool_id, sub=user.sub)

    def totp(self, secret: str) -> str:
        """The next code of an authenticator app; the clock moves on first."""
        self.cloud.clock.advance(31)
        return pyotp.TOTP(secret).at(int(self.cloud.clock.now()))

    def sent_code(self, address: str = "ada@example.com") -> str:
        """The newest code that was sent there."""
        found = outbox.read(self.cloud.store, address)
        assert found is not None, f"nothing was sent to {address}"
        return str(found["code"])

    def codes_sent(self, address: str = "ada@example.com") -> int:
        found = outbox.read(self.cloud.store, address)
        return len(found["messages"]) if found else 0

    def signed_in_as(self, browser: Browser) -> str:
        """Whose code the app was given, with its own state; the browser has left for the app."""
        page = browser.page
        assert page.left, (page.status, page.error, page.html)
        assert page.url.startswith(f"{CALLBACK}?"), page.url
        told = parse_qs(urlsplit(page.url).query)
        assert told["state"] == [WANTED["state"]]
        digest = self.cloud.sealer.digest("authorization code", told["code"][0])
        code = self.cloud.store.get(login.AuthorizationCode, digest)
        assert code is not None
        return code.sub
