"""The presigned URL that a job's file goes to, as S3's: for one job, one method, one header, a quarter of an hour.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from urllib.parse import urlencode, urlsplit

from localcloud import sigv4
from localcloud.context import Cloud
from localcloud.errors import AwsError
from localcloud.sigv4 import canonical_request
from localcloud.sigv4.verification import UNSIGNED, signing_key
from localcloud.wire.http import HttpRequest

PREFIX = "/_aws/user-import/"
ENCRYPTION = {"x-amz-server-side-encryption": "aws:kms"}
"""The header that goes with the file, on AWS and here."""

_SECONDS = 899
_PATH = re.compile(rf"{PREFIX}\d+/(?P<pool>[\w-]+_[0-9a-zA-Z]+)/(?P<job>import-[0-9a-zA-Z-]+)", re.ASCII)


def sign(cloud: Cloud, pool_id: str, job_id: str, now: float) -> str:
    """The URL for a job's file. `now` is the real time: the cloud's is not the uploader's."""
    path = f"{PREFIX}{cloud.account}/{pool_id}/{job_id}"
    key, secret = _key(cloud, path)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    scope = f"{stamp[:8]}/{cloud.region}/s3/aws4_request"
    headers = {"host": urlsplit(cloud.endpoint_url).netloc, **ENCRYPTION}
    query = {
        "X-Amz-Algorithm": sigv4.ALGORITHM,
        "X-Amz-Date": stamp,
        "X-Amz-SignedHeaders": ";".join(headers),
        "X-Amz-Expires": str(_SECONDS),
        "X-Amz-Credential": f"{key}/{scope}",
    }
    canonical = canonical_request.render("PUT", path, list(query.items()), headers, list(headers), UNSIGNED)
    text = "\n".join((sigv4.ALGORITHM, stamp, scope, hashlib.sha256(canonical).hexdigest()))
    signature = hmac.digest(signing_key(secret, stamp[:8], cloud.region, "s3"), text.encode(), "sha256").hex()
    return f"{cloud.endpoint_url}{path}?{urlencode({**query, 'X-Amz-Signature': signature})}"


def check(cloud: Cloud, request: HttpRequest, now: float) -> tuple[str, str]:
    """The pool and the job that a request's file is for. Raises AwsError in S3's words."""
    match = _PATH.fullmatch(request.raw_path)
    credential = sigv4.parse(request.method, request.raw_path, request.raw_query, request.headers)
    if match is None or credential is None or not credential.presigned or credential.service != "s3":
        raise AwsError("AccessDenied", "Access Denied", 403)
    key, secret = _key(cloud, request.raw_path)
    # Attack: a file of one's own in the place of the one that an administrator is about to import.
    if credential.access_key != key:
        raise sigv4.refusal("unknown key", "s3", request.headers)
    sigv4.verify(credential, secret, request.method, request.raw_path, request.raw_query, request.headers, b"", now)
    return match["pool"], match["job"]


def _key(cloud: Cloud, path: str) -> tuple[str, str]:
    """The access key and the secret of one job's URL: nobody keeps them, both follow from the sealing key."""
    return f"ASIA{cloud.sealer.digest('import key', path)[:16].upper()}", cloud.sealer.digest("import secret", path)
