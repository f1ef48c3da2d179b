"""SAML's XML, read with nothing in it that could mean two things. Imports lxml: for what needs SAML, and no more."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from datetime import datetime

from lxml import etree

NAMESPACES = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
    "xenc11": "http://www.w3.org/2009/xmlenc11#",
}

_DECLARATIONS = re.compile("<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def parse(document: bytes, *, drop_comments: bool = False) -> etree._Element:
    """The root of a UTF-8 document; comments are refused, or left out. Raises ValueError.

    Attack: a DOCTYPE whose entities swell to gigabytes or read files, also one in another encoding; and a comment in
    `ada@example.com<!---->.evil.example`, of which a reader sees the first half and the signature all.
    """
    if _DECLARATIONS.search(document.decode()):
        raise ValueError("a DOCTYPE or an entity")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=drop_comments,
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("not XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a DOCTYPE")
    if next(root.getroottree().iter(etree.Comment, etree.ProcessingInstruction, etree.Entity), None) is not None:
        raise ValueError("a comment, an instruction or an entity")
    return root


def name(prefixed: str) -> str:
    """The full name of an element, `saml:Assertion` in short."""
    prefix, _, local = prefixed.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def children(element: etree._Element, path: str) -> list[etree._Element]:
    """The elements at a path below, `saml:Subject/saml:NameID` in short, in document order."""
    return element.findall(_full(path))


@functools.cache
def _full(path: str) -> str:
    """The path in full names; paths are the code's own, and few. Given prefixes, lxml sorts them for each search."""
    return "/".join(name(step) for step in path.split("/"))


def child(element: etree._Element, path: str) -> etree._Element | None:
    """The one element at a path below, or None. Raises ValueError when there are several: which one would count?"""
    found = children(element, path)
    if len(found) > 1:
        raise ValueError(f"more than one {path}")
    return found[0] if found else None


def text(element: etree._Element) -> str:
    """All text in an element."""
    return "".join(str(piece) for piece in element.itertext()).strip()


def texts(elements: Sequence[etree._Element]) -> tuple[str, ...]:
    """The text of each element."""
    return tuple(text(element) for element in elements)


def time_of(element: etree._Element, attribute: str) -> float | None:
    """A time in an attribute, in seconds since the epoch; None without it. Raises ValueError."""
    value = element.get(attribute)
    if value is None:
        return None
    if not _TIME.fullmatch(value):
        raise ValueError(f"{attribute} is no time")
    return datetime.fromisoformat(value).timestamp()
