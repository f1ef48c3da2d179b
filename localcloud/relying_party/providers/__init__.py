"""The types of providers, one file each, by AWS's names in snake_case."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from localcloud.relying_party.models import Provider

_MODULES: Mapping[str, str] = {
    "Google": "google",
    "Facebook": "facebook",
    "SignInWithApple": "sign_in_with_apple",
    "LoginWithAmazon": "login_with_amazon",
    "OIDC": "oidc",
    "SAML": "saml",
}
"""`ProviderType` → module."""


def of_type(provider_type: str) -> Provider:
    """The provider type of that name, loaded when first used: SAML brings lxml."""
    provider: Provider = importlib.import_module(f"{__name__}.{_MODULES[provider_type]}")
    return provider
