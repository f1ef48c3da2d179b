"""Codes for custom senders: AWS's own SDK reads what ours writes, and nothing that was changed on the way."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError
from aws_encryption_sdk.identifiers import Algorithm
from aws_encryption_sdk.key_providers.kms import KMSMasterKey
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidSignature, InvalidTag

from localcloud.context import DataKey
from localcloud.userpool.encrypted_codes import encrypt

KEY = "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@dataclass
class Kms:
    """Stands for KMS: gives data keys, and gives them back for the same encryption context only."""

    given: dict[bytes, tuple[bytes, Mapping[str, str]]] = field(default_factory=dict)

    def __call__(self, key_arn: str, context: Mapping[str, str]) -> DataKey:
        assert key_arn == KEY
        key = DataKey(secrets.token_bytes(32), secrets.token_bytes(100))
        self.given[key.encrypted] = (key.plaintext, dict(context))
        return key

    def decrypt(self, code: str) -> tuple[str, Mapping[str, str]]:
        """The code, and the encryption context that it came under, as a sender gets them."""
        client = boto3.client("kms", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        client._make_api_call = self._answer
        sdk = EncryptionSDKClient(commitment_policy=CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
        text, header = sdk.decrypt(source=base64.b64decode(code), key_provider=KMSMasterKey(key_id=KEY, client=client))
        assert header.algorithm is Algorithm.AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384
        return text.decode(), header.encryption_context

    def _answer(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        assert operation == "Decrypt"
        plaintext, context = self.given.get(params["CiphertextBlob"], (b"", None))
        if params["EncryptionContext"] != context:
            raise ClientError({"Error": {"Code": "InvalidCiphertextException"}}, operation)
        return {"Plaintext": plaintext, "KeyId": KEY}


@pytest.mark.parametrize("code", ["123456", "Aa1!&lt;パス", ""])
def test_the_sdk_reads_it(code: str) -> None:
    kms = Kms()
    text, context = kms.decrypt(encrypt(code, KEY, {"userpool-id": "us-east-1_AbC123"}, kms))
    assert text == code
    assert context.keys() == {"userpool-id", "aws-crypto-public-key"}
    assert context["userpool-id"] == "us-east-1_AbC123"


def test_the_same_code_is_never_written_alike() -> None:
    kms = Kms()
    assert len({encrypt("123456", KEY, {}, kms) for _ in range(3)}) == 3


def test_attack_any_changed_byte_is_noticed() -> None:
    kms = Kms()
    message = bytearray(base64.b64decode(encrypt("123456", KEY, {"userpool-id": "p"}, kms)))
    for place in range(60, len(message), 20):
        changed = bytearray(message)
        changed[place] ^= 1
        with pytest.raises((AWSEncryptionSDKClientError, InvalidSignature, InvalidTag)):
            kms.decrypt(base64.b64encode(changed).decode())
