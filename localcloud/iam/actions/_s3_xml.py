"""XML bodies of S3 requests, read so that nothing but plain elements and text gets through."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser, tostring

from localcloud.errors import AwsError

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_DEEPEST = 8


class _PlainBuilder(TreeBuilder):
    """Refuses a document type: entities can grow without bound or read local files, in this reader or the next."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise malformed()


def parse(body: bytes, root_name: str) -> Element:
    """The root element, names without their namespace. Raises AwsError `MalformedXML`.

    Every element is in S3's namespace, or none is: a reader that looks for one of the two must not miss any.
    """
    parser = XMLParser(target=_PlainBuilder())  # noqa: S314  no document type, so no entities
    try:
        parser.feed(body)
        root = parser.close()
    except (ParseError, ValueError, LookupError):
        raise malformed() from None
    spaces = {_strip_namespace(element) for element in _walk(root, 0)}
    if root.tag != root_name or not (spaces == {""} or spaces == {NAMESPACE}):
        raise malformed()
    return root


def leaves(element: Element, allowed: frozenset[str]) -> dict[str, str]:
    """The children of `element` by name, each a text, each `allowed` and there once. Raises AwsError `MalformedXML`."""
    found = {child.tag: child.text or "" for child in element}
    if len(found) != len(element) or not allowed >= found.keys() or any(len(child) for child in element):
        raise malformed()
    return found


def render(root: Element) -> bytes:
    """The document as S3 writes it."""
    root.set("xmlns", NAMESPACE)
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True))


def malformed() -> AwsError:
    """S3's answer to a body that it cannot read."""
    text = "The XML you provided was not well-formed or did not validate against our published schema"
    return AwsError("MalformedXML", text)


def _walk(element: Element, depth: int) -> Iterator[Element]:
    if depth > _DEEPEST:
        raise malformed()
    yield element
    for child in element:
        yield from _walk(child, depth + 1)


def _strip_namespace(element: Element) -> str:
    space, brace, name = element.tag.rpartition("}")
    element.tag = name
    return space.removeprefix("{") if brace else ""
