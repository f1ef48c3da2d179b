"""Every way to call every S3 operation. What a call needs is read off the model: members say what can be done.

An operation with a `Key` is tried on objects, one with a `Prefix` lists, any other one is about the bucket.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from localcloud.policy.prove.calls import EMPTY_POLICY, Call, Scene, Spot, Where
from localcloud.policy.prove.layout import Kind
from localcloud.policy.prove.operations import Operation, operations

SEED = "seed.txt"
"""An object that is there."""

_CONTENT: Mapping[str, Kind] = {
    "GetObject": "read",
    "HeadObject": "read",
    "SelectObjectContent": "read",
    "HeadBucket": "list",
    "ListObjects": "list",
    "ListObjectsV2": "list",
    "CopyObject": "write",
    "CreateMultipartUpload": "write",
    "CompleteMultipartUpload": "write",
    "ListParts": "write",
    "PutObject": "write",
    "RenameObject": "write",
    "UploadPart": "write",
    "UploadPartCopy": "write",
    "AbortMultipartUpload": "delete",
    "DeleteObject": "delete",
    "DeleteObjects": "delete",
}
"""What concerns content. Whatever else there is, and whatever S3 may bring, is management."""

_MORE: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "VersionId": ("version", {"VersionId": "null"}),
    "ACL": ("access control list", {"ACL": "private"}),
    "Tagging": ("tags", {"Tagging": "kind=proof"}),
    "ObjectLockMode": ("lock", {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": "2040-01-01T00:00:00Z"}),
    "ObjectLockLegalHoldStatus": ("legal hold", {"ObjectLockLegalHoldStatus": "OFF"}),
}
"""Members that ask for more than content: the route that each makes, and what is given."""

_GIVEN: Mapping[str, Mapping[str, Any]] = {
    "PutObjectAcl": {"ACL": "private"},
    "PutObjectRetention": {"Retention": {"Mode": "GOVERNANCE", "RetainUntilDate": "2040-01-01T00:00:00Z"}},
    "RestoreObject": {"RestoreRequest": {"Days": 1}},
}
"""Where the smallest thing that the model allows is none that S3 takes."""

_LEAVES_AS_IT_IS = ("Get", "Head", "List", "Select")
_COPIES: tuple[tuple[str, Where, Where], ...] = (
    ("copy within", "here", "here"),
    ("copy to own", "here", "home"),
    ("copy from own", "home", "here"),
)


def s3_calls() -> Iterator[Call]:
    """All of them."""
    for operation in operations("s3"):
        if "CopySource" in operation.members:
            yield from _copies(operation)
        elif operation.name == "DeleteObjects":
            yield from _deletes(operation)
        elif "Key" in operation.members:
            yield from _on_objects(operation)
        elif {"Bucket", "Prefix"} <= operation.members.keys():
            yield from _listings(operation)
        else:
            kind = _CONTENT.get(operation.name, "manage")
            yield _on_bucket(operation, "direct", kind, {})


def _on_objects(operation: Operation) -> Iterator[Call]:
    kind = _CONTENT.get(operation.name, "manage")

    def fill(scene: Scene) -> dict[str, Any]:
        return operation.parameters(_members(operation, scene))

    direct = Call(operation, "direct", kind, (("here", kind),), fill)
    yield direct
    if not operation.document or operation.name == "CompleteMultipartUpload":
        yield dataclasses.replace(direct, route="presigned", transport="presigned")
    if operation.name == "PutObject":
        yield dataclasses.replace(direct, route="presigned form", transport="form")
    yield from _asking_for_more(operation, direct)


def _asking_for_more(operation: Operation, plain: Call) -> Iterator[Call]:
    for member, (route, given) in _MORE.items():
        # Where it is the operation's own purpose, as PutObjectAcl's, it is nothing more.
        if (
            member not in operation.members
            or member in operation.required
            or (plain.kind == "manage" and member != "VersionId")
        ):
            continue

        def fill(scene: Scene, given: Mapping[str, Any] = given) -> dict[str, Any]:
            return {**plain.fill(scene), **given}

        content = plain.needs if member != "VersionId" else ()
        yield dataclasses.replace(
            plain, route=route, kind="manage", needs=(*content, ("here", "manage")), fill=fill, transport="signed"
        )


def _copies(operation: Operation) -> Iterator[Call]:
    for route, source, target in _COPIES:

        def fill(scene: Scene, source: Where = source, target: Where = target) -> dict[str, Any]:
            values = _members(operation, dataclasses.replace(scene, here=scene.spot(target)))
            return operation.parameters({**values, "CopySource": _source(scene.spot(source))})

        kind: Kind = "read" if target == "home" else "write"
        call = Call(operation, route, kind, ((source, "read"), (target, "write")), fill, goes_home=source != target)
        yield call
        if route == "copy within":
            yield dataclasses.replace(call, route="presigned", transport="presigned")
            yield from _asking_for_more(operation, call)
            yield _of_a_version(call)


def _of_a_version(call: Call) -> Call:
    def fill(scene: Scene) -> dict[str, Any]:
        return {**call.fill(scene), "CopySource": _source(scene.here) + "?versionId=null"}

    return dataclasses.replace(
        call, route="version", kind="manage", needs=(("here", "manage"), ("here", "write")), fill=fill
    )


def _deletes(operation: Operation) -> Iterator[Call]:
    """Each key is decided apart: of several, the first one counts here."""

    def fill(scene: Scene) -> dict[str, Any]:
        return operation.parameters({"Bucket": scene.here.resource, "Delete": {"Objects": [_named(scene.here, scene)]}})

    def fill_mixed(scene: Scene) -> dict[str, Any]:
        keys = [_named(scene.here, scene), _named(scene.spot("home"), scene)]
        return operation.parameters({"Bucket": scene.here.resource, "Delete": {"Objects": keys}})

    def fill_version(scene: Scene) -> dict[str, Any]:
        keys = [{**_named(scene.here, scene), "VersionId": "null"}]
        return operation.parameters({"Bucket": scene.here.resource, "Delete": {"Objects": keys}})

    yield Call(operation, "direct", "delete", (("here", "delete"),), fill)
    yield Call(operation, "mixed with own", "delete", (("here", "delete"),), fill_mixed, goes_home=True)
    yield Call(operation, "version", "manage", (("here", "manage"),), fill_version)


def _listings(operation: Operation) -> Iterator[Call]:
    kind = _CONTENT.get(operation.name, "manage")

    def fill(scene: Scene) -> dict[str, Any]:
        return operation.parameters({"Bucket": scene.here.resource, "Prefix": scene.here.within})

    call = Call(operation, "direct", kind, (("here", kind),), fill)
    yield call
    yield dataclasses.replace(call, route="presigned", transport="presigned")
    yield _on_bucket(operation, "no prefix", kind, {})
    # Rule 55: not the same as no prefix at all.
    yield _on_bucket(operation, "empty prefix", kind, {"Prefix": ""})


def _on_bucket(operation: Operation, route: str, kind: Kind, given: Mapping[str, Any]) -> Call:
    def fill(scene: Scene) -> dict[str, Any]:
        return operation.parameters({"Bucket": scene.here.resource, "Policy": EMPTY_POLICY, "ACL": "private", **given})

    return Call(operation, route, kind, (("here", kind),), fill, level="resource")


def _members(operation: Operation, scene: Scene) -> dict[str, Any]:
    """What the members of an operation on an object mean here."""
    here = scene.here
    stays = operation.name.startswith(_LEAVES_AS_IT_IS) or "UploadId" in operation.members
    key = here.within + (SEED if stays else f"{scene.name}.txt")
    values: dict[str, Any] = {"Bucket": here.resource, "Key": key, "Body": b"x", "RenameSource": here.within + SEED}
    values |= _GIVEN.get(operation.name, {})
    if operation.name in ("CompleteMultipartUpload", "AbortMultipartUpload"):
        values["UploadId"], etag = scene.uploads.fresh(here.resource, key)
        values["MultipartUpload"] = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    elif "UploadId" in operation.members:
        values["UploadId"] = scene.uploads.shared(here.resource, key)
    return values


def _named(spot: Spot, scene: Scene) -> dict[str, Any]:
    return {"Key": f"{spot.within}{scene.name}.txt"}


def _source(spot: Spot) -> str:
    return f"{spot.resource}/{quote(spot.within + SEED, safe='/~')}"
