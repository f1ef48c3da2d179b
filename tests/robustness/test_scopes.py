"""Signatures that were right once, or elsewhere: late, for another place, by keys whose role has changed since."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import botocore.auth
import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from auth import Identity
from tests.journeys.people import Person, keys_of, root_client
from tests.local_cloud import LocalCloud
from tests.robustness.wire import Answer, Keys, request, sign, signed, signed_call

FORM = {"content-type": "application/x-www-form-urlencoded"}
WHO_AM_I = b"Action=GetCallerIdentity&Version=2011-06-15"


@pytest.fixture(scope="module")
def ann(cloud: LocalCloud) -> Identity:
    identity = Person.new(cloud, "ann@scopes.example.com").identity()
    bucket, key = cloud.outputs["UserDataBucket"], f"private/{identity.identity_id}/a"
    identity.client("s3").put_object(Bucket=bucket, Key=key, Body=b"hers")
    return identity


@pytest.fixture
def path(cloud: LocalCloud, ann: Identity) -> str:
    return f"/{cloud.outputs['UserDataBucket']}/private/{ann.identity_id.replace(':', '%3A')}/a"


def signing_keys(identity: Identity) -> Keys:
    return Keys(*keys_of(identity).values())


def move_signers_clock(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: moment)


def presigned(cloud: LocalCloud, keys: Keys, path: str, seconds: int) -> Answer:
    prepared = AWSRequest("GET", f"{cloud.endpoint}{path}")
    credentials = Credentials(keys.access, keys.secret, keys.token)
    S3SigV4QueryAuth(credentials, "s3", "us-east-1", expires=seconds).add_auth(prepared)
    return request(cloud.port, method="GET", path=str(prepared.url).removeprefix(cloud.endpoint))


def test_a_presigned_url_lives_as_long_as_it_says(
    cloud: LocalCloud, ann: Identity, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = signing_keys(ann)
    move_signers_clock(monkeypatch, -50)
    assert presigned(cloud, keys, path, seconds=60).body == b"hers"
    move_signers_clock(monkeypatch, -70)
    late = presigned(cloud, keys, path, seconds=60)
    assert (late.status, late.code) == (403, "AccessDenied")
    assert b"Request has expired" in late.body
    move_signers_clock(monkeypatch, 3600)
    assert presigned(cloud, keys, path, seconds=60).code == "AccessDenied", "not valid yet"
    move_signers_clock(monkeypatch, 0)
    assert presigned(cloud, keys, path, seconds=604_801).code == "AuthorizationQueryParametersError"
    assert presigned(cloud, Keys(keys.access, "no", keys.token), path, seconds=60).code == "SignatureDoesNotMatch"


@pytest.mark.parametrize("seconds", [-16 * 60, 16 * 60])
def test_a_signers_clock_that_is_wrong(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    move_signers_clock(monkeypatch, seconds)
    assert (
        signed_call(cloud.port, "cognito-idp", "ListUserPools", {"MaxResults": 1}).code == "InvalidSignatureException"
    )
    assert signed(cloud.port, "s3", method="GET").code == "RequestTimeTooSkewed"
    assert signed(cloud.port, "sts", WHO_AM_I, FORM).code == "SignatureDoesNotMatch"


def test_a_signature_covers_path_query_headers_and_body(cloud: LocalCloud, ann: Identity, path: str) -> None:
    keys = signing_keys(ann)
    headers = sign(cloud.port, "s3", method="GET", path=path, keys=keys)
    assert request(cloud.port, headers=headers, method="GET", path=path).body == b"hers"
    for change in (
        {"method": "DELETE", "path": path},
        {"method": "GET", "path": f"{path}b"},
        {"method": "GET", "path": f"{path}?versionId=1"},
        {"method": "GET", "path": path, "headers": {**headers, "host": "another.example"}},
        {"method": "GET", "path": path, "headers": {**headers, "x-amz-copy-source": "b/k"}},
        {"method": "GET", "path": path, "headers": {**headers, "x-amz-date": "20200101T000000Z"}},
        {"method": "GET", "path": path, "headers": headers, "body": b"x"},
    ):
        answer = request(cloud.port, **{"headers": headers, **change})  # type: ignore[arg-type]
        assert answer.status in (400, 403), change


def test_a_scope_for_another_place_or_service_is_none_for_this(cloud: LocalCloud) -> None:
    body = json.dumps({"MaxResults": 1}).encode()
    target = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AWSCognitoIdentityProviderService.ListUserPools",
    }
    right = sign(cloud.port, "cognito-idp", body, target)
    assert request(cloud.port, body, right).status == 200
    for old, new in (("us-east-1", "eu-west-1"), ("/cognito-idp/", "/s3/"), ("/cognito-idp/", "/cognito-identity/")):
        answer = request(cloud.port, body, {**right, "authorization": right["authorization"].replace(old, new)})
        assert answer.status in (400, 403), new
        assert answer.code, new


def test_a_request_signed_for_s3_reaches_no_other_service(cloud: LocalCloud) -> None:
    """Attack: decided as a read of a bucket, carried out as a scan of a table."""
    table = cloud.outputs["UserDataTable"]
    for extra in ({"x-amz-target": "DynamoDB_20120810.Scan"}, {"x-amz-target": "AWSCognitoIdentityService.GetId"}):
        answer = signed(cloud.port, "s3", json.dumps({"TableName": table}).encode(), extra, path="/")
        assert b"Items" not in answer.body
        assert b"IdentityId" not in answer.body
        assert answer.status in (400, 403, 405)
    answer = signed(cloud.port, "s3", b"Action=CreateUser&UserName=no-such-user", FORM, path="/")
    assert answer.status in (400, 403, 405)
    users = root_client(cloud, "iam").list_users()["Users"]
    assert "no-such-user" not in {user["UserName"] for user in users}


def test_keys_may_do_what_their_role_may_now(cloud: LocalCloud, email: str) -> None:
    iam, name = root_client(cloud, "iam"), email.partition("@")[0]
    allow = {"Effect": "Allow", "Action": ["sts:AssumeRole", "s3:ListAllMyBuckets"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    user = iam.create_user(UserName=name)["User"]
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    own = Keys(made["AccessKeyId"], made["SecretAccessKey"])
    trust = {"Effect": "Allow", "Principal": {"AWS": user["Arn"]}, "Action": "sts:AssumeRole"}
    trusted = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)

    form = f"Action=AssumeRole&Version=2011-06-15&RoleArn={role}&RoleSessionName=session"
    assumed = signed(cloud.port, "sts", form.encode(), FORM, keys=own).body.decode()
    found = [
        assumed.partition(f"<{tag}>")[2].partition("<")[0] for tag in ("AccessKeyId", "SecretAccessKey", "SessionToken")
    ]
    keys = Keys(*found)
    assert signed(cloud.port, "s3", method="GET", keys=keys).status == 200

    iam.delete_role_policy(RoleName=name, PolicyName="p")
    assert signed(cloud.port, "s3", method="GET", keys=keys).code == "AccessDenied"
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)
    assert signed(cloud.port, "s3", method="GET", keys=keys).status == 200
    iam.delete_role_policy(RoleName=name, PolicyName="p")
    iam.delete_role(RoleName=name)
    assert signed(cloud.port, "s3", method="GET", keys=keys).code == "InvalidAccessKeyId"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted)
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)
    again = signed(cloud.port, "s3", method="GET", keys=keys)
    assert again.code == "InvalidAccessKeyId", "keys of a deleted role are not good for another one of its name"

    iam.delete_access_key(UserName=name, AccessKeyId=own.access)
    assert signed(cloud.port, "sts", WHO_AM_I, FORM, keys=own).code == "InvalidClientTokenId"
    iam.delete_role_policy(RoleName=name, PolicyName="p")
    iam.delete_role(RoleName=name)
    iam.delete_user_policy(UserName=name, PolicyName="p")
    iam.delete_user(UserName=name)


def test_a_copy_from_anothers_key_is_a_read_of_it(cloud: LocalCloud, ann: Identity, email: str) -> None:
    bob = Person.new(cloud, email).identity()
    bucket = cloud.outputs["UserDataBucket"]
    target = f"/{bucket}/private/{bob.identity_id.replace(':', '%3A')}/stolen"
    source = f"{bucket}/private/{ann.identity_id}/a"
    for spelling in (
        source,
        f"/{source}",
        source.replace(":", "%3A"),
        source.replace("/", "%2F"),
        f"{source}?versionId=null",
    ):
        answer = signed(
            cloud.port, "s3", b"", {"x-amz-copy-source": spelling}, method="PUT", path=target, keys=signing_keys(bob)
        )
        assert (answer.status, answer.code) == (403, "AccessDenied"), spelling
    assert signed(cloud.port, "s3", method="GET", path=target, keys=signing_keys(bob)).status == 403
