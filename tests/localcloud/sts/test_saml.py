"""AssumeRoleWithSAML over a socket: a signed response of a registered provider, and a role that trusts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.journeys.people import root_client, unsigned_client
from tests.journeys.refusals import refusal
from tests.local_cloud import LocalCloud
from tests.localcloud.federation.saml_signer import (
    ENDPOINT,
    ENTITY,
    OTHER_CERTIFICATE,
    attributes,
    encoded,
    metadata,
    signed_response,
    time_at,
)
from tests.localcloud.sts.actors import acting, role, unique


class Provider:
    """A SAML provider that is registered in IAM."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        made = root_client(cloud, "iam").create_saml_provider(Name=unique(), SAMLMetadataDocument=metadata())
        self.arn: str = made["SAMLProviderArn"]

    def role(self, *more: str, may: Sequence[Any] = (), **equals: str) -> str:
        """A role that trusts the provider, for responses to AWS's endpoint."""
        conditions = {"StringEquals": {"SAML:aud": ENDPOINT, **equals}}
        trust = {"Effect": "Allow", "Principal": {"Federated": self.arn}, "Action": ["sts:AssumeRoleWithSAML", *more]}
        return role(self.cloud, {**trust, "Condition": conditions}, **({"may": may} if may else {}))

    def said(self, role_arn: str, **more: Any) -> str:
        """A response that offers a role to a user."""
        own = {"Role": f"{role_arn},{self.arn}", **more.pop("said", {})}
        return encoded(signed_response(self.cloud.now(), attributes(own), **more))

    def assume(self, role_arn: str, response: str, **more: Any) -> Any:
        sts = unsigned_client(self.cloud, "sts")
        return sts.assume_role_with_saml(RoleArn=role_arn, PrincipalArn=self.arn, SAMLAssertion=response, **more)


@pytest.fixture(scope="module")
def provider(cloud: LocalCloud) -> Provider:
    return Provider(cloud)


def test_a_user_of_a_trusted_provider_gets_a_session(provider: Provider) -> None:
    arn = provider.role()
    answer = provider.assume(arn, provider.said(arn))
    assert (answer["Subject"], answer["SubjectType"], answer["Issuer"]) == ("user-ada", "persistent", ENTITY)
    assert (answer["Audience"], bool(answer["NameQualifier"])) == (ENDPOINT, True)
    session = acting(provider.cloud, answer)
    assert session.arn.endswith("/ada@example.com")
    assert session.client("s3").list_buckets()["Buckets"]


def test_the_session_keeps_who_it_is_and_no_more(provider: Provider) -> None:
    """Rules 50, 53."""
    keys = {"SAML:sub": "user-ada", "SAML:sub_type": "persistent", "aws:FederatedProvider": provider.arn}
    kept = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*", "Condition": {"StringEquals": keys}}
    gone = {**kept, "Action": "dynamodb:ListTables", "Condition": {"StringEquals": {"SAML:iss": ENTITY}}}
    arn = provider.role(may=[kept, gone])
    session = acting(provider.cloud, provider.assume(arn, provider.said(arn)))
    assert session.client("s3").list_buckets()["Buckets"]
    assert refusal(session.client("dynamodb").list_tables).code == "AccessDeniedException"


def test_attack_a_user_whom_the_role_does_not_mean(provider: Provider) -> None:
    """Rule 51."""
    arn = provider.role(**{"SAML:sub": "user-bob"})
    refused = refusal(provider.assume, role_arn=arn, response=provider.said(arn))
    assert refused == ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")


def test_attack_a_role_that_the_response_does_not_offer(provider: Provider) -> None:
    offered, wanted = provider.role(), provider.role()
    assert refusal(provider.assume, role_arn=wanted, response=provider.said(offered)).code == "AccessDenied"


def test_attack_a_response_that_is_none(provider: Provider) -> None:
    arn, now = provider.role(), provider.cloud.now()
    late = provider.said(arn, confirmed_until=f'NotOnOrAfter="{time_at(now - 1000)}"', ends=time_at(now - 1000))
    assert refusal(provider.assume, role_arn=arn, response=late).code == "ExpiredTokenException"
    elsewhere = provider.said(arn, recipient="https://app.example.com/saml")
    for response in (elsewhere, encoded(b"<a/>"), "no response"):
        assert refusal(provider.assume, role_arn=arn, response=response).code == "InvalidIdentityToken"


def test_attack_a_response_of_another_provider(provider: Provider) -> None:
    other = root_client(provider.cloud, "iam").create_saml_provider(
        Name=unique(), SAMLMetadataDocument=metadata(OTHER_CERTIFICATE)
    )["SAMLProviderArn"]
    arn = provider.role()
    response = encoded(signed_response(provider.cloud.now(), attributes({"Role": f"{arn},{other}"})))
    sts = unsigned_client(provider.cloud, "sts")
    refused = refusal(sts.assume_role_with_saml, RoleArn=arn, PrincipalArn=other, SAMLAssertion=response)
    assert refused.code == "InvalidIdentityToken"


def test_tags_need_leave_to_tag(provider: Provider) -> None:
    """Rule 49."""
    tags = {"PrincipalTag:team": "red", "TransitiveTagKeys": "team"}
    arn = provider.role()
    refused = refusal(provider.assume, role_arn=arn, response=provider.said(arn, said=tags))
    assert refused == ("AccessDenied", "Not authorized to perform sts:TagSession")
    taggable = provider.role("sts:TagSession")
    assert provider.assume(taggable, provider.said(taggable, said=tags))["PackedPolicySize"] > 0


def test_the_session_ends_no_later_than_the_response_says(provider: Provider) -> None:
    arn = provider.role()
    ends = time_at(provider.cloud.now() + 1200)
    authn = f'<saml:AuthnStatement AuthnInstant="{ends}" SessionNotOnOrAfter="{ends}"/>'
    answer = provider.assume(arn, provider.said(arn, authn=authn), DurationSeconds=3600)
    assert answer["Credentials"]["Expiration"].timestamp() - provider.cloud.now() <= 1200
