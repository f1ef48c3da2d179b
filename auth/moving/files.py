"""Move files from one prefix to another, read with the keys of the one identity and written with those of the other.

No single key may do both, so the content passes through here, a part at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from auth.errors import AuthError
from auth.moving.home import Home, Place, Progress, Step, places

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, GetObjectOutputTypeDef, ObjectTypeDef

PART = 16 * 1024 * 1024
"""Bytes that are in memory at once; a file of up to so many is written in one request."""

MOST_PARTS = 10_000
"""Parts of one upload: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html"""

_KEPT = ("CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Metadata")


def move_files(source: Home, target: Home, folder: str, progress: Progress) -> Iterator[Place]:
    """Move all files of a folder, as they are listed."""
    prefix = f"{folder}/{source.identity_id}/"
    for page in source.s3.get_paginator("list_objects_v2").paginate(Bucket=source.bucket, Prefix=prefix):
        for original in page.get("Contents", []):
            place = _settle(source, target, original, prefix, folder)
            progress(Step("copied", "file", place.name))
            # On condition that it still is what was copied.
            source.s3.delete_object(Bucket=source.bucket, Key=original["Key"], IfMatch=original["ETag"])
            progress(Step("deleted", "file", place.name))
            yield place


def _settle(source: Home, target: Home, original: ObjectTypeDef, prefix: str, folder: str) -> Place:
    """The first place that holds the same, or is free and does now."""
    for place in places(original["Key"].removeprefix(prefix), source):
        key = f"{folder}/{target.identity_id}/{place.name}"
        there = _find(target, key)
        if there is None:
            _copy(source, target, original, key)
            _check(_find(target, key), original, place)
            return place
        if _are_same(source, original, target, there):
            return place
    raise AssertionError("there is always another place")


def _find(home: Home, key: str) -> ObjectTypeDef | None:
    """The file of that name. Listed, for HeadObject says 403 of an absent one to whoever may not list the bucket."""
    listed = home.s3.list_objects_v2(Bucket=home.bucket, Prefix=key, MaxKeys=1).get("Contents", [])
    return listed[0] if listed and listed[0]["Key"] == key else None


def _check(copy: ObjectTypeDef | None, original: ObjectTypeDef, place: Place) -> None:
    # The content was checked on its way: boto3 sends a checksum with each request, and S3 refuses what differs.
    if copy is None or copy["Size"] != original["Size"]:
        raise AuthError(f"{place.name} did not arrive whole; the original was not touched")


def _are_same(source: Home, original: ObjectTypeDef, target: Home, there: ObjectTypeDef) -> bool:
    """Whether two files have the same content. Equal ETags show it; large ones differ by how the file was uploaded."""
    if original["Size"] != there["Size"]:
        return False
    return original["ETag"] == there["ETag"] or _digest(source, original) == _digest(target, there)


def _digest(home: Home, file: ObjectTypeDef) -> bytes:
    digest = sha256()
    for start in range(0, file["Size"], PART):
        digest.update(_read(home, file, start, PART)["Body"].read())
    return digest.digest()


def _copy(source: Home, target: Home, original: ObjectTypeDef, key: str) -> None:
    """Write the file under a name that nothing has. Raises ClientError `PreconditionFailed` if something has by now."""
    if original["Size"] <= PART:
        found = source.s3.get_object(Bucket=source.bucket, Key=original["Key"], IfMatch=original["ETag"])
        body = found["Body"].read()
        target.s3.put_object(Bucket=target.bucket, Key=key, Body=body, IfNoneMatch="*", **_headers(found))
        return
    headers = _headers(_read(source, original, 0, 1))
    upload: Any = {"Bucket": target.bucket, "Key": key}
    upload["UploadId"] = target.s3.create_multipart_upload(**upload, **headers)["UploadId"]
    try:
        parts = list(_copy_parts(source, target, original, upload))
        target.s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*")
    except BaseException:
        target.s3.abort_multipart_upload(**upload)
        raise


def _copy_parts(source: Home, target: Home, original: ObjectTypeDef, upload: Any) -> Iterator[CompletedPartTypeDef]:
    size = max(PART, -(-original["Size"] // MOST_PARTS))
    for number, start in enumerate(range(0, original["Size"], size), 1):
        body = _read(source, original, start, size)["Body"].read()
        sent = target.s3.upload_part(**upload, PartNumber=number, Body=body)
        yield {"PartNumber": number, "ETag": sent["ETag"]}


def _read(home: Home, file: ObjectTypeDef, start: int, size: int) -> GetObjectOutputTypeDef:
    """A part of a file, on condition that it still is the file that was listed."""
    given = f"bytes={start}-{min(start + size, file['Size']) - 1}"
    return home.s3.get_object(Bucket=home.bucket, Key=file["Key"], Range=given, IfMatch=file["ETag"])


def _headers(found: GetObjectOutputTypeDef) -> Any:
    return {name: value for name, value in found.items() if name in _KEPT}
