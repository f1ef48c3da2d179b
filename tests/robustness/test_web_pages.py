"""A page of another site, open in the developer's browser, cannot use the local cloud in the developer's name."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.local_cloud import LocalCloud
from tests.robustness.wire import request, sign

PAGES = ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-origin"})


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def signed_by_root(url: str, body: bytes, service: str) -> str:
    """A URL that carries the root's signature: what a page can send without asking first."""
    request = AWSRequest("POST", url, {"content-type": "text/plain"}, body)
    SigV4QueryAuth(Credentials("test", "test"), service, "us-east-1").add_auth(request)
    return str(request.url)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_cannot_sign_as_the_root(cloud: LocalCloud, page: dict[str, str]) -> None:
    body = json.dumps({"FunctionName": "evil"}).encode()
    url = signed_by_root(f"{cloud.endpoint}/2015-03-31/functions", body, "lambda")
    status, answer = post(url, body, {"content-type": "text/plain", **page})
    assert status == 403
    assert b"web page" in answer


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example"])
def test_a_name_that_was_made_to_resolve_to_loopback_reads_nothing_as_the_root(cloud: LocalCloud, host: str) -> None:
    """Attack: DNS rebinding. A page may read from its own origin, and over plain http its browser says no more."""
    headers = sign(cloud.port, "s3", headers={"host": f"{host}:{cloud.port}"}, method="GET")
    answer = request(cloud.port, headers=headers, method="GET")
    assert (answer.status, answer.code) == (403, "AccessDenied")


def test_the_root_signs_for_this_machines_names(cloud: LocalCloud) -> None:
    for host in ("localhost", "127.0.0.1", "s3.us-east-1.amazonaws.com", "host.docker.internal"):
        headers = sign(cloud.port, "s3", headers={"host": f"{host}:{cloud.port}"}, method="GET")
        assert request(cloud.port, headers=headers, method="GET").status == 200, host


def test_a_page_may_sign_users_in(cloud: LocalCloud) -> None:
    body = json.dumps({"IdentityPoolId": cloud.outputs["IdentityPoolId"]}).encode()
    headers = {
        "origin": "http://localhost:3000",
        "sec-fetch-site": "cross-site",
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AWSCognitoIdentityService.GetId",
    }
    status, answer = post(cloud.endpoint, body, headers)
    assert status == 200
    assert json.loads(answer)["IdentityId"]
