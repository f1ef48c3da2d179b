"""Requests that are taken in a furnished world: random ones are made of them, and get behind the first check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyotp

from tests.fuzz.furniture import POOL, PROVIDER_DETAILS, VERIFIER, Furniture
from tests.journeys.people import PASSWORD

Examples = Mapping[str, list[dict[str, Any]]]

_MISSING = "arn:aws:lambda:us-east-1:000000000000:function:missing"
_GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/people"
_ACTIVITY = {
    "LogLevel": "INFO",
    "EventSource": "userAuthEvents",
    "CloudWatchLogsConfiguration": {"LogGroupArn": _GROUP},
}
_LIMIT = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "UserRead"}}
_ADDRESS = [{"Name": "email", "Value": "ann2@example.com"}]


def examples(there: Furniture, code: str, bobs_code: str) -> Examples:
    """Requests by their operation. The codes are those that Ann and Bob were sent last."""
    return {**_sign_ins(there), **_of_users(there, code, bobs_code), **_of_pools(there), **_of_identities(there)}


def answer_to(asked: Mapping[str, Any], there: Furniture, code: str) -> dict[str, Any]:
    """The right answer to a challenge, for RespondToAuthChallenge."""
    name, parameters = asked["ChallengeName"], asked.get("ChallengeParameters") or {}
    user = parameters.get("USERNAME") or parameters.get("USER_ID_FOR_SRP", "ann")
    told: Mapping[str, dict[str, str]] = {
        "SELECT_CHALLENGE": {"ANSWER": "PASSWORD", "PASSWORD": PASSWORD},
        "PASSWORD": {"PASSWORD": PASSWORD},
        "PASSWORD_SRP": {"SRP_A": "ab" * 40},
        "NEW_PASSWORD_REQUIRED": {"NEW_PASSWORD": "Another-Horse-8"},
        "EMAIL_OTP": {"EMAIL_OTP_CODE": code},
        "SOFTWARE_TOKEN_MFA": {"SOFTWARE_TOKEN_MFA_CODE": pyotp.TOTP(there.totp).now()},
        "DEVICE_SRP_AUTH": {"SRP_A": "ab" * 40, "DEVICE_KEY": there.device},
    }
    block = {"PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"]} if "SECRET_BLOCK" in parameters else {}
    proof = {"TIMESTAMP": "Mon Jan 2 03:04:05 UTC 2034", "PASSWORD_CLAIM_SIGNATURE": "AAAA"} if block else {}
    session = {"Session": asked["Session"]} if "Session" in asked else {}
    responses = {"USERNAME": user, **told.get(name, {}), **block, **proof}
    return {"ClientId": there.client, "ChallengeName": name, "ChallengeResponses": responses, **session}


def _sign_ins(there: Furniture) -> Examples:
    ways = [
        {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": name, "PASSWORD": PASSWORD, **more}}
        for name, more in (("ann", {}), ("ann", {"DEVICE_KEY": there.device}), ("cia", {}), ("dan", {}))
    ]
    ways += [
        {"AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": "ann", **preferred}}
        for preferred in (
            {},
            {"PREFERRED_CHALLENGE": "EMAIL_OTP"},
            {"PREFERRED_CHALLENGE": "PASSWORD"},
            {"PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": "ab" * 40},
        )
    ]
    ways.append({"AuthFlow": "USER_SRP_AUTH", "AuthParameters": {"USERNAME": "ann", "SRP_A": "ab" * 40}})
    refresh = {"REFRESH_TOKEN": there.tokens["RefreshToken"], "DEVICE_KEY": there.device}
    ways.append({"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": refresh})
    client = {"ClientId": there.client}
    admins = {"AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": "ann", "PASSWORD": PASSWORD}}
    return {
        "InitiateAuth": [{**client, **way} for way in ways],
        "AdminInitiateAuth": [{**client, "UserPoolId": there.pool, **way} for way in (admins, *ways)],
        "GetClientToken": [there.secret_client],
        "AssociateSoftwareToken": [{"AccessToken": there.tokens["AccessToken"]}],
        "VerifySoftwareToken": [
            {"AccessToken": there.tokens["AccessToken"], "UserCode": pyotp.TOTP(there.pending_totp).now()}
        ],
        "StartWebAuthnRegistration": [{"AccessToken": there.tokens["AccessToken"]}],
    }


def _of_users(there: Furniture, code: str, bobs_code: str) -> Examples:
    access, client = {"AccessToken": there.tokens["AccessToken"]}, {"ClientId": there.client}
    ann, bob = ({"UserPoolId": there.pool, "Username": name} for name in ("ann", "bob"))
    device = {"DeviceKey": there.device}
    told = {"DeviceRememberedStatus": "remembered"}
    new = {"Username": "eve", "Password": PASSWORD, "UserAttributes": [{"Name": "email", "Value": "eve@example.com"}]}
    sms = {"MFAOptions": [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]}
    linked = {"ProviderName": "Partner", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "7"}
    native = {"ProviderName": "Cognito", "ProviderAttributeValue": "ann"}
    return {
        "SignUp": [{**client, **new}],
        "ConfirmSignUp": [{**client, "Username": "bob", "ConfirmationCode": bobs_code}],
        "AdminConfirmSignUp": [bob],
        "ResendConfirmationCode": [{**client, "Username": "bob"}],
        "AdminCreateUser": [{**ann, "Username": "eve", "UserAttributes": _ADDRESS}],
        "ForgotPassword": [{**client, "Username": "ann"}],
        "ConfirmForgotPassword": [
            {**client, "Username": "ann", "ConfirmationCode": code, "Password": "Another-Horse-8"}
        ],
        "ChangePassword": [{**access, "PreviousPassword": PASSWORD, "ProposedPassword": "Another-Horse-8"}],
        "UpdateUserAttributes": [{**access, "UserAttributes": _ADDRESS}],
        "AdminUpdateUserAttributes": [{**ann, "UserAttributes": _ADDRESS}],
        "GetUserAttributeVerificationCode": [{**access, "AttributeName": "email"}],
        "VerifyUserAttribute": [{**access, "AttributeName": "email", "Code": code}],
        "ConfirmDevice": [{**access, **device, "DeviceSecretVerifierConfig": VERIFIER}],
        "GetDevice": [{**access, **device}],
        "UpdateDeviceStatus": [{**access, **device, **told}],
        "ForgetDevice": [{**access, **device}],
        "AdminGetDevice": [{**ann, **device}],
        "AdminUpdateDeviceStatus": [{**ann, **device, **told}],
        "AdminForgetDevice": [{**ann, **device}],
        "AdminDeleteSoftwareToken": [{**ann, "Username": "dan"}],
        "SetUserSettings": [{**access, **sms}],
        "AdminSetUserSettings": [{**ann, **sms}],
        "AdminLinkProviderForUser": [{"UserPoolId": there.pool, "DestinationUser": native, "SourceUser": linked}],
        "AdminDisableProviderForUser": [{"UserPoolId": there.pool, "User": linked}],
        "GetTokensFromRefreshToken": [{**client, "RefreshToken": there.tokens["RefreshToken"], **device}],
    }


def _of_pools(there: Furniture) -> Examples:
    pool, client = {"UserPoolId": there.pool}, {"ClientId": there.client}
    style = {**pool, "ManagedLoginBrandingId": there.style}
    replica = {**pool, "RegionName": "eu-west-1"}
    partner = {**pool, "ProviderName": "Partner"}
    terms = {"TermsSource": "LINK", "Enforcement": "NONE", "Links": {"cognito:default": "https://example.com/terms"}}
    secret = {**pool, "ClientId": there.secret_client["ClientId"]}
    return {
        # From then on triggers fail.
        "UpdateUserPool": [
            {**pool, **POOL, "MfaConfiguration": "OPTIONAL", "LambdaConfig": {trigger: _MISSING}}
            for trigger in ("CustomMessage", "PreSignUp", "PostConfirmation", "PreAuthentication", "PreTokenGeneration")
        ],
        "AddCustomAttributes": [{**pool, "CustomAttributes": [{"Name": "size", "AttributeDataType": "Number"}]}],
        "AddUserPoolClientSecret": [secret],
        "CreateUserPoolDomain": [{**pool, "Domain": "another-prefix"}],
        "CreateManagedLoginBranding": [{**secret, "UseCognitoProvidedValues": True}],
        "DescribeManagedLoginBranding": [style],
        "DescribeManagedLoginBrandingByClient": [{**pool, **client}],
        "UpdateManagedLoginBranding": [{**style, "Settings": {"components": {}}}],
        "DeleteManagedLoginBranding": [style],
        "CreateTerms": [{**pool, **client, "TermsName": "privacy-policy", **terms}],
        "CreateUserPoolReplica": [replica],
        "UpdateUserPoolReplica": [{**replica, "Status": "INACTIVE"}],
        "DeleteUserPoolReplica": [replica],
        "CreateIdentityProvider": [
            {**pool, "ProviderName": "Other", "ProviderType": "OIDC", "ProviderDetails": PROVIDER_DETAILS}
        ],
        "DescribeIdentityProvider": [partner],
        "UpdateIdentityProvider": [{**partner, "ProviderDetails": PROVIDER_DETAILS}],
        "DeleteIdentityProvider": [partner],
        "GetIdentityProviderByIdentifier": [{**pool, "IdpIdentifier": "partner"}],
        "GetProvisionedLimit": [{"LimitDefinition": _LIMIT}],
        "UpdateProvisionedLimit": [{"LimitDefinition": _LIMIT, "RequestedLimitValue": 130}],
        "SetLogDeliveryConfiguration": [{**pool, "LogConfigurations": [_ACTIVITY]}],
        "DeleteUserPoolDomain": [{**pool, "Domain": f"fuzz-{there.client}"}],
        "StartUserImportJob": [{**pool, "JobId": there.job}],
        "StopUserImportJob": [{**pool, "JobId": there.job}],
    }


def _of_identities(there: Furniture) -> Examples:
    pool, logins = {"IdentityPoolId": there.identities}, {there.provider: there.tokens["IdToken"]}
    tags = {**pool, "IdentityProviderName": there.provider}
    developers = {**pool, "DeveloperProviderName": "login.example"}
    identity = {"IdentityId": there.identity, "Logins": logins}
    return {
        "GetOpenIdToken": [identity],
        "GetCredentialsForIdentity": [identity],
        "SetPrincipalTagAttributeMap": [{**tags, "UseDefaults": True}],
        "GetPrincipalTagAttributeMap": [tags],
        "UnlinkIdentity": [{**identity, "LoginsToRemove": [there.provider]}],
        "UnlinkDeveloperIdentity": [
            {**developers, "IdentityId": there.developers_identity, "DeveloperUserIdentifier": "somebody"}
        ],
        "MergeDeveloperIdentities": [
            {**developers, "SourceUserIdentifier": "somebody", "DestinationUserIdentifier": "somebody else"}
        ],
        "GetOpenIdTokenForDeveloperIdentity": [{**pool, "Logins": {"login.example": "somebody else"}}],
    }
