"""The pool's own key, as the PEM text of `Asked.signing_key` has it."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A key and the certificate by which providers know it."""

    private: rsa.RSAPrivateKey
    certificate: x509.Certificate


@functools.lru_cache(maxsize=16)
def load(pem: str) -> OwnKey:
    """The key of a text. Parsed once: parsing costs thirty times a signature."""
    private = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError("not an RSA key")
    return OwnKey(private, x509.load_pem_x509_certificate(pem[pem.index("-----BEGIN CERTIFICATE") :].encode()))
