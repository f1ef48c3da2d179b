"""Encrypted assertions as a provider makes them, by any algorithm, good ones and any others."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from lxml import etree

from tests.localcloud.federation.saml_signer import NAMESPACES, assertion

XENC, XENC11 = "http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2009/xmlenc11#"
OAEP_MGF1P, OAEP, RSA_1_5 = f"{XENC}rsa-oaep-mgf1p", f"{XENC11}rsa-oaep", f"{XENC}rsa-1_5"
GCM, CBC_256 = f"{XENC11}aes256-gcm", f"{XENC}aes256-cbc"


@dataclass
class Encrypter:
    """How it is done. `beside`: the key stands beside the data; `flip`: a byte of the ciphertext that is changed."""

    certificate: x509.Certificate
    content: str = GCM
    transport: str = OAEP_MGF1P
    digest: hashes.HashAlgorithm | None = None
    beside: bool = False
    flip: int | None = None
    key_size: int | None = None

    def encrypt(self, response: etree._Element) -> etree._Element:
        """The response with its assertion encrypted."""
        plain = assertion(response)
        place = list(response).index(plain)
        response.remove(plain)
        response.insert(place, self.element(etree.tostring(plain)))
        return response

    def element(self, plain: bytes) -> etree._Element:
        """An EncryptedAssertion of any text."""
        secret = os.urandom(self.key_size or int(self.content.rpartition("aes")[2][:3]) // 8)
        sealed = bytearray(self._sealed(secret, plain))
        if self.flip is not None:
            sealed[self.flip] ^= 1
        inside, outside = ("", self._key(secret)) if self.beside else (self._key(secret), "")
        info = f"<ds:KeyInfo>{inside}</ds:KeyInfo>" if inside else ""
        return etree.fromstring(
            f'<saml:EncryptedAssertion xmlns:saml="{NAMESPACES["saml"]}" xmlns:xenc="{XENC}" xmlns:xenc11="{XENC11}"'
            f' xmlns:ds="{NAMESPACES["ds"]}"><xenc:EncryptedData Type="{XENC}Element">'
            f'<xenc:EncryptionMethod Algorithm="{self.content}"/>{info}{_value(bytes(sealed))}'
            f"</xenc:EncryptedData>{outside}</saml:EncryptedAssertion>"
        )

    def _sealed(self, secret: bytes, plain: bytes) -> bytes:
        if self.content.endswith("gcm"):
            nonce = os.urandom(12)
            return nonce + AESGCM(secret).encrypt(nonce, plain, None)
        count = 16 - len(plain) % 16
        start = os.urandom(16)
        encryptor = Cipher(AES(secret), CBC(start)).encryptor()
        return start + encryptor.update(plain + os.urandom(count - 1) + bytes([count])) + encryptor.finalize()

    def _key(self, secret: bytes) -> str:
        public = self.certificate.public_key()
        assert isinstance(public, rsa.RSAPublicKey)
        digest = self.digest or hashes.SHA1()
        mask = hashes.SHA1() if self.transport == OAEP_MGF1P else digest
        how = padding.PKCS1v15() if self.transport == RSA_1_5 else padding.OAEP(padding.MGF1(mask), digest, None)
        named = ""
        if self.digest is not None:
            space = NAMESPACES["ds"] if digest.name == "sha1" else XENC
            named = f'<ds:DigestMethod Algorithm="{space}{digest.name}"/>'
            named += f'<xenc11:MGF Algorithm="{XENC11}mgf1{digest.name}"/>' if self.transport == OAEP else ""
        method = f'<xenc:EncryptionMethod Algorithm="{self.transport}">{named}</xenc:EncryptionMethod>'
        return f"<xenc:EncryptedKey>{method}{_value(public.encrypt(secret, how))}</xenc:EncryptedKey>"


def _value(data: bytes) -> str:
    text = base64.b64encode(data).decode()
    return f"<xenc:CipherData><xenc:CipherValue>{text}</xenc:CipherValue></xenc:CipherData>"
