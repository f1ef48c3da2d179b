"""The identity map's API as its client sees it: once for each identity, never in the way of the keys, tokens kept."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from auth.credentials import Identity
from auth.errors import (
    AuthError,
    InvalidRequest,
    NotAuthorized,
    ResourceNotFound,
    ServiceUnreachable,
    SettingsInvalid,
    TooManyRequests,
)
from auth.live_tokens import LiveTokens
from auth.models import Tokens
from auth.registration import identities_of, identity_of, register
from auth.settings import Settings
from tests.auth.test_credentials import SETTINGS, TOKEN, IdentityPool, access_key

TOKENS = Tokens("access-token", TOKEN, None, expires_at=2.0**40)
ENTRIES = {"identities": [{"identity_id": "eu-west-1:id-2"}, {"identity_id": "eu-west-1:id-1"}]}


class Api(HTTPServer):
    """Answers every request with `status` and `body`, and keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.body, self.location = 200, json.dumps(ENTRIES), ""
        self.asked: list[tuple[str, str, str | None, Any]] = []
        self.settings = replace(SETTINGS, api_url=f"http://127.0.0.1:{self.server_port}")


class _Handler(BaseHTTPRequestHandler):
    server: Api

    def _answer(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.loads(sent) if sent else None
        self.server.asked.append((self.command, self.path, self.headers["authorization"], body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("location", self.server.location)
        self.end_headers()
        self.wfile.write(self.server.body.encode())

    do_GET = do_PUT = _answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Nothing to standard error."""


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> IdentityPool:
    pool = IdentityPool()
    monkeypatch.setattr(Settings, "identity_pools", lambda _: pool)
    return pool


def live() -> LiveTokens:
    return LiveTokens(TOKENS, lambda tokens: tokens, lambda: 0.0)


def test_what_is_sent_and_read(api: Api) -> None:
    assert identities_of(api.settings, TOKENS) == ["eu-west-1:id-2", "eu-west-1:id-1"]
    assert identity_of(api.settings, TOKENS) == "eu-west-1:id-2"
    api.body = json.dumps({"identities": []})
    assert identity_of(api.settings, TOKENS) is None
    api.body = json.dumps({"identity_id": "eu-west-1:id-1"})
    assert register(api.settings, TOKENS) == "eu-west-1:id-1"
    assert api.asked[0] == ("GET", "/identity", "Bearer access-token", None)
    assert api.asked[-1] == ("PUT", "/identity", "Bearer access-token", {"id_token": TOKEN})


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, InvalidRequest),
        (401, NotAuthorized),
        (403, NotAuthorized),
        (404, ResourceNotFound),
        (429, TooManyRequests),
        (500, ServiceUnreachable),
        (503, ServiceUnreachable),
    ],
)
def test_refusals_are_of_the_tree(api: Api, status: int, error: type[AuthError]) -> None:
    api.status, api.body = status, TOKEN
    with pytest.raises(error, match=str(status)) as raised:
        register(api.settings, TOKENS)
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(
    "body", ["", "x", "7", "[]", "{}", '{"identities": 7}', '{"identities": [7]}', "\ud7ff" * 99_999]
)
def test_nonsense_is_no_answer(api: Api, body: str) -> None:
    api.body = body
    for call in (register, identities_of):
        with pytest.raises(ServiceUnreachable):
            call(api.settings, TOKENS)


def test_tokens_do_not_follow_a_redirect(api: Api) -> None:
    """Attack: an API, or who stands before it, that sends its clients on to another host, with their tokens."""
    for api.status in (301, 302, 303, 307, 308):
        api.location = f"{api.settings.api_url}/elsewhere"
        for call in (register, identities_of):
            with pytest.raises(AuthError):
                call(api.settings, TOKENS)
    assert {path for _, path, _, _ in api.asked} == {"/identity"}


def test_tokens_do_not_go_out_in_the_clear() -> None:
    with pytest.raises(ServiceUnreachable):
        register(replace(SETTINGS, api_url="http://api.example.com"), TOKENS)
    with pytest.raises(SettingsInvalid, match="GATEHOUSE_API_URL"):
        register(SETTINGS, TOKENS)


def test_an_identity_enters_itself_once(api: Api, pool: IdentityPool) -> None:
    api.body = json.dumps({"identity_id": pool.identity})
    identity = Identity(api.settings, live())
    assert identity.identity_id
    assert api.asked == []
    for _ in range(3):
        assert access_key(identity.session())
    assert [method for method, *_ in api.asked] == ["PUT"]
    pool.identity = "eu-west-1:id-2"
    access_key(identity.session())
    assert [method for method, *_ in api.asked] == ["PUT", "PUT"], "merged, it is another one"


def test_keys_come_whatever_the_api_says(api: Api, pool: IdentityPool, caplog: pytest.LogCaptureFixture) -> None:
    for api.status in (401, 404, 500, 301):
        with caplog.at_level(logging.WARNING):
            assert access_key(Identity(api.settings, live()).session())
        (record,) = caplog.records
        assert "not entered into the identity map: the API answered" in record.getMessage()
        caplog.clear()


def test_only_a_login_with_an_access_token_is_entered(api: Api, pool: IdentityPool) -> None:
    access_key(Identity(api.settings, lambda: TOKEN).session())
    access_key(Identity(SETTINGS, live()).session())
    pool.logins = {}
    access_key(Identity(api.settings).session())
    assert api.asked == []


def test_a_user_is_new_while_nobody_knows_an_identity(api: Api, pool: IdentityPool) -> None:
    known = Identity(api.settings, live())
    assert not known.is_new
    api.body = json.dumps({"identities": []})
    assert known.is_new
    assert pool.asked == [], "asking Cognito would make an identity"
    assert known.identity_id
    assert not known.is_new
    assert not Identity(api.settings, live(), identity_id="eu-west-1:id-1").is_new
    assert not Identity(api.settings).is_new
    api.status = 500
    with pytest.raises(ServiceUnreachable):
        Identity(api.settings, live()).is_new  # noqa: B018
