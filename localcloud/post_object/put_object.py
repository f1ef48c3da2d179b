"""The PutObject that a form stands for: what is decided and performed is this, and no longer the form."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from localcloud.errors import AwsError
from localcloud.iam.actions import _s3_xml as xml
from localcloud.post_object.form import Form
from localcloud.wire.http import HttpRequest

_SAME_NAME = frozenset(
    {"cache-control", "content-disposition", "content-encoding", "content-md5", "content-type", "expires"}
    | {"x-amz-storage-class", "x-amz-website-redirect-location"}
)
_PREFIXES = (
    "x-amz-checksum-",
    "x-amz-grant-",
    "x-amz-meta-",
    "x-amz-object-lock-",
    "x-amz-server-side-encryption",
)
_NOT_HEADERS = frozenset(
    {"x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token", "x-amz-signature"}
)
_OF_CALLER = ("referer", "user-agent")


def put_object(form: Form, request: HttpRequest) -> HttpRequest:
    """The request that would write the form's file by PutObject. Raises AwsError for a field that S3 would read so."""
    headers = {"content-type": "binary/octet-stream", **dict(_headers(form))}
    if wrong := next((name for name, value in headers.items() if not _fits_header(value)), None):
        raise AwsError("InvalidArgument", f"Header value of '{wrong}' cannot be represented using ISO-8859-1.")
    of_caller = {name: request.headers[name] for name in _OF_CALLER if name in request.headers}
    return HttpRequest(
        method="PUT",
        raw_path=quote(f"/{form.bucket}/{form.fields['key']}"),
        raw_query="",
        headers={**of_caller, **headers},
        client_ip=request.client_ip,
    )


def _headers(form: Form) -> Iterator[tuple[str, str]]:
    for name, value in form.fields.items():
        # A header's text comes as Latin-1, whatever its bytes mean; a field's comes as UTF-8.
        text = value.encode().decode("latin-1")
        if name == "acl":
            yield "x-amz-acl", text
        elif name == "tagging":
            yield "x-amz-tagging", _tags(value)
        elif name in _SAME_NAME or name.startswith(_PREFIXES):
            yield name, text
        # Attack: `x-amz-copy-source` as a field, which would make another operation of the upload.
        elif name.startswith("x-amz-") and name not in _NOT_HEADERS:
            raise AwsError("NotImplemented", f"The form field '{name}' is not supported by the local cloud.", 501)


def _fits_header(value: str) -> bool:
    # Attack: a line break in a field, which no header of a PutObject could hold, to be given back as two headers.
    return all(character == "\t" or (character >= " " and character != "\x7f") for character in value)


def _tags(document: str) -> str:
    """The field `tagging` is XML, the header of that meaning is a query."""
    root = xml.parse(document.encode(), "Tagging")
    if [child.tag for child in root] != ["TagSet"] or any(tag.tag != "Tag" for tag in root[0]):
        raise xml.malformed()
    tags = [xml.leaves(tag, frozenset({"Key", "Value"})) for tag in root[0]]
    return urlencode([(tag.get("Key", ""), tag.get("Value", "")) for tag in tags])
