"""S3 requests become the right operation, actions, resources and condition keys."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import botocore.session
import pytest

from localcloud.iam.actions._s3_operations import OPERATIONS
from tests.iam.actions.s3_requests import BUCKET, KEY, actions, found
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
