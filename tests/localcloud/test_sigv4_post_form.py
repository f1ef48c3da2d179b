"""The signature of an upload form, with AWS's own example.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

import pytest

from localcloud.errors import AwsError
from localcloud.sigv4 import post_form

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
NOW = 1_451_347_200.0  # 2015-12-29T00:00:00Z
REDIRECT = "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"
POLICY = base64.b64encode(
    "\r\n".join(
        [
            '{ "expiration": "2015-12-30T12:00:00.000Z",',
            '  "conditions": [',
            '    {"bucket": "sigv4examplebucket"},',
            '    ["starts-with", "$key", "user/user1/"],',
            '    {"acl": "public-read"},',
            f'    {{"success_action_redirect": "{REDIRECT}"}},',
            '    ["starts-with", "$Content-Type", "image/"],',
            '    {"x-amz-meta-uuid": "14365123651274"},',
            '    {"x-amz-server-side-encryption": "AES256"},',
            '    ["starts-with", "$x-amz-meta-tag", ""],',
            "",
            '    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},',
            '    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},',
            '    {"x-amz-date": "20151229T000000Z" }',
            "  ]",
            "}",
        ]
    ).encode()
).decode()
FIELDS = {
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request",
    "x-amz-date": "20151229T000000Z",
    "x-amz-signature": "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e",
    "policy": POLICY,
}


def check(fields: Mapping[str, str] = FIELDS, secret: str = SECRET, now: float = NOW) -> None:
    credential = post_form.parse(fields)
    assert credential is not None
    post_form.verify(credential, secret, fields["policy"], now)


def test_the_example_of_aws_holds() -> None:
    assert json.loads(base64.b64decode(POLICY))
    check()
    credential = post_form.parse({**FIELDS, "x-amz-security-token": "token"})
    assert credential is not None
    assert (credential.access_key, credential.session_token) == ("AKIAIOSFODNN7EXAMPLE", "token")
    assert FIELDS["x-amz-signature"] not in repr(credential)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"policy": POLICY[:-1]}, "SignatureDoesNotMatch"),
        ({"x-amz-signature": "é"}, "SignatureDoesNotMatch"),
        ({"x-amz-credential": FIELDS["x-amz-credential"].replace("us-east-1", "x")}, "SignatureDoesNotMatch"),
        ({"x-amz-credential": FIELDS["x-amz-credential"].replace("/s3/", "/sts/")}, "InvalidArgument"),
        ({"x-amz-credential": "AKIA/20151229/us-east-1/s3"}, "AuthorizationHeaderMalformed"),
        ({"x-amz-date": "20151230T000000Z"}, "AuthorizationHeaderMalformed"),
        ({"x-amz-date": "now"}, "AuthorizationHeaderMalformed"),
        ({"x-amz-algorithm": "none"}, "InvalidRequest"),
        ({"awsaccesskeyid": "AKIA"}, "InvalidRequest"),
        *[({name: ""}, "InvalidArgument") for name in FIELDS],
    ],
)
def test_attack_a_signature_of_something_else(change: dict[str, str], code: str) -> None:
    with pytest.raises(AwsError) as raised:
        check({**FIELDS, **change})
    assert raised.value.code == code


def test_attack_the_key_of_someone_else() -> None:
    with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
        check(secret="another")


@pytest.mark.parametrize("days", [-1, 7.1])
def test_a_signing_key_lives_for_seven_days(days: float) -> None:
    with pytest.raises(AwsError, match="AccessDenied"):
        check(now=NOW + days * 86_400)


def test_a_form_that_nobody_signed_has_no_credential() -> None:
    assert post_form.parse({"key": "a", "policy": POLICY}) is None
