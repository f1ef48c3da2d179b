"""Whatever an upload, a copy or a new bucket sets besides is asked for too, and so is what it reads."""

from __future__ import annotations

from typing import Any

import pytest

from tests.iam.actions.s3_requests import KEY, XMLNS, actions, found


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
