"""Request rates of an account by category of operations, in requests per second.

Source: Cognito developer guide, "Quotas in Amazon Cognito"; API reference, `GetProvisionedLimit`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration.pool_state import ProvisionedLimit

DEFAULTS: Mapping[str, int] = {
    "ClientAuthentication": 150,
    "UserAccountRecovery": 30,
    "UserAuthentication": 120,
    "UserCreation": 50,
    "UserFederation": 25,
    "UserList": 30,
    "UserPoolClientRead": 15,
    "UserPoolClientUpdate": 15,
    "UserPoolRead": 15,
    "UserPoolResourceRead": 20,
    "UserPoolResourceUpdate": 15,
    "UserPoolUpdate": 15,
    "UserRead": 120,
    "UserResourceRead": 50,
    "UserResourceUpdate": 25,
    "UserToken": 120,
    "UserUpdate": 25,
}
"""What every account has at no cost. `UserFederation` is counted where a provider's users arrive, not by operations."""

RESPONSES = frozenset({"AdminRespondToAuthChallenge", "RespondToAuthChallenge"})
"""Counted apart from the rest of `UserAuthentication`, at three times its rate."""

MOST_TIMES = 10
"""How many times the default an account may have. AWS asks Service Quotas; the local account has this."""

_NAMED: Mapping[str, str] = {
    "ClientAuthentication": "GetClientToken",
    "UserAccountRecovery": """AdminResetUserPassword AdminSetUserPassword ChangePassword ConfirmForgotPassword
        ForgotPassword""",
    "UserAuthentication": """AdminInitiateAuth AdminRespondToAuthChallenge InitiateAuth RespondToAuthChallenge""",
    "UserCreation": """AdminConfirmSignUp AdminCreateUser ConfirmSignUp SignUp""",
    "UserList": """ListUsers ListUsersInGroup""",
    "UserPoolClientRead": """DescribeUserPoolClient ListUserPoolClientSecrets ListUserPoolClients""",
    "UserPoolClientUpdate": """AddUserPoolClientSecret CreateUserPoolClient DeleteUserPoolClient
        DeleteUserPoolClientSecret UpdateUserPoolClient""",
    "UserPoolRead": """DescribeUserPool ListUserPools""",
    "UserPoolUpdate": """CreateUserPool DeleteUserPool UpdateUserPool""",
    "UserRead": """AdminGetUser GetUser""",
    "UserResourceRead": """AdminGetDevice AdminGetUserAuthFactors AdminListDevices AdminListGroupsForUser
        AdminListUserAuthEvents GetDevice GetUserAttributeVerificationCode GetUserAuthFactors ListDevices
        ListWebAuthnCredentials ResendConfirmationCode""",
    "UserResourceUpdate": """AdminDeleteSoftwareToken AdminForgetDevice AdminSetUserMFAPreference AdminSetUserSettings
        AdminUpdateAuthEventFeedback AdminUpdateDeviceStatus AssociateSoftwareToken CompleteWebAuthnRegistration
        ConfirmDevice DeleteWebAuthnCredential ForgetDevice SetUserMFAPreference SetUserSettings
        StartWebAuthnRegistration UpdateAuthEventFeedback UpdateDeviceStatus VerifySoftwareToken""",
    "UserToken": """GetTokensFromRefreshToken RevokeToken""",
    "UserUpdate": """AdminAddUserToGroup AdminDeleteUser AdminDeleteUserAttributes AdminDisableProviderForUser
        AdminDisableUser AdminEnableUser AdminLinkProviderForUser AdminRemoveUserFromGroup AdminUpdateUserAttributes
        AdminUserGlobalSignOut DeleteUser DeleteUserAttributes GlobalSignOut UpdateUserAttributes
        VerifyUserAttribute""",
}
"""All others are about the resources of a pool."""

_CATEGORIES = {name: category for category, names in _NAMED.items() for name in names.split()}
_READS = ("Describe", "Get", "List")


def category_of(operation: str) -> str:
    """The category that an operation of `cognito-idp` is counted in."""
    rest = "UserPoolResourceRead" if operation.startswith(_READS) else "UserPoolResourceUpdate"
    return _CATEGORIES.get(operation, rest)


def rate(ctx: Context, category: str) -> int:
    """The rate that the account has now."""
    kept = ctx.store.get(ProvisionedLimit, category)
    return DEFAULTS[category] if kept is None else kept.rate


def require_category(definition: Mapping[str, Any]) -> str:
    """The category of a `LimitDefinitionType`. Raises InvalidParameterException and ResourceNotFoundException."""
    attributes: Mapping[str, str] = definition["Attributes"]
    if [*attributes] != ["Category"]:
        raise AwsError("InvalidParameterException", "Attributes of API_CATEGORY are exactly: Category.")
    if attributes["Category"] not in DEFAULTS:
        raise AwsError("ResourceNotFoundException", f"There is no limit of the category {attributes['Category']}.")
    return attributes["Category"]


def provision(ctx: Context, category: str, wanted: int) -> None:
    """Set the account's rate. Raises InvalidParameterException and ServiceQuotaExceededException."""
    default = DEFAULTS[category]
    if wanted < default:
        raise AwsError("InvalidParameterException", f"The limit of {category} cannot be less than {default}.")
    if wanted > default * MOST_TIMES:
        message = f"The limit of {category} cannot be more than {default * MOST_TIMES}."
        raise AwsError("ServiceQuotaExceededException", message)
    ctx.store.put(ProvisionedLimit(category, wanted))


def describe(ctx: Context, category: str) -> dict[str, Any]:
    """A `LimitType`."""
    return {
        "LimitDefinition": {"LimitClass": "API_CATEGORY", "Attributes": {"Category": category}},
        "ProvisionedLimitValue": rate(ctx, category),
        "FreeLimitValue": DEFAULTS[category],
    }
