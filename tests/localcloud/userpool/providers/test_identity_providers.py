"""Identity providers of a pool: made, shown, changed, found, listed and removed, with AWS's defaults and refusals."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from localcloud.errors import AwsError
from localcloud.federation.addresses import AnswerError
from localcloud.userpool.providers.federation_state import IdentityProvider
from tests.localcloud.federation import saml_signer
from tests.localcloud.userpool.conftest import START, Api
from tests.localcloud.userpool.provider_requests import DETAILS, NAMES, SECRET, make

METADATA_URL = "https://idp.example.com/metadata"
POST_ONLY = saml_signer.metadata().replace("HTTP-Redirect", "HTTP-POST")
LOGOUT = (
    '<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
    ' Location="https://idp.example.com/slo"/>'
)


def update(api: Api, pool: str, kind: str, **settings: object) -> dict[str, object]:
    answer = api("UpdateIdentityProvider", UserPoolId=pool, ProviderName=NAMES[kind], **settings)
    found: dict[str, object] = answer["IdentityProvider"]
    return found


def describe(api: Api, pool: str, name: str) -> dict[str, object]:
    answer = api("DescribeIdentityProvider", UserPoolId=pool, ProviderName=name)
    found: dict[str, object] = answer["IdentityProvider"]
    return found


@pytest.mark.parametrize("kind", DETAILS)
def test_every_type_is_shown_as_it_was_made(api: Api, pool: str, kind: str) -> None:
    made = make(api, pool, kind, AttributeMapping={"email": "mail"}, IdpIdentifiers=["example.com", "example.com"])
    assert (made["UserPoolId"], made["ProviderName"], made["ProviderType"]) == (pool, NAMES[kind], kind)
    assert (made["CreationDate"], made["LastModifiedDate"]) == (START, START)
    assert made["IdpIdentifiers"] == ["example.com"]
    assert made["AttributeMapping"]["email"] == "mail"
    shown = {name: text for name, text in DETAILS[kind].items() if name != "private_key"}
    assert made["ProviderDetails"].items() >= shown.items()
    assert describe(api, pool, NAMES[kind]) == made
    api("DeleteIdentityProvider", UserPoolId=pool, ProviderName=NAMES[kind])
    with api.refused("ResourceNotFoundException", f"Identity provider {NAMES[kind]} does not exist."):
        describe(api, pool, NAMES[kind])


def test_aws_fills_in_where_a_social_provider_is_asked(api: Api, pool: str) -> None:
    assert make(api, pool, "Google")["ProviderDetails"] == {
        **DETAILS["Google"],
        "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
        "attributes_url_add_attributes": "true",
        "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "oidc_issuer": "https://accounts.google.com",
        "token_request_method": "POST",
        "token_url": "https://www.googleapis.com/oauth2/v4/token",
    }
    details = {**DETAILS["Facebook"], "api_version": "v21.0"}
    shown = make(api, pool, "Facebook", ProviderDetails=details)["ProviderDetails"]
    assert shown["authorize_url"] == "https://www.facebook.com/v21.0/dialog/oauth"
    assert shown["token_url"] == "https://graph.facebook.com/v21.0/oauth/access_token"


def test_the_username_is_made_of_what_each_type_calls_its_subject(api: Api, pool: str) -> None:
    wanted = {"Google": "sub", "Facebook": "id", "LoginWithAmazon": "user_id", "SignInWithApple": "sub", "OIDC": "sub"}
    for kind, claim in wanted.items():
        assert make(api, pool, kind)["AttributeMapping"] == {"username": claim}
        with api.refused("InvalidParameterException", f"must be {claim}"):
            update(api, pool, kind, AttributeMapping={"username": "email"})
    assert make(api, pool, "SAML")["AttributeMapping"] == {}


@pytest.mark.parametrize("kind", [kind for kind in DETAILS if kind != "SAML"])
def test_what_a_type_needs_has_to_be_there(api: Api, pool: str, kind: str) -> None:
    for name in DETAILS[kind]:
        if (kind, name) == ("OIDC", "client_secret"):
            continue
        short = {key: text for key, text in DETAILS[kind].items() if key != name}
        with api.refused("InvalidParameterException", "are all required idp details"):
            make(api, pool, kind, ProviderDetails=short)


@pytest.mark.parametrize(
    ("kind", "wrong", "text"),
    [
        ("Google", {"hd": "example.com"}, "`ProviderDetails.hd` is not supported"),
        ("Google", {"token_url": "https://evil.example"}, "`ProviderDetails.token_url: another value than AWS's own`"),
        ("Facebook", {"api_version": "v17.0/../../evil"}, "Invalid api_version."),
        ("OIDC", {"attributes_request_method": "PUT"}, "attributes_request_method must be one of GET, POST."),
        ("OIDC", {"oidc_issuer": "http://login.example.com"}, "oidc_issuer: the address is neither https"),
        ("OIDC", {"authorize_url": "javascript:alert(1)"}, "authorize_url: "),
        ("SAML", {"IDPInit": "yes"}, "IDPInit must be one of false, true."),
        ("SAML", {"RequestSigningAlgorithm": "rsa-sha1"}, "RequestSigningAlgorithm must be one of rsa-sha256."),
        ("SAML", {"client_secret": SECRET}, "`ProviderDetails.client_secret` is not supported"),
    ],
)
def test_details_that_a_type_does_not_have_are_refused_by_name(
    api: Api, pool: str, kind: str, wrong: Mapping[str, str], text: str
) -> None:
    with api.refused("InvalidParameterException", text):
        make(api, pool, kind, ProviderDetails={**DETAILS[kind], **wrong})


def test_a_secret_under_the_wrong_name_is_not_said_back(api: Api, pool: str) -> None:
    for name in ("client_password", "token_url", "attributes_request_method", "oidc_issuer", "api_version"):
        for kind in ("Facebook", "OIDC"):
            with pytest.raises(AwsError) as caught:
                make(api, pool, kind, ProviderDetails={**DETAILS[kind], name: SECRET})
            assert SECRET not in str(caught.value)


def test_what_was_shown_can_be_sent_back(api: Api, pool: str) -> None:
    for kind in DETAILS:
        made = make(api, pool, kind)
        assert update(api, pool, kind, ProviderDetails=made["ProviderDetails"]) == made


def test_an_apple_key_is_never_shown_and_stays_until_it_is_replaced(api: Api, pool: str) -> None:
    made = make(api, pool, "SignInWithApple")
    assert "private_key" not in made["ProviderDetails"]
    changed = update(api, pool, "SignInWithApple", ProviderDetails={**made["ProviderDetails"], "key_id": "NEXT"})
    assert SECRET not in str(changed)
    kept = api.cloud.store.get(IdentityProvider, pool, "SignInWithApple")
    assert kept is not None
    assert (kept.details["private_key"], kept.details["key_id"]) == (SECRET, "NEXT")


def test_an_update_replaces_what_it_names(api: Api, pool: str) -> None:
    make(api, pool, "OIDC", AttributeMapping={"email": "mail"}, IdpIdentifiers=["example.com"])
    api.cloud.clock.advance(5)
    changed = update(api, pool, "OIDC", AttributeMapping={"name": "cn"})
    assert changed["AttributeMapping"] == {"name": "cn", "username": "sub"}
    assert changed["IdpIdentifiers"] == ["example.com"]
    assert changed["LastModifiedDate"] == START + 5
    with api.refused("ResourceNotFoundException", "Identity provider Google does not exist."):
        update(api, pool, "Google", IdpIdentifiers=[])


def test_names(api: Api, pool: str) -> None:
    """A social provider is named like its type, and no other one is."""
    for kind, name in (("Google", "Search"), ("SAML", "Google"), ("OIDC", "Cognito"), ("OIDC", "COGNITO")):
        with api.refused("InvalidParameterException", f"Provider {name} cannot be of type {kind}."):
            make(api, pool, kind, name)
    for name in ("ab", "_partner", "part_ner", "part ner", "x" * 33):
        with api.refused("InvalidParameterException", "providerName"):
            make(api, pool, "OIDC", name)
    make(api, pool, "OIDC")
    with api.refused("DuplicateProviderException", f"Partner already exists in user pool {pool}"):
        make(api, pool, "OIDC")
    make(api, api.new_pool(), "OIDC")


@pytest.mark.parametrize("name", ["custom:unknown", "sub", "identities"])
def test_only_attributes_of_the_pool_are_mapped(api: Api, pool: str, name: str) -> None:
    with api.refused("InvalidParameterException", f"{name}: Attribute does not exist in schema."):
        make(api, pool, "OIDC", AttributeMapping={name: "claim"})


def test_an_identifier_belongs_to_one_provider(api: Api, pool: str) -> None:
    make(api, pool, "OIDC", IdpIdentifiers=["example.com"])
    make(api, pool, "SAML", IdpIdentifiers=["corp.example"])
    found = api("GetIdentityProviderByIdentifier", UserPoolId=pool, IdpIdentifier="corp.example")["IdentityProvider"]
    assert found["ProviderName"] == "Corp"
    with api.refused("InvalidParameterException", "example.com is already in use by provider Partner."):
        update(api, pool, "SAML", IdpIdentifiers=["example.com"])
    with api.refused("ResourceNotFoundException"):
        api("GetIdentityProviderByIdentifier", UserPoolId=pool, IdpIdentifier="other.example")


def test_the_list_has_pages(api: Api, pool: str) -> None:
    for kind in DETAILS:
        make(api, pool, kind)
    first = api("ListIdentityProviders", UserPoolId=pool, MaxResults=4)
    rest = api("ListIdentityProviders", UserPoolId=pool, MaxResults=4, NextToken=first["NextToken"])
    assert "NextToken" not in rest
    shown = [(one["ProviderName"], one["ProviderType"]) for one in first["Providers"] + rest["Providers"]]
    assert shown == sorted((NAMES[kind], kind) for kind in DETAILS)
    assert api("ListIdentityProviders", UserPoolId=api.new_pool()) == {"Providers": []}


def test_an_unknown_pool_has_none(api: Api) -> None:
    with api.refused("ResourceNotFoundException", "User pool us-east-1_Nowhere12 does not exist."):
        make(api, "us-east-1_Nowhere12", "OIDC")


def test_saml_shows_the_addresses_and_the_certificate(api: Api, pool: str) -> None:
    details = {"MetadataFile": saml_signer.metadata(inside=LOGOUT), "EncryptedResponses": "true"}
    shown = make(api, pool, "SAML", ProviderDetails=details)["ProviderDetails"]
    assert shown["SSORedirectBindingURI"] == "https://idp.example.com/sso"
    assert shown["SLORedirectBindingURI"] == "https://idp.example.com/slo"
    assert shown["ActiveEncryptionCertificate"] == api("GetSigningCertificate", UserPoolId=pool)["Certificate"]


@pytest.mark.parametrize(
    ("details", "text"),
    [
        ({}, "At least one of the MetadataURL or MetadataFile should be provided."),
        ({"MetadataURL": METADATA_URL, "MetadataFile": "<x/>"}, "Only one of the MetadataURL or MetadataFile"),
        ({"MetadataFile": "no XML"}, "Unable to unmarshall metadata"),
        ({"MetadataFile": POST_ONLY}, "No SingleSignOn Http redirect binding location found in metadata."),
        ({"MetadataURL": "file:///etc/passwd"}, "MetadataURL: the address"),
        ({"MetadataURL": METADATA_URL}, f"Unable to read the remote metadata source {METADATA_URL}: this cloud has no"),
    ],
)
def test_saml_metadata_is_read_at_once(api: Api, pool: str, details: dict[str, str], text: str) -> None:
    with api.refused("InvalidParameterException", text):
        make(api, pool, "SAML", ProviderDetails=details)


def test_saml_metadata_by_url(api: Api, pool: str) -> None:
    def fetch(url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        if url != METADATA_URL:
            raise AnswerError(404)
        return saml_signer.metadata().encode()

    api.cloud.fetch = fetch
    shown = make(api, pool, "SAML", ProviderDetails={"MetadataURL": METADATA_URL})["ProviderDetails"]
    assert shown == {"MetadataURL": METADATA_URL, "SSORedirectBindingURI": "https://idp.example.com/sso"}
    with api.refused("InvalidParameterException", "Non-ok status code 404 returned from remote metadata source"):
        update(api, pool, "SAML", ProviderDetails={"MetadataURL": "https://idp.example.com/gone"})


def test_a_pool_takes_its_providers_along(api: Api, pool: str) -> None:
    make(api, pool, "OIDC")
    api("DeleteUserPool", UserPoolId=pool)
    with api.refused("ResourceNotFoundException", "User pool"):
        describe(api, pool, "Partner")
