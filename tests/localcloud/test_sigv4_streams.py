"""Uploads in signed chunks: the worked examples of AWS's documentation verify, and nothing in a stream can change."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest

from tests.localcloud.signed_requests import Sent, sent

NO_MATCH_S3 = ("SignatureDoesNotMatch", 403)

# The worked examples of AWS's documentation: sigv4-streaming.html and sigv4-streaming-trailers.html.
CHUNK_SIGNATURES = [
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
]
TRAILER_CHUNK_SIGNATURES = [
    "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
    "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
    "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
]
DOC_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def chunked(signatures: list[str], tail: bytes = b"") -> bytes:
    parts = [b"a" * 65536, b"a" * 1024, b""]
    frames = [f"{len(p):x};chunk-signature={s}\r\n".encode() + p for p, s in zip(parts, signatures, strict=True)]
    return b"\r\n".join(frames) + tail + b"\r\n"


def documented(signed: str, signature: str, hash_word: str, body: bytes, **headers: str) -> Sent:
    scope = "AKIDEXAMPLE/20130524/us-east-1/s3/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 Credential={scope},SignedHeaders={signed},Signature={signature}"
    base = Sent("PUT", "/examplebucket/chunkObject.txt", "", {"host": "s3.amazonaws.com"}, body, 1369353600)
    return base.with_headers(
        authorization=authorization,
        x_amz_content_sha256=hash_word,
        x_amz_date="20130524T000000Z",
        x_amz_storage_class="REDUCED_REDUNDANCY",
        content_encoding="aws-chunked",
        content_length="66824",
        x_amz_decoded_content_length="66560",
        **headers,
    )


SIGNED_CHUNKS = documented(
    "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    chunked(CHUNK_SIGNATURES),
)
SIGNED_TRAILER = documented(
    "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
    "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    chunked(
        TRAILER_CHUNK_SIGNATURES,
        b"x-amz-checksum-crc32c:sOO8/Q==\r\n"
        b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n",
    ),
    x_amz_trailer="x-amz-checksum-crc32c",
)


@pytest.mark.parametrize("request_", [SIGNED_CHUNKS, SIGNED_TRAILER])
def test_the_documented_streams_verify(request_: Sent) -> None:
    assert request_.verify(DOC_SECRET) == b"a" * 66560


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"a" * 1024, b"b" * 1024, NO_MATCH_S3),
        (CHUNK_SIGNATURES[1].encode(), CHUNK_SIGNATURES[0].encode(), NO_MATCH_S3),
        (b";chunk-signature=" + CHUNK_SIGNATURES[2].encode(), b"", NO_MATCH_S3),
        # the second chunk cut out, the end cut off, more after the end
        (b"400;chunk-signature=%b\r\n%b\r\n" % (CHUNK_SIGNATURES[1].encode(), b"a" * 1024), b"", NO_MATCH_S3),
        (b"0;chunk-signature=" + CHUNK_SIGNATURES[2].encode() + b"\r\n\r\n", b"", ("IncompleteBody", 400)),
        (b"400;", b"4000000;", ("IncompleteBody", 400)),
        (b"400;", b"-1;", ("IncompleteBody", 400)),
        (b"400;", b"zz;", ("IncompleteBody", 400)),
        (b"9df9\r\n", b"9df9\r\nx: 1\r\n", ("MalformedTrailerError", 400)),
    ],
)  # fmt: skip
def test_a_changed_stream_is_refused(old: bytes, new: bytes, expected: tuple[str, int]) -> None:
    assert old in SIGNED_CHUNKS.body
    before, after = SIGNED_CHUNKS.body.rsplit(old, 1)
    changed = replace(SIGNED_CHUNKS, body=before + new + after)
    assert changed.refused(DOC_SECRET) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"sOO8/Q==", b"AAAAAA==", NO_MATCH_S3),
        (b"x-amz-trailer-signature:d8", b"x-amz-trailer-signature:00", NO_MATCH_S3),
        (b"x-amz-checksum-crc32c:", b"x-amz-checksum-crc32:", ("MalformedTrailerError", 400)),
    ],
)
def test_a_changed_trailer_is_refused(old: bytes, new: bytes, expected: tuple[str, int]) -> None:
    assert old in SIGNED_TRAILER.body
    assert replace(SIGNED_TRAILER, body=SIGNED_TRAILER.body.replace(old, new)).refused(DOC_SECRET) == expected


def test_an_unsigned_stream_with_a_trailer() -> None:
    """What botocore sends over https: only the headers are signed, the trailer carries a checksum."""
    request = sent("s3", lambda s3: s3.put_object(Bucket="bucket", Key="k", Body=BytesIO(b"hello")), endpoint=None)
    assert request.headers["x-amz-content-sha256"] == "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    assert request.verify() == b"hello"
    longer = request.body.replace(b"\r\n0\r\n", b"\r\n1\r\nx\r\n0\r\n")
    for body in (longer, b"not framed", b""):
        assert replace(request, body=body).refused() == ("IncompleteBody", 400)
