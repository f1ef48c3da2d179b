"""A login provider that takes its time stops those who sign in with it, and nobody else."""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys.claims import encode
from tests.journeys.people import root_client
from tests.local_cloud import LocalCloud
from tests.robustness.wire import call

CALLS = 64
"""More than may wait for providers at once."""


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A provider that takes every connection, and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        yield server


def name_of(server: socket.socket) -> str:
    return f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def pool_id(cloud: LocalCloud, silent: socket.socket) -> Iterator[str]:
    """An identity pool that takes its tokens."""
    iam, pools = root_client(cloud, "iam"), root_client(cloud, "cognito-identity")
    url = f"http://{name_of(silent)}"
    arn = iam.create_open_id_connect_provider(Url=url, ClientIDList=["app"])["OpenIDConnectProviderArn"]
    made = pools.create_identity_pool(
        IdentityPoolName=f"slow-{uuid.uuid4().hex[:8]}",
        AllowUnauthenticatedIdentities=False,
        OpenIdConnectProviderARNs=[arn],
    )["IdentityPoolId"]
    yield str(made)
    pools.delete_identity_pool(IdentityPoolId=made)
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


def test_sign_ins_go_on_while_a_provider_is_silent(cloud: LocalCloud, silent: socket.socket, pool_id: str) -> None:
    """Attack: tokens that nobody signed, each of which has a thread wait for the provider's keys."""
    provider = name_of(silent)
    token = f"{encode({'alg': 'RS256', 'kid': 'k'})}.{encode({'iss': f'http://{provider}'})}.eHg"
    login = {"IdentityPoolId": pool_id, "Logins": {provider: token}}
    with ThreadPoolExecutor(CALLS) as threads:
        waiting = [threads.submit(call, cloud.port, "cognito-identity", "GetId", login) for _ in range(CALLS)]
        time.sleep(1)  # until all of them have arrived
        asked = time.monotonic()
        answer = call(cloud.port, "cognito-idp", "ForgotPassword", {"ClientId": "1nobody", "Username": "ada"})
        assert (answer.code, time.monotonic() - asked < 2) == ("ResourceNotFoundException", True)
        silent.close()
        assert {each.result().code for each in waiting} == {"ExternalServiceException"}
