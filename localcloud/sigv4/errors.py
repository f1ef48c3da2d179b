"""What AWS answers when it cannot tell who signed a request: one row for each reason, one column for each protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from localcloud.errors import AwsError

Reason = Literal[
    "missing", "unknown key", "expired token", "invalid token", "mechanism", "malformed", "malformed query",
    "two signatures", "mismatch", "skewed", "expired", "not yet valid", "unsigned header", "payload", "no payload hash",
]  # fmt: skip
Style = Literal["s3", "query", "json"]

_QUERY_SERVICES = frozenset({"sts", "iam", "sns", "sqs", "ses", "cloudformation", "monitoring", "ec2"})
_S3_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
_UNKNOWN_KEY = "The security token included in the request is invalid."
_MISSING = "Missing Authentication Token"
_MECHANISM = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
_ONE_ONLY = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
    "the Authorization header should be specified"
)
_BAD_HASH = "The provided 'x-amz-content-sha256' header does not match what was computed."
_NOT_SIGNED = "There were headers present in the request which were not signed"
_TOO_FAR = "The difference between the request time and the current time is too large."

# S3's own table: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
_S3: Mapping[Reason, tuple[str, int, str]] = {
    "missing": ("AccessDenied", 403, "Access Denied"),
    "unknown key": ("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."),
    "expired token": ("ExpiredToken", 400, "The provided token has expired."),
    "invalid token": ("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
    "mechanism": ("InvalidRequest", 400, _MECHANISM),
    "malformed": ("AuthorizationHeaderMalformed", 400, "The authorization header is malformed; {}"),
    "malformed query": ("AuthorizationQueryParametersError", 400, "{}"),
    "two signatures": ("InvalidArgument", 400, _ONE_ONLY),
    "mismatch": ("SignatureDoesNotMatch", 403, _S3_MISMATCH),
    "skewed": ("RequestTimeTooSkewed", 403, _TOO_FAR),
    "expired": ("AccessDenied", 403, "Request has expired"),
    "not yet valid": ("AccessDenied", 403, "Request is not yet valid"),
    "unsigned header": ("AccessDenied", 403, _NOT_SIGNED),
    "payload": ("XAmzContentSHA256Mismatch", 400, _BAD_HASH),
    "no payload hash": ("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256"),
}
# Every other service: the code of a query service, the code of a JSON service, the message.
# docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
_OTHERS: Mapping[Reason, tuple[str, str, str]] = {
    "missing": ("MissingAuthenticationToken", "MissingAuthenticationTokenException", _MISSING),
    "unknown key": ("InvalidClientTokenId", "UnrecognizedClientException", _UNKNOWN_KEY),
    "expired token": (
        "ExpiredToken",
        "ExpiredTokenException",
        "The security token included in the request is expired",
    ),
    "invalid token": ("InvalidClientTokenId", "UnrecognizedClientException", _UNKNOWN_KEY),
    "mechanism": ("IncompleteSignature", "IncompleteSignatureException", "Unsupported AWS 'algorithm'"),
    "malformed": ("IncompleteSignature", "IncompleteSignatureException", "{}"),
    "malformed query": ("IncompleteSignature", "IncompleteSignatureException", "{}"),
    "two signatures": ("IncompleteSignature", "IncompleteSignatureException", _ONE_ONLY),
    "mismatch": ("SignatureDoesNotMatch", "InvalidSignatureException", _MISMATCH),
    "skewed": ("SignatureDoesNotMatch", "InvalidSignatureException", "{}"),
    "expired": ("SignatureDoesNotMatch", "InvalidSignatureException", "{}"),
    "not yet valid": ("SignatureDoesNotMatch", "InvalidSignatureException", "{}"),
    "unsigned header": (
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "'{}' must be a 'SignedHeader' in the AWS Authorization.",
    ),
    "payload": ("SignatureDoesNotMatch", "InvalidSignatureException", _MISMATCH),
    "no payload hash": ("SignatureDoesNotMatch", "InvalidSignatureException", _MISMATCH),
}


def refusal(reason: Reason, service: str, headers: Mapping[str, str], detail: str = "") -> AwsError:
    """The error for `reason`, as the service named in the credential (or guessed from `headers`) words it."""
    style = _style(service, headers)
    if style == "s3":
        code, status, message = _S3[reason]
    else:
        query_code, json_code, message = _OTHERS[reason]
        code = query_code if style == "query" else json_code
        # JSON RPC services answer 400; REST services (Lambda, execute-api) and query services 403.
        malformed = code.startswith("IncompleteSignature")
        status = 400 if malformed or (style == "json" and "x-amz-target" in headers) else 403
    return AwsError(code, message.format(detail) if detail else message.removesuffix("; {}"), status)


def _style(service: str, headers: Mapping[str, str]) -> Style:
    if service == "s3":
        return "s3"
    if "x-amz-target" in headers:
        return "json"
    if service in _QUERY_SERVICES or headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return "query"
    return "json" if service else "s3"
