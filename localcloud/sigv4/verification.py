"""Recomputes a signature over the request as it came, and gives back the payload, its framing taken apart."""

from __future__ import annotations

import functools
import hashlib
import hmac
import time
from collections.abc import Mapping

from localcloud.sigv4 import aws_chunked, canonical_request
from localcloud.sigv4.credential import ALGORITHM, Credential
from localcloud.sigv4.errors import refusal

UNSIGNED = "UNSIGNED-PAYLOAD"
STREAMING = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
STREAMING_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
STREAMING_UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

_STREAMING = frozenset({STREAMING, STREAMING_TRAILER, STREAMING_UNSIGNED_TRAILER})
_NOTHING = hashlib.sha256(b"").hexdigest()
_WIDE_WINDOW = frozenset({"s3", "dynamodb", "sts", "iam", "sqs", "sns"})


def verify(
    credential: Credential,
    secret_key: str,
    method: str,
    raw_path: str,
    raw_query: str,
    headers: Mapping[str, str],
    body: bytes,
    now: float,
) -> bytes:
    """Raise AwsError unless `secret_key` signed this very request; give back the payload, aws-chunked taken apart.

    `raw_path` and `raw_query` are as they came on the wire, still percent-encoded; header names are in lower case and
    values decoded as Latin-1, as ASGI's bytes are. `now` is the real time, seconds since the epoch.
    """
    _check_time(credential, headers, now)
    _check_signed_headers(credential, headers)
    query = canonical_request.read_query(raw_query)
    payload_hash = _payload_hash(credential, query, headers, body)
    canonical = _canonical_request(credential, method, raw_path, query, headers, payload_hash)
    key = signing_key(secret_key, credential.date, credential.region, credential.service)
    expected = _sign(key, ALGORITHM, credential, hashlib.sha256(canonical).hexdigest())
    if not same(expected, credential.signature):
        raise refusal("mismatch", credential.service, headers)
    if payload_hash in _STREAMING:
        return _read_chunks(credential, key, payload_hash, headers, body)
    # A captured signature with another body: the hash that S3 clients state was signed, so the body must have it.
    if credential.service == "s3" and payload_hash != UNSIGNED and not same(_sha256(body), payload_hash):
        raise refusal("payload", credential.service, headers)
    return body


def _check_time(credential: Credential, headers: Mapping[str, str], now: float) -> None:
    """A signature must not be kept and used later: minutes in a header, `X-Amz-Expires` in a presigned URL."""
    minutes = 15 if credential.service in _WIDE_WINDOW else 5
    age = now - credential.signed_at
    if age < -minutes * 60:
        edge = f"{_stamp(now + minutes * 60)} ({_stamp(now)} + {minutes} min.)"
        detail = f"Signature not yet current: {credential.timestamp} is still later than {edge}"
        raise refusal("not yet valid" if credential.presigned else "skewed", credential.service, headers, detail)
    if age > (minutes * 60 if credential.expires is None else credential.expires):
        edge = f"{_stamp(now - minutes * 60)} ({_stamp(now)} - {minutes} min.)"
        detail = f"Signature expired: {credential.timestamp} is now earlier than {edge}"
        raise refusal("expired" if credential.presigned else "skewed", credential.service, headers, detail)


def _stamp(moment: float) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(moment))


def _check_signed_headers(credential: Credential, headers: Mapping[str, str]) -> None:
    # A captured request sent to another host, or with a header added that changes its meaning (x-amz-copy-source,
    # x-amz-acl, x-amz-target, another token): a header that matters and is not signed must not be there.
    for name in ("host", *headers):
        if name in credential.signed_headers or not (name == "host" or name.startswith("x-amz-")):
            continue
        # The payload hash stands in the canonical request of a signed header anyway; S3 takes it unsigned.
        if name == "x-amz-content-sha256" and not credential.presigned:
            continue
        raise refusal(
            "unsigned header", credential.service, headers, "Host' or ':authority" if name == "host" else name
        )


def _payload_hash(credential: Credential, query: list[tuple[str, str]], headers: Mapping[str, str], body: bytes) -> str:
    """What stands in the canonical request for the body: its hash, or a word that S3 alone knows."""
    if credential.service != "s3":
        return _sha256(body)
    stated = headers.get("x-amz-content-sha256", "")
    if credential.presigned:
        return dict(query).get("X-Amz-Content-Sha256") or stated or UNSIGNED
    if not stated:
        raise refusal("no payload hash", credential.service, headers)
    return stated


def _canonical_request(
    credential: Credential,
    method: str,
    raw_path: str,
    query: list[tuple[str, str]],
    headers: Mapping[str, str],
    payload_hash: str,
) -> bytes:
    spell = canonical_request.object_path if credential.service == "s3" else canonical_request.normalized_path
    signed = [pair for pair in query if not (credential.presigned and pair[0] == "X-Amz-Signature")]
    names = credential.signed_headers
    try:
        return canonical_request.render(method, spell(raw_path), signed, headers, names, payload_hash)
    except KeyError:
        # A signed header was taken away on the road.
        raise refusal("mismatch", credential.service, headers) from None


def _read_chunks(
    credential: Credential, key: bytes, payload_hash: str, headers: Mapping[str, str], body: bytes
) -> bytes:
    """The payload of an aws-chunked body. Each chunk's signature covers the one before it: none can be moved or cut."""
    framed = aws_chunked.parse(body)
    names = [name for name, _ in framed.trailers if name != "x-amz-trailer-signature"]
    announced = [name.strip().lower() for name in headers.get("x-amz-trailer", "").split(",") if name.strip()]
    if sorted(names) != sorted(announced):
        raise aws_chunked.malformed_trailer()
    if payload_hash != STREAMING_UNSIGNED_TRAILER:
        _check_chunks(credential, key, payload_hash, framed, headers)
    if headers.get("x-amz-decoded-content-length") != str(len(framed.payload)):
        raise aws_chunked.incomplete_body()
    return framed.payload


def _check_chunks(
    credential: Credential, key: bytes, payload_hash: str, framed: aws_chunked.Framed, headers: Mapping[str, str]
) -> None:
    previous = credential.signature
    for chunk in framed.chunks:
        expected = _sign(key, f"{ALGORITHM}-PAYLOAD", credential, previous, _NOTHING, _sha256(chunk.data))
        if not same(expected, chunk.signature):
            raise refusal("mismatch", credential.service, headers)
        previous = expected
    if payload_hash == STREAMING_TRAILER:
        lines = [f"{name}:{value}\n" for name, value in framed.trailers if name != "x-amz-trailer-signature"]
        expected = _sign(key, f"{ALGORITHM}-TRAILER", credential, previous, _sha256("".join(lines).encode()))
        if not same(expected, dict(framed.trailers).get("x-amz-trailer-signature", "")):
            raise refusal("mismatch", credential.service, headers)


def _sign(key: bytes, label: str, credential: Credential, *parts: str) -> str:
    scope = f"{credential.date}/{credential.region}/{credential.service}/aws4_request"
    return hmac.digest(key, "\n".join((label, credential.timestamp, scope, *parts)).encode(), "sha256").hex()


@functools.lru_cache(maxsize=256)
def signing_key(secret_key: str, date: str, region: str, service: str) -> bytes:
    """The key of one day, region and service, derived from a secret."""
    key = f"AWS4{secret_key}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def same(expected: str, given: str) -> bool:
    """Whether a signature is the expected one, in a time that tells nothing of where they differ."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
