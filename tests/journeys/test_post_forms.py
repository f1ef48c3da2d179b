"""Uploads by HTML form: a user signs one with their own keys, and a browser sends it.

Rule 61: a form is decided when it is sent, with what its signer may do then; `s3:authType` is POST.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3

from tests.journeys.forms import Field, User, post, send, signer
from tests.journeys.people import Person, root_client
from tests.local_cloud import LocalCloud


@pytest.fixture(scope="module")
def ann(cloud: LocalCloud) -> User:
    return User(cloud, Person.new(cloud, "ann@forms.example.com").identity())


def test_a_signed_form_uploads_the_file(ann: User) -> None:
    conditions = [["starts-with", "$Content-Type", "text/"], {"x-amz-meta-from": "form"}]
    url, fields = ann.sign("plain.txt", Conditions=conditions)
    answer = send(url, {**fields, "Content-Type": "text/html", "X-Amz-Meta-From": "form"})
    assert (answer.status, answer.body) == (204, "")
    stored = ann.read("plain.txt")
    assert stored["Body"].read() == b"hello"
    assert (stored["ContentType"], stored["Metadata"]) == ("text/html", {"from": "form"})
    assert answer.headers["etag"] == stored["ETag"]
    assert answer.headers["location"].endswith("plain.txt")


def test_tags_need_the_permission_to_set_them(ann: User) -> None:
    tagging = "<Tagging><TagSet><Tag><Key>a</Key><Value>b c</Value></Tag></TagSet></Tagging>"
    url, fields = ann.sign("tagged.txt", Conditions=[{"tagging": tagging}])
    assert "s3:PutObjectTagging" in send(url, {**fields, "tagging": tagging}).refusal[2]
    s3, key = signer(ann.cloud), f"{ann.own}/tagged.txt"
    form = s3.generate_presigned_post(ann.bucket, key, Conditions=[["starts-with", "$tagging", "<Tagging>"]])
    assert send(form["url"], {**form["fields"], "tagging": tagging}).status == 204
    assert s3.get_object_tagging(Bucket=ann.bucket, Key=key)["TagSet"] == [{"Key": "a", "Value": "b c"}]
    assert send(form["url"], {**form["fields"], "tagging": "<Tagging>"}).refusal[:2] == (400, "MalformedXML")


def test_the_files_name_goes_into_the_key_without_its_path(ann: User) -> None:
    url, fields = ann.sign("uploads/${filename}")
    assert send(url, fields, filename="C:\\photos\\../cat ü.png").status == 204
    assert ann.has("uploads/cat ü.png")


def test_a_key_without_a_files_type_is_binary(ann: User) -> None:
    url, fields = ann.sign("untyped")
    assert send(url, fields).status == 204
    assert ann.read("untyped")["ContentType"] == "binary/octet-stream"


@pytest.mark.parametrize(("wanted", "status"), [("200", 200), ("201", 201), ("204", 204), ("404", 204)])
def test_the_form_says_how_success_is_told(ann: User, wanted: str, status: int) -> None:
    url, fields = ann.sign("told & told.txt", Conditions=[{"success_action_status": wanted}])
    answer = send(url, {**fields, "success_action_status": wanted})
    assert answer.status == status
    if status == 201:
        for element in (f"<Bucket>{ann.bucket}</Bucket>", f"<Key>{ann.own}/told &amp; told.txt</Key>", "<ETag>"):
            assert element in answer.body


def test_the_browser_is_sent_on(ann: User) -> None:
    redirect = "https://app.example.com/done?step=2"
    url, fields = ann.sign("a b.txt", Conditions=[["starts-with", "$success_action_redirect", ""]])
    answer = send(url, {**fields, "success_action_redirect": redirect})
    assert answer.status == 303
    found = urlsplit(answer.headers["location"])
    about = {name: values[0] for name, values in parse_qs(found.query).items()}
    etag = ann.read("a b.txt")["ETag"]
    assert about == {"step": "2", "bucket": ann.bucket, "key": f"{ann.own}/a b.txt", "etag": etag}
    for wrong in ("/relative", "javascript:alert(1)", "https://a.example/\r\nset-cookie: a=b"):
        assert send(url, {**fields, "success_action_redirect": wrong}).status == 204


def test_a_page_may_read_the_answer_as_the_buckets_rules_say(ann: User) -> None:
    url, fields = ann.sign("cors.txt")
    answer = send(url, fields, headers={"origin": "http://localhost:3000"})
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "access-control-allow-origin" not in send(url, fields, headers={"origin": "https://evil.example"}).headers


def test_a_form_limits_the_size_which_no_policy_of_iam_can(ann: User) -> None:
    url, fields = ann.sign("sized.txt", Conditions=[["content-length-range", 2, 4]])
    assert send(url, fields, b"12345").refusal[:2] == (400, "EntityTooLarge")
    assert send(url, fields, b"1").refusal[:2] == (400, "EntityTooSmall")
    assert not ann.has("sized.txt")
    assert [send(url, fields, content).status for content in (b"12", b"1234")] == [204, 204]
    # The same user by PutObject: nobody asks for the size.
    ann.s3.put_object(Bucket=ann.bucket, Key=f"{ann.own}/sized.txt", Body=b"1234567890")


def test_fields_behind_the_file_and_ignored_ones_count_for_nothing(ann: User) -> None:
    url, fields = ann.sign("order.txt")
    listed: list[Field] = [*fields.items(), ("x-ignore-me", "1")]
    tail: list[Field] = [("acl", "public-read"), ("submit", "Upload")]
    body, kind = urllib3.encode_multipart_formdata([*listed, ("file", ("a", b"hello")), *tail])
    assert post(url, body, {"content-type": kind}).status == 204
    body, kind = urllib3.encode_multipart_formdata([("file", ("a", b"hello")), *listed])
    assert post(url, body, {"content-type": kind}).refusal == (
        400,
        "InvalidArgument",
        "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
    )


@pytest.fixture(scope="module")
def uploader(cloud: LocalCloud) -> Any:
    """An IAM user who may upload, by form only."""
    iam = root_client(cloud, "iam")
    iam.create_user(UserName="uploader")
    return iam.create_access_key(UserName="uploader")["AccessKey"]


def grant(cloud: LocalCloud, effect: str) -> None:
    """Let the uploader upload by form, or forbid it."""
    statement = {
        "Effect": effect,
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::*",
        "Condition": {"StringEquals": {"s3:authType": "POST", "s3:signatureversion": "AWS4-HMAC-SHA256"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    root_client(cloud, "iam").put_user_policy(UserName="uploader", PolicyName="upload", PolicyDocument=document)


def test_what_the_signer_may_do_counts_when_the_form_is_sent(cloud: LocalCloud, uploader: Any) -> None:
    s3 = signer(cloud, uploader)
    grant(cloud, "Allow")
    form = s3.generate_presigned_post(cloud.outputs["UserDataBucket"], "by-form.txt")
    assert send(form["url"], form["fields"]).status == 204
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.put_object(Bucket=cloud.outputs["UserDataBucket"], Key="by-form.txt", Body=b"by header")
    grant(cloud, "Deny")
    assert send(form["url"], form["fields"]).refusal[:2] == (403, "AccessDenied")


def test_the_age_of_a_form_counts_from_its_signing(cloud: LocalCloud) -> None:
    s3, bucket = root_client(cloud, "s3"), "aged-forms"
    s3.create_bucket(Bucket=bucket)
    form = signer(cloud).generate_presigned_post(bucket, "a.txt")
    too_old = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {"NumericGreaterThanEquals": {"s3:signatureAge": "0"}},
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [too_old]}))
    assert send(form["url"], form["fields"]).refusal[:2] == (403, "AccessDenied")


def test_a_form_that_nobody_signed_needs_a_bucket_policy_for_everyone(cloud: LocalCloud) -> None:
    s3 = root_client(cloud, "s3")
    bucket = "public-forms"
    s3.create_bucket(Bucket=bucket)
    url = f"{cloud.endpoint}/{bucket}"
    assert send(url, {"key": "in/a.txt"}).refusal[:2] == (403, "AccessDenied")
    everyone = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/in/*",
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [everyone]}))
    assert send(url, {"key": "in/a.txt"}).status == 204
    assert send(url, {"key": "out/a.txt"}).refusal[:2] == (403, "AccessDenied")
    assert send(url, {"key": "in/a.txt", "acl": "public-read"}).refusal[:2] == (403, "AccessDenied")
