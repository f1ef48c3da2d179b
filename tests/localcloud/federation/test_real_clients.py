"""Real clients and other providers' tokens: IAM's providers over the wire, an identity pool, STS, and S3.

Each kind of login, up to its user's own files, is in `tests/journeys/test_login_kinds.py`.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.__main__ import main
from tests.journeys.people import client, root_client, unsigned_client
from tests.journeys.refusals import refusal
from tests.local_cloud import LocalCloud, wait_until
from tests.localcloud.federation import saml_signer
from tests.localcloud.federation.stand_in import OTHER_RSA, StandIn, sign

GOOGLE = "accounts.google.com"
APP = "app-1.apps.example.com"
COGNITO = "cognito-identity.amazonaws.com"


@dataclass
class Outside:
    """A cloud with an identity pool for everybody, whose users have a folder each in one bucket."""

    cloud: LocalCloud
    stand_in: StandIn
    pool_id: str = ""
    bucket: str = ""
    provider_arn: str = ""
    saml_arn: str = ""
    role_arn: str = ""

    def token(self, issuer: str = "", **changes: Any) -> str:
        """An ID token of Google, or of the issuer."""
        return sign({**self.claims(issuer or f"https://{GOOGLE}"), **changes})

    def claims(self, issuer: str) -> dict[str, Any]:
        now = int(self.cloud.now())
        return {"iss": issuer, "sub": "user-ada", "aud": APP, "iat": now, "exp": now + 600}


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with StandIn(issuer=f"https://{GOOGLE}") as google, StandIn() as other:
        options = ("--no-stack", "--provider", f"{GOOGLE}={google.url}")
        cloud = LocalCloud(tmp_path_factory.mktemp("outside"), options).start()
        try:
            yield set_up(Outside(cloud, other))
        finally:
            cloud.stop()


def set_up(outside: Outside) -> Outside:
    iam, s3 = root_client(outside.cloud, "iam"), root_client(outside.cloud, "s3")
    outside.bucket = f"files-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=outside.bucket)
    made = iam.create_open_id_connect_provider(
        Url=outside.stand_in.url, ClientIDList=[APP], Tags=[{"Key": "Team", "Value": "blue"}]
    )
    outside.provider_arn = made["OpenIDConnectProviderArn"]
    document = saml_signer.metadata()
    outside.saml_arn = iam.create_saml_provider(Name="example", SAMLMetadataDocument=document)["SAMLProviderArn"]
    pool = root_client(outside.cloud, "cognito-identity").create_identity_pool(
        IdentityPoolName="outside",
        AllowUnauthenticatedIdentities=False,
        SupportedLoginProviders={GOOGLE: APP},
        OpenIdConnectProviderARNs=[outside.provider_arn],
    )
    outside.pool_id = pool["IdentityPoolId"]
    outside.role_arn = make_role(outside, "user", trusting_pool(outside.pool_id), f"${{{COGNITO}:sub}}")
    root_client(outside.cloud, "cognito-identity").set_identity_pool_roles(
        IdentityPoolId=outside.pool_id, Roles={"authenticated": outside.role_arn}
    )
    return outside


def trusting_pool(pool_id: str) -> dict[str, Any]:
    condition = {
        "StringEquals": {f"{COGNITO}:aud": pool_id},
        "ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"},
    }
    return {"Federated": COGNITO, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition}


def make_role(outside: Outside, name: str, trust: dict[str, Any], folder: str) -> str:
    iam = root_client(outside.cloud, "iam")
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": trust["Federated"]},
        "Action": trust["Action"],
        "Condition": trust["Condition"],
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]
    own = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{outside.bucket}/{folder}/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [own]})
    iam.put_role_policy(RoleName=name, PolicyName="own-folder", PolicyDocument=policy)
    return str(role["Arn"])


def check_own_folder(outside: Outside, found: dict[str, str], folder: str) -> None:
    """The session writes to its own folder, and to no other."""
    s3 = client(outside.cloud, "s3", found)
    s3.put_object(Bucket=outside.bucket, Key=f"{folder}/a.txt", Body=b"a")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=outside.bucket, Key="someone-else/a.txt", Body=b"a")


def test_a_forged_token_gets_no_identity(outside: Outside) -> None:
    get_id = unsigned_client(outside.cloud, "cognito-identity").get_id
    forged = sign(outside.claims(f"https://{GOOGLE}"), OTHER_RSA)
    found = refusal(get_id, IdentityPoolId=outside.pool_id, Logins={GOOGLE: forged})
    assert found == ("NotAuthorizedException", "Invalid login token. Couldn't verify signed token.")
    other = refusal(get_id, IdentityPoolId=outside.pool_id, Logins={GOOGLE: outside.token(aud="another-app")})
    assert other.message == "Token is not from a supported provider of this identity pool."


def test_a_provider_without_a_stand_in_is_named_with_the_option(outside: Outside) -> None:
    """No Internet, or none of ours: nobody is let in, and the answer says what to do."""
    iam, identity = root_client(outside.cloud, "iam"), root_client(outside.cloud, "cognito-identity")
    arn = iam.create_open_id_connect_provider(Url="http://127.0.0.1:1", ClientIDList=[APP])["OpenIDConnectProviderArn"]
    pool = identity.create_identity_pool(
        IdentityPoolName="lost", AllowUnauthenticatedIdentities=False, OpenIdConnectProviderARNs=[arn]
    )
    token = outside.token("http://127.0.0.1:1")
    found = refusal(
        unsigned_client(outside.cloud, "cognito-identity").get_id,
        IdentityPoolId=pool["IdentityPoolId"],
        Logins={"127.0.0.1:1": token},
    )
    assert found.code == "ExternalServiceException"
    assert "--provider 127.0.0.1:1=URL" in found.message


def test_sts_takes_the_token_of_a_provider_in_iam(outside: Outside) -> None:
    host = outside.stand_in.host
    condition = {"StringEquals": {f"{host}:aud": APP}}
    trust = {"Federated": outside.provider_arn, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition}
    role_arn = make_role(outside, "direct", trust, f"${{{host}:sub}}")
    sts = unsigned_client(outside.cloud, "sts")
    request = {"RoleArn": role_arn, "RoleSessionName": "ada"}
    answer = sts.assume_role_with_web_identity(**request, WebIdentityToken=outside.token(outside.stand_in.url))
    assert (answer["SubjectFromWebIdentityToken"], answer["Audience"]) == ("user-ada", APP)
    assert answer["Provider"] == outside.stand_in.url
    check_own_folder(outside, answer["Credentials"], "user-ada")
    found = refusal(sts.assume_role_with_web_identity, **request, WebIdentityToken=outside.token("https://x.example"))
    assert found == ("InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://x.example")


def test_sts_takes_a_saml_response(outside: Outside) -> None:
    condition = {"StringEquals": {"SAML:aud": saml_signer.ENDPOINT}}
    trust = {"Federated": outside.saml_arn, "Action": "sts:AssumeRoleWithSAML", "Condition": condition}
    role_arn = make_role(outside, "saml", trust, "${saml:sub}")
    said = saml_signer.attributes({"Role": f"{role_arn},{outside.saml_arn}"})
    good = saml_signer.encoded(saml_signer.signed_response(time.time(), said))
    sts = unsigned_client(outside.cloud, "sts")
    request = {"RoleArn": role_arn, "PrincipalArn": outside.saml_arn}
    answer = sts.assume_role_with_saml(**request, SAMLAssertion=good)
    assert (answer["Subject"], answer["SubjectType"], answer["Issuer"]) == (
        "user-ada",
        "persistent",
        saml_signer.ENTITY,
    )
    check_own_folder(outside, answer["Credentials"], "user-ada")
    unsigned = saml_signer.encoded(saml_signer.response(time.time(), said))
    found = refusal(sts.assume_role_with_saml, **request, SAMLAssertion=unsigned)
    assert found == ("InvalidIdentityToken", "Response signature invalid")


def test_iam_shows_its_providers_over_the_wire(outside: Outside) -> None:
    iam = root_client(outside.cloud, "iam")
    shown = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=outside.provider_arn)
    assert (shown["Url"], shown["ClientIDList"]) == (outside.stand_in.host, [APP])
    assert shown["Tags"] == [{"Key": "Team", "Value": "blue"}]
    assert outside.provider_arn in str(iam.list_open_id_connect_providers())
    assert iam.get_saml_provider(SAMLProviderArn=outside.saml_arn)["SAMLMetadataDocument"] == saml_signer.metadata()
    assert refusal(iam.get_saml_provider, SAMLProviderArn=f"{outside.saml_arn}-2").code == "NoSuchEntity"
    again = refusal(iam.create_open_id_connect_provider, Url=outside.stand_in.url)
    assert again.code == "EntityAlreadyExists"


@pytest.mark.parametrize("option", ["accounts.google.com=http://192.0.2.1", "accounts.google.com", "x=file:///etc"])
def test_a_stand_in_is_https_or_on_this_machine(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["up", "--provider", option])
    assert ended.value.code == 2
    assert f"argument --provider: {option!r}: the address " in capsys.readouterr().err


def test_a_template_registers_providers_and_removes_them(outside: Outside) -> None:
    template = {
        "Resources": {
            "Openid": {
                "Type": "AWS::IAM::OIDCProvider",
                "Properties": {"Url": "https://stack.example.com", "ClientIdList": [APP]},
            },
            "Saml": {
                "Type": "AWS::IAM::SAMLProvider",
                "Properties": {"Name": "from-stack", "SamlMetadataDocument": saml_signer.metadata()},
            },
        },
        "Outputs": {"Openid": {"Value": {"Ref": "Openid"}}, "Saml": {"Value": {"Fn::GetAtt": ["Saml", "Arn"]}}},
    }
    cloudformation, iam = root_client(outside.cloud, "cloudformation"), root_client(outside.cloud, "iam")
    cloudformation.create_stack(StackName="providers", TemplateBody=json.dumps(template))
    stack = wait_for(cloudformation, "providers")
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    assert outputs == {
        "Openid": "arn:aws:iam::000000000000:oidc-provider/stack.example.com",
        "Saml": "arn:aws:iam::000000000000:saml-provider/from-stack",
    }
    shown = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=outputs["Openid"])
    assert (shown["Url"], shown["ClientIDList"]) == ("stack.example.com", [APP])
    cloudformation.delete_stack(StackName="providers")
    wait_until(lambda: outputs["Saml"] not in str(iam.list_saml_providers()))


def wait_for(cloudformation: Any, name: str) -> Any:
    """The stack, once it is made."""
    found: list[Any] = []

    def done() -> bool:
        found[:] = cloudformation.describe_stacks(StackName=name)["Stacks"]
        return not found[0]["StackStatus"].endswith("IN_PROGRESS")

    wait_until(done)
    assert found[0]["StackStatus"] == "CREATE_COMPLETE", found[0]
    return found[0]
