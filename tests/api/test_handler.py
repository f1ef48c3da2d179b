"""What holds for every route: access tokens only, one shape of error, faults that tell nothing."""

from __future__ import annotations

import io
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from api import routes
from api.handler import logger
from tests.api.conftest import call
from tests.events import load
from tests.triggers.device_pool import DevicePool

CALLS = [
    ("GET", "/me"),
    ("PATCH", "/me"),
    ("GET", "/me/devices"),
    ("DELETE", "/me/devices/us-east-1_0"),
    ("GET", "/nowhere"),
]


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    handler, written = logger.registered_handler, io.StringIO()
    before = handler.setStream(written)  # type: ignore[attr-defined]
    yield written
    handler.setStream(before)  # type: ignore[attr-defined]


def context_with(**claims: Any) -> dict[str, Any]:
    context: dict[str, Any] = load("api_get_me")["requestContext"]
    context["authorizer"]["jwt"]["claims"].update(claims)
    return {"requestContext": context}


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize(
    "claims", [{"token_use": "id"}, {"token_use": None}, {"token_use": "ACCESS"}, {"sub": ""}, {"username": ""}]
)
def test_only_access_tokens_of_users_pass(method: str, path: str, claims: dict[str, Any]) -> None:
    assert call(method, path, {"locale": "ja"}, **context_with(**claims)).error == (401, "unauthorized")


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("missing", ["sub", "username", "token_use"])
def test_a_missing_claim_is_refused(method: str, path: str, missing: str) -> None:
    changes = context_with()
    del changes["requestContext"]["authorizer"]["jwt"]["claims"][missing]
    assert call(method, path, {"locale": "ja"}, **changes).error == (401, "unauthorized")


@pytest.mark.parametrize("authorizer", [None, {}, {"jwt": None}, {"jwt": {"claims": None}}, {"lambda": {"sub": "x"}}])
def test_a_call_past_the_authorizer_is_refused(authorizer: Any) -> None:
    changes = context_with()
    changes["requestContext"]["authorizer"] = authorizer
    assert call("GET", "/me", **changes).error == (401, "unauthorized")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("POST", "/me"),
        ("GET", "/me/"),
        ("GET", "/ME"),
        ("DELETE", "/me"),
        ("OPTIONS", "/me"),
    ],
)
def test_what_is_no_route_is_not_found(method: str, path: str) -> None:
    assert call(method, path).error == (404, "not_found")


@pytest.mark.usefixtures("app_data")
def test_a_fault_is_logged_and_tells_the_caller_nothing(device_pool: DevicePool, logs: io.StringIO) -> None:
    device_pool.failure = "InternalErrorException"
    answer = call("GET", "/me/devices")
    assert answer.error == (500, "internal_error")
    assert answer.json["error"]["message"] == "an internal error, please try again later"
    written = logs.getvalue()
    assert "JKJaXmPLvHcESHA=" in written
    assert "InternalErrorException" in written
    assert "header.payload.signature" not in written


@pytest.mark.usefixtures("app_data")
def test_the_caller_of_one_call_is_forgotten_in_the_next() -> None:
    assert call("GET", "/me").status == 200
    assert call("GET", "/me", **context_with(token_use="id")).error == (401, "unauthorized")
    assert call("GET", "/me", **context_with(sub="another")).json["sub"] == "another"


def test_every_file_of_routes_has_a_router() -> None:
    names = [module.name for module in pkgutil.iter_modules(routes.__path__)]
    assert names
    for name in names:
        assert import_module(f"api.routes.{name}").router._routes


def test_no_setting_makes_a_token_be_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in ("POWERTOOLS_LOGGER_LOG_EVENT", "POWERTOOLS_DEV"):
        monkeypatch.setenv(setting, "true")
    code = (
        "from tests.events import CONTEXT, load; from api.handler import handler, logger\n"
        "handler(load('api_get_me') | {'rawPath': '/x'}, CONTEXT); logger.info('after')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "after" in run.stdout
    assert "header.payload.signature" not in run.stdout + run.stderr
