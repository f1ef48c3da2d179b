"""Which key a request says it was signed with: the `Authorization` header, or the query of a presigned URL.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from localcloud.errors import AwsError
from localcloud.sigv4 import canonical_request
from localcloud.sigv4.errors import refusal

ALGORITHM = "AWS4-HMAC-SHA256"
MAX_EXPIRES = 604800

_TIMESTAMP = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_QUERY_NAMES = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request says of its own signature; nothing in it is proven before `verify`.

    `date` is the day of the credential scope, `timestamp` the moment of signing (both as on the wire), `expires` the
    seconds that a presigned URL lives (None in a header).
    """

    access_key: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str = field(repr=False)
    session_token: str | None = field(repr=False)
    presigned: bool
    expires: int | None
    timestamp: str

    @property
    def signed_at(self) -> float:
        """The moment of signing, seconds since the epoch; `s3:signatureAge` counts from it."""
        return datetime.fromisoformat(self.timestamp).timestamp()


def parse(method: str, raw_path: str, raw_query: str, headers: Mapping[str, str]) -> Credential | None:
    """The signature that a request carries, or None when it carries none. Raises AwsError when it is malformed."""
    authorization = headers.get("authorization", "")
    query = canonical_request.read_query(raw_query)
    in_query = any(name in _QUERY_NAMES for name, _ in query)
    if any(name == "AWSAccessKeyId" for name, _ in query):
        raise refusal("mechanism", "s3", headers)
    if not authorization.startswith("AWS"):
        return _parse_query(query, headers) if in_query else None
    if in_query:
        raise refusal("two signatures", "", headers)
    return _parse_header(authorization, headers)


def _parse_header(authorization: str, headers: Mapping[str, str]) -> Credential:
    algorithm, _, rest = authorization.partition(" ")
    if algorithm != ALGORITHM:
        raise refusal("mechanism", "", headers)
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    for name in ("Credential", "SignedHeaders", "Signature"):
        if not fields.get(name):
            raise refusal("malformed", "", headers, f"Authorization header requires '{name}' parameter.")
    return read_credential(fields, _header_timestamp(headers), headers.get("x-amz-security-token"), headers)


def _parse_query(query: list[tuple[str, str]], headers: Mapping[str, str]) -> Credential:
    fields = {name.removeprefix("X-Amz-"): value for name, value in query if name.startswith("X-Amz-")}
    missing = [name for name in (*_QUERY_NAMES, "X-Amz-Expires") if not fields.get(name.removeprefix("X-Amz-"))]
    if missing:
        detail = f"AWS query-string parameters must include '{missing[0]}'. Re-examine the query-string parameters."
        raise refusal("malformed query", "", headers, detail)
    if fields["Algorithm"] != ALGORITHM:
        raise refusal("mechanism", "", headers)
    token = fields.get("Security-Token")
    # A parameter sent twice, or a second token in a header, could be read one way here and another by the service.
    twice = len(fields) != sum(name.startswith("X-Amz-") for name, _ in query)
    if twice or headers.get("x-amz-security-token", token) != token:
        raise refusal("two signatures", "", headers)
    return read_credential(fields, fields["Date"], token, headers, fields["Expires"])


def read_credential(
    fields: Mapping[str, str], timestamp: str, token: str | None, headers: Mapping[str, str], expires: str | None = None
) -> Credential:
    """The signature whose `Credential`, `SignedHeaders` and `Signature` are given. Raises AwsError for a bad scope."""
    parts = fields["Credential"].split("/")
    service = parts[3] if len(parts) == 5 else ""
    if len(parts) != 5 or not all(parts) or parts[4] != "aws4_request":
        wanted = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request"
        raise _malformed(service, headers, expires, f"{wanted}, got '{fields['Credential']}'")
    if not _is_moment(timestamp) or timestamp[:8] != parts[1]:
        raise _malformed(service, headers, expires, "Invalid credential date. Date is not the same as X-Amz-Date.")
    return Credential(
        access_key=parts[0],
        date=parts[1],
        region=parts[2],
        service=service,
        signed_headers=tuple(sorted(set(fields["SignedHeaders"].lower().split(";")))),
        signature=fields["Signature"],
        session_token=token,
        presigned=expires is not None,
        expires=None if expires is None else _read_expires(expires, service, headers),
        timestamp=timestamp,
    )


def _malformed(service: str, headers: Mapping[str, str], expires: str | None, detail: str) -> AwsError:
    return refusal("malformed" if expires is None else "malformed query", service, headers, detail)


def _read_expires(text: str, service: str, headers: Mapping[str, str]) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise refusal("malformed query", service, headers, "X-Amz-Expires should be a number")
    if int(text) > MAX_EXPIRES:
        limit = f"the given X-Amz-Expires must be less than {MAX_EXPIRES} seconds"
        detail = f"X-Amz-Expires must be less than a week (in seconds); that is, {limit}"
        raise refusal("malformed query", service, headers, detail)
    return int(text)


def _header_timestamp(headers: Mapping[str, str]) -> str:
    if "x-amz-date" in headers:
        return headers["x-amz-date"]
    try:
        return parsedate_to_datetime(headers.get("date", "")).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    except (ValueError, TypeError, OverflowError):
        return ""


def _is_moment(timestamp: str) -> bool:
    try:
        return bool(_TIMESTAMP.fullmatch(timestamp) and datetime.fromisoformat(timestamp))
    except ValueError:
        return False
