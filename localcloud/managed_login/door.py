"""The door of every pool's domain: reads a request, finds its endpoint, and gives each answer the same headers."""

from __future__ import annotations

import logging
import secrets
import sys
from concurrent.futures import Executor

from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.managed_login import authorization, json_answers, routes
from localcloud.managed_login.errors import OAuthError, PageError, RedirectError
from localcloud.managed_login.request import PREFIX, Answer, LoginRequest, redirect
from localcloud.userpool.configuration import domains
from localcloud.userpool.models import Domain, UserPool
from localcloud.wire import http, web

log = logging.getLogger("localcloud")


class Door(web.Door):
    """Serves `/_aws/auth/DOMAIN/…`."""

    def __init__(self, cloud: Cloud, executor: Executor) -> None:
        super().__init__(executor)
        self._cloud = cloud

    def answer(self, head: http.HttpRequest, body: bytes) -> Answer:
        """What an endpoint answers, or the error that stands for it."""
        try:
            return self._answer(head, body)
        except Exception:
            # A fault of ours: the log has it, the browser learns nothing from it.
            reference = secrets.token_hex(16)
            log.exception("managed login: %s failed", reference)
            if head.path.endswith(json_answers.PATHS):
                return json_answers.refused(OAuthError("server_error", status=500))
            return routes.error_page(None, reference, 500)

    def _answer(self, head: http.HttpRequest, body: bytes) -> Answer:
        request: LoginRequest | None = None
        try:
            request = _read(self._cloud, head, body)
            return routes.find(request)(request)
        except OAuthError as error:
            return json_answers.refused(error)
        except RedirectError as error:
            told = {"error": error.code, "error_description": error.why, "state": error.state}
            return redirect(authorization.back(error.uri, {name: value for name, value in told.items() if value}))
        except PageError as error:
            if head.path.endswith(json_answers.PATHS):
                return json_answers.refused(OAuthError("invalid_request", error.why, error.status))
            return _page_error(request, error.why, error.status)
        except AwsError as error:
            return _page_error(request, f"{error.code}: {error.message}", 400)


def _read(cloud: Cloud, head: http.HttpRequest, body: bytes) -> LoginRequest:
    if not http.names_us(head):
        raise PageError(f"the host {head.headers.get('host', '')[:100]!r} is no name of this machine", 421)
    name, _, path = head.path.removeprefix(PREFIX).partition("/")
    domain = cloud.store.get(Domain, name)
    pool = cloud.store.get(UserPool, domain.pool_id) if domain else None
    if pool is None:
        raise PageError(f"no user pool has the domain {name[:64]!r}", 404)
    try:
        query, form = web.read_parameters(head.raw_query), web.read_form(head, body)
    except web.RepeatedError as error:
        raise PageError(str(error)) from error
    return LoginRequest(
        ctx=Context(
            cloud, secrets.token_hex(16), source_ip=head.client_ip, user_agent=head.headers.get("user-agent", "")
        ),
        pool=pool,
        domain=name,
        base=domains.address(cloud, name),
        method=head.method,
        path=f"/{path}",
        raw_query=head.raw_query,
        query=query,
        form=form,
        cookies=web.read_cookies(head.headers.get("cookie", "")),
        headers=head.headers,
    )


def _page_error(request: LoginRequest | None, why: str, status: int) -> Answer:
    """A page that says nothing but a reference; the reason stands under it on the server's own output."""
    reference = request.ctx.request_id if request else secrets.token_hex(16)
    print(f"managed login: {reference}: {why}", file=sys.stderr, flush=True)
    return routes.error_page(request, reference, status)
