"""A browser's way to an OpenID Connect provider and back, each step of which a test may spoil."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from localcloud.context import Cloud
from localcloud.federation.errors import FederationError
from localcloud.relying_party.models import Arrival, Asked, Departure, Provider
from localcloud.relying_party.providers import oidc
from tests.localcloud.federation.conftest import CLIENT, NOW
from tests.localcloud.federation.stand_in import StandIn, sign

STATE = "state-of-the-browser"
CODE = "Code-that-nobody-else-may-see"
ACCESS_TOKEN = "Access-token-that-nobody-else-may-see"
CLIENT_SECRET = "Client-secret-that-nobody-else-may-see"
CALLBACK = "http://127.0.0.1:4566/_aws/auth/example/oauth2/idpresponse"
SECRETS = (CODE, ACCESS_TOKEN, CLIENT_SECRET)


@dataclass
class Journey:
    """One sign-in. `details` are the settings of the provider, `issuer` is who signs."""

    cloud: Cloud
    stand_in: StandIn
    module: Provider = oidc
    details: dict[str, str] = field(default_factory=dict)
    issuer: str = ""
    departure: Departure | None = None

    def __post_init__(self) -> None:
        self.issuer = self.issuer or self.stand_in.url
        self.details = {
            "client_id": CLIENT,
            "client_secret": CLIENT_SECRET,
            "authorize_scopes": "openid email",
            "oidc_issuer": self.stand_in.url,
            **self.details,
        }

    def discoverable(self, **more: Any) -> Journey:
        """Let the stand-in's discovery document name all of its endpoints."""
        url = self.stand_in.url
        endpoints = {"authorization_endpoint": f"{url}/authorize", "token_endpoint": f"{url}/token"}
        self.stand_in.discovered = {**endpoints, "userinfo_endpoint": f"{url}/userinfo", **more}
        return self

    @property
    def asked(self) -> Asked:
        return Asked("Example", self.details, CALLBACK)

    def leave(self) -> dict[str, str]:
        """Send the browser off; the query that it goes with."""
        self.departure = self.module.begin(self.cloud, self.asked, STATE)
        return dict(parse_qsl(urlsplit(self.departure.url).query))

    def good_claims(self, **changes: Any) -> dict[str, Any]:
        """The claims of the ID token of this sign-in; None takes one away."""
        assert self.departure is not None
        good = {
            "iss": self.issuer,
            "sub": "user-ada",
            "aud": self.details["client_id"],
            "iat": int(NOW),
            "exp": int(NOW) + 600,
            "nonce": self.departure.secrets["nonce"],
            "email": "ada@example.com",
        }
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def serve(self, token: str = "", user_info: Any = None, **tokens: Any) -> None:
        """Let the stand-in answer the code with an ID token, and about the user."""
        made = {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": token or sign(self.good_claims())}
        self.stand_in.answers["/token"] = {k: v for k, v in {**made, **tokens}.items() if v is not None}
        self.stand_in.answers["/userinfo"] = user_info or {"sub": "user-ada", "name": "Ada"}

    def arrive(self, answer: Mapping[str, str] | None = None) -> Arrival:
        """Come back with a code, or with another answer."""
        assert self.departure is not None
        back = {"state": STATE, "code": CODE} if answer is None else answer
        return self.module.finish(self.cloud, self.asked, self.departure.secrets, back)

    def refusal(self, answer: Mapping[str, str] | None = None, kind: type[FederationError] = FederationError) -> str:
        """Why nobody arrives; the test fails where somebody does, and where the reason tells a secret."""
        with pytest.raises(kind) as caught:
            self.arrive(answer)
        shown = "".join(str(error) for error in (caught.value, caught.value.__cause__) if error)
        assert not [secret for secret in SECRETS if secret in shown]
        return str(caught.value)


def challenge(verifier: str) -> str:
    """What S256 makes of a PKCE verifier."""
    return encode(hashlib.sha256(verifier.encode()).digest())


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
