"""The condition keys that S3 requests carry.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_s3.html#s3-policy-keys
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl

from localcloud.iam.actions import Catalog
from localcloud.iam.actions._params import NotUnderstoodError
from localcloud.iam.actions._s3_request import Request
from localcloud.iam.request import ContextValue

Context = dict[str, ContextValue]

_ACL_HEADERS = (
    "x-amz-acl",
    "x-amz-grant-full-control",
    "x-amz-grant-read",
    "x-amz-grant-read-acp",
    "x-amz-grant-write",
    "x-amz-grant-write-acp",
)
_CONTENT_HEADERS = (
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
)
_CREATES_OBJECT = frozenset({"CompleteMultipartUpload", "CopyObject", "PutObject"})


def common(request: Request) -> Context:
    """Keys of every request. `s3:signatureAge` needs the time, and is added where the signature is verified."""
    found: Context = {}
    if request.presigned or "authorization" in request.headers:
        found["s3:authType"] = "REST-QUERY-STRING" if request.presigned else "REST-HEADER"
        found["s3:signatureversion"] = "AWS4-HMAC-SHA256"
    if "x-amz-content-sha256" in request.headers:
        found["s3:x-amz-content-sha256"] = request.headers["x-amz-content-sha256"]
    return found


def listing(request: Request) -> Context:
    """Keys of a list. A prefix that is not given is absent, an empty one is there and equals "".

    https://github.com/minio/minio-go/issues/1064
    """
    found: Context = {"s3:max-keys": request.words.get("max-keys", "1000")}
    return found | {f"s3:{word}": request.words[word] for word in ("prefix", "delimiter") if word in request.words}


def content(request: Request) -> Context:
    """Keys of a request that writes an object."""
    name = request.operation.name
    found: Context = {"s3:ObjectCreationOperation": "true" if name in _CREATES_OBJECT else "false"}
    for header in (*_ACL_HEADERS, *_CONTENT_HEADERS):
        if header in request.headers:
            found[f"s3:{header}"] = request.headers[header]
    return found | preconditions(request) | header_tags(request) | retention(request) | legal_hold(request)


def preconditions(request: Request) -> Context:
    """`s3:if-match` and `s3:if-none-match`."""
    headers = request.headers
    return {f"s3:{name}": headers[name] for name in ("if-match", "if-none-match") if name in headers}


def acl(request: Request) -> Context:
    """Keys of a request that sets an access control list, by headers; empty when it does not."""
    return {f"s3:{header}": request.headers[header] for header in _ACL_HEADERS if header in request.headers}


def header_tags(request: Request) -> Context:
    """Tags in the `x-amz-tagging` header. Raises NotUnderstoodError when two readers could differ on them."""
    text = request.headers.get("x-amz-tagging", "")
    if not text:
        return {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise NotUnderstoodError from None
    return object_tags(pairs)


def object_tags(pairs: list[tuple[str, str]]) -> Context:
    """`s3:RequestObjectTag/…` and `s3:RequestObjectTagKeys`. Raises NotUnderstoodError for a key given twice.

    Attack: `team=red&Team=blue`: a condition knows no case, so the one tag would hide the other.
    """
    tags = dict(pairs)
    if len({key.lower() for key in tags}) != len(pairs):
        raise NotUnderstoodError
    found: Context = {"s3:RequestObjectTagKeys": tuple(tags)} if tags else {}
    return found | {f"s3:RequestObjectTag/{key}": value for key, value in tags.items()}


def existing_tags(catalog: Catalog, bucket: str, key: str, version_id: str) -> Context:
    """`s3:ExistingObjectTag/…` of the stored object."""
    tags = catalog.object_tags(bucket, key, version_id or None)
    return {f"s3:ExistingObjectTag/{key}": value for key, value in tags.items()}


def retention(request: Request) -> Context:
    """A retention in headers; empty when there is none."""
    headers = request.headers
    return lock(request, headers.get("x-amz-object-lock-mode"), headers.get("x-amz-object-lock-retain-until-date"))


def legal_hold(request: Request) -> Context:
    """A legal hold in a header; empty when there is none."""
    header = "x-amz-object-lock-legal-hold"
    return {"s3:object-lock-legal-hold": request.headers[header]} if header in request.headers else {}


def lock(request: Request, mode: str | None, until: str | None) -> Context:
    """Keys of a retention that is asked for. Raises NotUnderstoodError for a date that cannot be read."""
    found: Context = {}
    if mode is not None:
        found["s3:object-lock-mode"] = mode
    if until is not None:
        found["s3:object-lock-retain-until-date"] = until
        found["s3:object-lock-remaining-retention-days"] = str((_moment(until) - _signed_at(request)).days)
    return found


def _signed_at(request: Request) -> datetime:
    return _moment(request.headers.get("x-amz-date", ""))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotUnderstoodError from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
