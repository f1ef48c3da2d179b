"""S3: which operation a request is, and which actions on which buckets and objects that takes.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions import _s3_context as context
from localcloud.iam.actions import _s3_delete_objects as delete_objects
from localcloud.iam.actions import _s3_xml as xml
from localcloud.iam.actions._params import NotUnderstoodError, tag_context
from localcloud.iam.actions._s3_context import Context
from localcloud.iam.actions._s3_delete_objects import merge_refusals, without_keys
from localcloud.iam.actions._s3_request import Request, object_arn, read, read_source

__all__ = ["checks", "merge_refusals", "operation", "without_keys"]

_BYPASS = "x-amz-bypass-governance-retention"
_LISTS = frozenset({"s3:ListBucket", "s3:ListBucketVersions"})
_BY_STORED_TAGS = ("Acl", "Attributes", "Tagging")


def operation(method: str, path: str, query: Mapping[str, Sequence[str]], headers: Mapping[str, str]) -> str:
    """The name that botocore gives the request, empty when it is not understood.

    `path` is path-style and percent-decoded once; `query` keeps every value of a repeated word, and words without a
    value; header names are in lower case.
    """
    try:
        return read(method, path, query, headers).operation.name
    except NotUnderstoodError:
        return ""


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call. Each key of a DeleteObjects is a check of its own, named by `part`.

    Raises NotUnderstoodError, and AwsError `MalformedXML`.
    """
    request = read(call.method, call.path, call.query, call.headers)
    if request.operation.name != call.operation:
        raise NotUnderstoodError
    found = _CHECKS.get(call.operation, _plain)(request, call.body, catalog)
    common = context.common(request)
    return [replace(check, context={**common, **check.context}) for check in found]


