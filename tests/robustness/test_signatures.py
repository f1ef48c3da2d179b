"""Signed calls, tampered with; and ways round the user's own prefix that only raw requests can try."""

from __future__ import annotations

import io
import urllib.error
import urllib.request

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from auth import Identity
from tests.journeys.people import Person, client, keys_of
from tests.journeys.refusals import code_of
from tests.local_cloud import LocalCloud


@pytest.fixture(scope="module")
def ann(cloud: LocalCloud) -> Identity:
    return Person.new(cloud, "ann@signatures.example.com").identity()


@pytest.fixture(scope="module")
def bob(cloud: LocalCloud, ann: Identity) -> Identity:
    s3, bucket = ann.client("s3"), cloud.outputs["UserDataBucket"]
    s3.put_object(Bucket=bucket, Key=f"private/{ann.identity_id}/hers", Body=b"hers")
    return Person.new(cloud, "bob@signatures.example.com").identity()


def credentials_of(identity: Identity) -> Credentials:
    return Credentials(*keys_of(identity).values())


def status_of(request: urllib.request.Request) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_session_token_belongs_to_its_key(cloud: LocalCloud, ann: Identity, bob: Identity) -> None:
    hers, his = keys_of(ann), keys_of(bob)
    for token in (None, "made-up", his["SessionToken"]):
        call = client(cloud, "s3", {**hers, "SessionToken": token}).list_objects_v2
        assert code_of(call, Bucket=cloud.outputs["UserDataBucket"]) in ("InvalidToken", "InvalidAccessKeyId")


def test_a_signature_for_one_service_is_none_for_another(cloud: LocalCloud, ann: Identity) -> None:
    target = "DynamoDB_20120810.ListTables"
    request = AWSRequest("POST", cloud.endpoint + "/", {"x-amz-target": target}, b"{}")
    SigV4Auth(credentials_of(ann), "s3", "us-east-1").add_auth(request)
    status, _ = status_of(urllib.request.Request(cloud.endpoint + "/", b"{}", dict(request.headers.items())))
    assert status in (400, 403)
    SigV4Auth(Credentials("test", "test"), "kms", "us-east-1").add_auth(request)
    status, answer = status_of(urllib.request.Request(cloud.endpoint + "/", b"{}", dict(request.headers.items())))
    assert status in (400, 403), answer


def test_a_presigned_url_can_do_what_its_signer_may(cloud: LocalCloud, ann: Identity, bob: Identity) -> None:
    bucket, key = cloud.outputs["UserDataBucket"], f"private/{ann.identity_id}/hers"
    where = {"Bucket": bucket, "Key": key}
    hers = client(cloud, "s3", keys_of(ann), signature_version="s3v4").generate_presigned_url("get_object", where)
    his = client(cloud, "s3", keys_of(bob), signature_version="s3v4").generate_presigned_url("get_object", where)
    assert status_of(urllib.request.Request(hers)) == (200, b"hers")
    assert status_of(urllib.request.Request(his))[0] == 403
    assert status_of(urllib.request.Request(hers.replace("/hers?", "/others?")))[0] == 403
    assert status_of(urllib.request.Request(hers.replace("Expires=3600", "Expires=7200")))[0] == 403


def test_the_bucket_in_the_host_name_is_decided_alike(cloud: LocalCloud, ann: Identity, bob: Identity) -> None:
    bucket, key = cloud.outputs["UserDataBucket"], f"private/{ann.identity_id}/hers"
    for identity, expected in ((ann, 200), (bob, 403)):
        host = f"{bucket}.localhost:{cloud.port}"
        request = AWSRequest("GET", f"http://{host}/{key}")
        request.headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD"
        SigV4Auth(credentials_of(identity), "s3", "us-east-1").add_auth(request)
        sent = urllib.request.Request(
            f"{cloud.endpoint}/{key}", headers={**dict(request.headers.items()), "host": host}
        )
        assert status_of(sent)[0] == expected


def test_of_many_deletes_only_the_foreign_ones_are_refused(cloud: LocalCloud, ann: Identity, bob: Identity) -> None:
    bucket, s3 = cloud.outputs["UserDataBucket"], client(cloud, "s3", keys_of(bob))
    own, foreign = f"private/{bob.identity_id}/own", f"private/{ann.identity_id}/hers"
    s3.put_object(Bucket=bucket, Key=own, Body=b"his")
    mixed = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": own}, {"Key": foreign}]})
    assert [entry["Key"] for entry in mixed["Deleted"]] == [own]
    assert [(entry["Key"], entry["Code"]) for entry in mixed["Errors"]] == [(foreign, "AccessDenied")]
    none = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": foreign}]})
    assert [entry["Code"] for entry in none["Errors"]] == ["AccessDenied"]
    assert ann.client("s3").get_object(Bucket=bucket, Key=foreign)["Body"].read() == b"hers"


def test_a_large_upload_goes_in_parts_and_only_into_ones_own(cloud: LocalCloud, ann: Identity, bob: Identity) -> None:
    bucket, s3 = cloud.outputs["UserDataBucket"], client(cloud, "s3", keys_of(bob))
    parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
    own = f"private/{bob.identity_id}/large"
    s3.upload_fileobj(io.BytesIO(b"x" * (6 << 20)), bucket, own, Config=parts)
    assert s3.head_object(Bucket=bucket, Key=own)["ContentLength"] == 6 << 20
    foreign = {"Bucket": bucket, "Key": f"private/{ann.identity_id}/large"}
    assert code_of(s3.create_multipart_upload, **foreign) == "AccessDenied"
    assert code_of(s3.upload_part, **foreign, UploadId="any", PartNumber=1, Body=b"x") == "AccessDenied"


@pytest.mark.parametrize(
    "trick", ["private/{own}/../{other}/hers", "private/{own}/%2e%2e/{other}/hers", "private//{other}/hers"]
)
def test_no_path_leads_out_of_the_prefix(cloud: LocalCloud, ann: Identity, bob: Identity, trick: str) -> None:
    path = trick.format(own=bob.identity_id, other=ann.identity_id)
    request = AWSRequest("GET", f"{cloud.endpoint}/{cloud.outputs['UserDataBucket']}/{path}")
    request.headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD"
    SigV4Auth(credentials_of(bob), "s3", "us-east-1").add_auth(request)
    status, body = status_of(urllib.request.Request(str(request.url), headers=dict(request.headers.items())))
    assert status >= 400
    assert b"hers" not in body or b"<Error>" in body
