"""The stand-ins, as providers of the stack's user pool, and the person whom somebody says to be there."""

from __future__ import annotations

import urllib.request
from typing import Any

from playwright.sync_api import Page

from tests.local_cloud import LocalCloud

NAMES = ("Google", "Facebook", "Saml")


def choose(page: Page, email: str) -> None:
    """On a stand-in's page: be that person, whose address the provider has verified."""
    form = page.locator("form#somebody-else")
    form.get_by_label("E-mail address").fill(email)
    form.get_by_label("Name").fill("Some Body")
    form.get_by_role("button").click()


def company_of_forms(cloud: LocalCloud) -> dict[str, Any]:
    """What CreateIdentityProvider takes for a company that wants to hear of sign-outs by form."""
    with urllib.request.urlopen(f"{cloud.endpoint}/_localcloud/stand-ins/saml/metadata") as answer:
        metadata = answer.read().decode()
    logout = '<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-'
    return {
        "ProviderName": "Company",
        "ProviderType": "SAML",
        "ProviderDetails": {
            "MetadataFile": metadata.replace(f"{logout}Redirect", f"{logout}POST"),
            "IDPSignout": "true",
        },
        "AttributeMapping": {"email": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"},
    }
