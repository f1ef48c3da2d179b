"""What a world has in it before random requests come: a pool of users in every state, and all that hangs on them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyotp

from tests.journeys.importing import make_csv, upload
from tests.journeys.people import PASSWORD
from tests.journeys.pools import FLOWS

if TYPE_CHECKING:
    from tests.fuzz.world import World

EMAIL, BOBS = "ann@example.com", "bob@example.com"
PROVIDER_DETAILS = {
    "client_id": "a",
    "client_secret": "a",
    "authorize_scopes": "openid",
    "attributes_request_method": "GET",
    "oidc_issuer": "https://op.example.com",
    "authorize_url": "https://op.example.com/a",
    "token_url": "https://op.example.com/t",
    "attributes_url": "https://op.example.com/u",
    "jwks_uri": "https://op.example.com/k",
}
VERIFIER = {"PasswordVerifier": base64.b64encode(b"v" * 384).decode(), "Salt": base64.b64encode(b"s" * 16).decode()}
ROLE = "arn:aws:iam::000000000000:role/any"

_FLOWS = [*FLOWS, "ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH"]
POOL: dict[str, Any] = {
    "AutoVerifiedAttributes": ["email"],
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": False},
    "UserPoolTier": "PLUS",
    "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
    "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]}},
}
_SCHEMA = [{"Name": "colour", "AttributeDataType": "String", "Mutable": True}]
_IDENTITIES: dict[str, Any] = {
    "IdentityPoolName": "fuzz",
    "AllowUnauthenticatedIdentities": True,
    "AllowClassicFlow": True,
    "DeveloperProviderName": "login.example",
}


@dataclass(slots=True)
class Furniture:
    """What there is, by what requests call it."""

    pool: str = ""
    client: str = ""
    secret_client: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)
    device: str = ""
    totp: str = ""
    pending_totp: str = ""
    style: str = ""
    job: str = ""
    identities: str = ""
    identity: str = ""
    developers_identity: str = ""
    provider: str = ""


def furnish(world: World) -> Furniture:
    """Make it all."""
    there = Furniture()
    _pool(world, there)
    _users(world, there)
    _beside(world, there)
    _identities(world, there)
    return there


def _pool(world: World, there: Furniture) -> None:
    make = world.make
    there.pool = pool = make("CreateUserPool", PoolName="fuzz", Schema=_SCHEMA, **POOL)["UserPool"]["Id"]
    factors = {"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": True}}
    make("SetUserPoolMfaConfig", UserPoolId=pool, **factors)
    made = make("CreateUserPoolClient", UserPoolId=pool, ClientName="fuzz", ExplicitAuthFlows=_FLOWS)
    there.client = made["UserPoolClient"]["ClientId"]
    machine = {
        "GenerateSecret": True,
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": ["notes/read"],
    }
    make("CreateResourceServer", UserPoolId=pool, Identifier="notes", Name="notes",
         Scopes=[{"ScopeName": "read", "ScopeDescription": "read"}])  # fmt: skip
    kept = make("CreateUserPoolClient", UserPoolId=pool, ClientName="machine", AllowedOAuthFlowsUserPoolClient=True,
                ExplicitAuthFlows=["ALLOW_CLIENT_TOKEN_AUTH"], **machine)["UserPoolClient"]  # fmt: skip
    there.secret_client = {"ClientId": kept["ClientId"], "Secret": kept["ClientSecret"]}


def _users(world: World, there: Furniture) -> None:
    """Ann is signed in on a device, Bob waits for a code, Cia has a temporary password, Dan an authenticator app.

    Ann has forgotten her password as well, and begun to set an authenticator app up.
    """
    pool, client, make = there.pool, there.client, world.make
    for name, email in (("ann", EMAIL), ("dan", "dan@example.com")):
        attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        user = {"UserPoolId": pool, "Username": name}
        make("AdminCreateUser", **user, UserAttributes=attributes, MessageAction="SUPPRESS")
        make("AdminSetUserPassword", **user, Password=PASSWORD, Permanent=True)
    make("AdminCreateUser", UserPoolId=pool, Username="cia", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    make(
        "SignUp", ClientId=client, Username="bob", Password=PASSWORD, UserAttributes=[{"Name": "email", "Value": BOBS}]
    )
    dans = _sign_in(world, client, "dan")["AccessToken"]
    there.totp = make("AssociateSoftwareToken", AccessToken=dans)["SecretCode"]
    make("VerifySoftwareToken", AccessToken=dans, UserCode=pyotp.TOTP(there.totp).now())
    make("SetUserMFAPreference", AccessToken=dans, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
    there.tokens = _sign_in(world, client, "ann")
    there.device = there.tokens["NewDeviceMetadata"]["DeviceKey"]
    access = there.tokens["AccessToken"]
    make("ConfirmDevice", AccessToken=access, DeviceKey=there.device, DeviceSecretVerifierConfig=VERIFIER)
    there.pending_totp = make("AssociateSoftwareToken", AccessToken=access)["SecretCode"]
    make("ForgotPassword", ClientId=client, Username="ann")
    make("AdminAddUserToGroup", UserPoolId=pool, Username="ann", **_group(world, pool))


def _group(world: World, pool: str) -> dict[str, str]:
    world.make("CreateGroup", UserPoolId=pool, GroupName="readers")
    return {"GroupName": "readers"}


def _sign_in(world: World, client: str, name: str) -> dict[str, Any]:
    parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
    answer = world.make("InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    tokens: dict[str, Any] = answer["AuthenticationResult"]
    return tokens


def _beside(world: World, there: Furniture) -> None:
    pool, client, make = there.pool, there.client, world.make
    make("CreateUserPoolDomain", UserPoolId=pool, Domain=f"fuzz-{client}")
    make("CreateTerms", UserPoolId=pool, ClientId=client, TermsName="terms-of-use", TermsSource="LINK",
         Enforcement="NONE", Links={"cognito:default": "https://example.com/terms"})  # fmt: skip
    style = make("CreateManagedLoginBranding", UserPoolId=pool, ClientId=client, UseCognitoProvidedValues=True)
    there.style = style["ManagedLoginBranding"]["ManagedLoginBrandingId"]
    make("CreateIdentityProvider", UserPoolId=pool, ProviderName="Partner", ProviderType="OIDC",
         ProviderDetails=PROVIDER_DETAILS, IdpIdentifiers=["partner"])  # fmt: skip
    make("CreateUserPoolReplica", UserPoolId=pool, RegionName="eu-west-1")
    job = make("CreateUserImportJob", JobName="fuzz", UserPoolId=pool, CloudWatchLogsRoleArn=ROLE)["UserImportJob"]
    there.job = job["JobId"]
    header = make("GetCSVHeader", UserPoolId=pool)["CSVHeader"]
    upload(job["PreSignedUrl"], make_csv(header))


def _identities(world: World, there: Furniture) -> None:
    make = world.make
    there.provider = f"cognito-idp.us-east-1.amazonaws.com/{there.pool}"
    logins = [{"ProviderName": there.provider, "ClientId": there.client}]
    there.identities = make("CreateIdentityPool", **_IDENTITIES, CognitoIdentityProviders=logins)["IdentityPoolId"]
    make(
        "SetIdentityPoolRoles", IdentityPoolId=there.identities, Roles={"authenticated": ROLE, "unauthenticated": ROLE}
    )
    theirs = {there.provider: there.tokens["IdToken"]}
    there.identity = make("GetId", IdentityPoolId=there.identities, Logins=theirs)["IdentityId"]
    somebody = {"login.example": "somebody"}
    made = make("GetOpenIdTokenForDeveloperIdentity", IdentityPoolId=there.identities, Logins=somebody)
    there.developers_identity = made["IdentityId"]
