"""The stand-ins as providers of a user pool, and the person whom somebody says to be there."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from tests.journeys.people import root_client
from tests.local_cloud import LocalCloud

NAMES = ("Google", "Facebook", "Saml")


def add_providers(cloud: LocalCloud, pool_id: str) -> None:
    """Make the stand-ins providers of a pool that has none."""
    root = root_client(cloud, "cognito-idp")
    if root.list_identity_providers(UserPoolId=pool_id)["Providers"]:
        return
    for name, kind, details, mapping in _providers(cloud):
        root.create_identity_provider(
            UserPoolId=pool_id,
            ProviderName=name,
            ProviderType=kind,
            ProviderDetails=details,
            AttributeMapping=mapping,
        )


def choose(page: Page, email: str) -> None:
    """On a stand-in's page: be that person, whose address the provider has verified."""
    form = page.locator("form#somebody-else")
    form.get_by_label("E-mail address").fill(email)
    form.get_by_label("Name").fill("Some Body")
    form.get_by_role("button").click()


def _providers(cloud: LocalCloud) -> list[tuple[str, str, dict[str, str], dict[str, str]]]:
    kept = root_client(cloud, "secretsmanager").get_secret_value(SecretId="localcloud/stand-ins")
    secret = json.loads(kept["SecretString"])["client_secret"]
    google = {"client_id": "app", "client_secret": secret, "authorize_scopes": "openid email profile"}
    facebook = {
        "client_id": "100000000000001",
        "client_secret": secret,
        "authorize_scopes": "public_profile,email",
        "api_version": "v25.0",
    }
    saml = {"MetadataURL": f"{cloud.endpoint}/_localcloud/stand-ins/saml/metadata"}
    return [
        ("Google", "Google", google, {"email": "email", "email_verified": "email_verified", "username": "sub"}),
        ("Facebook", "Facebook", facebook, {"email": "email", "username": "id"}),
        ("Saml", "SAML", saml, {"email": "email"}),
    ]
