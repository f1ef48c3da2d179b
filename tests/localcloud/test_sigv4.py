"""Signature Version 4: what botocore signs is taken, what was changed, kept or replayed afterwards is refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from localcloud import sigv4
from localcloud.errors import AwsError

KEY, SECRET, TOKEN = "AKIDEXAMPLE", "secret/of+the=key", "session/token+==&more"
ENDPOINT = "http://127.0.0.1:4566"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as the server receives it."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""
    now: float = field(default_factory=time.time)

    def verify(self, secret: str = SECRET) -> bytes:
        credential = sigv4.parse(self.method, self.path, self.query, self.headers)
        assert credential is not None
        assert (credential.access_key, credential.region) == (KEY, "us-east-1")
        return sigv4.verify(credential, secret, self.method, self.path, self.query, self.headers, self.body, self.now)

    def refused(self, secret: str = SECRET) -> tuple[str, int]:
        with pytest.raises(AwsError) as caught:
            self.verify(secret)
        assert SECRET not in str(caught.value)
        return caught.value.code, caught.value.status

    def with_headers(self, **headers: str) -> Sent:
        return replace(self, headers={**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}})


def client(service: str, token: str | None = None) -> Any:
    session = botocore.session.Session()
    session.set_credentials(KEY, SECRET, token)
    config = Config(s3={"addressing_style": "path"}, signature_version="s3v4" if service == "s3" else None)
    return session.create_client(service, region_name="us-east-1", endpoint_url=ENDPOINT, config=config)


def sent(service: str, call: Callable[[Any], object], token: str | None = None) -> Sent:
    """What botocore would put on the wire for `call`."""
    caught: list[AWSPreparedRequest] = []

    def catch(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        caught.append(request)
        return AWSResponse(request.url, 400, {}, None)

    made = client(service, token)
    made.meta.events.register("before-send", catch)
    with pytest.raises(Exception):  # noqa: B017, PT011  the empty answer means nothing to botocore
        call(made)
    request = caught[0]
    headers = {
        name.lower(): value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
    }
    body = request.body.read() if hasattr(request.body, "read") else request.body or b""
    return from_url(request.method, request.url, headers, body.encode() if isinstance(body, str) else body)


def from_url(method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Sent:
    parts = urlsplit(url)
    return Sent(method, parts.path, parts.query, {"host": parts.netloc, **(headers or {})}, body)


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
    url = client("sts", TOKEN).generate_presigned_url("get_caller_identity", ExpiresIn=60)
    request = from_url("GET", url)
    assert request.verify() == b""
    assert replace(request, body=b"smuggled").refused() == ("SignatureDoesNotMatch", 403)


@pytest.mark.parametrize(
    "query", ["list-type=2&prefix=", "prefix&list-type=2", "list-type=2&&prefix=", "prefix=%&list-type=2", ""]
)
def test_one_query_in_other_spellings(query: str) -> None:
    """Order, `a` for `a=`, empty pairs are the same query; anything else is another one."""
    request = sent("s3", lambda c: c.list_objects_v2(Bucket="bucket", Prefix=""))
    other = replace(request, query=query)
    if query in ("prefix=%&list-type=2", ""):
        assert other.refused() == ("SignatureDoesNotMatch", 403)
    else:
        assert other.verify() == b""


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
        ("SignedHeaders=content-md5;host;", "SignedHeaders=content-md5;", None),
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
def test_a_changed_authorization_header_is_refused(old: str, new: str, expected: tuple[str, int] | None) -> None:
    text = S3_PUT.headers["authorization"]
    if expected is None:
        assert old not in text
        return
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


# The worked examples of AWS's documentation: sigv4-streaming.html and sigv4-streaming-trailers.html.
CHUNK_SIGNATURES = [
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
]
TRAILER_CHUNK_SIGNATURES = [
    "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
    "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
    "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
]
DOC_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def chunked(signatures: list[str], tail: bytes = b"") -> bytes:
    parts = [b"a" * 65536, b"a" * 1024, b""]
    frames = [f"{len(p):x};chunk-signature={s}\r\n".encode() + p for p, s in zip(parts, signatures, strict=True)]
    return b"\r\n".join(frames) + tail + b"\r\n"


def documented(signed: str, signature: str, hash_word: str, body: bytes, **headers: str) -> Sent:
    scope = "AKIDEXAMPLE/20130524/us-east-1/s3/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 Credential={scope},SignedHeaders={signed},Signature={signature}"
    base = Sent("PUT", "/examplebucket/chunkObject.txt", "", {"host": "s3.amazonaws.com"}, body, 1369353600)
    return base.with_headers(
        authorization=authorization,
        x_amz_content_sha256=hash_word,
        x_amz_date="20130524T000000Z",
        x_amz_storage_class="REDUCED_REDUNDANCY",
        content_encoding="aws-chunked",
        content_length="66824",
        x_amz_decoded_content_length="66560",
        **headers,
    )


SIGNED_CHUNKS = documented(
    "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    chunked(CHUNK_SIGNATURES),
)
SIGNED_TRAILER = documented(
    "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
    "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    chunked(
        TRAILER_CHUNK_SIGNATURES,
        b"x-amz-checksum-crc32c:sOO8/Q==\r\n"
        b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n",
    ),
    x_amz_trailer="x-amz-checksum-crc32c",
)


@pytest.mark.parametrize("request_", [SIGNED_CHUNKS, SIGNED_TRAILER])
def test_the_documented_streams_verify(request_: Sent) -> None:
    assert request_.verify(DOC_SECRET) == b"a" * 66560


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"a" * 1024, b"b" * 1024, NO_MATCH_S3),
        (CHUNK_SIGNATURES[1].encode(), CHUNK_SIGNATURES[0].encode(), NO_MATCH_S3),
        (b";chunk-signature=" + CHUNK_SIGNATURES[2].encode(), b"", NO_MATCH_S3),
        # the second chunk cut out, the end cut off, more after the end
        (b"400;chunk-signature=%b\r\n%b\r\n" % (CHUNK_SIGNATURES[1].encode(), b"a" * 1024), b"", NO_MATCH_S3),
        (b"0;chunk-signature=" + CHUNK_SIGNATURES[2].encode() + b"\r\n\r\n", b"", ("IncompleteBody", 400)),
        (b"400;", b"4000000;", ("IncompleteBody", 400)),
        (b"400;", b"-1;", ("IncompleteBody", 400)),
        (b"400;", b"zz;", ("IncompleteBody", 400)),
        (CHUNK_SIGNATURES[2].encode() + b"\r\n", CHUNK_SIGNATURES[2].encode() + b"\r\nx: 1\r\n", ("MalformedTrailerError", 400)),
    ],
)  # fmt: skip
def test_a_changed_stream_is_refused(old: bytes, new: bytes, expected: tuple[str, int]) -> None:
    assert old in SIGNED_CHUNKS.body
    changed = replace(SIGNED_CHUNKS, body=SIGNED_CHUNKS.body.replace(old, new, 1) if len(old) < 1024 or b"\r" in old else
                      new.join(SIGNED_CHUNKS.body.rsplit(old, 1)))  # fmt: skip
    assert changed.refused(DOC_SECRET) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"sOO8/Q==", b"AAAAAA==", NO_MATCH_S3),
        (b"x-amz-trailer-signature:d8", b"x-amz-trailer-signature:00", NO_MATCH_S3),
        (b"x-amz-checksum-crc32c:", b"x-amz-checksum-crc32:", ("MalformedTrailerError", 400)),
    ],
)
def test_a_changed_trailer_is_refused(old: bytes, new: bytes, expected: tuple[str, int]) -> None:
    assert old in SIGNED_TRAILER.body
    assert replace(SIGNED_TRAILER, body=SIGNED_TRAILER.body.replace(old, new)).refused(DOC_SECRET) == expected


def test_an_unsigned_stream_with_a_trailer() -> None:
    """What botocore sends over https: only the headers are signed, the trailer carries a checksum."""
    session = botocore.session.Session()
    session.set_credentials(KEY, SECRET)
    made = session.create_client("s3", region_name="us-east-1", config=Config(s3={"addressing_style": "path"}))
    caught: list[AWSPreparedRequest] = []

    def catch(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        caught.append(request)
        return AWSResponse(request.url, 400, {}, None)

    made.meta.events.register("before-send", catch)
    with pytest.raises(Exception):  # noqa: B017, PT011
        made.put_object(Bucket="bucket", Key="k", Body=BytesIO(b"hello" * 1000))
    headers = {k.lower(): v.decode() if isinstance(v, bytes) else str(v) for k, v in caught[0].headers.items()}
    assert headers["x-amz-content-sha256"] == "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    request = from_url("PUT", caught[0].url, headers, caught[0].body.read())
    assert request.verify() == b"hello" * 1000
    assert replace(request, body=request.body.replace(b"\r\n0\r\n", b"\r\n1\r\nx\r\n0\r\n")).refused() == ("IncompleteBody", 400)
    assert replace(request, body=b"not framed").refused() == ("IncompleteBody", 400)


def test_a_second_verification_of_the_same_key_is_cheap() -> None:
    S3_PUT.verify()
    before = sigv4._signing_key.cache_info().hits
    S3_PUT.verify()
    assert sigv4._signing_key.cache_info().hits == before + 1
