"""A machine's token as a pre token generation trigger of version 3 changes it: by OAuth, and by GetClientToken."""

from __future__ import annotations

import json
import urllib.request
import uuid
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.journeys.claims import claims_of
from tests.journeys.people import root_client
from tests.journeys.pools import Pool, add_client
from tests.journeys.refusals import refusal
from tests.journeys.trigger_pools import app_of, doing, token_pool
from tests.local_cloud import LocalCloud

ORDERS = "https://orders.example.com/v1"
SCOPE = f"{ORDERS}/read"

TRIGGER = doing(
    "assert event['triggerSource'] == 'TokenGeneration_ClientCredentials'",
    "tenant = event['request']['clientMetadata']['tenant']",
    "assert tenant != 'nobody', 'no such tenant'",
    "change = {'claimsToAddOrOverride': {'tenant': tenant}, 'scopesToAdd': ['tenants/' + tenant]}",
    "response['claimsAndScopeOverrideDetails'] = {'accessTokenGeneration': change}",
)


@pytest.fixture(scope="module")
def pool(cloud: LocalCloud) -> Pool:
    pool, _ = token_pool(cloud, TRIGGER, "V3_0")
    root_client(cloud, "cognito-idp").create_resource_server(
        UserPoolId=pool.id,
        Identifier=ORDERS,
        Name="Orders",
        Scopes=[{"ScopeName": "read", "ScopeDescription": "See orders"}],
    )
    return pool


@pytest.fixture(scope="module")
def machine(pool: Pool) -> Any:
    root = root_client(pool.cloud, "cognito-idp")
    client_id = add_client(
        pool.cloud,
        pool.id,
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[SCOPE],
        AllowedOAuthFlowsUserPoolClient=True,
        ExplicitAuthFlows=["ALLOW_CLIENT_TOKEN_AUTH"],
    )
    return root.describe_user_pool_client(UserPoolId=pool.id, ClientId=client_id)["UserPoolClient"]


def test_by_client_credentials(pool: Pool, machine: Any) -> None:
    domain = f"own-{uuid.uuid4().hex[:8]}"
    root_client(pool.cloud, "cognito-idp").create_user_pool_domain(UserPoolId=pool.id, Domain=domain)
    form = {
        "grant_type": "client_credentials",
        "client_id": machine["ClientId"],
        "client_secret": machine["ClientSecret"],
        "aws_client_metadata": json.dumps({"tenant": "red"}),
    }
    url = f"{pool.cloud.endpoint}/_aws/auth/{domain}/oauth2/token"
    with urllib.request.urlopen(url, urlencode(form).encode(), timeout=30) as answer:
        claims = claims_of(json.load(answer)["access_token"])
    assert (claims["tenant"], claims["scope"]) == ("red", f"{SCOPE} tenants/red")


def test_by_get_client_token(pool: Pool, machine: Any) -> None:
    call = {"ClientId": machine["ClientId"], "Secret": machine["ClientSecret"], "Scopes": [SCOPE]}
    issued = app_of(pool).get_client_token(**call, ClientMetadata={"tenant": "red"})["ClientAuthenticationResult"]
    claims = claims_of(issued["AccessToken"])
    assert (claims["tenant"], claims["scope"]) == ("red", f"{SCOPE} tenants/red")
    refused = refusal(app_of(pool).get_client_token, **call, ClientMetadata={"tenant": "nobody"})
    assert (refused.code, refused.message) == (
        "NotAuthorizedException",
        "PreTokenGeneration failed with error no such tenant.",
    )
