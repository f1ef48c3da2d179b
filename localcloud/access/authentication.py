"""Who signed a request: with its own signature, or with the one of the form that it carries."""

from __future__ import annotations

import dataclasses
import re
import time

from localcloud import sigv4
from localcloud.access import callers
from localcloud.access.authorization import denied
from localcloud.access.callers import Caller, Directory
from localcloud.context import Cloud
from localcloud.errors import AwsError
from localcloud.sigv4 import aws_chunked, post_form
from localcloud.wire.http import HttpRequest, is_from_page
from localcloud.wire.protocol import Target

_NO_ROOT = "The root's keys are not taken from a web page, or under a foreign host name; sign in as a user."
_LOCAL_PAGE = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$")


class Authenticator:
    """Finds callers by their keys. With `enforce` off, everybody is the root.

    SigV4 dates stay on real time: a client signs with its own clock, whatever the cloud's says.
    """

    def __init__(self, cloud: Cloud, directory: Directory, *, enforce: bool = True) -> None:
        self._cloud = cloud
        self._directory = directory
        self._enforce = enforce

    def authenticate(
        self, request: HttpRequest, target: Target, credential: sigv4.Credential | None
    ) -> tuple[Caller, bytes]:
        """Who calls, and the payload without its framing. Raises AwsError."""
        if not self._enforce:
            return self._anybody(request, target), _payload(request)
        if credential is None:
            if target.service == "s3":
                return callers.anonymous(), _payload(request)
            raise sigv4.refusal("missing", target.signing_name, request.headers)
        # Attack: a signature for one service, replayed to another one.
        if credential.service != target.signing_name:
            message = f"Credential should be scoped to correct service: '{target.signing_name}'."
            raise AwsError("InvalidSignatureException", message)
        caller = self._owner(request, target, credential)
        body = sigv4.verify(
            credential,
            caller.secret,
            request.method,
            request.raw_path,
            request.raw_query,
            request.headers,
            request.body,
            time.time(),
        )
        return caller, body

    def authenticate_form(
        self, request: HttpRequest, target: Target, credential: sigv4.Credential | None, policy: str
    ) -> Caller:
        """Who signed the policy of a form, Base64 as it came. Raises AwsError."""
        if not self._enforce:
            return self._anybody(request, target)
        if credential is None:
            return callers.anonymous()
        caller = self._owner(request, target, credential)
        post_form.verify(credential, caller.secret, policy, time.time())
        signed = {"s3:authType": "POST", "s3:signatureversion": sigv4.ALGORITHM}
        return dataclasses.replace(caller, context={**caller.context, **signed})

    def _anybody(self, request: HttpRequest, target: Target) -> Caller:
        if is_from_page(request) and not _LOCAL_PAGE.match(request.headers.get("origin", "")):
            raise denied(target.service, "Web pages of other sites may not call a local cloud without IAM.")
        return callers.root(self._cloud)

    def _owner(self, request: HttpRequest, target: Target, credential: sigv4.Credential) -> Caller:
        caller = callers.find_caller(self._cloud, self._directory, credential, request.headers)
        # Attack: any web page, signing with the root's keys, which everybody knows: it could run code on this machine.
        if caller.is_root and is_from_page(request):
            raise denied(target.service, _NO_ROOT)
        return caller


def _payload(request: HttpRequest) -> bytes:
    """The payload of a request whose signature nobody checks."""
    framed = request.headers.get("x-amz-content-sha256", "").startswith("STREAMING-")
    return aws_chunked.parse(request.body).payload if framed else request.body
