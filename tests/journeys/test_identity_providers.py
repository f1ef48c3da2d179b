"""Identity providers of a pool over the wire, with AWS's own client; and what is told of a call that has a secret."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.journeys.people import root_client
from tests.journeys.pools import Pool
from tests.journeys.refusals import code_of
from tests.local_cloud import LocalCloud
from tests.localcloud.federation import saml_signer

GOOGLE = {"client_id": "app", "client_secret": "not to be told", "authorize_scopes": "openid email"}


@pytest.fixture
def idp(cloud: LocalCloud) -> Any:
    return root_client(cloud, "cognito-idp")


@pytest.fixture
def pool(cloud: LocalCloud) -> Pool:
    return Pool.make(cloud)


def test_a_provider_from_its_beginning_to_its_end(idp: Any, pool: Pool) -> None:
    named = {"UserPoolId": pool.id, "ProviderName": "Corp"}
    idp.create_identity_provider(
        **named,
        ProviderType="SAML",
        ProviderDetails={"MetadataFile": saml_signer.metadata(), "IDPSignout": "true"},
        AttributeMapping={"email": "mail"},
    )
    idp.update_identity_provider(**named, IdpIdentifiers=["corp.example"])
    shown = idp.get_identity_provider_by_identifier(UserPoolId=pool.id, IdpIdentifier="corp.example")
    assert shown["IdentityProvider"] == idp.describe_identity_provider(**named)["IdentityProvider"]
    assert shown["IdentityProvider"]["ProviderDetails"]["SSORedirectBindingURI"] == "https://idp.example.com/sso"
    (listed,) = idp.list_identity_providers(UserPoolId=pool.id)["Providers"]
    assert (listed["ProviderName"], listed["ProviderType"]) == ("Corp", "SAML")
    idp.delete_identity_provider(**named)
    assert code_of(idp.describe_identity_provider, **named) == "ResourceNotFoundException"


def test_a_link_is_shown_and_undone(idp: Any, pool: Pool, email: str) -> None:
    pool.confirmed_person(email)
    idp.create_identity_provider(
        UserPoolId=pool.id, ProviderName="Google", ProviderType="Google", ProviderDetails=GOOGLE
    )
    source = {"ProviderName": "Google", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "42"}
    idp.admin_link_provider_for_user(
        UserPoolId=pool.id,
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": email},
        SourceUser=source,
    )
    (user,) = idp.list_users(UserPoolId=pool.id)["Users"]
    (identity,) = json.loads({entry["Name"]: entry["Value"] for entry in user["Attributes"]}["identities"])
    assert (identity["userId"], identity["providerType"], identity["primary"]) == ("42", "Google", False)
    idp.admin_disable_provider_for_user(UserPoolId=pool.id, User=source)
    (user,) = idp.list_users(UserPoolId=pool.id)["Users"]
    assert "identities" not in {entry["Name"] for entry in user["Attributes"]}
