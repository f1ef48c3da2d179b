"""The calls are generated from botocore's model: none is forgotten, and each is one that a client could make."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botocore.validate import ParamValidator

from localcloud.policy.prove.calls import Call, Scene, Spot
from localcloud.policy.prove.dynamodb_calls import dynamodb_calls
from localcloud.policy.prove.index_calls import index_calls, index_scans
from localcloud.policy.prove.layout import KINDS
from localcloud.policy.prove.operations import operations
from localcloud.policy.prove.s3_calls import s3_calls

CALLS: list[Call] = [*s3_calls(), *dynamodb_calls(), *index_calls("by-day"), *index_scans("by-day")]


class Uploads:
    """Uploads that nobody made."""

    def shared(self, bucket: str, key: str) -> str:
        return "upload"

    def fresh(self, bucket: str, key: str) -> tuple[str, str]:
        return "upload", '"etag"'


def scene(service: str) -> Scene:
    if service == "s3":
        here, home = Spot("bucket", "private/bob/"), Spot("bucket", "private/ada/")
    else:
        here = Spot(
            "table",
            "bob",
            "arn:aws:dynamodb:us-east-1:000000000000:table/table",
            (("pk", "S"), ("sk", "N")),
            {"by-day": (("day", "S"), "today")},
        )
        home = replace(here, within="ada")
    return Scene("ada-Operation-route", here, home, Uploads())


def call(id_: str) -> Call:
    (found,) = (call for call in CALLS if call.id == id_)
    return found


def filled(id_: str) -> dict[str, Any]:
    found = call(id_)
    return found.fill(scene(found.operation.service))


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
def test_every_operation_of_the_model_is_called(service: str) -> None:
    called = {call.operation.name for call in CALLS if call.operation.service == service}
    assert called == {operation.name for operation in operations(service)}


def test_every_call_has_an_id_of_its_own() -> None:
    ids = [call.id for call in CALLS]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("found", CALLS, ids=lambda call: call.id)
def test_every_call_has_what_the_model_requires(found: Call) -> None:
    params = found.fill(scene(found.operation.service))
    # An S3 call may have more than its operation takes, which the serializer leaves out.
    shape = found.operation.model.input_shape
    if shape is not None:
        report = ParamValidator().validate(params, shape)
        assert not report.has_errors(), report.generate_report()


def test_whatever_is_not_about_content_is_management() -> None:
    assert call("s3:GetObjectAcl@direct").kind == "manage"
    assert call("s3:PutObjectTagging@direct").kind == "manage"
    assert call("dynamodb:UpdateTable@direct").kind == "manage"
    assert {call.kind for call in CALLS} == set(KINDS)


def test_what_manages_a_bucket_or_table_is_called_on_it_as_such() -> None:
    assert call("s3:DeleteBucket@direct").level == "resource"
    assert call("dynamodb:DeleteTable@direct").level == "resource"
    assert filled("dynamodb:DeleteTable@direct") == {"TableName": "table"}


def test_a_copy_needs_both_ends() -> None:
    assert call("s3:CopyObject@copy from own").needs == (("home", "read"), ("here", "write"))
    params = filled("s3:CopyObject@copy to own")
    assert (params["CopySource"], params["Key"].startswith("private/ada/")) == ("bucket/private/bob/seed.txt", True)


def test_more_than_content_is_asked_for_by_its_own_ways() -> None:
    assert call("s3:PutObject@access control list").needs == (("here", "write"), ("here", "manage"))
    assert call("s3:GetObject@version").needs == (("here", "manage"),)
    assert filled("s3:GetObject@version")["VersionId"] == "null"


def test_no_prefix_and_an_empty_prefix_are_two_calls() -> None:
    """Rule 55."""
    assert "Prefix" not in filled("s3:ListObjectsV2@no prefix")
    assert filled("s3:ListObjectsV2@empty prefix")["Prefix"] == ""


def test_a_mixed_call_has_an_item_of_its_own_and_one_of_the_place() -> None:
    params = filled("dynamodb:BatchGetItem@batch with own")
    assert [key["pk"]["S"] for key in params["RequestItems"]["table"]["Keys"]] == ["ada", "bob"]


def test_statements_quote_what_they_name() -> None:
    found = call("dynamodb:ExecuteStatement@PartiQL select")
    odd = replace(scene("dynamodb"), here=Spot("table", "o'hara", key_types=(("pk", "S"),)))
    assert found.fill(odd)["Statement"] == "SELECT * FROM \"table\" WHERE \"pk\" = 'o''hara'"


def test_an_index_is_asked_by_its_own_partition() -> None:
    assert filled("dynamodb:Query@index by-day")["ExpressionAttributeValues"] == {":partition": {"S": "today"}}