def _plain(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    """One action on the bucket or object, as the table of operations has it."""
    row = request.operation
    versioned = bool(row.versioned and request.version_id)
    action = f"s3:{row.versioned if versioned else row.action}"
    found: Context = {"s3:versionid": request.version_id} if versioned else {}
    if action in _LISTS:
        found |= context.listing(request)
    if row.level == "object" and (row.action == "GetObject" or row.action.endswith(_BY_STORED_TAGS)):
        found |= context.existing_tags(catalog, request.bucket, request.key, request.version_id)
    # Policies give ListAllMyBuckets on `*` or on `arn:aws:s3:::*`; this resource matches both.
    return [Check(action, "arn:aws:s3:::*" if row.level == "service" else request.arn, found)]


def _attributes(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    (check,) = _plain(request, body, catalog)
    return [check, replace(check, action=check.action.replace("Attributes", ""))]


def _write(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    """Writing content and, with it, an access control list, tags or a lock: each is an action of its own."""
    extras = {
        "s3:PutObjectAcl": context.acl(request),
        "s3:PutObjectTagging": context.header_tags(request),
        "s3:PutObjectRetention": context.retention(request),
        "s3:PutObjectLegalHold": context.legal_hold(request),
    }
    written = context.content(request)
    return [
        Check(action, request.arn, written) for action, given in [("s3:PutObject", written), *extras.items()] if given
    ]


def _write_part(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    return [Check("s3:PutObject", request.arn, context.content(request))]


def _read_source(request: Request, catalog: Catalog) -> Check:
    """A copy reads its source: unchecked, whoever may write could take any object for their own."""
    source = read_source(request)
    found = context.existing_tags(catalog, source.bucket, source.key, source.version_id)
    arn = object_arn(source.bucket, source.key)
    if source.version_id:
        return Check("s3:GetObjectVersion", arn, {**found, "s3:versionid": source.version_id})
    return Check("s3:GetObject", arn, found)


def _copy(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    read_check = _read_source(request, catalog)
    found = [read_check, *_write(request, body, catalog)]
    source = read_source(request)
    tags = catalog.object_tags(source.bucket, source.key, source.version_id or None)
    # The source's tags come along unless they are replaced; rules by tag must not be dodged by copying.
    if tags and request.headers.get("x-amz-tagging-directive") != "REPLACE":
        found.append(replace(read_check, action=f"{read_check.action}Tagging"))
        copied = {**context.content(request), **context.object_tags(list(tags.items()))}
        found.append(Check("s3:PutObjectTagging", request.arn, copied))
    return found


def _copy_part(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    return [_read_source(request, catalog), *_write_part(request, body, catalog)]


def _put_acl(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    return _with(_plain(request, body, catalog), context.acl(request))


def _put_tagging(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    root = xml.parse(body, "Tagging")
    if [child.tag for child in root] != ["TagSet"]:
        raise xml.malformed()
    return _with(_plain(request, body, catalog), context.object_tags(_tags(root[0])))


def _put_retention(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    members = xml.leaves(xml.parse(body, "Retention"), frozenset({"Mode", "RetainUntilDate"}))
    given = context.lock(request, members.get("Mode"), members.get("RetainUntilDate"))
    return _with(_plain(request, body, catalog), given) + _bypass(request, request.arn)


def _put_legal_hold(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    status = xml.leaves(xml.parse(body, "LegalHold"), frozenset({"Status"})).get("Status", "")
    return _with(_plain(request, body, catalog), {"s3:object-lock-legal-hold": status})


def _delete(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    return _with(_plain(request, body, catalog), context.preconditions(request)) + _bypass(request, request.arn)


def _delete_many(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    """Each key on its own: S3 answers 200 and refuses single keys inside."""
    found = []
    for entry in delete_objects.parse(body):
        arn = object_arn(request.bucket, entry.key)
        version: Context = {"s3:versionid": entry.version_id} if entry.version_id else {}
        action = "s3:DeleteObjectVersion" if entry.version_id else "s3:DeleteObject"
        asked = [Check(action, arn, version), *_bypass(request, arn)]
        found += [replace(check, part=entry.part) for check in asked]
    return found


def _bypass(request: Request, arn: str) -> list[Check]:
    bypassed = request.headers.get(_BYPASS, "").strip().lower() == "true"
    return [Check("s3:BypassGovernanceRetention", arn)] if bypassed else []


def _create_bucket(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    root = xml.parse(body, "CreateBucketConfiguration") if body else Element("CreateBucketConfiguration")
    parts = {child.tag: child for child in root}
    if len(parts) != len(root) or not parts.keys() <= {"LocationConstraint", "Tags"}:
        raise NotUnderstoodError
    found: Context = context.acl(request)
    if "LocationConstraint" in parts:
        found["s3:locationconstraint"] = parts["LocationConstraint"].text or ""
    ownership = request.headers.get("x-amz-object-ownership")
    if ownership is not None:
        found["s3:x-amz-object-ownership"] = ownership
    tags = tag_context(dict(_tags(parts["Tags"]))) if "Tags" in parts else {}
    locked = request.headers.get("x-amz-bucket-object-lock-enabled", "").lower() == "true"
    needed = {
        "CreateBucket": True,
        "PutBucketAcl": bool(context.acl(request)),
        "PutBucketObjectLockConfiguration": locked,
        "PutBucketOwnershipControls": ownership is not None,
        "PutBucketVersioning": locked,
        "TagResource": bool(tags),
    }
    return [Check(f"s3:{action}", request.arn, {**found, **tags}) for action, asked in needed.items() if asked]


def _tags(parent: Element) -> list[tuple[str, str]]:
    if any(child.tag != "Tag" for child in parent):
        raise xml.malformed()
    members = [xml.leaves(child, frozenset({"Key", "Value"})) for child in parent]
    return [(member.get("Key", ""), member.get("Value", "")) for member in members]


def _restore(request: Request, body: bytes, catalog: Catalog) -> list[Check]:
    """Bringing an object back. A restore that selects writes its result elsewhere, which nothing here would ask for."""
    root = xml.parse(body, "RestoreRequest")
    if any(child.tag in ("OutputLocation", "SelectParameters", "Type") for child in root):
        raise NotUnderstoodError
    return _plain(request, body, catalog)


def _with(found: list[Check], given: Context) -> list[Check]:
    return [replace(check, context={**check.context, **given}) for check in found]


_CHECKS: Mapping[str, Callable[[Request, bytes, Catalog], list[Check]]] = {
    "CompleteMultipartUpload": _write_part,
    "CopyObject": _copy,
    "CreateBucket": _create_bucket,
    "CreateMultipartUpload": _write,
    "DeleteObject": _delete,
    "DeleteObjects": _delete_many,
    "GetObjectAttributes": _attributes,
    "PutBucketAcl": _put_acl,
    "PutObject": _write,
    "PutObjectAcl": _put_acl,
    "PutObjectLegalHold": _put_legal_hold,
    "PutObjectRetention": _put_retention,
    "PutObjectTagging": _put_tagging,
    "RestoreObject": _restore,
    "UploadPart": _write_part,
    "UploadPartCopy": _copy_part,
}
