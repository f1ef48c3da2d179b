"""`/_aws/user-import/…`: takes the file of an import job, as S3 does at a presigned URL; straight onto the disk."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from xml.sax.saxutils import escape

from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.userpool.imports import upload_url
from localcloud.userpool.imports.jobs import require_job
from localcloud.userpool.imports.runner import Runner
from localcloud.wire.http import ClientGoneError, HttpResponse, Receive, Scope, Send, read_head, write

_DENIED = AwsError("AccessDenied", "Access Denied", 403)
_TOO_LARGE = AwsError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400)


class Door:
    """Takes files for the jobs of one cloud."""

    def __init__(self, cloud: Cloud, runner: Runner) -> None:
        self._cloud = cloud
        self._runner = runner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request."""
        head = read_head(scope)
        try:
            pool_id, job_id = upload_url.check(self._cloud, head, time.time())
            self._check_open(pool_id, job_id)
            with self._runner.part(job_id) as part:
                await self._receive(receive, part)
                # The job may have been started, or have expired, meanwhile.
                self._check_open(pool_id, job_id)
                part.replace(self._runner.file(job_id))
            response = HttpResponse(200, b"", {"etag": f'"{secrets.token_hex(16)}"', **upload_url.ENCRYPTION})
        except AwsError as error:
            response = _error(error)
        await write(send, response)

    def _check_open(self, pool_id: str, job_id: str) -> None:
        try:
            job = require_job(Context(self._cloud), pool_id, job_id)
        except AwsError:
            raise _DENIED from None
        if job.status != "Created":
            raise _DENIED

    async def _receive(self, receive: Receive, part: Path) -> None:
        size, limit = 0, self._runner.limits.size
        with part.open("wb") as file:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGoneError
                data = message.get("body", b"")
                size += len(data)
                # Attack: a URL that fills the disk.
                if limit is not None and size > limit:
                    raise _TOO_LARGE
                file.write(data)
                if not message.get("more_body"):
                    return


def _error(error: AwsError) -> HttpResponse:
    text = f"<Error><Code>{error.code}</Code><Message>{escape(error.message)}</Message></Error>"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'
    return HttpResponse(error.status, body.encode(), {"content-type": "application/xml"})
