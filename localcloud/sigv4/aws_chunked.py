"""The `aws-chunked` framing of an S3 upload: `SIZE[;chunk-signature=…]CRLF data CRLF …`, then trailing headers.

Only the framing: who signed it is `verification.py`'s question.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from localcloud.errors import AwsError

_CHUNK_HEAD = re.compile(rb"([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?")
_TRAILER = re.compile(rb"([A-Za-z0-9-]+):[ \t]*([\x21-\x7e]*)[ \t]*")
_CRLF = b"\r\n"


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk and its signature, empty when the chunks are not signed."""

    data: bytes
    signature: str


@dataclass(frozen=True, slots=True)
class Framed:
    """A body taken apart. `chunks` ends with the empty one; trailing headers keep their order, names in lower case."""

    chunks: tuple[Chunk, ...]
    trailers: tuple[tuple[str, str], ...]

    @property
    def payload(self) -> bytes:
        """What the client uploads."""
        return b"".join(chunk.data for chunk in self.chunks)


def parse(body: bytes) -> Framed:
    """Take an aws-chunked body apart. Raises AwsError `IncompleteBody` or `MalformedTrailerError`, as S3 does."""
    chunks = []
    at = 0
    while True:
        line_end = body.find(_CRLF, at)
        head = _CHUNK_HEAD.fullmatch(body, at, line_end) if line_end >= 0 else None
        if head is None:
            raise incomplete_body()
        start = line_end + 2
        end = start + int(head[1], 16)
        chunks.append(Chunk(body[start:end], (head[2] or b"").decode()))
        if end == start:
            return Framed(tuple(chunks), _trailers(body[start:]))
        if body[end : end + 2] != _CRLF:
            raise incomplete_body()
        at = end + 2


def incomplete_body() -> AwsError:
    """S3's answer to a body that is shorter, longer or otherwise framed than it says."""
    return AwsError("IncompleteBody", "The request body terminated unexpectedly")


def malformed_trailer() -> AwsError:
    """S3's answer to trailing headers that are malformed, missing or were not announced."""
    text = "The request contained trailing data that was not well-formed or did not conform to our published schema."
    return AwsError("MalformedTrailerError", text)


def _trailers(tail: bytes) -> tuple[tuple[str, str], ...]:
    """The trailing headers; some clients end them with one CRLF, most with two."""
    lines = tail.removesuffix(_CRLF).removesuffix(_CRLF)
    matches = [_TRAILER.fullmatch(line) for line in lines.split(_CRLF)] if lines else []
    if not all(matches):
        raise malformed_trailer()
    return tuple((match[1].decode().lower(), match[2].decode()) for match in matches if match)
