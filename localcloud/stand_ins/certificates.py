"""The certificate of the SAML stand-in's key: made once, and kept, for whoever has read the metadata trusts it."""

from __future__ import annotations

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from localcloud.context import Cloud
from localcloud.jws import Key
from localcloud.stand_ins import keys
from localcloud.stand_ins.models import StandInKey
from localcloud.store import replaced


def find(cloud: Cloud, name: str) -> x509.Certificate:
    """The self-signed certificate of a stand-in's key."""
    key = keys.find(cloud, name)

    def certified(kept: StandInKey) -> StandInKey:
        return kept if kept.certificate else replaced(kept, certificate=_certify(key, name))

    kept = cloud.store.update(StandInKey, (name,), certified)
    return x509.load_pem_x509_certificate(kept.certificate.encode())


def _certify(key: Key, name: str) -> str:
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} stand-in")])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder(
        own, own, key.private.public_key(), x509.random_serial_number(), begin, begin + datetime.timedelta(36500)
    )
    return builder.sign(key.private, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
