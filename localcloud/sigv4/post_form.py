"""The signature of an upload form: over its policy, which says what the form may hold, and over nothing else.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from localcloud.errors import AwsError
from localcloud.sigv4.credential import ALGORITHM, MAX_EXPIRES, Credential, read_credential
from localcloud.sigv4.errors import refusal
from localcloud.sigv4.verification import same, signing_key

_NAMES = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature")
_EARLY_SECONDS = 15 * 60


def parse(fields: Mapping[str, str]) -> Credential | None:
    """The signature that a form carries, or None when it carries none. Raises AwsError when it is not whole.

    `fields` have their names in lower case.
    """
    if "awsaccesskeyid" in fields or "signature" in fields:
        raise refusal("mechanism", "s3", {})
    signed = [name for name in _NAMES if name.lower() in fields]
    if not signed:
        return None
    for name in (*_NAMES, "Policy"):
        if not fields.get(name.lower()):
            raise missing_field(name)
    if fields["x-amz-algorithm"] != ALGORITHM:
        raise refusal("mechanism", "s3", {})
    given = {"Credential": fields["x-amz-credential"], "SignedHeaders": "", "Signature": fields["x-amz-signature"]}
    credential = read_credential(given, fields["x-amz-date"], fields.get("x-amz-security-token"), {})
    if credential.service != "s3":
        raise AwsError("InvalidArgument", f"incorrect service '{credential.service}'. This endpoint belongs to 's3'.")
    return credential


def missing_field(name: str) -> AwsError:
    """S3's answer to a form without a field that it needs."""
    order = "If it is specified, please check the order of the fields."
    return AwsError("InvalidArgument", f"Bucket POST must contain a field named '{name}'.  {order}")


def verify(credential: Credential, secret_key: str, policy: str, now: float) -> None:
    """Raise AwsError unless `secret_key` signed this policy, Base64 as it came. `now` is the real time, in seconds."""
    # A policy may say any expiry, but a signing key lives for seven days.
    age = now - credential.signed_at
    if age < -_EARLY_SECONDS:
        raise refusal("not yet valid", "s3", {})
    if age > MAX_EXPIRES:
        raise refusal("expired", "s3", {})
    key = signing_key(secret_key, credential.date, credential.region, credential.service)
    # Attack: a policy that was changed after it was signed, to another key or a larger file.
    if not same(hmac.digest(key, policy.encode(), "sha256").hex(), credential.signature):
        raise refusal("mismatch", "s3", {})
