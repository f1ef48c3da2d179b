"""What holds for every trigger: unknown sources, extra fields, faults, logs, and what an import costs."""

from __future__ import annotations

import importlib
import io
import subprocess
import sys
from typing import Any

import pytest

from tests.events import CONTEXT, load
from triggers.errors import DeniedError

TRIGGERS = (
    "pre_sign_up",
    "post_confirmation",
    "pre_token_generation",
    "post_authentication",
    "custom_message",
    "define_auth_challenge",
    "create_auth_challenge",
    "verify_auth_challenge_response",
)
SILENT = {"pre_token_generation", "custom_message", "define_auth_challenge"}


def handler_of(name: str) -> Any:
    return importlib.import_module(f"triggers.{name}").handler


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_EMAIL_DOMAINS", "")
    monkeypatch.setenv("EMAIL_THROUGH_SES", "true")
    monkeypatch.setenv("PASSWORDLESS", "true")
    monkeypatch.setenv("MAGIC_LINK_URL", "")
    monkeypatch.setenv("RECOVERY_CODES", "false")


@pytest.mark.parametrize("name", TRIGGERS)
@pytest.mark.parametrize("source", ["Unknown_Source", "TokenGeneration_ClientCredentials", "PreSignUp", ""])
def test_an_unknown_source_is_refused_by_name(name: str, source: str) -> None:
    with pytest.raises(DeniedError, match=f"^{source} is not served here$"):
        handler_of(name)(load(name, source), CONTEXT)


@pytest.mark.parametrize("name", TRIGGERS)
@pytest.mark.parametrize("event", [{}, [], None, "text", {"triggerSource": None}, {"triggerSource": []}])
def test_an_event_that_is_none_is_refused(name: str, event: Any) -> None:
    with pytest.raises(DeniedError):
        handler_of(name)(event, CONTEXT)


@pytest.mark.usefixtures("app_data")
@pytest.mark.parametrize("name", TRIGGERS)
def test_fields_that_aws_may_add_are_kept(name: str, device_pool: Any) -> None:
    event = load(name)
    device_pool.add(event["userName"])
    event["newField"] = event["request"]["newField"] = event["response"]["newField"] = {"a": [1]}
    answer = handler_of(name)(event, CONTEXT)
    assert answer.keys() == {*load(name), "newField"}
    assert answer["request"] == load(name)["request"] | {"newField": {"a": [1]}}
    assert answer["response"]["newField"] == {"a": [1]}


@pytest.mark.usefixtures("app_data")
@pytest.mark.parametrize("name", TRIGGERS)
def test_logs_hold_nothing_of_the_user(
    name: str, device_pool: Any, monkeypatch: pytest.MonkeyPatch, logs: io.StringIO
) -> None:
    monkeypatch.setenv("ALLOWED_EMAIL_DOMAINS", "other.example")
    event = load(name)
    device_pool.add(event["userName"])
    try:
        handler_of(name)(event, CONTEXT)
    except DeniedError:
        assert name == "pre_sign_up"
    assert name in SILENT or logs.getvalue()
    assert "example.com" not in logs.getvalue()
    assert event["userName"] not in logs.getvalue()


@pytest.mark.usefixtures("app_data")
@pytest.mark.parametrize("name", ["post_confirmation", "pre_token_generation", "post_authentication"])
def test_a_fault_tells_the_caller_nothing(
    name: str, monkeypatch: pytest.MonkeyPatch, logs: io.StringIO, device_pool: Any
) -> None:
    event = load(name)
    device_pool.add(event["userName"])
    monkeypatch.setenv("APP_DATA_TABLE", "no-such-table")
    with pytest.raises(DeniedError) as refusal:
        handler_of(name)(event, CONTEXT)
    assert str(refusal.value) == "an internal error, please try again later"
    assert refusal.value.__suppress_context__
    assert "ResourceNotFoundException" in logs.getvalue()


@pytest.mark.parametrize("name", TRIGGERS)
def test_importing_a_trigger_does_not_import_boto3(name: str) -> None:
    heavy = ("boto3", "pydantic", "aws_lambda_powertools.event_handler", "auth", "jose")
    code = f"import sys; import triggers.{name}; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["pre_sign_up", "custom_message", "define_auth_challenge"])
def test_a_light_trigger_runs_without_boto3(name: str) -> None:
    """Its package has none (pyproject: lambda-light), so a run must not ask for it either."""
    code = (
        "import sys; sys.modules['boto3'] = sys.modules['botocore'] = None\n"
        f"from tests.events import CONTEXT, load; from triggers.{name} import handler\n"
        f"handler(load({name!r}), CONTEXT)"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


@pytest.mark.parametrize("name", ["pre_sign_up", "custom_message"])
def test_no_setting_makes_an_event_be_logged(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
    code = (
        f"from tests.events import CONTEXT, load; from triggers.{name} import handler\n"
        f"from triggers.trigger import logger; handler(load({name!r}), CONTEXT); logger.info('after')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "after" in run.stdout
    assert "example.com" not in run.stdout + run.stderr
