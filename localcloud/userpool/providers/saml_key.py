"""A pool's SAML key: made when first asked for, with a certificate that it signs itself.

Source: Cognito developer guide, "SAML signing and encryption": RSA, and certificates that are good for ten years.
"""

from __future__ import annotations

import datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from localcloud.context import Context
from localcloud.store import AlreadyExistsError
from localcloud.userpool.providers.federation_state import SamlKey

_VALID = datetime.timedelta(days=3650)


def pem(ctx: Context, pool_id: str) -> str:
    """The private key and, behind it, its certificate."""
    kept = _kept(ctx, pool_id)
    return kept.key + kept.certificate


def certificate(ctx: Context, pool_id: str) -> str:
    """The certificate as AWS writes it: DER in base64, without lines and frame."""
    return "".join(_kept(ctx, pool_id).certificate.splitlines()[1:-1])


def _kept(ctx: Context, pool_id: str) -> SamlKey:
    kept = ctx.store.get(SamlKey, pool_id)
    if kept is not None:
        return kept
    made = _make(pool_id, ctx.now)
    try:
        ctx.store.insert(made)
    except AlreadyExistsError:
        return _kept(ctx, pool_id)
    return made


def _make(pool_id: str, now: float) -> SamlKey:
    # It takes as long to load as all else that this server needs of `cryptography`.
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, pool_id)])
    begins = datetime.datetime.fromtimestamp(int(now), datetime.UTC)
    builder = x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
    found = builder.not_valid_before(begins).not_valid_after(begins + _VALID).sign(private, hashes.SHA256())
    key = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SamlKey(pool_id, key.decode(), found.public_bytes(serialization.Encoding.PEM).decode())
