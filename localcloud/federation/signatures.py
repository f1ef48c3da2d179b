"""Signatures of other people's tokens: RS256, RS384, RS512, ES256, ES384 and ES512 over `cryptography`.

Not python-jose: of what it does, all that could be used here is the call of `cryptography` itself. It dispatches on the
token's own header, tries keys of other ids, knows no minimum for a key, and takes `crit`; each of these would have to
be undone around it, where a table by the key's type has no such choices. The algorithms are those that IAM takes
(IAM user guide, "Create an OpenID Connect identity provider in IAM").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from localcloud.federation.errors import TokenError

PublicKey: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

BAD_SIGNATURE = "Couldn't verify signed token."
MIN_RSA_BITS, MAX_RSA_BITS = 2048, 8192

_RSA: Mapping[str, hashes.HashAlgorithm] = {
    "RS256": hashes.SHA256(),
    "RS384": hashes.SHA384(),
    "RS512": hashes.SHA512(),
}
_CURVES: Mapping[str, tuple[str, hashes.HashAlgorithm]] = {
    "secp256r1": ("ES256", hashes.SHA256()),
    "secp384r1": ("ES384", hashes.SHA384()),
    "secp521r1": ("ES512", hashes.SHA512()),
}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A provider's public key, and the algorithms that it may be used with."""

    public: PublicKey
    algorithms: frozenset[str]

    def verify(self, algorithm: str, signed: bytes, signature: bytes) -> None:
        """Raise TokenError unless this key made the signature.

        Attack: `alg: none`, or HS256 with the public key as its secret. The key says which algorithms there are, and
        the header may only name one of them.
        """
        if algorithm not in self.algorithms:
            raise TokenError(BAD_SIGNATURE)
        try:
            if isinstance(self.public, rsa.RSAPublicKey):
                self.public.verify(signature, signed, padding.PKCS1v15(), _RSA[algorithm])
            else:
                digest = _CURVES[self.public.curve.name][1]
                self.public.verify(_as_der(signature, self.public), signed, ec.ECDSA(digest))
        except InvalidSignature as error:
            raise TokenError(BAD_SIGNATURE) from error


def algorithms_of(public: PublicKey) -> frozenset[str]:
    """What a key of this type and size may sign with; nothing for one that is too weak."""
    if isinstance(public, ec.EllipticCurvePublicKey):
        return frozenset({_CURVES[public.curve.name][0]}) if public.curve.name in _CURVES else frozenset()
    # Attack: a short modulus can be factored, and then anyone signs; a huge one takes this server's time.
    return frozenset(_RSA) if MIN_RSA_BITS <= public.key_size <= MAX_RSA_BITS else frozenset()


def _as_der(signature: bytes, public: ec.EllipticCurvePublicKey) -> bytes:
    """JOSE writes r and s one behind the other, each as long as the field (RFC 7518, section 3.4)."""
    size = (public.key_size + 7) // 8
    if len(signature) != 2 * size:
        raise InvalidSignature
    return encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
