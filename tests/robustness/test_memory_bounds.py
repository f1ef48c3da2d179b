"""Large bodies: S3 takes them, Cognito refuses them before it has read them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from tests.local_cloud import LocalCloud
from tests.robustness.wire import call, request, sign, signed

SIZE = 64 << 20


def test_an_upload_of_64_mb(cloud: LocalCloud) -> None:
    body = os.urandom(1 << 20) * (SIZE >> 20)
    path = f"/{cloud.outputs['UserDataBucket']}/large"
    headers = sign(cloud.port, "s3", body, method="PUT", path=path)
    assert request(cloud.port, body, headers, method="PUT", path=path).status == 200
    answer = signed(cloud.port, "s3", method="GET", path=path)
    assert hashlib.sha256(answer.body).digest() == hashlib.sha256(body).digest()
    assert signed(cloud.port, "s3", method="DELETE", path=path).status == 204


def test_five_megabytes_of_json_are_never_held(cloud: LocalCloud) -> None:
    before = resident(cloud)
    for _ in range(5):
        answer = call(cloud.port, "cognito-idp", "SignUp", b'{"ClientId": "' + b"x" * (5 << 20) + b'"}')
        assert (answer.status, answer.code) == (413, "RequestEntityTooLargeException")
    assert resident(cloud) - before < 5 << 20


def resident(cloud: LocalCloud) -> int:
    """Bytes of memory that the server has."""
    assert cloud.process is not None
    return int(Path(f"/proc/{cloud.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
