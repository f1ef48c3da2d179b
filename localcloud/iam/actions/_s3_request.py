"""One S3 request taken apart: operation, bucket, key, version, query words, and headers wherever they were sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from localcloud.iam.actions._params import NotUnderstoodError
from localcloud.iam.actions._s3_operations import OPERATIONS, Operation

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
_ALIASES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_OVERRIDES = frozenset({"x-http-method", "x-http-method-override", "x-method-override"})
_SIGNING = frozenset(
    {
        "x-amz-algorithm",
        "x-amz-content-sha256",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-expires",
        "x-amz-security-token",
        "x-amz-signature",
        "x-amz-signedheaders",
    }
)


@dataclass(frozen=True, slots=True)
class Source:
    """The object that a copy reads; no version means the current one."""

    bucket: str
    key: str
    version_id: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a request asks for. `words` are the query words of the operation, `headers` include hoisted ones."""

    operation: Operation
    bucket: str
    key: str
    words: Mapping[str, str]
    headers: Mapping[str, str]
    presigned: bool

    @property
    def version_id(self) -> str:
        """The version that is named, empty for the current one."""
        return self.words.get("versionId", "")

    @property
    def arn(self) -> str:
        """The ARN of the object, or of the bucket when no key is named."""
        return object_arn(self.bucket, self.key) if self.key else f"arn:aws:s3:::{self.bucket}"


def object_arn(bucket: str, key: str) -> str:
    """The ARN of an object."""
    return f"arn:aws:s3:::{bucket}/{key}"


def read(method: str, path: str, query: Mapping[str, Sequence[str]], headers: Mapping[str, str]) -> Request:
    """Take a path-style request apart; `path` is percent-decoded, once. Raises NotUnderstoodError."""
    if not path.startswith("/") or _OVERRIDES & headers.keys():
        raise NotUnderstoodError
    bucket, _, key = path[1:].partition("/")
    if path != "/":
        _check_bucket(bucket)
    level = "service" if path == "/" else "object" if key else "bucket"
    words, hoisted, presigned = _split_query(query)
    fields = _merge(headers, hoisted)
    candidates = [
        operation
        for operation in OPERATIONS
        if (operation.method, operation.level) == (method, level)
        and operation.needs <= words.keys() <= operation.knows
        and operation.copies == ("x-amz-copy-source" in fields and operation.writes_content)
    ]
    if len(candidates) != 1 or words.get("list-type", "2") != "2" or words.get("versionId", "-") == "":
        raise NotUnderstoodError
    return Request(candidates[0], bucket, key, words, fields, presigned)


def read_source(request: Request) -> Source:
    """The object that `x-amz-copy-source` names. Raises NotUnderstoodError, for an access point's ARN too."""
    raw, mark, suffix = request.headers["x-amz-copy-source"].partition("?")
    # `//bucket` and `/%2Fbucket`: readers do not agree on how many slashes go.
    bucket, slash, key = unquote(raw.removeprefix("/")).partition("/")
    name, _, version_id = suffix.partition("=")
    if not (slash and key) or (mark and (name != "versionId" or not re.fullmatch(r"[A-Za-z0-9._~-]+", version_id))):
        raise NotUnderstoodError
    _check_bucket(bucket)
    return Source(bucket, key, version_id)


def _check_bucket(bucket: str) -> None:
    # An alias or ARN of an access point would be decided under one name and served under another.
    if not _BUCKET.fullmatch(bucket) or bucket.endswith(_ALIASES):
        raise NotUnderstoodError


def _split_query(query: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], dict[str, str], bool]:
    """Query words, headers hoisted into the query, and whether the query is a presigned URL's."""
    words: dict[str, str] = {}
    hoisted: dict[str, str] = {}
    for name, values in query.items():
        lower = name.lower()
        if lower in _SIGNING or (lower.startswith("x-") and not lower.startswith("x-amz-")):
            continue  # S3 ignores the caller's own words, which begin with `x-`
        if len(values) != 1 or hoisted.get(lower, values[0]) != values[0]:
            raise NotUnderstoodError
        (hoisted if lower.startswith("x-amz-") else words)[lower if lower.startswith("x-amz-") else name] = values[0]
    return words, hoisted, "X-Amz-Algorithm" in query


def _merge(headers: Mapping[str, str], hoisted: Mapping[str, str]) -> Mapping[str, str]:
    """Headers with those of a presigned URL's query: S3 reads `?x-amz-copy-source=…` as the header of that name."""
    if any(headers.get(name, value) != value for name, value in hoisted.items()):
        raise NotUnderstoodError
    return {**headers, **hoisted}
