"""An app in front of a pool of its own, whose users come from providers that are not ours."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.journeys.people import root_client
from tests.journeys.pools import Pool, add_client
from tests.local_cloud import LocalCloud

ROLES = {"Name": "roles", "AttributeDataType": "String", "Mutable": True}


@dataclass
class Site:
    """The pool has a domain, and an attribute `custom:roles`; the app is added when its providers are there."""

    pool: Pool
    callback: str
    domain: str = field(default_factory=lambda: f"foreign-{uuid.uuid4().hex[:8]}")
    client_id: str = ""
    secret: str = ""
    provider: str = ""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @classmethod
    def make(cls, cloud: LocalCloud, callback: str) -> Site:
        site = cls(Pool.make(cloud, UsernameAttributes=[], Schema=[ROLES]), callback)
        site.root.create_user_pool_domain(UserPoolId=site.pool.id, Domain=site.domain)
        return site

    @property
    def root(self) -> Any:
        """User pools, as the root."""
        return root_client(self.pool.cloud, "cognito-idp")

    @property
    def base(self) -> str:
        return f"{self.pool.cloud.endpoint}/_aws/auth/{self.domain}"

    def add_app(self, providers: list[str], **settings: Any) -> None:
        """The app, for users of these providers of the pool."""
        self.client_id = add_client(
            self.pool.cloud,
            self.pool.id,
            SupportedIdentityProviders=providers,
            CallbackURLs=[self.callback],
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            AllowedOAuthFlowsUserPoolClient=True,
            **settings,
        )
        made = self.root.describe_user_pool_client(UserPoolId=self.pool.id, ClientId=self.client_id)
        self.secret = made["UserPoolClient"].get("ClientSecret", "")

    def authorize_url(self, provider: str, **more: str) -> str:
        """Where the app sends its user."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "client_id": self.client_id,
            "redirect_uri": self.callback,
            "response_type": "code",
            "scope": "openid",
            "state": "the app's own",
            "identity_provider": provider,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.base}/oauth2/authorize?{urlencode({**query, **more})}"

    def ask_tokens(self, **form: str) -> Any:
        """What the token endpoint answers, an error too."""
        app = {"client_id": self.client_id, **({"client_secret": self.secret} if self.secret else {})}
        body = urlencode({**app, **form}).encode()
        try:
            with urllib.request.urlopen(f"{self.base}/oauth2/token", body, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return json.load(error)

    def redeem(self, told: dict[str, str], **more: str) -> Any:
        """What the app gets for its code."""
        assert "code" in told, told
        form = {"grant_type": "authorization_code", "redirect_uri": self.callback}
        return self.ask_tokens(**form, code=told["code"], **more)
