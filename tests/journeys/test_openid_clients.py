"""openid-client and oidc-client-ts, unmodified: OpenID Connect clients that are not ours, against a pool's issuer."""

from __future__ import annotations

import json
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import node
from tests.browserless import Browser
from tests.journeys.claims import claims_of
from tests.journeys.people import PASSWORD, root_client
from tests.journeys.pools import Pool, add_client
from tests.local_cloud import LocalCloud

FOLDER = Path(__file__).parent / "openid_clients"
CALLBACK, AFTER = "http://localhost:1/callback", "http://localhost:1/bye"
ORDERS = "https://orders.example.com/v1"

pytestmark = pytest.mark.timeout(300)  # the first run downloads the packages


@dataclass(frozen=True)
class Site:
    """A pool with a domain and an issuer that a program can find."""

    pool: Pool
    issuer: str

    def client(self, *, secret: bool = False, **settings: Any) -> dict[str, str]:
        """A new app client, as its settings name it."""
        usual = {
            "SupportedIdentityProviders": ["COGNITO"],
            "CallbackURLs": [CALLBACK],
            "LogoutURLs": [AFTER],
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid", "email"],
            "AllowedOAuthFlowsUserPoolClient": True,
            "GenerateSecret": secret,
        }
        client_id = add_client(self.pool.cloud, self.pool.id, **{**usual, **settings})
        root = root_client(self.pool.cloud, "cognito-idp")
        found = root.describe_user_pool_client(UserPoolId=self.pool.id, ClientId=client_id)["UserPoolClient"]
        given = {"issuer": self.issuer, "clientId": client_id, "callback": CALLBACK, "after": AFTER}
        return {**given, "secret": found["ClientSecret"]} if secret else given


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    node.require("journeys with foreign clients")
    with node.prepared(FOLDER):
        pass
    cloud = LocalCloud(tmp_path_factory.mktemp("issuer"), ("--issuer", "endpoint")).start()
    pool = Pool.make(cloud)
    root_client(cloud, "cognito-idp").create_user_pool_domain(UserPoolId=pool.id, Domain=f"own-{uuid.uuid4().hex[:8]}")
    yield Site(pool, f"{cloud.endpoint}/{pool.id}")
    cloud.stop()


def start(script: str, given: dict[str, str]) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    command = ["node", script, json.dumps(given)]
    return subprocess.Popen(command, cwd=FOLDER, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def story(script: str, given: dict[str, str], email: str) -> dict[str, Any]:
    """What a program tells at its end, whose browser is ours: it signs in by the page, and later signs out."""
    with start(script, given) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        browser = Browser()
        for values in ({"username": email, "password": PASSWORD}, None):
            asked = process.stdout.readline().strip()
            assert asked.startswith("http"), process.stderr and process.stderr.read()
            page = browser.open(asked)
            if values is not None:
                page = browser.submit(**values)
            assert page.left, page
            process.stdin.write(f"{page.url}\n")
            process.stdin.flush()
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert browser.cookie("cognito") is None
    told: dict[str, Any] = json.loads(out)
    return told


@pytest.mark.parametrize("secret", [False, True], ids=["public", "with a secret"])
@pytest.mark.parametrize("script", ["openid-client.mjs", "oidc-client-ts.mjs"])
def test_a_foreign_client_signs_in_and_out(site: Site, email: str, script: str, secret: bool) -> None:
    site.pool.confirmed_person(email)
    told = story(script, site.client(secret=secret), email)
    assert told["email"] == email
    assert told["renewed"] == told["sub"] == told["user"]["username"]
    assert (told["over"], told["ended"]) == ("invalid_grant", AFTER)
    assert told.get("rejected", "invalid_token") == "invalid_token"


def test_a_foreign_client_gets_a_machines_token(site: Site) -> None:
    root = root_client(site.pool.cloud, "cognito-idp")
    root.create_resource_server(
        UserPoolId=site.pool.id,
        Identifier=ORDERS,
        Name="Orders",
        Scopes=[{"ScopeName": "read", "ScopeDescription": "See orders"}],
    )
    scope = f"{ORDERS}/read"
    settings = {"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": [scope]}
    given = site.client(secret=True, **settings)
    with start("machine.mjs", {**given, "scope": scope}) as process:
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    told = json.loads(out)
    claims = claims_of(told["access_token"])
    assert (claims["iss"], claims["sub"], claims["scope"]) == (site.issuer, given["clientId"], scope)
