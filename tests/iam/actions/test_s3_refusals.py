"""S3 requests that could mean two things mean nothing, and DeleteObjects is refused key by key."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.errors import AwsError
from localcloud.iam.actions import Check, checks
from localcloud.iam.actions.s3 import merge_refusals, operation, without_keys
from tests.iam.actions.fakes import RESOURCES, call
from tests.iam.actions.s3_requests import XMLNS, found, request


@pytest.mark.parametrize(
    "line",
    [
        # words that change the operation, or could
        "GET /bucket/k?torrent", "POST /bucket/k?select", "GET /bucket/k?annotation",
        "PUT /bucket/k?renameObject", "GET /bucket?policyStatus", "GET /bucket?abac", "GET /bucket?session",
        "GET /bucket?inventory&id=1", "GET /bucket?metrics", "GET /bucket/k?foo", "GET /bucket/k?ACL",
        "GET /bucket/k?acl&tagging", "GET /bucket/k?uploadId=u&acl", "DELETE /bucket/k?acl", "GET /bucket?acl&prefix=a",
        "GET /bucket?versions&list-type=2", "GET /bucket?list-type=3", "GET /bucket?list-type=", "GET /bucket?delete",
        "DELETE /bucket?delete", "POST /bucket", "POST /bucket/k", "PUT /bucket/k?uploadId=u", "PUT /bucket/k?delete",
        "GET /?policy", "PUT /", "DELETE /", "PATCH /bucket/k", "OPTIONS /bucket/k", "get /bucket/k",
        "PUT /bucket/k?partNumber=1", "HEAD /bucket/k?acl", "PUT /bucket?replication", "GET /bucket/k?versionId=",
        "GET /bucket/k?versionId=a&versionId=b",
        "GET /bucket?list-type=2&prefix=mine&prefix=yours", "GET /bucket/k?x-amz-foo=1&X-Amz-Foo=2",
        # a bucket that is none, or stands for another one
        "GET //bucket/k", "GET //", "GET /%2Fbucket/k", "GET /../bucket/k", "GET /*/k", "GET /bu%20cket/k",
        "GET /_aws/x", "GET /my-point-abc123-s3alias/k", "GET /my-point--ol-s3/k", "GET /m123.mrap/k",
        "GET /arn:aws:s3:::b/k",
    ],
)  # fmt: skip
def test_what_is_not_understood_has_no_check(line: str) -> None:
    assert request(line).operation == ""
    assert found(line) == []


@pytest.mark.parametrize(
    ("line", "headers"),
    [
        ("GET /bucket/k", {"x_http_method_override": "DELETE"}),
        ("POST /bucket/k?uploads", {"x_http_method": "PUT"}),
        # a hoisted header that says something else than the sent one
        ("PUT /bucket/k?x-amz-acl=private", {"x_amz_acl": "public-read"}),
        ("PUT /bucket/k", {"x_amz_tagging": "a=1&a=2"}),
        ("PUT /bucket/k", {"x_amz_tagging": "a"}),
        ("PUT /bucket/k", {"x_amz_object_lock_retain_until_date": "soon", "x_amz_date": "20261122T000000Z"}),
        ("PUT /bucket/k", {"x_amz_object_lock_retain_until_date": "2026-12-02T00:00:00Z"}),
        ("POST /bucket", {"content_type": "multipart/form-data; boundary=x"}),
    ],
)
def test_headers_that_are_not_understood_have_no_check(line: str, headers: dict[str, Any]) -> None:
    assert found(line, **headers) == []


def test_a_hoisted_header_counts_like_a_sent_one() -> None:
    """Attack: `?x-amz-acl=public-read` in a presigned URL, for a rule that looks at headers alone."""
    decided = found("PUT /bucket/k?X-Amz-Acl=public-read&X-Amz-Signature=0&X-Amz-Date=1&X-Amz-Expires=1")
    assert [check.action for check in decided] == ["s3:PutObject", "s3:PutObjectAcl"]
    assert decided[0].context["s3:x-amz-acl"] == "public-read"


def test_an_operation_that_is_not_the_request_has_no_check() -> None:
    assert checks(call("s3", "GetObject", method="DELETE", path="/bucket/k"), RESOURCES) == []


DELETE = (
    f"<Delete {XMLNS}><Object><Key>mine</Key></Object>"
    "<Object><Key>yours</Key><VersionId>v1</VersionId><ETag>e</ETag></Object>"
    "<Object><Key>a &amp; b\n</Key></Object><Quiet>true</Quiet></Delete>"
).encode()


def delete(body: bytes, **headers: str) -> list[Check]:
    return found("POST /bucket?delete", body, **headers)


def test_rule_59_each_key_is_decided_alone() -> None:
    assert [(check.action, check.resource, check.part) for check in delete(DELETE)] == [
        ("s3:DeleteObject", "arn:aws:s3:::bucket/mine", "mine"),
        ("s3:DeleteObjectVersion", "arn:aws:s3:::bucket/yours", "yours\0v1"),
        ("s3:DeleteObject", "arn:aws:s3:::bucket/a & b\n", "a & b\n"),
    ]
    assert delete(DELETE)[1].context["s3:versionid"] == "v1"
    bypassing = delete(DELETE, x_amz_bypass_governance_retention="true")
    assert [check.action.removeprefix("s3:") for check in bypassing][:2] == [
        "DeleteObject",
        "BypassGovernanceRetention",
    ]
    assert bypassing[1].part == "mine"


def test_rule_59_refused_keys_are_taken_out_and_named_in_the_answer() -> None:
    refused = {"yours\0v1": "", "a & b\n": "no <reason>"}
    left = without_keys(DELETE, refused)
    assert [check.part for check in delete(left)] == ["mine"]
    assert b"<Quiet>true</Quiet>" in left
    answer = merge_refusals(
        f"<DeleteResult {XMLNS}><Deleted><Key>mine</Key></Deleted></DeleteResult>".encode(), refused
    )
    assert answer.decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f"<DeleteResult {XMLNS}><Deleted><Key>mine</Key></Deleted>"
        "<Error><Key>yours</Key><VersionId>v1</VersionId>"
        "<Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        "<Error><Key>a &amp; b\n</Key><Code>AccessDenied</Code><Message>no &lt;reason&gt;</Message></Error>"
        "</DeleteResult>"
    )


def test_rule_59_with_every_key_refused_there_is_nothing_to_ask_and_still_an_answer() -> None:
    refused = {check.part: "" for check in delete(DELETE)}
    assert without_keys(DELETE, refused) == b""
    assert merge_refusals(b"", refused).count(b"<Code>AccessDenied</Code>") == 3


@pytest.mark.parametrize(
    "body",
    [
        b"", b"x", b"<Delete/>", b"<Delete><Object/></Delete>", b"<Delete><Object><Key></Key></Object></Delete>",
        b"<Other><Object><Key>a</Key></Object></Other>", b"\xff\xfe<\x00",
        b'<?xml version="1.0" encoding="x"?><Delete/>',
        # entities: a bomb, a file of this machine
        b'<!DOCTYPE Delete [<!ENTITY a "aa">]><Delete><Object><Key>&a;</Key></Object></Delete>',
        b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&a;</Key></Object></Delete>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d><Delete/>'.encode("utf-16"),
        # which of the two is deleted?
        b"<Delete><Object><Key>mine</Key><Key>yours</Key></Object></Delete>",
        b"<Delete><Object><Key>mine<Key>yours</Key></Key></Object></Delete>",
        b"<Delete><Object><Key>mine</Key><Object><Key>yours</Key></Object></Object></Delete>",
        b"<Delete><Objects><Object><Key>yours</Key></Object></Objects></Delete>",
        b"<Delete><Object><Key>mine</Key></Object><object><Key>yours</Key></object></Delete>",
        b'<Delete xmlns="urn:x"><Object><Key>a</Key></Object></Delete>',
        f"<Delete><Object><Key>a</Key></Object><Object {XMLNS}><Key>b</Key></Object></Delete>".encode(),
        b"<Delete>" + b"<Object><Key>a</Key></Object>" * 1001 + b"</Delete>",
        b"<Delete>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</Delete>",
    ],
)  # fmt: skip
def test_bodies_that_could_be_read_in_two_ways_are_refused(body: bytes) -> None:
    with pytest.raises(AwsError) as caught:
        delete(body)
    assert (caught.value.code, caught.value.status) == ("MalformedXML", 400)


WORDS = st.sampled_from(
    ["acl", "tagging", "versionId", "uploadId", "partNumber", "delete", "list-type", "x-amz-acl", "prefix"]
)


@given(
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD"]),
    path=st.text(max_size=12).map(lambda text: f"/{text}") | st.sampled_from(["/", "/bucket", "/bucket/k"]),
    query=st.dictionaries(WORDS, st.lists(st.text(max_size=4), max_size=2), max_size=3),
    headers=st.dictionaries(
        st.sampled_from(["x-amz-copy-source", "x-amz-tagging", "x-amz-acl", "date"]), st.text(max_size=9)
    ),
    body=st.binary(max_size=20),
)
def test_no_request_ends_in_anything_but_an_aws_error(
    method: str, path: str, query: dict[str, list[str]], headers: dict[str, str], body: bytes
) -> None:
    name = operation(method, path, query, headers)
    made = call("s3", name, method=method, path=path, query=query, headers=headers, body=body)
    try:
        decided = checks(made, RESOURCES)
    except AwsError as error:
        decided = [] if error.code == "MalformedXML" else [Check("an error of another kind", "*")]
    assert name or not decided
