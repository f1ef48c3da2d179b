"""IAM's identity providers: made, shown, changed, tagged and removed, with IAM's own limits and errors."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from localcloud.aws.resources import iam_oidc_provider, iam_saml_provider
from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.wire.model import load
from localcloud.wire.validation import check
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.federation.saml_signer import OTHER_CERTIFICATE, metadata, time_at

URL = "https://idp.example.com/tenant"
ARN = "arn:aws:iam::000000000000:oidc-provider/idp.example.com/tenant"
SAML_ARN = "arn:aws:iam::000000000000:saml-provider/example"
THUMBPRINT = "0" * 40


def call(ctx: Context, name: str, **request: Any) -> dict[str, Any]:
    """Validate and handle a call; an error must be one that the operation declares."""
    model = load("iam")
    operation = model.operations[name]
    check(model, operation, request, "ValidationError")
    try:
        answer: dict[str, Any] = import_module(f"localcloud.federation.operations.{operation.snake_name}").handle(
            ctx, request
        )
    except AwsError as error:
        if error.code not in operation.errors:
            pytest.fail(f"{name} does not declare {error}")
        raise
    return answer


def code(ctx: Context, name: str, **request: Any) -> str:
    with pytest.raises(AwsError) as caught:
        call(ctx, name, **request)
    return caught.value.code


def create(ctx: Context, url: str = URL, **settings: Any) -> str:
    return str(call(ctx, "CreateOpenIDConnectProvider", Url=url, **settings)["OpenIDConnectProviderArn"])


def create_saml(ctx: Context, name: str = "example", document: str = "", **settings: Any) -> str:
    document = document or metadata()
    made = call(ctx, "CreateSAMLProvider", Name=name, SAMLMetadataDocument=document, **settings)
    return str(made["SAMLProviderArn"])


def get(ctx: Context, arn: str = ARN) -> dict[str, Any]:
    return call(ctx, "GetOpenIDConnectProvider", OpenIDConnectProviderArn=arn)


def test_an_openid_connect_provider_is_named_after_its_url(ctx: Context) -> None:
    tags = [{"Key": "Team", "Value": "blue"}]
    assert create(ctx, ClientIDList=["app"], ThumbprintList=[THUMBPRINT], Tags=tags) == ARN
    assert get(ctx) == {
        "Url": "idp.example.com/tenant",
        "ClientIDList": ["app"],
        "ThumbprintList": [THUMBPRINT],
        "CreateDate": NOW,
        "Tags": tags,
    }
    assert call(ctx, "ListOpenIDConnectProviders") == {"OpenIDConnectProviderList": [{"Arn": ARN}]}
    assert code(ctx, "CreateOpenIDConnectProvider", Url=URL) == "EntityAlreadyExists"


@pytest.mark.parametrize(
    "url",
    [
        "http://idp.example.com",
        "idp.example.com",
        "https://idp.example.com:8443",
        "https://idp.example.com/?x=1",
        "https://idp.example.com/#x",
        "https://",
        "https://ada@idp.example.com",
        "file:///etc/passwd",
        "http://169.254.169.254/",
    ],
)
def test_a_url_is_https_without_port_and_query(ctx: Context, url: str) -> None:
    assert code(ctx, "CreateOpenIDConnectProvider", Url=url) == "InvalidInput"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000", "http://localhost:9000/tenant"])
def test_a_stand_in_on_this_machine_may_be_plain_http_with_a_port(ctx: Context, url: str) -> None:
    assert create(ctx, url) == f"arn:aws:iam::000000000000:oidc-provider/{url.partition('://')[2]}"


def test_client_ids_are_added_and_removed_and_limited(ctx: Context) -> None:
    create(ctx, ClientIDList=["a", "a"])
    for name in ("AddClientIDToOpenIDConnectProvider",) * 2:
        call(ctx, name, OpenIDConnectProviderArn=ARN, ClientID="b")
    assert get(ctx)["ClientIDList"] == ["a", "b"]
    for _ in range(2):
        call(ctx, "RemoveClientIDFromOpenIDConnectProvider", OpenIDConnectProviderArn=ARN, ClientID="a")
    assert get(ctx)["ClientIDList"] == ["b"]
    for number in range(99):
        call(ctx, "AddClientIDToOpenIDConnectProvider", OpenIDConnectProviderArn=ARN, ClientID=f"app-{number}")
    full = code(ctx, "AddClientIDToOpenIDConnectProvider", OpenIDConnectProviderArn=ARN, ClientID="one-more")
    assert full == "LimitExceeded"
    many = [f"app-{number}" for number in range(101)]
    assert code(ctx, "CreateOpenIDConnectProvider", Url="https://b.example.com", ClientIDList=many) == "LimitExceeded"


def test_thumbprints_are_replaced_and_limited(ctx: Context) -> None:
    create(ctx)
    name, arn = "UpdateOpenIDConnectProviderThumbprint", {"OpenIDConnectProviderArn": ARN}
    call(ctx, name, **arn, ThumbprintList=[THUMBPRINT])
    assert get(ctx)["ThumbprintList"] == [THUMBPRINT]
    assert code(ctx, name, **arn, ThumbprintList=[THUMBPRINT] * 6) == "InvalidInput"


def test_what_is_not_there_is_not_found(ctx: Context) -> None:
    arn = {"OpenIDConnectProviderArn": ARN}
    assert code(ctx, "GetOpenIDConnectProvider", **arn) == "NoSuchEntity"
    assert code(ctx, "AddClientIDToOpenIDConnectProvider", **arn, ClientID="a") == "NoSuchEntity"
    assert code(ctx, "TagOpenIDConnectProvider", **arn, Tags=[]) == "NoSuchEntity"
    saml = {"SAMLProviderArn": SAML_ARN}
    for name in ("GetSAMLProvider", "DeleteSAMLProvider", "UpdateSAMLProvider", "ListSAMLProviderTags"):
        assert code(ctx, name, **saml) == "NoSuchEntity"


def test_deleting_an_openid_connect_provider_twice_is_no_error(ctx: Context) -> None:
    """As the API reference says, and unlike a SAML provider."""
    create(ctx)
    for _ in range(2):
        call(ctx, "DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=ARN)
    assert code(ctx, "GetOpenIDConnectProvider", OpenIDConnectProviderArn=ARN) == "NoSuchEntity"


@pytest.mark.parametrize("kind", ["OpenIDConnect", "SAML"])
def test_tags_are_added_replaced_and_removed(ctx: Context, kind: str) -> None:
    arn = {f"{kind}ProviderArn": create(ctx) if kind == "OpenIDConnect" else create_saml(ctx)}
    call(ctx, f"Tag{kind}Provider", **arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    call(ctx, f"Tag{kind}Provider", **arn, Tags=[{"Key": "a", "Value": "3"}])
    call(ctx, f"Untag{kind}Provider", **arn, TagKeys=["b", "c"])
    shown = call(ctx, f"List{kind}ProviderTags", **arn)
    assert shown == {"Tags": [{"Key": "a", "Value": "3"}], "IsTruncated": False}
    many = [{"Key": str(number), "Value": ""} for number in range(50)]
    assert code(ctx, f"Tag{kind}Provider", **arn, Tags=many) == "LimitExceeded"
    assert code(ctx, f"Tag{kind}Provider", **arn, Tags=[{"Key": "aws:x", "Value": ""}]) == "InvalidInput"


def test_a_saml_provider_keeps_its_metadata(ctx: Context) -> None:
    assert create_saml(ctx) == SAML_ARN
    shown = call(ctx, "GetSAMLProvider", SAMLProviderArn=SAML_ARN)
    assert (shown["SAMLMetadataDocument"], shown["CreateDate"]) == (metadata(), NOW)
    assert shown["ValidUntil"] > NOW + 99 * 365 * 86_400
    until = NOW + 3600
    document = metadata(OTHER_CERTIFICATE, root=f'validUntil="{time_at(until)}"')
    assert call(ctx, "UpdateSAMLProvider", SAMLProviderArn=SAML_ARN, SAMLMetadataDocument=document) == {
        "SAMLProviderArn": SAML_ARN
    }
    listed = call(ctx, "ListSAMLProviders")["SAMLProviderList"]
    assert listed == [{"Arn": SAML_ARN, "ValidUntil": until, "CreateDate": NOW}]
    same = {"Name": "example", "SAMLMetadataDocument": metadata()}
    assert code(ctx, "CreateSAMLProvider", **same) == "EntityAlreadyExists"
    call(ctx, "DeleteSAMLProvider", SAMLProviderArn=SAML_ARN)
    assert code(ctx, "DeleteSAMLProvider", SAMLProviderArn=SAML_ARN) == "NoSuchEntity"


@pytest.mark.parametrize(
    "document",
    [
        "x" * 1000,
        "<a/>".ljust(1000),
        metadata().replace("IDPSSODescriptor", "SPSSODescriptor"),
        metadata(use='use="encryption"'),
        metadata(entity=""),
        metadata(root=f'validUntil="{time_at(NOW)}"'),
        metadata(root='validUntil="never"'),
        metadata().replace("MII", "!!!"),
        metadata().replace("MII", "AAA"),
        metadata().replace("<md:EntityDescriptor", "<!DOCTYPE x><md:EntityDescriptor", 1),
    ],
)
def test_metadata_that_could_verify_nothing_is_refused_when_it_is_stored(ctx: Context, document: str) -> None:
    assert code(ctx, "CreateSAMLProvider", Name="bad", SAMLMetadataDocument=document) == "InvalidInput"
    create_saml(ctx)
    assert code(ctx, "UpdateSAMLProvider", SAMLProviderArn=SAML_ARN, SAMLMetadataDocument=document) == "InvalidInput"
    assert call(ctx, "GetSAMLProvider", SAMLProviderArn=SAML_ARN)["SAMLMetadataDocument"] == metadata()


def test_metadata_may_have_comments(ctx: Context) -> None:
    create_saml(ctx, document=metadata().replace("<md:IDPSSO", "<!-- of ours --><md:IDPSSO", 1))


def test_encrypted_assertions_are_refused_by_name(ctx: Context) -> None:
    request = {"Name": "x", "SAMLMetadataDocument": metadata(), "AssertionEncryptionMode": "Required"}
    assert code(ctx, "CreateSAMLProvider", **request) == "InvalidInput"


def test_an_account_has_a_hundred_providers_of_each_kind(ctx: Context) -> None:
    for number in range(100):
        create(ctx, f"https://idp-{number}.example.com")
        create_saml(ctx, f"idp-{number}")
    assert code(ctx, "CreateOpenIDConnectProvider", Url=URL) == "LimitExceeded"
    assert code(ctx, "CreateSAMLProvider", Name="x", SAMLMetadataDocument=metadata()) == "LimitExceeded"


def test_a_template_makes_changes_and_takes_up_an_openid_connect_provider(ctx: Context) -> None:
    properties = {"Url": URL, "ClientIdList": ["a"], "Tags": [{"Key": "k", "Value": "v"}]}
    assert iam_oidc_provider.create(ctx, properties, "Idp", "stack") == (ARN, {"Arn": ARN})
    changed = {**properties, "ClientIdList": ["b"], "ThumbprintList": [THUMBPRINT]}
    assert iam_oidc_provider.create(ctx, changed, "Idp", "stack", ARN)[0] == ARN
    assert get(ctx)["ClientIDList"] == ["b"]
    moved = {**properties, "Url": "https://other.example.com"}
    other, _ = iam_oidc_provider.update(ctx, ARN, changed, moved)
    assert other.endswith("/other.example.com")
    assert get(ctx)["ClientIDList"] == ["b"], "the old one is deleted by who replaces it"
    iam_oidc_provider.delete(ctx, ARN, changed)
    iam_oidc_provider.delete(ctx, ARN, changed)
    with pytest.raises(ValueError, match="Urll"):
        iam_oidc_provider.create(ctx, {"Urll": URL}, "Idp", "stack")
    with pytest.raises(AwsError):
        iam_oidc_provider.create(ctx, {}, "Idp", "stack")


def test_a_template_makes_changes_and_takes_up_a_saml_provider(ctx: Context) -> None:
    properties = {"SamlMetadataDocument": metadata()}
    arn, attributes = iam_saml_provider.create(ctx, properties, "Idp", "stack")
    assert (arn, attributes) == ("arn:aws:iam::000000000000:saml-provider/stack-Idp", {"Arn": arn})
    changed = {"SamlMetadataDocument": metadata(OTHER_CERTIFICATE), "Tags": [{"Key": "k", "Value": "v"}]}
    assert iam_saml_provider.create(ctx, changed, "Idp", "stack", arn)[0] == arn
    shown = call(ctx, "GetSAMLProvider", SAMLProviderArn=arn)
    assert (shown["SAMLMetadataDocument"], shown["Tags"]) == (metadata(OTHER_CERTIFICATE), changed["Tags"])
    assert iam_saml_provider.update(ctx, arn, changed, properties)[0] == arn
    assert iam_saml_provider.update(ctx, arn, changed, {**properties, "Name": "other"})[0].endswith("/other")
    iam_saml_provider.delete(ctx, arn, properties)
    iam_saml_provider.delete(ctx, arn, properties)
    with pytest.raises(ValueError, match="AddPrivateKey"):
        iam_saml_provider.create(ctx, {**properties, "AddPrivateKey": "x"}, "Idp", "stack")
