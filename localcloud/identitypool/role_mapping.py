"""Which role a signed-in user gets, by what the token says: from its own claims, or by the pool's rules.

Source: Cognito developer guide, "Using role-based access control". It says nothing of a request with several logins:
here the first one decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool import provider_keys
from localcloud.identitypool.logins import ProvenLogin
from localcloud.identitypool.models import IdentityPool

_MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": lambda seen, wanted: seen == wanted,
    "StartsWith": lambda seen, wanted: seen.startswith(wanted),
    "Contains": lambda seen, wanted: wanted in seen,
}


def choose(ctx: Context, pool: IdentityPool, login: ProvenLogin, custom_role: str = "") -> str:
    """The ARN of the role for a login, empty where the pool has none. Raises NotAuthorizedException.

    `custom_role` is the `CustomRoleArn` of GetCredentialsForIdentity: one of the roles that the token or the rules
    offer. Attack: a user who names a role that the pool merely happens to be trusted by.
    """
    found = provider_keys.find(ctx.cloud, pool.role_mappings, login)
    if found is None:
        if custom_role:
            raise forbidden(custom_role)
        return pool.roles.get("authenticated", "")
    key, mapping = found
    offered, preferred = _from_token(login.claims) if mapping["Type"] == "Token" else _by_rules(mapping, login.claims)
    if custom_role:
        if custom_role not in offered:
            raise forbidden(custom_role)
        return custom_role
    if preferred:
        return preferred
    if mapping["AmbiguousRoleResolution"] == "AuthenticatedRole":
        return pool.roles.get("authenticated", "")
    message = f"The ambiguous role mapping rules for: {key} denied this request."
    raise AwsError("NotAuthorizedException", message)


def forbidden(role_arn: str) -> AwsError:
    """The refusal of a role that is not the caller's to name."""
    return AwsError("NotAuthorizedException", f"Access to Role '{role_arn}' is forbidden.")


def _from_token(claims: Mapping[str, Any]) -> tuple[list[str], str]:
    """The roles that a token offers, and the one to take unless the caller names another."""
    # A list in a user pool's tokens, one text with commas in the developer guide.
    roles = claims.get("cognito:roles")
    listed = roles.split(",") if isinstance(roles, str) else roles if isinstance(roles, list) else []
    offered = [role for role in listed if role and isinstance(role, str)]
    preferred = claims.get("cognito:preferred_role")
    if isinstance(preferred, str) and preferred:
        return offered, preferred
    return offered, offered[0] if len(offered) == 1 else ""


def _by_rules(mapping: Mapping[str, Any], claims: Mapping[str, Any]) -> tuple[list[str], str]:
    """The roles of all rules that match, and that of the first."""
    rules = mapping["RulesConfiguration"]["Rules"]
    offered = [rule["RoleARN"] for rule in rules if _matches(rule, _values(claims.get(rule["Claim"])))]
    return offered, offered[0] if offered else ""


def _matches(rule: Mapping[str, str], values: list[str]) -> bool:
    if not values:
        # `NotEqual` too is not evaluated without the claim.
        return False
    if rule["MatchType"] == "NotEqual":
        return rule["Value"] not in values
    return any(_MATCHES[rule["MatchType"]](seen, rule["Value"]) for seen in values)


def _values(claim: Any) -> list[str]:
    """The texts that a rule sees of a claim, one for each item of a list; none for what is no plain value."""
    if isinstance(claim, list):
        return [value for item in claim if not isinstance(item, list) for value in _values(item)]
    if isinstance(claim, bool):
        return ["true" if claim else "false"]
    return [str(claim)] if isinstance(claim, str | int) else []
