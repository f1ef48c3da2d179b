"""A pool's domain is set up with boto3 and by a template: OAuth clients, APIs, styles, providers; and is discovered."""

from __future__ import annotations

import json
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.journeys.people import root_client
from tests.journeys.pools import Pool, add_client
from tests.local_cloud import LocalCloud, wait_until

PNG = b"\x89PNG\r\n\x1a\n rest"
SETTINGS = {"components": {"pageBackground": {"lightMode": {"color": "f3f5f8ff"}}}, "lengths": [1, 2.5, None, True]}


@pytest.fixture
def domain() -> str:
    return f"gate-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def pool(cloud: LocalCloud) -> Pool:
    return Pool.make(cloud)


def discovered(cloud: LocalCloud, pool_id: str) -> dict[str, Any]:
    url = f"{cloud.endpoint}/{pool_id}/.well-known/openid-configuration"
    with urllib.request.urlopen(url, timeout=10) as response:
        found: dict[str, Any] = json.load(response)
    return found


def test_a_pool_with_a_domain_says_where_its_endpoints_are(cloud: LocalCloud, pool: Pool, domain: str) -> None:
    before = discovered(cloud, pool.id)
    assert "token_endpoint" not in before
    idp = root_client(cloud, "cognito-idp")
    idp.create_user_pool_domain(UserPoolId=pool.id, Domain=domain, ManagedLoginVersion=2)
    base = f"{cloud.endpoint}/_aws/auth/{domain}"
    assert discovered(cloud, pool.id) == {
        **before,
        "authorization_endpoint": f"{base}/oauth2/authorize",
        "token_endpoint": f"{base}/oauth2/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": f"{base}/oauth2/userInfo",
        "revocation_endpoint": f"{base}/oauth2/revoke",
        "end_session_endpoint": f"{base}/logout",
    }
    shown = idp.describe_user_pool_domain(Domain=domain)["DomainDescription"]
    assert (shown["Status"], shown["ManagedLoginVersion"]) == ("ACTIVE", 2)
    after = idp.update_user_pool_domain(UserPoolId=pool.id, Domain=domain, ManagedLoginVersion=1)
    assert after["ManagedLoginVersion"] == 1
    idp.delete_user_pool_domain(UserPoolId=pool.id, Domain=domain)
    assert discovered(cloud, pool.id) == before


def test_an_api_has_scopes_that_a_machine_may_be_given(cloud: LocalCloud, pool: Pool) -> None:
    idp = root_client(cloud, "cognito-idp")
    scopes = [{"ScopeName": "read", "ScopeDescription": "Read all"}]
    idp.create_resource_server(UserPoolId=pool.id, Identifier="https://api.example.com", Name="orders", Scopes=scopes)
    assert idp.list_resource_servers(UserPoolId=pool.id, MaxResults=50)["ResourceServers"][0]["Scopes"] == scopes
    machine = {
        "GenerateSecret": True,
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": ["https://api.example.com/read"],
    }
    add_client(cloud, pool.id, **machine)
    with pytest.raises(ClientError, match=r"Invalid scope requested: https://api\.example\.com/write") as caught:
        add_client(cloud, pool.id, **{**machine, "AllowedOAuthScopes": ["https://api.example.com/write"]})
    assert caught.value.response["Error"]["Code"] == "ScopeDoesNotExistException"


def test_a_style_keeps_its_document_and_its_images_of_a_megabyte(cloud: LocalCloud, pool: Pool) -> None:
    idp = root_client(cloud, "cognito-idp")
    image = PNG + bytes(999_000)
    asset = {"Category": "PAGE_BACKGROUND", "ColorMode": "DYNAMIC", "Extension": "PNG", "Bytes": image}
    ids = {"UserPoolId": pool.id, "ClientId": pool.client_id}
    made = idp.create_managed_login_branding(**ids, Settings=SETTINGS, Assets=[asset])["ManagedLoginBranding"]
    assert (made["Settings"], made["Assets"]) == (SETTINGS, [asset])
    found = idp.describe_managed_login_branding_by_client(**ids)["ManagedLoginBranding"]
    assert found == made
    style = {"UserPoolId": pool.id, "ManagedLoginBrandingId": made["ManagedLoginBrandingId"]}
    idp.update_managed_login_branding(**style, UseCognitoProvidedValues=True)
    merged = idp.describe_managed_login_branding(**style, ReturnMergedResources=True)["ManagedLoginBranding"]
    assert merged["Settings"]["components"]["primaryButton"]
    idp.delete_managed_login_branding(**style)
    with pytest.raises(idp.exceptions.ResourceNotFoundException):
        idp.describe_managed_login_branding(**style)


def test_classic_pages_have_css_and_a_logo(cloud: LocalCloud, pool: Pool, domain: str) -> None:
    idp = root_client(cloud, "cognito-idp")
    idp.create_user_pool_domain(UserPoolId=pool.id, Domain=domain)
    css = ".submitButton-customizable { background-color: #0a5fb4 }"
    set_to = idp.set_ui_customization(UserPoolId=pool.id, ClientId="ALL", CSS=css, ImageFile=PNG)["UICustomization"]
    found = idp.get_ui_customization(UserPoolId=pool.id, ClientId=pool.client_id)["UICustomization"]
    assert found == set_to
    assert found["CSS"] == css
    with urllib.request.urlopen(found["ImageUrl"]) as logo:
        assert logo.read() == PNG


