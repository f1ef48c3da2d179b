"""A refusal can be explained by the request id in its answer: `python -m localcloud explain`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.journeys.claims import claims_of
from tests.journeys.people import Person
from tests.local_cloud import ROOT, LocalCloud


@pytest.fixture(scope="module")
def person(cloud: LocalCloud) -> Person:
    return Person.new(cloud, "explained@journeys.example.com")


def explain(cloud: LocalCloud, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "localcloud", "explain", "--endpoint-url", cloud.endpoint, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def refused(call: Callable[..., Any], **arguments: Any) -> str:
    """The request id of a refusal, as every client shows it."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["ResponseMetadata"]["RequestId"])


def test_each_policy_each_statement_and_what_to_do(cloud: LocalCloud, person: Person) -> None:
    identity, bucket = person.identity(), cloud.outputs["UserDataBucket"]
    own = f"private/{identity.identity_id}"
    request_id = refused(identity.client("s3").list_objects_v2, Bucket=bucket, Prefix=own)
    shown = explain(cloud, request_id)
    assert shown.returncode == 0, shown.stderr
    assert f"- s3:ListBucket on arn:aws:s3:::{bucket}: ImplicitDeny" in shown.stdout
    assert "- ListOwnAndShared (Allow) does not apply: StringLike s3:prefix: wanted `private/${" in shown.stdout
    assert f"saw `{own}`" in shown.stdout
    assert "- OwnFiles (Allow) does not apply: Action does not cover the request" in shown.stdout
    assert f"hint: End the prefix with a slash: `{own}/`" in shown.stdout


def test_scan_as_json(cloud: LocalCloud, person: Person) -> None:
    table = cloud.outputs["UserDataTable"]
    request_id = refused(person.identity().client("dynamodb").scan, TableName=table)
    found = json.loads(explain(cloud, request_id, "--json").stdout)
    assert found["error"]["code"] == "AccessDeniedException"
    assert found["checks"][0]["action"] == "dynamodb:Scan"
    assert "use Query" in found["hints"][0]


def test_the_sub_in_the_place_of_the_identity_id(cloud: LocalCloud, person: Person) -> None:
    identity = person.identity()
    sub = claims_of(person.sign_in().tokens.access_token)["sub"]
    request_id = refused(
        identity.client("s3").put_object, Bucket=cloud.outputs["UserDataBucket"], Key=f"private/{sub}/a", Body=b""
    )
    assert f"use {identity.identity_id}" in explain(cloud, request_id).stdout


def test_a_missing_object_that_is_a_refusal(cloud: LocalCloud, person: Person) -> None:
    identity = person.identity()
    key = f"private/{identity.identity_id}/nothing"
    request_id = refused(identity.client("s3").get_object, Bucket=cloud.outputs["UserDataBucket"], Key=key)
    assert "There is no such object" in explain(cloud, request_id).stdout


def test_refused_keys_inside_an_answer_of_200(cloud: LocalCloud, person: Person) -> None:
    bucket = cloud.outputs["UserDataBucket"]
    own = f"private/{person.identity().identity_id}/a"
    answer = (
        person.identity()
        .client("s3")
        .delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": own}, {"Key": "private/other/a"}]})
    )
    assert [error["Key"] for error in answer["Errors"]] == ["private/other/a"]
    found = json.loads(explain(cloud, answer["ResponseMetadata"]["RequestId"], "--json").stdout)
    assert [check["outcome"] for check in found["checks"]] == ["Allowed", "ImplicitDeny"]


def test_unknown_request_and_no_cloud(cloud: LocalCloud) -> None:
    unknown = explain(cloud, "no-such-id")
    assert (unknown.returncode, unknown.stderr.splitlines()[0]) == (
        1,
        "error: no refusal is known under the request id 'no-such-id'",
    )
    nowhere = explain(cloud, "x", "--endpoint-url", "http://127.0.0.1:1")
    assert nowhere.returncode == 1
    assert "error: there is no local cloud at http://127.0.0.1:1" in nowhere.stderr
    assert "hint: start it: make up" in nowhere.stderr
    abroad = explain(cloud, "x", "--endpoint-url", "https://s3.amazonaws.com")
    assert (abroad.returncode, "is no local cloud" in abroad.stderr) == (1, True)


def test_every_answer_carries_a_request_id_of_ours(cloud: LocalCloud, person: Person) -> None:
    """And what was allowed is kept only when asked for."""
    identity = person.identity()
    own = f"private/{identity.identity_id}/kept"
    answer = identity.client("s3").put_object(Bucket=cloud.outputs["UserDataBucket"], Key=own, Body=b"")
    assert explain(cloud, answer["ResponseMetadata"]["RequestId"]).returncode == 1
    status, body = cloud.get("decisions")
    assert (status, "--decisions" in body["error"]) == (409, True)


def test_all_decisions_on_demand(fresh_cloud: LocalCloud) -> None:
    fresh_cloud.options = ("--decisions",)
    fresh_cloud.start()
    person = Person.new(fresh_cloud, "decisions@journeys.example.com")
    s3, bucket = person.identity().client("s3"), fresh_cloud.outputs["UserDataBucket"]
    answer = s3.put_object(Bucket=bucket, Key=f"private/{person.identity().identity_id}/a", Body=b"")
    found: dict[str, Any] = {}
    after = 0
    while True:
        _, page = fresh_cloud.get(f"decisions?after={after}")
        found |= {decided["request_id"]: decided for decided in page["decisions"]}
        if page["next"] == after:
            break
        after = page["next"]
    decided = found[answer["ResponseMetadata"]["RequestId"]]
    matched = [reason["statement"] for reason in decided["checks"][0]["reasons"] if reason["matched"]]
    assert (decided["operation"], decided["error"], matched) == ("PutObject", None, ["OwnFiles", "UsersData"])
