"""A pool's SAML key: one for each pool, the same from then on, and gone with the pool."""

from __future__ import annotations

import base64
import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from localcloud.userpool.providers import saml_key
from localcloud.userpool.providers.federation_state import SamlKey
from tests.localcloud.userpool.conftest import START, Api


def certificate_of(api: Api, pool: str) -> x509.Certificate:
    found = api("GetSigningCertificate", UserPoolId=pool)["Certificate"]
    return x509.load_der_x509_certificate(base64.b64decode(found, validate=True))


def test_a_certificate_is_good_for_ten_years_and_of_the_pools_own_key(api: Api, pool: str) -> None:
    found = certificate_of(api, pool)
    assert found.not_valid_before_utc == datetime.datetime.fromtimestamp(START, datetime.UTC)
    assert (found.not_valid_after_utc - found.not_valid_before_utc).days == 3650
    private = load_pem_private_key(saml_key.pem(api.context, pool).encode(), None)
    assert found.public_key() == private.public_key()
    found.verify_directly_issued_by(found)


def test_each_pool_has_its_own_and_keeps_it(api: Api, pool: str) -> None:
    first = certificate_of(api, pool)
    assert certificate_of(api, pool) == first
    assert certificate_of(api, api.new_pool()).public_key() != first.public_key()


def test_it_goes_with_the_pool(api: Api, pool: str) -> None:
    certificate_of(api, pool)
    api("DeleteUserPool", UserPoolId=pool)
    assert api.cloud.store.count(SamlKey) == 0


def test_a_pool_that_is_not_there_has_none(api: Api) -> None:
    with api.refused("ResourceNotFoundException"):
        api("GetSigningCertificate", UserPoolId="us-east-1_nobody")
