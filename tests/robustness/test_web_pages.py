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
