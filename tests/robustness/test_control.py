"""What a developer asks of the local cloud itself: health, messages, the clock. Loopback only, and no web pages."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest

from tests.journeys.people import Person, client, keys_of, root_client
from tests.journeys.refusals import code_of, refusal
from tests.local_cloud import LocalCloud


def ask(
    cloud: LocalCloud, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, Any, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port, timeout=10)
    connection.request(method, path, body, headers or {})
    response = connection.getresponse()
    text = response.read()
    connection.close()
    kind = response.getheader("content-type", "")
    answered = {name.lower(): value for name, value in response.getheaders()}
    return response.status, json.loads(text) if "json" in kind and text else text, answered


def test_health_says_how_the_stack_is(cloud: LocalCloud) -> None:
    status, health, _ = ask(cloud, "GET", "/_localcloud/health")
    assert (status, health["status"], health["stack"]) == (200, "running", "ready")
    assert health["outputs"] == cloud.outputs


def test_the_outbox_has_the_newest_first_and_says_when_there_is_none(cloud: LocalCloud, email: str) -> None:
    status, answer, _ = ask(cloud, "GET", f"/_localcloud/outbox?to={email}")
    assert (status, answer) == (404, {"error": f"nothing was sent to {email}"})
    person = Person.new(cloud, email)
    person.client.forgot_password(email)
    _, found, _ = ask(cloud, "GET", f"/_localcloud/outbox?to={email.upper()}")
    assert found["code"] == found["messages"][0]["code"]
    assert found["messages"][0]["sent"] > found["messages"][-1]["sent"]
    assert ask(cloud, "GET", "/_localcloud/outbox")[0] == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"advance_seconds": -1}', b'{"advance_seconds": "9"}', b"NaN"])
def test_the_clock_only_moves_forward(cloud: LocalCloud, body: bytes) -> None:
    assert ask(cloud, "POST", "/_localcloud/clock", body=body)[0] == 400


def test_temporary_keys_follow_the_clock_and_signatures_do_not(cloud: LocalCloud, email: str) -> None:
    identity = Person.new(cloud, email).identity()
    bucket, key = cloud.outputs["UserDataBucket"], f"private/{identity.identity_id}/a"
    fixed = client(cloud, "s3", keys_of(identity))
    cloud.advance(1800)
    fixed.put_object(Bucket=bucket, Key=key, Body=b"half an hour later, signed by the real clock")
    cloud.advance(1801)
    assert code_of(fixed.get_object, Bucket=bucket, Key=key) == "ExpiredToken"


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"host": "evil.example:4566"}],
)
def test_no_page_of_another_site_gets_in(cloud: LocalCloud, headers: dict[str, str]) -> None:
    for method, path in (("POST", "reset"), ("GET", "outbox?to=a"), ("GET", "health")):
        assert ask(cloud, method, f"/_localcloud/{path}", headers)[0] == 403


def test_a_browser_may_call_cognito_and_the_bucket(cloud: LocalCloud) -> None:
    origin = {"origin": "http://localhost:3000"}
    wants = {"access-control-request-method": "POST", "access-control-request-headers": "x-amz-target"}
    status, _, headers = ask(cloud, "OPTIONS", "/", origin | wants)
    assert (status, headers["access-control-allow-origin"]) == (200, "*")
    puts = {"access-control-request-method": "PUT"}
    path = f"/{cloud.outputs['UserDataBucket']}/private/x"
    status, _, headers = ask(cloud, "OPTIONS", path, origin | puts)
    assert (status, headers["access-control-allow-origin"]) == (200, origin["origin"])
    assert ask(cloud, "OPTIONS", path, {"origin": "https://evil.example"} | puts)[0] == 403


def test_unsupported_operations_are_refused_by_name(cloud: LocalCloud) -> None:
    refused = refusal(root_client(cloud, "sts").get_session_token)
    assert refused.code == "UnsupportedOperationException"
    assert "GetSessionToken" in refused.message
