"""A cut-off ends the sign-ins first, then invokes the stack's function, and tells what that found; or says why not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from auth.admin import AdminClient
from auth.cut_off import CutOff
from auth.errors import AccessDenied, AuthError, SettingsInvalid, UserNotFound
from auth.settings import Settings

SUB = "0c9d3e52-7a41-4f0e-9a55-3f6d2b1c8e70"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:gatehouse-prod-cut-off:live"
ROLE = {"role": "users", "since": "2026-11-22T03:07:00Z", "everybody": False}


class Aws(ThreadingHTTPServer):
    """AWS as far as a cut-off calls it: what was called, and what is answered."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls: list[tuple[str, Any]] = []
        self.refused: dict[str, tuple[int, str]] = {}
        self.answer: Any = {"sub": SUB, "roles": [ROLE, {**ROLE, "role": "editors", "everybody": True}]}
        self.failed = False


class Handler(BaseHTTPRequestHandler):
    server: Aws

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        operation = self.headers.get("x-amz-target", "").rpartition(".")[2] or self.path
        self.server.calls.append((operation, body))
        status, code = self.server.refused.get(operation, (200, ""))
        answer: Any = {"__type": code, "message": "no"} if code else {}
        if operation == "AdminGetUser" and not code:
            answer = {"Username": "ada", "UserAttributes": [{"Name": "sub", "Value": SUB}], "Enabled": True}
            answer |= {"UserStatus": "CONFIRMED", "UserCreateDate": 0, "UserLastModifiedDate": 0}
        if operation.endswith("/invocations") and not code:
            answer = self.server.answer
        self.send_response(status)
        if code:
            self.send_header("x-amzn-ErrorType", code)
        if self.server.failed and operation.endswith("/invocations"):
            self.send_header("X-Amz-Function-Error", "Unhandled")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def aws() -> Iterator[Aws]:
    server = Aws()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    endpoint = f"http://127.0.0.1:{aws.server_port}"
    return Settings("eu-west-1", "eu-west-1_Abc", endpoint_url=endpoint, cut_off_function=FUNCTION)


def test_sign_ins_end_before_the_keys_are_cut_off(aws: Aws, settings: Settings) -> None:
    since = datetime(2026, 11, 22, 3, 7, tzinfo=UTC)
    assert AdminClient(settings).cut_off("ada") == (CutOff("users", since, False), CutOff("editors", since, True))
    assert [name.partition("/functions/")[0] for name, _ in aws.calls[:2]] == ["AdminGetUser", "AdminUserGlobalSignOut"]
    path, body = aws.calls[2]
    assert path.endswith("gatehouse-prod-cut-off%3Alive/invocations")
    assert body == {"sub": SUB}


def test_an_unknown_user_changes_nothing(aws: Aws, settings: Settings) -> None:
    aws.refused["AdminGetUser"] = (400, "UserNotFoundException")
    with pytest.raises(UserNotFound):
        AdminClient(settings).cut_off("nobody")
    assert [name for name, _ in aws.calls] == ["AdminGetUser"]


def test_without_the_function_nothing_is_begun(aws: Aws, settings: Settings) -> None:
    admin = AdminClient(replace(settings, cut_off_function=None))
    with pytest.raises(SettingsInvalid, match=r"GATEHOUSE_CUT_OFF_FUNCTION is not set \(CutOffFunction in an outputs"):
        admin.cut_off("ada")
    assert aws.calls == []


def test_a_function_that_may_not_be_invoked_is_a_refusal(aws: Aws, settings: Settings) -> None:
    aws.refused[f"/2015-03-31/functions/{FUNCTION.replace(':', '%3A')}/invocations"] = (403, "AccessDeniedException")
    with pytest.raises(AccessDenied):
        AdminClient(settings).cut_off("ada")


def test_a_function_that_shows_nothing_is_an_error(aws: Aws, settings: Settings) -> None:
    for answer in ({"sub": SUB, "roles": []}, {}, None):
        aws.answer = answer
        with pytest.raises(AuthError, match="no reason given"):
            AdminClient(settings).cut_off("ada")


@pytest.mark.parametrize("answer", [{"errorMessage": "the role users does not show the cut-off"}, {}, None, "text"])
def test_a_function_that_fails_is_an_error_and_no_empty_list(aws: Aws, settings: Settings, answer: Any) -> None:
    aws.failed, aws.answer = True, answer
    with pytest.raises(
        AuthError, match=r"the cut-off failed: (the role users does not show|no reason given)"
    ) as raised:
        AdminClient(settings).cut_off("ada")
    assert raised.value.hint == "run it again; the function's log says more"
