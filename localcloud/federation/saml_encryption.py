"""Encrypted assertions: opened with a key of our own, by the algorithms named here and no others.

Source: XML Encryption 1.1. Not `xmlsec`, the one audited library for it: it is bound to the very build of lxml beside
it, and of what it does this needs two calls of `cryptography`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from lxml import etree

from localcloud.federation import saml_xml

_XENC, _XENC11 = saml_xml.NAMESPACES["xenc"], saml_xml.NAMESPACES["xenc11"]
_BLOCK, _NONCE = 16, 12

_SIZES: Mapping[str, int] = {
    f"{space}aes{8 * size}-{mode}": size for space, mode in ((_XENC, "cbc"), (_XENC11, "gcm")) for size in (16, 24, 32)
}
"""Content algorithm → bytes of its key."""

# OAEP's own default, and safe in it: nothing there asks that two texts of one digest cannot be found.
_SHA1 = hashes.SHA1()  # noqa: S303

_DIGESTS: Mapping[str, hashes.HashAlgorithm] = {
    f"{saml_xml.NAMESPACES['ds']}sha1": _SHA1,
    f"{_XENC}sha256": hashes.SHA256(),
    f"{_XENC}sha512": hashes.SHA512(),
}
_MASKS: Mapping[str, hashes.HashAlgorithm] = {
    f"{_XENC11}mgf1sha1": _SHA1,
    f"{_XENC11}mgf1sha256": hashes.SHA256(),
    f"{_XENC11}mgf1sha512": hashes.SHA512(),
}


def decrypt(encrypted: etree._Element, key: rsa.RSAPrivateKey) -> etree._Element:
    """The element in a `saml:EncryptedAssertion`, as a document of its own. Raises ValueError, with no reason.

    Attack: a padding oracle. Whoever may send altered ciphertexts and is told how far each one got can read what is in
    them, so the caller, too, must not let a decrypted text that is forged look different from one that cannot be read.
    """
    try:
        data = _only(encrypted, "xenc:EncryptedData")
        method = _algorithm(data)
        secret = key.decrypt(_cipher_value(_only(encrypted, "xenc:EncryptedKey")), _oaep(encrypted))
        if len(secret) != _SIZES[method]:
            raise ValueError
        opener: Callable[[bytes, bytes], bytes] = _open_gcm if method.endswith("gcm") else _open_cbc
        return saml_xml.parse(opener(secret, _cipher_value(data)))
    except (ValueError, KeyError, InvalidTag):
        raise ValueError from None


def _oaep(encrypted: etree._Element) -> padding.OAEP:
    """The padding of the content's key. Attack: RSA 1.5, whose padding oracle is the oldest of all."""
    method = _required(_only(encrypted, "xenc:EncryptedKey"), "xenc:EncryptionMethod")
    digest = _named(saml_xml.child(method, "ds:DigestMethod"), _DIGESTS)
    match method.get("Algorithm"):
        case algorithm if algorithm == f"{_XENC}rsa-oaep-mgf1p":
            mask: hashes.HashAlgorithm = _SHA1
        case algorithm if algorithm == f"{_XENC11}rsa-oaep":
            mask = _named(saml_xml.child(method, "xenc11:MGF"), _MASKS)
        case _:
            raise ValueError
    if saml_xml.children(method, "xenc:OAEPparams"):
        raise ValueError
    return padding.OAEP(padding.MGF1(mask), digest, label=None)


def _named(element: etree._Element | None, known: Mapping[str, hashes.HashAlgorithm]) -> hashes.HashAlgorithm:
    """The hash of that name; SHA-1 where none is named, as the standard has it."""
    return _SHA1 if element is None else known[element.get("Algorithm", "")]


def _open_gcm(secret: bytes, sealed: bytes) -> bytes:
    return AESGCM(secret).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)


def _open_cbc(secret: bytes, sealed: bytes) -> bytes:
    decryptor = Cipher(AES(secret), CBC(sealed[:_BLOCK])).decryptor()
    padded = decryptor.update(sealed[_BLOCK:]) + decryptor.finalize()
    # The last byte says how many there are to be dropped; the others may be anything (section 5.2.2).
    if not padded or not 1 <= padded[-1] <= _BLOCK:
        raise ValueError
    return padded[: -padded[-1]]


def _algorithm(element: etree._Element) -> str:
    return _required(element, "xenc:EncryptionMethod").get("Algorithm", "")


def _cipher_value(element: etree._Element) -> bytes:
    """What is encrypted. Only here: a CipherReference would fetch it from somewhere."""
    value = _required(element, "xenc:CipherData/xenc:CipherValue")
    return base64.b64decode("".join(saml_xml.text(value).split()), validate=True)


def _only(encrypted: etree._Element, prefixed: str) -> etree._Element:
    """The one element of a kind, wherever it stands: a key may lie in the data or beside it."""
    found = list(encrypted.iter(saml_xml.name(prefixed)))
    if len(found) != 1:
        raise ValueError
    return found[0]


def _required(element: etree._Element, path: str) -> etree._Element:
    found = saml_xml.child(element, path)
    if found is None:
        raise ValueError
    return found
