"""A form that is not the one that was signed, or whose signer may not do what it says."""

from __future__ import annotations

import base64

import pytest

from tests.journeys.forms import User, send, signer
from tests.journeys.people import Person, keys_of, root_client
from tests.local_cloud import LocalCloud

CONDITION_FAILED = "Invalid according to Policy: Policy Condition failed: "


@pytest.fixture(scope="module")
def ann(cloud: LocalCloud) -> User:
    return User(cloud, Person.new(cloud, "ann@form-attacks.example.com").identity())


@pytest.fixture(scope="module")
def bob(cloud: LocalCloud) -> User:
    return User(cloud, Person.new(cloud, "bob@form-attacks.example.com").identity())


def test_attack_another_key_than_the_policys(ann: User) -> None:
    url, fields = ann.sign("mine.txt")
    status, code, message = send(url, {**fields, "key": f"{ann.own}/other.txt"}).refusal
    assert (status, code) == (403, "AccessDenied")
    assert message.startswith(f'{CONDITION_FAILED}["eq", "$key"')
    assert not ann.has("other.txt")


@pytest.mark.parametrize("field", ["acl", "x-amz-acl", "x-amz-meta-more", "Content-Type", "foo"])
def test_attack_a_field_that_the_policy_does_not_name(ann: User, field: str) -> None:
    url, fields = ann.sign("extra.txt")
    refused = send(url, {**fields, field: "public-read"}).refusal
    assert refused == (403, "AccessDenied", f"Invalid according to Policy: Extra input fields: {field.lower()}")
    assert not ann.has("extra.txt")


def test_attack_an_access_control_list_that_the_signer_may_not_set(ann: User) -> None:
    url, fields = ann.sign("acl.txt", Conditions=[{"acl": "public-read"}])
    status, code, message = send(url, {**fields, "acl": "public-read"}).refusal
    assert (status, code) == (403, "AccessDenied")
    assert "s3:PutObjectAcl" in message
    assert not ann.has("acl.txt")


def test_attack_a_policy_of_another_bucket(ann: User) -> None:
    url, fields = ann.sign("a.txt")
    other = "another-bucket-of-forms"
    root_client(ann.cloud, "s3").create_bucket(Bucket=other)
    _, code, message = send(url.replace(ann.bucket, other), fields).refusal
    assert (code, message) == ("AccessDenied", f'{CONDITION_FAILED}["eq", "$bucket", "{ann.bucket}"]')
    assert send(url.replace(ann.bucket, other), {**fields, "bucket": ann.bucket}).status >= 400


def test_attack_a_policy_that_was_changed_after_signing(ann: User) -> None:
    url, fields = ann.sign("a.txt", Conditions=[["content-length-range", 0, 1]])
    document = base64.b64decode(fields["policy"]).decode()
    larger = base64.b64encode(document.replace("0, 1]", "0, 9]").encode()).decode()
    assert send(url, {**fields, "policy": larger}).refusal[:2] == (403, "SignatureDoesNotMatch")
    assert send(url, {**fields, "policy": fields["policy"][:-4]}).refusal[:2] == (403, "SignatureDoesNotMatch")
    assert send(url, {**fields, "x-amz-signature": "0" * 64}).refusal[:2] == (403, "SignatureDoesNotMatch")


def test_attack_a_form_sent_too_late(ann: User) -> None:
    url, fields = ann.sign("late.txt", seconds=-1)
    refused = (403, "AccessDenied", "Invalid according to Policy: Policy expired.")
    assert send(url, fields).refusal == refused


def test_attack_a_form_for_another_users_folder(ann: User, bob: User) -> None:
    url, fields = bob.sign(f"/{ann.own}/taken.txt")
    status, code, message = send(url, fields).refusal
    assert (status, code) == (403, "AccessDenied")
    assert "is not authorized to perform: s3:PutObject" in message
    assert not ann.has("taken.txt")


@pytest.mark.parametrize("name", ["key", "policy", "x-amz-security-token"])
def test_attack_a_field_that_comes_twice(ann: User, name: str) -> None:
    url, fields = ann.sign("twice.txt")
    answer = send(url, [*fields.items(), (name.upper(), fields[name])])
    assert answer.refusal[:2] == (400, "InvalidArgument")
    assert not ann.has("twice.txt")


def test_attack_a_session_token_that_the_policy_does_not_name(ann: User) -> None:
    url, _ = ann.sign("token.txt")
    keys = keys_of(ann.identity)
    form = signer(ann.cloud, {**keys, "SessionToken": None}).generate_presigned_post(ann.bucket, f"{ann.own}/token.txt")
    assert send(url, form["fields"]).status in (400, 403), "no token at all"
    with_token = {**form["fields"], "x-amz-security-token": keys["SessionToken"]}
    refused = (403, "AccessDenied", "Invalid according to Policy: Extra input fields: x-amz-security-token")
    assert send(url, with_token).refusal == refused
    assert not ann.has("token.txt")


def test_attack_a_copy_made_of_an_upload(ann: User, bob: User) -> None:
    source = f"/{bob.bucket}/{bob.own}/secret.txt"
    bob.s3.put_object(Bucket=bob.bucket, Key=f"{bob.own}/secret.txt", Body=b"secret")
    url, fields = ann.sign("copy.txt", Conditions=[{"x-amz-copy-source": source}])
    assert send(url, {**fields, "x-amz-copy-source": source}).refusal[:2] == (501, "NotImplemented")
    assert send(url, fields, headers={"x-amz-copy-source": source}).refusal[:2] == (400, "InvalidRequest")
    assert not ann.has("copy.txt")


def test_attack_a_line_break_in_a_header_to_be(ann: User) -> None:
    url, fields = ann.sign("split.txt", Conditions=[["starts-with", "$x-amz-meta-a", ""]])
    assert send(url, {**fields, "x-amz-meta-a": "b\r\nset-cookie: c"}).refusal[:2] == (400, "InvalidArgument")


def test_attack_a_form_of_a_session_that_has_ended(fresh_cloud: LocalCloud, email: str) -> None:
    cloud = fresh_cloud.start()
    user = User(cloud, Person.new(cloud, email).identity())
    url, fields = user.sign("kept.txt", seconds=7200)
    assert send(url, fields).status == 204
    cloud.advance(3700)
    assert send(url, fields).refusal[:2] == (400, "ExpiredToken")


def test_attack_the_roots_keys_in_a_web_page(cloud: LocalCloud) -> None:
    form = signer(cloud).generate_presigned_post(cloud.outputs["UserDataBucket"], "page.txt")
    assert send(form["url"], form["fields"], headers={"origin": "https://evil.example"}).status == 403
    assert send(form["url"], form["fields"]).status == 204
