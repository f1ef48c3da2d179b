"""DeleteObjects: its keys, and how to refuse some of them inside a 200 as S3 does.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from localcloud.iam.actions import _s3_xml as xml

MAX_KEYS = 1000
_MEMBERS = frozenset({"ETag", "Key", "LastModifiedTime", "Size", "VersionId"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One object to delete; no version means a delete marker or, in a bucket without versions, the object."""

    key: str
    version_id: str

    @property
    def part(self) -> str:
        """What `Check.part` calls it: the key, and the version after a NUL, which no XML text can hold."""
        return f"{self.key}\0{self.version_id}" if self.version_id else self.key


def parse(body: bytes) -> list[Entry]:
    """The objects that a request names, in order. Raises AwsError `MalformedXML`."""
    return [_entry(element) for element in _objects(xml.parse(body, "Delete"))]


def without_keys(body: bytes, refused: Collection[str]) -> bytes:
    """The request without the parts that were refused; empty when nothing is left to ask the service for."""
    root = xml.parse(body, "Delete")
    for element in _objects(root):
        if _entry(element).part in refused:
            root.remove(element)
    return xml.render(root) if root.find("Object") is not None else b""


def merge_refusals(response_body: bytes, refused: Mapping[str, str]) -> bytes:
    """The service's answer with an `AccessDenied` for each part in `refused`, which gives the reason for each.

    `response_body` is empty when the service was not asked, because nothing was left to ask it for.
    """
    root = xml.parse(response_body, "DeleteResult") if response_body else Element("DeleteResult")
    for part, reason in refused.items():
        key, _, version_id = part.partition("\0")
        error = SubElement(root, "Error")
        SubElement(error, "Key").text = key
        if version_id:
            SubElement(error, "VersionId").text = version_id
        SubElement(error, "Code").text = "AccessDenied"
        SubElement(error, "Message").text = reason or "Access Denied"
    return xml.render(root)


def _objects(root: Element) -> list[Element]:
    """The `Object` elements. Anything else that a reader could take for one is malformed."""
    objects = [child for child in root if child.tag == "Object"]
    others = [child for child in root if child.tag != "Object"]
    if any(child.tag != "Quiet" or len(child) for child in others) or len(others) > 1:
        raise xml.malformed()
    if not 1 <= len(objects) <= MAX_KEYS:
        raise xml.malformed()
    return objects


def _entry(element: Element) -> Entry:
    members = xml.leaves(element, _MEMBERS)
    if not members.get("Key"):
        raise xml.malformed()
    return Entry(members["Key"], members.get("VersionId", ""))
