"""Forms as they come: parts in their order, and whatever else may be sent as one."""

from __future__ import annotations

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from localcloud.errors import AwsError
from localcloud.post_object import is_form, put_object, read
from localcloud.wire.http import HttpRequest

B = "multipart/form-data; boundary=B"


def request(body: bytes, kind: str = B, path: str = "/bucket", query: str = "", **headers: str) -> HttpRequest:
    return HttpRequest("POST", path, query, {"content-type": kind, **headers}, body)


def part(disposition: str, content: str) -> str:
    return f"--B\r\nContent-Disposition: {disposition}\r\n\r\n{content}\r\n"


def body(*parts: str, end: str = "--B--\r\n") -> bytes:
    return ("".join(parts) + end).encode()


KEY = part('form-data; name="key"', "a/${filename}")
FILE = part('form-data; name="file"; filename="f.txt"', "content")


def refusal(sent: HttpRequest) -> str:
    with pytest.raises(AwsError) as raised:
        read(sent)
    return raised.value.code


def test_a_form_is_its_fields_and_its_file() -> None:
    form = read(request(body(KEY, part('form-data; name="X-Amz-Meta-A"', "1"), FILE)))
    assert (form.bucket, form.content) == ("bucket", b"content")
    assert form.fields == {"key": "a/f.txt", "x-amz-meta-a": "1"}


def test_metadata_that_comes_twice_is_joined() -> None:
    twice = [part('form-data; name="x-amz-meta-tag"', value) for value in ("Ninja", "Stallman")]
    assert read(request(body(KEY, *twice, FILE))).fields["x-amz-meta-tag"] == "Ninja,Stallman"


def test_a_file_without_a_name_leaves_the_key_as_it_is() -> None:
    assert read(request(body(KEY, part('form-data; name="file"', "")))).fields["key"] == "a/${filename}"
    assert read(request(body(KEY, part('form-data; name="file"; filename=""', "")))).fields["key"] == "a/"


def test_any_bytes_are_a_files_content() -> None:
    content = bytes(range(256)) * 50 + b"\r\n--"
    sent, kind = urllib3.encode_multipart_formdata([("key", "a"), ("file", ("a", content))])
    assert read(request(sent, kind)).content == content


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (body(KEY), "InvalidArgument"),
        (body(FILE), "InvalidArgument"),
        (body(part('form-data; name="key"', ""), FILE), "InvalidArgument"),
        (body(KEY, KEY, FILE), "InvalidArgument"),
        (b"", "MalformedPOSTRequest"),
        (b"no boundary", "MalformedPOSTRequest"),
        (body(KEY, FILE, end=""), "MalformedPOSTRequest"),
        (body(KEY, part("form-data", "no name"), FILE), "MalformedPOSTRequest"),
        (b"--B\r\nContent-Disposition: form-data; name=key\r\n\r\n\xff\r\n" + body(FILE), "MalformedPOSTRequest"),
        (body(part('form-data; name="x-ignore-a"', "x" * 20_481), KEY, FILE), "MaxPostPreDataLengthExceeded"),
    ],
)
def test_what_is_no_form_is_refused_by_name(sent: bytes, code: str) -> None:
    assert refusal(request(sent)) == code


def test_a_form_without_a_boundary_is_malformed() -> None:
    assert refusal(request(body(KEY, FILE), "multipart/form-data")) == "MalformedPOSTRequest"


@pytest.mark.parametrize("header", ["x-amz-acl", "x-amz-copy-source", "authorization"])
def test_attack_a_header_beside_the_form(header: str) -> None:
    assert refusal(request(body(KEY, FILE), **{header: "a"})) == "InvalidRequest"


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_and_never_a_crash(sent: bytes) -> None:
    with pytest.raises(AwsError):
        read(request(b"--B\r\n" + sent))


@pytest.mark.parametrize(
    "other",
    [
        request(b"", path="/"),
        request(b"", path="/bucket/key"),
        request(b"", query="delete"),
        request(b"", kind="application/xml"),
        HttpRequest("PUT", "/bucket", "", {"content-type": B}),
    ],
)
def test_other_requests_are_no_forms(other: HttpRequest) -> None:
    assert not is_form(other)


def test_the_upload_is_a_put_of_the_forms_key_with_the_forms_fields() -> None:
    fields = [("acl", "private"), ("Expires", "later"), ("policy", "p"), ("foo", "bar"), ("x-amz-meta-a", "é")]
    parts = [part(f'form-data; name="{name}"', value) for name, value in fields]
    sent = request(body(KEY.replace("a/", "a?b/é/"), *parts, FILE), origin="https://a.example", **{"user-agent": "u"})
    upload = put_object(read(sent), sent)
    assert (upload.method, upload.path, upload.raw_query) == ("PUT", "/bucket/a?b/é/f.txt", "")
    assert upload.headers == {
        "content-type": "binary/octet-stream",
        "expires": "later",
        "user-agent": "u",
        "x-amz-acl": "private",
        "x-amz-meta-a": "Ã©",
    }
