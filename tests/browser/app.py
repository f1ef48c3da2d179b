"""A web app that signs its users in with managed login: where it sends them, and what it does when they come back."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import secrets
import urllib.parse
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import Page

from auth import Identity, Settings
from tests.browser.site import Site
from tests.journeys.people import root_client
from tests.local_cloud import LocalCloud

SCOPES = ["openid", "email", "profile", "aws.cognito.signin.user.admin"]


@dataclass(frozen=True, slots=True)
class App:
    """An app client of a user pool with a domain. `settings` name identity pool and bucket, if there are any."""

    cloud: LocalCloud
    site: Site
    settings: Settings
    domain: str

    @property
    def base(self) -> str:
        """The domain's URL."""
        return f"{self.cloud.endpoint}/_aws/auth/{self.domain}"

    @property
    def callback(self) -> str:
        """Where the app takes codes."""
        return self.site.url("/callback")

    @property
    def signed_out(self) -> str:
        """The app's page for those who have signed out."""
        return self.site.url("/signed-out")

    def begin(self, **more: str) -> Authorization:
        """An authorization request of its own; `more` are further parameters."""
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        query = {
            "client_id": self.settings.need("app_client_id"),
            "redirect_uri": self.callback,
            "response_type": "code",
            "scope": " ".join(SCOPES),
            "state": state,
            "code_challenge": _digest(verifier),
            "code_challenge_method": "S256",
            **more,
        }
        return Authorization(self, query, verifier)

    def url(self, path: str, **query: str) -> str:
        """The address of one of the domain's pages."""
        return f"{self.base}{path}?{urlencode(query)}"

    @property
    def logout_url(self) -> str:
        """Where the app sends people who sign out."""
        return self.url("/logout", client_id=self.settings.need("app_client_id"), logout_uri=self.signed_out)

    def identity(self, tokens: Mapping[str, str]) -> Identity:
        """The identity whose AWS credentials these tokens give."""
        return Identity(self.settings, lambda: tokens["id_token"])


@dataclass(frozen=True, slots=True)
class Authorization:
    """One authorization request: only who began it can redeem the code."""

    app: App
    query: Mapping[str, str]
    verifier: str

    @property
    def url(self) -> str:
        """Where the app sends the browser."""
        return self.app.url("/oauth2/authorize", **self.query)

    def page(self, path: str, **more: str) -> str:
        """The address of one of the pages for this request."""
        return self.app.url(path, **{**self.query, **more})

    def answer(self, page: Page) -> dict[str, str]:
        """What the browser brings back, as soon as it is back. The state is this request's."""
        page.wait_for_url(f"{self.app.callback}?**")
        answer = dict(parse_qsl(urlsplit(page.url).query))
        assert answer.pop("state") == self.query["state"]
        return answer

    def tokens(self, page: Page) -> dict[str, str]:
        """The tokens for the code that the browser brings back."""
        return self.redeem(self.answer(page)["code"])

    def redeem(self, code: str) -> dict[str, str]:
        """The tokens for a code."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self.query["client_id"],
            "redirect_uri": self.query["redirect_uri"],
            "code": code,
            "code_verifier": self.verifier,
        }
        status, tokens = self.app.cloud.ask(
            urllib.request.Request(f"{self.app.base}/oauth2/token", urlencode(form).encode())
        )
        assert status == 200, tokens
        return dict(tokens)


def of_stack(cloud: LocalCloud, site: Site) -> App:
    """An app of the stack's user pool and identity pool, with a client of its own."""
    settings = Settings.from_outputs(cloud.data_dir / "outputs.json")
    pool_id = settings.need("user_pool_id")
    described = root_client(cloud, "cognito-idp").describe_user_pool(UserPoolId=pool_id)
    client_id = add_client(cloud, site, pool_id)
    accept(cloud, settings, client_id)
    return App(cloud, site, dataclasses.replace(settings, app_client_id=client_id), described["UserPool"]["Domain"])


def of_pool(cloud: LocalCloud, site: Site, pool_id: str, *providers: Mapping[str, Any]) -> App:
    """An app of any user pool, which gets a domain, and providers as CreateIdentityProvider takes them."""
    root, domain = root_client(cloud, "cognito-idp"), f"own-{uuid.uuid4().hex[:12]}"
    root.create_user_pool_domain(UserPoolId=pool_id, Domain=domain)
    for provider in providers:
        root.create_identity_provider(UserPoolId=pool_id, **provider)
    settings = Settings(
        "us-east-1",
        user_pool_id=pool_id,
        app_client_id=add_client(cloud, site, pool_id),
        endpoint_url=cloud.endpoint,
    )
    return App(cloud, site, settings, domain)


def add_client(cloud: LocalCloud, site: Site, pool_id: str) -> str:
    """The id of a new public client, which takes users of every provider of the pool."""
    root = root_client(cloud, "cognito-idp")
    providers = root.list_identity_providers(UserPoolId=pool_id)["Providers"]
    made = root.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="browser",
        CallbackURLs=[site.url(f"/callback{of}") for of in ("", "-of-window", "-of-server")],
        LogoutURLs=[site.url("/signed-out")],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=SCOPES,
        SupportedIdentityProviders=["COGNITO", *(provider["ProviderName"] for provider in providers)],
        PreventUserExistenceErrors="ENABLED",
    )
    client_id: str = made["UserPoolClient"]["ClientId"]
    return client_id


def accept(cloud: LocalCloud, settings: Settings, client_id: str) -> None:
    """Let the identity pool take the tokens of another client."""
    identity_pools = root_client(cloud, "cognito-identity")
    pool: dict[str, Any] = identity_pools.describe_identity_pool(IdentityPoolId=settings.need("identity_pool_id"))
    del pool["ResponseMetadata"]
    known = pool["CognitoIdentityProviders"]
    pool["CognitoIdentityProviders"] = [*known, {**known[0], "ClientId": client_id}]
    identity_pools.update_identity_pool(**pool)


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, unverified: the cloud that gave it is this test's own."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def _digest(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