TEMPLATE: dict[str, Any] = {
    "Parameters": {"Domain": {"Type": "String"}, "Version": {"Type": "Number"}, "Name": {"Type": "String"}},
    "Resources": {
        "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": {"Ref": "Domain"}}},
        "Pages": {
            "Type": "AWS::Cognito::UserPoolDomain",
            "Properties": {
                "UserPoolId": {"Ref": "Pool"},
                "Domain": {"Ref": "Domain"},
                "ManagedLoginVersion": {"Ref": "Version"},
            },
        },
        "Google": {
            "Type": "AWS::Cognito::UserPoolIdentityProvider",
            "Properties": {
                "UserPoolId": {"Ref": "Pool"},
                "ProviderName": "Google",
                "ProviderType": "Google",
                "ProviderDetails": {"client_id": "app", "client_secret": "secret", "authorize_scopes": "openid email"},
                "AttributeMapping": {"email": "email"},
            },
        },
        "Api": {
            "Type": "AWS::Cognito::UserPoolResourceServer",
            "Properties": {
                "UserPoolId": {"Ref": "Pool"},
                "Identifier": "orders",
                "Name": {"Ref": "Name"},
                "Scopes": [{"ScopeName": "read", "ScopeDescription": "Read all"}],
            },
        },
        "App": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {
                "UserPoolId": {"Ref": "Pool"},
                "AllowedOAuthFlowsUserPoolClient": True,
                "AllowedOAuthFlows": ["code"],
                "AllowedOAuthScopes": ["openid", {"Fn::Join": ["/", [{"Ref": "Api"}, "read"]]}],
                "CallbackURLs": ["http://localhost:3000/back"],
                "SupportedIdentityProviders": ["COGNITO", {"Ref": "Google"}],
            },
        },
        "Style": {
            "Type": "AWS::Cognito::ManagedLoginBranding",
            "Properties": {"UserPoolId": {"Ref": "Pool"}, "ClientId": {"Ref": "App"}, "Settings": SETTINGS},
        },
        "Css": {
            "Type": "AWS::Cognito::UserPoolUICustomizationAttachment",
            "DependsOn": "Pages",
            "Properties": {"UserPoolId": {"Ref": "Pool"}, "ClientId": "ALL", "CSS": ".label-customizable{color:red}"},
        },
    },
    "Outputs": {
        "Pool": {"Value": {"Ref": "Pool"}},
        "App": {"Value": {"Ref": "App"}},
        "Style": {"Value": {"Fn::GetAtt": ["Style", "ManagedLoginBrandingId"]}},
    },
}


@pytest.fixture
def stack(cloud: LocalCloud, domain: str) -> Iterator[dict[str, str]]:
    """The outputs of a stack of all types around a domain."""
    cloudformation = root_client(cloud, "cloudformation")
    cloudformation.create_stack(StackName=domain, TemplateBody=json.dumps(TEMPLATE), Parameters=parameters(domain))
    yield outputs(cloudformation, domain)
    cloudformation.delete_stack(StackName=domain)


def parameters(domain: str, version: str = "1", name: str = "Orders") -> list[Any]:
    values = {"Domain": domain, "Version": version, "Name": name}
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


def outputs(cloudformation: Any, name: str) -> dict[str, str]:
    def described() -> Any:
        return cloudformation.describe_stacks(StackName=name)["Stacks"][0]

    wait_until(lambda: not described()["StackStatus"].endswith("IN_PROGRESS"), 30)
    assert described()["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), described()
    return {output["OutputKey"]: output["OutputValue"] for output in described()["Outputs"]}


def test_a_template_sets_up_a_domain_and_changes_it(cloud: LocalCloud, stack: dict[str, str], domain: str) -> None:
    idp, pool = root_client(cloud, "cognito-idp"), stack["Pool"]
    app = idp.describe_user_pool_client(UserPoolId=pool, ClientId=stack["App"])["UserPoolClient"]
    assert (app["AllowedOAuthScopes"], app["SupportedIdentityProviders"]) == (
        ["openid", "orders/read"],
        ["COGNITO", "Google"],
    )
    style = {"UserPoolId": pool, "ManagedLoginBrandingId": stack["Style"]}
    assert idp.describe_managed_login_branding(**style)["ManagedLoginBranding"]["Settings"] == SETTINGS
    css = idp.get_ui_customization(UserPoolId=pool)["UICustomization"]["CSS"]
    assert css == ".label-customizable{color:red}"
    provider = idp.describe_identity_provider(UserPoolId=pool, ProviderName="Google")["IdentityProvider"]
    assert provider["AttributeMapping"]["email"] == "email"

    cloudformation = root_client(cloud, "cloudformation")
    changes = parameters(domain, "2", "Bills")
    cloudformation.update_stack(StackName=domain, TemplateBody=json.dumps(TEMPLATE), Parameters=changes)
    assert outputs(cloudformation, domain) == stack
    assert idp.describe_user_pool_domain(Domain=domain)["DomainDescription"]["ManagedLoginVersion"] == 2
    server = idp.describe_resource_server(UserPoolId=pool, Identifier="orders")["ResourceServer"]
    assert server["Name"] == "Bills"
