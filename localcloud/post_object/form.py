"""The fields of a form, and the one file that ends them.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from localcloud.errors import AwsError
from localcloud.sigv4.post_form import missing_field
from localcloud.wire.http import HttpRequest

_MAX_FIELDS = 20_480
"""Bytes of all that comes before the file. Source: `MaxPostPreDataLengthBytes` in S3's own error."""

_SIGNING = frozenset({"policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"})


@dataclass(frozen=True, slots=True)
class Form:
    """A form as S3 reads it: names in lower case, `${filename}` put in; what came after the file is not there."""

    bucket: str
    fields: Mapping[str, str]
    content: bytes


def is_form(request: HttpRequest) -> bool:
    """Whether a path-style request is an upload by a form."""
    # The quickest question first: each call of every service comes by here.
    if request.raw_path == "/" or request.method != "POST" or request.raw_query or request.path.count("/") != 1:
        return False
    return bool(parse_options_header(request.headers.get("content-type", ""))[0] == "multipart/form-data")


def read(request: HttpRequest) -> Form:
    """The form that a path-style request holds. Raises AwsError in S3's words."""
    # Attack: headers that S3 would join with the fields, past the form's policy.
    if any(name.startswith("x-amz-") or name == "authorization" for name in request.headers):
        raise AwsError("InvalidRequest", "Conflicting values provided in HTTP headers and POST form fields.")
    parts = _parts(request)
    fields: dict[str, str] = {}
    for part, content in parts:
        name = (part.name or "").lower()
        if name == "file":
            return Form(request.path[1:], _expanded(fields, part.filename), content)
        value = _text(content)
        if name in fields and not name.startswith("x-amz-meta-"):
            # Attack: a field that comes twice, checked by its first value and used by its second.
            raise AwsError("InvalidArgument", f"The form field '{name}' was specified more than once.")
        fields[name] = f"{fields[name]},{value}" if name in fields else value
    raise AwsError("InvalidArgument", "POST requires exactly one file upload per request.")


def _parts(request: HttpRequest) -> Iterator[tuple[MultipartSegment, bytes]]:
    """Each part with its content, up to the file: nothing behind it is looked at."""
    _, options = parse_options_header(request.headers["content-type"])
    chunks: list[bytes] = []
    before = 0
    try:
        parser = PushMultipartParser(options.get("boundary", ""), strict=True)
        for event in parser.parse(request.body):
            if isinstance(event, MultipartSegment):
                part, chunks = event, []
                before += sum(len(name) + len(value) for name, value in part.headerlist)
            elif event is not None:
                chunks.append(bytes(event))
            else:
                content = b"".join(chunks)
                before += 0 if (part.name or "").lower() == "file" else len(content)
                if before > _MAX_FIELDS:
                    message = "Your POST request fields preceeding the upload file was too large."
                    raise AwsError("MaxPostPreDataLengthExceeded", message)
                yield part, content
        parser.close()
    except (MultipartError, ValueError) as error:
        raise malformed() from error


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise malformed() from error


def malformed() -> AwsError:
    """S3's answer to a form that it cannot read."""
    return AwsError("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")


def _expanded(fields: Mapping[str, str], filename: str | None) -> dict[str, str]:
    """The fields with the file's name in its place; of a path, which some browsers send, its last segment."""
    if not fields.get("key"):
        raise missing_field("key")
    if filename is None:
        return dict(fields)
    name = filename.replace("\\", "/").rpartition("/")[2]
    return {
        field: value if field in _SIGNING else value.replace("${filename}", name) for field, value in fields.items()
    }
