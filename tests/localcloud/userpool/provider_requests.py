"""What CreateIdentityProvider is asked for, one good request of each type."""

from __future__ import annotations

from typing import Any

from tests.localcloud.federation import saml_signer
from tests.localcloud.userpool.conftest import Api

SECRET = "the client's own secret"
CLIENT = {"client_id": "app", "client_secret": SECRET}

DETAILS: dict[str, dict[str, str]] = {
    "Google": {**CLIENT, "authorize_scopes": "email profile openid"},
    "Facebook": {**CLIENT, "authorize_scopes": "public_profile, email"},
    "LoginWithAmazon": {**CLIENT, "authorize_scopes": "profile postal_code"},
    "SignInWithApple": {
        "client_id": "com.example.app",
        "team_id": "TEAM",
        "key_id": "KEY",
        "private_key": SECRET,
        "authorize_scopes": "email name",
    },
    "OIDC": {
        **CLIENT,
        "authorize_scopes": "openid profile email",
        "attributes_request_method": "GET",
        "oidc_issuer": "https://login.example.com",
    },
    "SAML": {"MetadataFile": saml_signer.metadata()},
}
NAMES = {**{kind: kind for kind in DETAILS}, "OIDC": "Partner", "SAML": "Corp"}


def make(api: Api, pool: str, kind: str, name: str | None = None, **settings: Any) -> dict[str, Any]:
    """What CreateIdentityProvider answers."""
    request = {"ProviderDetails": DETAILS[kind], **settings}
    made: dict[str, Any] = api(
        "CreateIdentityProvider", UserPoolId=pool, ProviderName=name or NAMES[kind], ProviderType=kind, **request
    )["IdentityProvider"]
    return made
