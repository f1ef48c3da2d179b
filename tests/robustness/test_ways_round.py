"""Ways round a prefix: each reaches for somebody else's objects, over a socket, rightly signed (rules 54-61)."""

from __future__ import annotations

import hashlib
import json
import uuid
from urllib.parse import quote

import pytest

from tests.journeys.people import root_client
from tests.local_cloud import LocalCloud
from tests.robustness.place import SECRET, Place, make_place
from tests.robustness.wire import Keys, request, sign

DIGEST = hashlib.md5(SECRET.encode()).hexdigest().encode()
XML = '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>{}</Key></Object></Delete>'


@pytest.fixture(scope="module")
def place(cloud: LocalCloud) -> Place:
    return make_place(cloud)


def test_the_caller_has_what_is_its_own(place: Place) -> None:
    """Or else the tests below would show nothing."""
    assert place.s3("GET", "/PLACE/private/me/a").body == b"mine"
    assert place.s3("GET", "/PLACE?list-type=2&prefix=private%2Fme%2F").status == 200
    assert place.s3("PUT", "/PLACE/private/me/b", x_amz_copy_source="/PLACE/private%2Fme%2Fa").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/PLACE/private/you/a",
        "/PLACE/private%2Fyou%2Fa",
        "/PLACE/private/%79ou/a",
        "/PLACE/private/me/../you/a",
        "/PLACE/private/me/%2e%2e/you/a",
        "/PLACE/private/me/..%2Fyou/a",
        "/PLACE/private/me%2F..%2Fyou/a",
        "/PLACE/private/me/%252e%252e/you/a",
        "/PLACE/private/me%252F..%252Fyou/a",
        "/PLACE/private/me/..%5Cyou%5Ca",
        "/PLACE/private/me/./../you/a",
        "/PLACE/private//you/a",
        "/PLACE//private/you/a",
        "//PLACE/private/you/a",
        "/PLACE./private/you/a",
        "/PLACE/private/you/a.",
        "/PLACE/private/you/a/",
        "/PLACE/PRIVATE/you/a",
        "/PLACE/private/you/a%00",
        "/PLACE/private/me/a/../../you/a",
        "/./PLACE/private/you/a",
        "/other/../PLACE/private/you/a",
        "/PLACE/private/you/a?versionId=YOUR_VERSION",
        "/PLACE/private/me/../you/a?versionId=YOUR_VERSION",
        "/PLACE/private/you/a?x-id=GetObject",
        "/PLACE/private/you/a?tagging=",
        "/PLACE/private/you/a?acl=",
        "/PLACE/private/you/a?attributes=",
        "/PLACE/private/you/a?torrent=",
    ],
)
def test_spellings_of_a_key(place: Place, path: str) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        answer = place.s3(method, path, b"theirs" if method == "PUT" else b"")
        assert answer.code != "SignatureDoesNotMatch"
        assert SECRET.encode() not in answer.body
        assert answer.headers.get("content-length") != str(len(SECRET)) or answer.status >= 400
    assert place.is_untouched()


@pytest.mark.parametrize(
    "source",
    [
        "/PLACE/private/you/a",
        "PLACE/private%2Fyou%2Fa",
        "PLACE%2Fprivate%2Fyou%2Fa",
        "%2FPLACE/private/you/a",
        "//PLACE/private/you/a",
        "PLACE/private/me/../you/a",
        "PLACE/private/me/%2e%2e/you/a",
        "PLACE/private/me/..%2Fyou%2Fa",
        "PLACE/private%252Fyou%252Fa",
        "PLACE/private/me/a/../../you/a",
        "/PLACE/private/you/a?versionId=YOUR_VERSION",
        "/PLACE/private/me/a?versionId=YOUR_VERSION",
        "/PLACE/private/me/a?versionId=x&versionId=YOUR_VERSION",
        "/PLACE/private/you/a%3FversionId=YOUR_VERSION",
        "arn:aws:s3:::PLACE/private/you/a",
        "arn:aws:s3:us-east-1:000000000000:accesspoint/PLACE/object/private/you/a",
        "private/you/a",
        "PLACE/private/you/a ",
        " PLACE/private/you/a",
    ],
)
def test_sources_of_a_copy(place: Place, source: str) -> None:
    uploads = place.s3("POST", "/PLACE/private/me/parts?uploads=").body.decode()
    upload_id = uploads.partition("<UploadId>")[2].partition("<")[0]
    assert upload_id
    for path in ("/PLACE/private/me/copy", f"/PLACE/private/me/parts?partNumber=1&uploadId={upload_id}"):
        answer = place.s3("PUT", path, x_amz_copy_source=source)
        assert DIGEST not in answer.body
        assert answer.status >= 400 or ".." in source.replace("%2e", ".")
    place.s3("PUT", f"/PLACE/private/me/copy?x-amz-copy-source={quote(place.named(source), safe='')}")
    assert SECRET.encode() not in place.s3("GET", "/PLACE/private/me/copy").body


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?list-type=2",
        "?list-type=2&prefix=",
        "?list-type=2&prefix=private%2Fyou%2F",
        "?list-type=2&prefix=private%2Fme",
        "?list-type=2&prefix=private%2Fme%2F&prefix=private%2Fyou%2F",
        "?list-type=2&prefix=private%2Fme%2F..%2Fyou%2F",
        "?PREFIX=private%2Fme%2F&list-type=2",
        "?list-type=2&prefix=private%252Fme%252F",
        "?prefix=private%2Fme%2F&versions=",
        "?prefix=private%2Fme%2F&uploads=",
        "?delimiter=%2F",
    ],
)
def test_lists(place: Place, query: str) -> None:
    answer = place.s3("GET", f"/PLACE{query}")
    assert (answer.status, answer.code) == (403, "AccessDenied")


@pytest.mark.parametrize("key", ["private/you/a", "private/me/../you/a", "./private/you/a", "/private/you/a"])
def test_deleting_many(place: Place, key: str) -> None:
    place.s3("POST", "/PLACE?delete", XML.format(key).encode(), content_md5="")
    assert place.is_untouched()


def test_another_address_in_a_header(cloud: LocalCloud) -> None:
    """`aws:SourceIp` is of the connection: there is no proxy in front of this server that could know better."""
    iam, name = root_client(cloud, "iam"), f"ways-{uuid.uuid4().hex[:8]}"
    condition = {"IpAddress": {"aws:SourceIp": "198.51.100.7/32"}}
    allow = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*", "Condition": condition}
    iam.create_user(UserName=name)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_user_policy(UserName=name, PolicyName="here", PolicyDocument=policy)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    keys = Keys(made["AccessKeyId"], made["SecretAccessKey"])
    headers = {"x-forwarded-for": "198.51.100.7", "x-real-ip": "198.51.100.7", "forwarded": "for=198.51.100.7"}
    answer = request(cloud.port, headers=sign(cloud.port, "s3", headers=headers, method="GET", keys=keys), method="GET")
    assert (answer.status, answer.code) == (403, "AccessDenied")
