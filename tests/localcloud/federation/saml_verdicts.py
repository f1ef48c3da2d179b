"""What STS says of a SAML response: whose it is, or why it is nobody's."""

from __future__ import annotations

import pytest
from lxml import etree

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation import saml
from localcloud.federation.models import SamlProvider
from localcloud.federation.saml import SamlPrincipal
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.federation.saml_signer import PROVIDER, ROLE, encoded, metadata

INVALID = "InvalidIdentityToken"
BAD_SIGNATURE = f"{INVALID}: Response signature invalid"
ONE_ASSERTION = f"{INVALID}: The response has to have exactly one assertion, and that not encrypted"


def register(ctx: Context, document: str = "", until: float = NOW + 86_400) -> None:
    """Make the provider one of this account's, or give it other metadata."""
    ctx.store.put(SamlProvider(PROVIDER, "SAMLSP1", document or metadata(), until, NOW))


def verify(
    ctx: Context, found: etree._Element | bytes | str, role: str = ROLE, provider: str = PROVIDER
) -> SamlPrincipal:
    """Who a response is about; text is sent as it is. Raises AwsError."""
    text = found if isinstance(found, str) else encoded(found)
    return saml.verify_for_sts(ctx, provider, text, role)


def refusal(ctx: Context, found: etree._Element | bytes | str, role: str = ROLE, provider: str = PROVIDER) -> str:
    """Why a response is refused; the test fails where it is not."""
    with pytest.raises(AwsError) as caught:
        verify(ctx, found, role, provider)
    return f"{caught.value.code}: {caught.value.message}"
