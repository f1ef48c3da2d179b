"""Signature Version 4: what botocore signs is taken, what was changed, kept or replayed afterwards is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from localcloud import sigv4
from localcloud.sigv4 import verification
from tests.localcloud.signed_requests import TOKEN, Sent, client, from_url, sent


def presigned(operation: str, token: str | None = None, expires: int = 60, **params: Any) -> Sent:
    url = client("s3", token).generate_presigned_url(operation, Params=params, ExpiresIn=expires)
    return from_url("PUT" if operation == "put_object" else "GET", url)


ODD_KEYS = [
    "plain", "with space", "with+plus", "100%", "a%2Fb", "日本語/ключ", "//double//slash", "../up/../and/./dot",
    "trailing/", "q?u=e&r#y", "~tilde-._", "quote'\"*()!@$,;:=", "\u00a0nbsp", "e\u0301 combining",
]  # fmt: skip


@pytest.mark.parametrize("key", ODD_KEYS)
def test_object_keys_of_every_kind_verify(key: str) -> None:
    put = sent("s3", lambda s3: s3.put_object(Bucket="bucket", Key=key, Body=b"hello", Metadata={"a": "b  c"}), TOKEN)
    assert put.verify() == b"hello"
    assert sent("s3", lambda s3: s3.get_object(Bucket="bucket", Key=key, VersionId="v/1+2")).verify() == b""
    assert presigned("get_object", Bucket="bucket", Key=key).verify() == b""
    upload = presigned("put_object", TOKEN, Bucket="bucket", Key=key, Metadata={"x": "1 2"})
    assert replace(upload.with_headers(x_amz_meta_x="1 2"), body=b"any").verify() == b"any"


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("s3", lambda c: c.list_objects_v2(Bucket="bucket", Prefix="a b/ü+&=", Delimiter="/", StartAfter="%2F")),
        ("s3", lambda c: c.list_objects_v2(Bucket="bucket", Prefix="")),
        ("s3", lambda c: c.get_object_tagging(Bucket="bucket", Key="k")),
        ("s3", lambda c: c.put_object(Bucket="bucket", Key="k", Body=BytesIO(b"stream"))),
        ("s3", lambda c: c.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "a"}]})),
        ("s3", lambda c: c.upload_part(Bucket="bucket", Key="k", UploadId="u+/=", PartNumber=1, Body=b"x")),
        ("dynamodb", lambda c: c.get_item(TableName="table", Key={"pk": {"S": "ü"}})),
        ("cognito-idp", lambda c: c.admin_get_user(UserPoolId="us-east-1_a", Username="u")),
        ("sts", lambda c: c.assume_role(RoleArn="arn:aws:iam::000000000000:role/r x", RoleSessionName="s+&=")),
        ("lambda", lambda c: c.invoke(FunctionName="arn:aws:lambda:us-east-1:000000000000:function:f:live")),
        ("lambda", lambda c: c.list_tags(Resource="arn:aws:lambda:us-east-1:000000000000:function:f")),
    ],
)
@pytest.mark.parametrize("token", [None, TOKEN])
def test_what_botocore_signs_verifies(service: str, call: Callable[[Any], object], token: str | None) -> None:
    request = sent(service, call, token)
    assert request.verify() == request.body
    assert request.refused("another secret")[0] in ("SignatureDoesNotMatch", "InvalidSignatureException")


def test_a_presigned_call_of_another_service_verifies() -> None:
    url = client("sts", TOKEN).generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
    request = from_url("GET", url)
    assert request.verify() == b""
    assert replace(request, body=b"smuggled").refused() == ("SignatureDoesNotMatch", 403)


LIST_QUERY = "list-type=2&prefix=a%20b&delimiter=&encoding-type=url"


@pytest.mark.parametrize(
    ("query", "same"),
    [
        (LIST_QUERY, True),
        ("encoding-type=url&delimiter&&prefix=a+b&list-type=2", True),
        ("list-type=2&prefix=a%2Bb&delimiter=&encoding-type=url", False),
        ("list-type=2&prefix=a%20b%20&delimiter=&encoding-type=url", False),
        ("list-type=2&prefix=a%20b&encoding-type=url", False),
        ("", False),
    ],
)
def test_one_query_in_other_spellings(query: str, same: bool) -> None:
    """Another order, `a` for `a=`, `+` for a space: the same query. Anything else is another one."""
    request = sent("s3", lambda c: c.list_objects_v2(Bucket="bucket", Prefix="a b", Delimiter=""))
    assert sorted(request.query.split("&")) == sorted(LIST_QUERY.split("&"))
    other = replace(request, query=query)
    if same:
        assert other.verify() == b""
    else:
        assert other.refused() == ("SignatureDoesNotMatch", 403)


def test_repeated_query_parameters_are_sorted_by_value() -> None:
    request = sent("lambda", lambda c: c.untag_resource(Resource="arn:aws:lambda:r:0:function:f", TagKeys=["b", "a"]))
    assert request.query == "tagKeys=b&tagKeys=a"
    assert request.verify() == b""


S3_PUT = sent("s3", lambda c: c.put_object(Bucket="bucket", Key="mine/a", Body=b"hello"), TOKEN)
JSON = sent("dynamodb", lambda c: c.get_item(TableName="table", Key={"pk": {"S": "a"}}), TOKEN)
FORM = sent("sts", lambda c: c.get_caller_identity(), TOKEN)
NO_MATCH_S3, NO_MATCH_JSON = ("SignatureDoesNotMatch", 403), ("InvalidSignatureException", 400)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (replace(S3_PUT, method="GET"), NO_MATCH_S3),
        (replace(S3_PUT, path="/bucket/yours/a"), NO_MATCH_S3),
        (replace(S3_PUT, path="/bucket//mine/a"), NO_MATCH_S3),
        (replace(S3_PUT, path="/bucket/x/../mine/a"), NO_MATCH_S3),
        (replace(S3_PUT, query="acl"), NO_MATCH_S3),
        (S3_PUT.with_headers(host="other.example"), NO_MATCH_S3),
        (S3_PUT.with_headers(x_amz_security_token="another"), NO_MATCH_S3),
        # the same signature with another body, with and without a hash to go with it
        (replace(S3_PUT, body=b"evil!"), ("XAmzContentSHA256Mismatch", 400)),
        (S3_PUT.with_headers(x_amz_content_sha256="UNSIGNED-PAYLOAD"), NO_MATCH_S3),
        (S3_PUT.with_headers(x_amz_content_sha256="STREAMING-UNSIGNED-PAYLOAD-TRAILER"), NO_MATCH_S3),
        (S3_PUT.with_headers(x_amz_content_sha256=""), ("InvalidRequest", 400)),
        # headers added to a signed request: read another's object, publish it, run another operation
        (S3_PUT.with_headers(x_amz_copy_source="/bucket/yours/a"), ("AccessDenied", 403)),
        (S3_PUT.with_headers(x_amz_acl="public-read"), ("AccessDenied", 403)),
        (S3_PUT.with_headers(x_amz_meta_owner="me"), ("AccessDenied", 403)),
        (replace(JSON, body=JSON.body.replace(b"table", b"other")), NO_MATCH_JSON),
        (JSON.with_headers(x_amz_target="DynamoDB_20120810.DeleteItem"), NO_MATCH_JSON),
        (JSON.with_headers(x_amz_security_token="another"), NO_MATCH_JSON),
        (JSON.with_headers(x_amz_other="1"), NO_MATCH_JSON),
        (replace(JSON, query="Action=x"), NO_MATCH_JSON),
        (replace(FORM, body=FORM.body.replace(b"GetCallerIdentity", b"AssumeRole")), ("SignatureDoesNotMatch", 403)),
    ],
)
def test_a_changed_request_is_refused(request_: Sent, expected: tuple[str, int]) -> None:
    assert request_.refused() == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("host;", "", ("AccessDenied", 403)),
        ("x-amz-security-token", "x-amz-date", ("AccessDenied", 403)),
        ("/us-east-1/s3/", "/us-east-1/dynamodb/", ("InvalidSignatureException", 403)),
        ("Signature=", "Signature=0", NO_MATCH_S3),
        ("Signature=", "Signature=ü", NO_MATCH_S3),
        ("Signature=", "Signatur=", ("AuthorizationHeaderMalformed", 400)),
        ("/aws4_request", "", ("AuthorizationHeaderMalformed", 400)),
        ("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", ("InvalidRequest", 400)),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1", ("InvalidRequest", 400)),
        ("AWS4-HMAC-SHA256", "AWS", ("InvalidRequest", 400)),
    ],
)
def test_a_changed_authorization_header_is_refused(old: str, new: str, expected: tuple[str, int]) -> None:
    text = S3_PUT.headers["authorization"]
    assert old in text
    assert S3_PUT.with_headers(authorization=text.replace(old, new, 1)).refused() == expected


def test_a_signed_header_that_is_gone_is_refused() -> None:
    headers = {k: v for k, v in S3_PUT.headers.items() if k != "x-amz-security-token"}
    assert replace(S3_PUT, headers=headers).refused() == NO_MATCH_S3


@pytest.mark.parametrize(
    ("request_", "shift", "expected"),
    [
        (S3_PUT, 14 * 60, None),
        (S3_PUT, 16 * 60, ("RequestTimeTooSkewed", 403)),
        (S3_PUT, -16 * 60, ("RequestTimeTooSkewed", 403)),
        (JSON, 16 * 60, ("InvalidSignatureException", 400)),
        (FORM, 16 * 60, ("SignatureDoesNotMatch", 403)),
        (sent("cognito-idp", lambda c: c.list_user_pools(MaxResults=1)), 4 * 60, None),
        (sent("cognito-idp", lambda c: c.list_user_pools(MaxResults=1)), 6 * 60, ("InvalidSignatureException", 400)),
        (presigned("get_object", Bucket="bucket", Key="k", expires=3600), 3500, None),
        (presigned("get_object", Bucket="bucket", Key="k", expires=3600), 3700, ("AccessDenied", 403)),
        (presigned("get_object", Bucket="bucket", Key="k", expires=3600), -3600, ("AccessDenied", 403)),
        (presigned("get_object", Bucket="bucket", Key="k", expires=604800), 604700, None),
    ],
)
def test_a_signature_lives_as_long_as_aws_lets_it(request_: Sent, shift: int, expected: tuple[str, int] | None) -> None:
    moved = replace(request_, now=request_.now + shift)
    if expected:
        assert moved.refused() == expected
    else:
        assert moved.verify() == request_.body


PRESIGNED = presigned("put_object", TOKEN, Bucket="bucket", Key="mine/a")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("X-Amz-Expires=60", "X-Amz-Expires=6000", NO_MATCH_S3),
        ("X-Amz-Expires=60", "X-Amz-Expires=604801", ("AuthorizationQueryParametersError", 400)),
        ("X-Amz-Expires=60", "X-Amz-Expires=-1", ("AuthorizationQueryParametersError", 400)),
        ("X-Amz-Expires=60", "X-Amz-Expires=", ("AuthorizationQueryParametersError", 400)),
        ("&X-Amz-Expires=60", "", ("AuthorizationQueryParametersError", 400)),
        ("X-Amz-Security-Token=session", "X-Amz-Security-Token=other", NO_MATCH_S3),
        ("X-Amz-Algorithm", "x-amz-acl=public-read&X-Amz-Algorithm", NO_MATCH_S3),
        ("X-Amz-Algorithm", "acl&X-Amz-Algorithm", NO_MATCH_S3),
        ("X-Amz-Date", "X-Amz-Date=20200101T000000Z&X-Amz-Date", ("InvalidArgument", 400)),
        ("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=date", ("AccessDenied", 403)),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512", ("InvalidRequest", 400)),
    ],
)
def test_a_changed_presigned_url_is_refused(old: str, new: str, expected: tuple[str, int]) -> None:
    assert old in PRESIGNED.query
    assert replace(PRESIGNED, query=PRESIGNED.query.replace(old, new, 1)).refused() == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x_amz_acl": "public-read"}, ("AccessDenied", 403)),
        ({"x_amz_copy_source": "/bucket/yours"}, ("AccessDenied", 403)),
        ({"x_amz_content_sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}, ("AccessDenied", 403)),
        ({"x_amz_security_token": "another"}, ("InvalidArgument", 400)),
        ({"authorization": S3_PUT.headers["authorization"]}, ("InvalidArgument", 400)),
    ],
)
def test_nothing_can_be_added_to_a_presigned_url(headers: dict[str, str], expected: tuple[str, int]) -> None:
    assert PRESIGNED.with_headers(**headers).refused() == expected


@pytest.mark.parametrize("authorization", [None, "Bearer eyJhbGciOi", "Basic dTpw", ""])
def test_a_request_without_a_signature_has_no_credential(authorization: str | None) -> None:
    headers = {"host": "h"} if authorization is None else {"host": "h", "authorization": authorization}
    assert sigv4.parse("GET", "/bucket", "list-type=2", headers) is None


def test_a_credential_keeps_its_secrets_out_of_its_text() -> None:
    credential = sigv4.parse("PUT", S3_PUT.path, S3_PUT.query, S3_PUT.headers)
    assert credential is not None
    assert credential.session_token == TOKEN
    assert TOKEN not in repr(credential)
    assert credential.signature not in repr(credential)


def test_a_second_verification_of_the_same_key_is_cheap() -> None:
    S3_PUT.verify()
    before = verification.signing_key.cache_info().hits
    S3_PUT.verify()
    assert verification.signing_key.cache_info().hits == before + 1
