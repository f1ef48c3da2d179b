"""S3 requests become the right operation, actions, resources and condition keys."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import botocore.session
import pytest

from localcloud.iam.actions._s3_operations import OPERATIONS
from tests.iam.actions.s3_requests import BUCKET, KEY, XMLNS, actions, found
from tests.iam.scenario import allow, judge, policy, request
from tests.localcloud.signed_requests import sent


def check_actions(asked: dict[str, list[str]], resource: str = KEY) -> None:
    """Each request asks for these actions, all on the one resource."""
    for line, expected in asked.items():
        assert actions(line) == [(action, resource) for action in expected], line


def test_rule_54_lists_are_about_the_bucket() -> None:
    lists = {
        "GET /bucket": ["ListBucket"],
        "GET /bucket/": ["ListBucket"],
        "GET /bucket?list-type=2&prefix=a": ["ListBucket"],
        "HEAD /bucket": ["ListBucket"],
        "GET /bucket?versions": ["ListBucketVersions"],
    }
    check_actions(lists, BUCKET)


def test_rule_56_a_version_is_read_in_place_of_the_object() -> None:
    reads = {
        "GET /bucket/k": ["GetObject"],
        "HEAD /bucket/k": ["GetObject"],
        "GET /bucket/k?x-id=GetObject&response-content-type=a": ["GetObject"],
        "POST /bucket/k?select&select-type=2": ["GetObject"],
        "GET /bucket/k?versionId=v1": ["GetObjectVersion"],
        "HEAD /bucket/k?versionId=v1&partNumber=1": ["GetObjectVersion"],
    }
    check_actions(reads)


def test_rule_58_a_multipart_upload_is_about_the_key_and_its_list_about_the_bucket() -> None:
    uploads = {
        "POST /bucket/k?uploads": ["PutObject"],
        "PUT /bucket/k?partNumber=1&uploadId=u": ["PutObject"],
        "POST /bucket/k?uploadId=u": ["PutObject"],
        "DELETE /bucket/k?uploadId=u": ["AbortMultipartUpload"],
        "GET /bucket/k?uploadId=u&max-parts=9": ["ListMultipartUploadParts"],
    }
    check_actions(uploads)
    check_actions({"GET /bucket?uploads": ["ListBucketMultipartUploads"]}, BUCKET)


def test_rule_59_deleting_a_version_is_another_action() -> None:
    check_actions({"DELETE /bucket/k": ["DeleteObject"], "DELETE /bucket/k?versionId=v1": ["DeleteObjectVersion"]})


def test_rule_60_tags_and_attributes_of_a_version_are_others() -> None:
    asked = {
        "GET /bucket/k?tagging": ["GetObjectTagging"],
        "GET /bucket/k?tagging&versionId=v1": ["GetObjectVersionTagging"],
        "DELETE /bucket/k?tagging": ["DeleteObjectTagging"],
        "DELETE /bucket/k?tagging&versionId=v1": ["DeleteObjectVersionTagging"],
        "GET /bucket/k?attributes": ["GetObjectAttributes", "GetObject"],
        "GET /bucket/k?attributes&versionId=v1": ["GetObjectVersionAttributes", "GetObjectVersion"],
    }
    check_actions(asked)


@pytest.mark.parametrize("resource", ["*", "arn:aws:s3:::*"])
def test_rule_60_all_buckets_are_listed_by_either_resource(resource: str) -> None:
    (check,) = found("GET /")
    own = policy(allow("s3:ListAllMyBuckets", resource))
    assert check.action == "s3:ListAllMyBuckets"
    assert judge(request(check.action, check.resource), own).allowed
    assert not judge(request(check.action, check.resource), policy(allow("s3:*", "arn:aws:s3:::bucket"))).allowed


def test_rule_57_an_upload_is_a_put_of_the_object() -> None:
    check_actions({"PUT /bucket/k": ["PutObject"], "PUT /bucket/k?acl": ["PutObjectAcl"]})


def test_other_operations_on_objects_and_buckets() -> None:
    objects = {
        "GET /bucket/k?acl": ["GetObjectAcl"],
        "GET /bucket/k?acl&versionId=v1": ["GetObjectVersionAcl"],
        "GET /bucket/k?retention": ["GetObjectRetention"],
        "GET /bucket/k?legal-hold": ["GetObjectLegalHold"],
    }
    buckets = {
        "PUT /bucket": ["CreateBucket"],
        "DELETE /bucket": ["DeleteBucket"],
        "GET /bucket?policy": ["GetBucketPolicy"],
        "DELETE /bucket?cors": ["PutBucketCORS"],
        "DELETE /bucket?lifecycle": ["PutLifecycleConfiguration"],
        "GET /bucket?encryption": ["GetEncryptionConfiguration"],
        "GET /bucket?acl": ["GetBucketAcl"],
        "GET /bucket?tagging": ["GetBucketTagging"],
        "GET /bucket?requestPayment": ["GetBucketRequestPayment"],
        "DELETE /bucket?replication": ["PutReplicationConfiguration"],
    }
    check_actions(objects)
    check_actions(buckets, BUCKET)


def test_a_restore_that_writes_elsewhere_is_not_understood() -> None:
    assert actions("POST /bucket/k?restore", b"<RestoreRequest><Days>1</Days></RestoreRequest>") == [
        ("RestoreObject", KEY)
    ]
    elsewhere = b"<RestoreRequest><OutputLocation><S3/></OutputLocation></RestoreRequest>"
    assert actions("POST /bucket/k?restore", elsewhere) == []


def test_tags_that_differ_in_case_only_are_not_understood() -> None:
    """Attack: a condition knows no case, so `Team=blue` would hide `team=red`."""
    assert actions("PUT /bucket/k", x_amz_tagging="team=red&Team=blue") == []


@pytest.mark.parametrize(
    "key", ["a b", "a+b", "100%", "a%2Fb", "日本語", "/lead", "//x//", "../../x", "./.", "q?x=1#f", "*", "t/"]
)
def test_a_key_is_taken_as_it_is(key: str) -> None:
    """Neither decoded twice nor normalised: `private/me/../you` is a key of `me` and of nobody else."""
    signed = sent("s3", lambda s3: s3.get_object(Bucket="bucket", Key=key))
    assert actions(f"GET {signed.path}") == [("GetObject", f"arn:aws:s3:::bucket/{key}")]


@pytest.mark.parametrize(
    ("line", "context"),
    [
        ("GET /bucket", {"s3:max-keys": "1000"}),
        (
            "GET /bucket?list-type=2&prefix=a%2F&delimiter=%2F&max-keys=5",
            {"s3:max-keys": "5", "s3:prefix": "a/", "s3:delimiter": "/"},
        ),
        ("GET /bucket?versions&prefix=a", {"s3:max-keys": "1000", "s3:prefix": "a"}),
    ],
)
def test_rule_54_what_a_list_is_limited_to(line: str, context: dict[str, Any]) -> None:
    (check,) = found(line)
    assert check.context == context


def test_rule_55_a_prefix_that_is_not_given_is_no_empty_one() -> None:
    own = policy(allow("s3:ListBucket", Condition={"StringEquals": {"s3:prefix": ["", "home/"]}}))

    def may_list(query: str) -> bool:
        (check,) = found(f"GET /bucket{query}")
        return judge(request(check.action, check.resource, context=check.context), own).allowed

    assert [may_list(query) for query in ("?prefix=", "?list-type=2&prefix=home%2F")] == [True, True]
    assert [may_list(query) for query in ("", "?list-type=2", "?prefix=home")] == [False, False, False]


@pytest.mark.parametrize(
    ("line", "context"),
    [
        ("GET /bucket/k?versionId=v1", {"s3:versionid": "v1"}),  # rule 56
        ("GET /bucket?uploads&prefix=a", {}),  # rule 58
        ("GET /bucket/tagged", {"s3:ExistingObjectTag/team": "red"}),  # rule 60
        ("GET /bucket/tagged?acl&versionId=v1", {"s3:ExistingObjectTag/team": "old", "s3:versionid": "v1"}),
        ("DELETE /bucket/tagged", {}),
    ],
)
def test_context_of_objects(line: str, context: dict[str, Any]) -> None:
    """Rules 56, 58, 60."""
    (check,) = found(line)
    assert check.context == context


def test_rule_61_a_presigned_url_says_that_it_is_one() -> None:
    (check,) = found("GET /bucket/k?X-Amz-Algorithm=AWS4-HMAC-SHA256")
    assert check.context == {"s3:authType": "REST-QUERY-STRING", "s3:signatureversion": "AWS4-HMAC-SHA256"}


def test_rule_57_what_comes_with_an_upload_is_asked_for_too() -> None:
    given: dict[str, Any] = {
        "authorization": "AWS4-HMAC-SHA256 …",
        "x_amz_date": "20261122T000000Z",
        "x_amz_content_sha256": "UNSIGNED-PAYLOAD",
        "x_amz_acl": "public-read",
        "x_amz_tagging": "team=red&x=a%20b",
        "x_amz_object_lock_mode": "GOVERNANCE",
        "x_amz_object_lock_retain_until_date": "2026-12-02T12:00:00Z",
        "x_amz_object_lock_legal_hold": "ON",
        "x_amz_storage_class": "GLACIER",
        "x_amz_server_side_encryption": "AES256",
        "if_none_match": "*",
    }
    for line, creates in (("PUT /bucket/k", "true"), ("POST /bucket/k?uploads", "false")):
        decided = found(line, **given)
        assert [check.action for check in decided] == [
            "s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging", "s3:PutObjectRetention", "s3:PutObjectLegalHold",
        ]  # fmt: skip
        for check in decided:
            assert check.context == {
                "s3:ObjectCreationOperation": creates,
                "s3:RequestObjectTag/team": "red",
                "s3:RequestObjectTag/x": "a b",
                "s3:RequestObjectTagKeys": ("team", "x"),
                "s3:authType": "REST-HEADER",
                "s3:if-none-match": "*",
                "s3:object-lock-legal-hold": "ON",
                "s3:object-lock-mode": "GOVERNANCE",
                "s3:object-lock-remaining-retention-days": "10",
                "s3:object-lock-retain-until-date": "2026-12-02T12:00:00Z",
                "s3:signatureversion": "AWS4-HMAC-SHA256",
                "s3:x-amz-acl": "public-read",
                "s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD",
                "s3:x-amz-server-side-encryption": "AES256",
                "s3:x-amz-storage-class": "GLACIER",
            }
    assert actions("PUT /bucket/k", x_amz_grant_read="id=1") == [("PutObject", KEY), ("PutObjectAcl", KEY)]
    # a part or the end of an upload takes none of these
    assert actions("PUT /bucket/k?partNumber=1&uploadId=u", x_amz_acl="public-read") == [("PutObject", KEY)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("other/a", ("GetObject", "other/a")),
        ("/other/a", ("GetObject", "other/a")),
        ("other/a%20b%2Fc", ("GetObject", "other/a b/c")),
        ("other%2Fa", ("GetObject", "other/a")),
        ("other/a+b", ("GetObject", "other/a+b")),
        ("other/../you/a", ("GetObject", "other/../you/a")),
        ("other/a%3FversionId=v", ("GetObject", "other/a?versionId=v")),
        ("other/a?versionId=v-1.2", ("GetObjectVersion", "other/a")),
        # whatever readers could read in two ways
        ("", None),
        ("other", None),
        ("other/", None),
        ("//other/a", None),
        ("/%2Fother/a", None),
        ("other/a?", None),
        ("other/a?versionId=", None),
        ("other/a?versionId=v&versionId=w", None),
        ("other/a?versionId=v%26x", None),
        ("other/a?acl", None),
        ("arn:aws:s3:us-east-1:000000000000:accesspoint/p/object/a", None),
        ("arn%3Aaws%3As3:us-east-1:000000000000:accesspoint/p/object/a", None),
        ("my-point-abc-s3alias/a", None),
    ],
)
def test_rule_57_a_copy_reads_its_source(source: str, expected: tuple[str, str] | None) -> None:
    """Attack: taking another user's object by copying it to a key of one's own."""
    copied = actions("PUT /bucket/k", x_amz_copy_source=source)
    part = actions("PUT /bucket/k?partNumber=1&uploadId=u", x_amz_copy_source=source)
    hoisted = actions(
        f"PUT /bucket/k?X-Amz-Copy-Source={source.replace('%', '%25').replace('&', '%26').replace('+', '%2B')}"
    )
    if expected is None:
        assert copied == part == hoisted == []
    else:
        read = (expected[0], f"arn:aws:s3:::{expected[1]}")
        assert copied == part == hoisted == [read, ("PutObject", KEY)]


def test_rule_57_a_copy_takes_the_tags_of_its_source_along() -> None:
    decided = found("PUT /bucket/k", x_amz_copy_source="bucket/tagged")
    assert [check.action for check in decided] == [
        "s3:GetObject", "s3:PutObject", "s3:GetObjectTagging", "s3:PutObjectTagging",
    ]  # fmt: skip
    assert decided[0].context == {"s3:ExistingObjectTag/team": "red"}
    assert decided[3].context["s3:RequestObjectTag/team"] == "red"
    replaced = found("PUT /bucket/k", x_amz_copy_source="bucket/tagged", x_amz_tagging_directive="REPLACE")
    assert [check.action for check in replaced] == ["s3:GetObject", "s3:PutObject"]


@pytest.mark.parametrize(
    ("line", "body", "context"),
    [
        (
            "PUT /bucket/k?tagging",
            "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>",
            {"s3:RequestObjectTagKeys": ("a",), "s3:RequestObjectTag/a": "1"},
        ),
        (
            "PUT /bucket/k?legal-hold",
            "<LegalHold><Status>OFF</Status></LegalHold>",
            {"s3:object-lock-legal-hold": "OFF"},
        ),
        (
            "PUT /bucket/k?retention",
            f"<Retention {XMLNS}><Mode>COMPLIANCE</Mode>"
            "<RetainUntilDate>2026-11-25T00:00:00Z</RetainUntilDate></Retention>",
            {
                "s3:object-lock-mode": "COMPLIANCE",
                "s3:object-lock-retain-until-date": "2026-11-25T00:00:00Z",
                "s3:object-lock-remaining-retention-days": "3",
            },
        ),
    ],
)  # fmt: skip
def test_context_from_bodies(line: str, body: str, context: dict[str, Any]) -> None:
    """Rule 60: the tags that a request sets."""
    (check,) = found(line, body.encode(), x_amz_date="20261122T000000Z")
    assert check.context == context


def test_a_bucket_is_created_with_what_comes_along() -> None:
    body = f"<CreateBucketConfiguration {XMLNS}><LocationConstraint>eu-west-1</LocationConstraint><Tags><Tag><Key>a</Key><Value>1</Value></Tag></Tags></CreateBucketConfiguration>"  # noqa: E501
    decided = found(
        "PUT /bucket",
        body.encode(),
        x_amz_acl="private",
        x_amz_bucket_object_lock_enabled="true",
        x_amz_object_ownership="ObjectWriter",
    )
    assert [check.action.removeprefix("s3:") for check in decided] == [
        "CreateBucket", "PutBucketAcl", "PutBucketObjectLockConfiguration", "PutBucketOwnershipControls",
        "PutBucketVersioning", "TagResource",
    ]  # fmt: skip
    assert decided[0].context == {
        "aws:RequestTag/a": "1",
        "aws:TagKeys": ("a",),
        "s3:locationconstraint": "eu-west-1",
        "s3:x-amz-acl": "private",
        "s3:x-amz-object-ownership": "ObjectWriter",
    }


def test_going_around_a_retention_is_asked_for() -> None:
    expected = [("DeleteObject", KEY), ("BypassGovernanceRetention", KEY)]
    assert actions("DELETE /bucket/k", x_amz_bypass_governance_retention="True") == expected
    assert actions("DELETE /bucket/k", x_amz_bypass_governance_retention="false") == expected[:1]


def test_the_table_agrees_with_botocore() -> None:
    model = botocore.session.Session().get_service_model("s3")
    levels = {"/": "service", "/{Bucket}": "bucket", "/{Bucket}/{Key+}": "object"}
    for row in OPERATIONS:
        operation = model.operation_model(row.name)
        path, _, literal = operation.http["requestUri"].partition("?")
        members = operation.input_shape.members if operation.input_shape else {}
        places = [shape.serialization for shape in members.values()]
        words = {place["name"] for place in places if place.get("location") == "querystring"}
        words |= parse_qs(literal, keep_blank_values=True).keys()
        assert (row.method, row.level) == (operation.http["method"], levels[path])
        assert row.knows == words, row.name
