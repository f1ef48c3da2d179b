"""What a pre token generation trigger may change in the tokens, and what it may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localcloud.userpool.models import Group
from localcloud.userpool.triggers.answer import read_object, read_text, read_texts

DETAILS = {
    "V1_0": "claimsOverrideDetails",
    "V2_0": "claimsAndScopeOverrideDetails",
    "V3_0": "claimsAndScopeOverrideDetails",
}
"""Where the trigger's answer says what to change, for each version of it."""

_FIXED_CLAIMS = frozenset(
    [
        "acr",
        "amr",
        "at_hash",
        "auth_time",
        "azp",
        "cognito:username",
        "event_id",
        "exp",
        "iat",
        "identities",
        "iss",
        "jti",
        "nbf",
        "nonce",
        "origin_jti",
        "sub",
        "token_use",
        "aud",
        "client_id",
        "username",
        "device_key",
        "version",
    ]
)
"""Claims that no trigger can change. Source: developer guide, "Pre token generation Lambda trigger"."""


@dataclass(frozen=True, slots=True)
class TokenChanges:
    """What a pre token generation trigger changes in one token."""

    add: Mapping[str, Any] = field(default_factory=dict)
    suppress: frozenset[str] = frozenset()

    def applied_to(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """The claims as the trigger wants them; what it both adds and suppresses is suppressed.

        Attack: a trigger made to speak for another user, pool or client.
        """
        wanted = dict(claims) | {n: v for n, v in self.add.items() if n not in _FIXED_CLAIMS and n != "scope"}
        return {n: v for n, v in wanted.items() if n not in self.suppress or n in _FIXED_CLAIMS}


@dataclass(frozen=True, slots=True)
class ClaimChanges:
    """All that a pre token generation trigger asks for."""

    id: TokenChanges = TokenChanges()
    access: TokenChanges = TokenChanges()
    scopes_added: tuple[str, ...] = ()
    scopes_suppressed: frozenset[str] = frozenset()
    groups: list[str] | None = None
    group_roles: list[str] | None = None
    preferred_role: str | None = None

    def scope(self, scope: str) -> str:
        """A `scope` claim with scopes added and suppressed."""
        scopes = dict.fromkeys([*scope.split(), *self.scopes_added])
        return " ".join(s for s in scopes if s not in self.scopes_suppressed)

    def roles(self, groups: list[Group]) -> dict[str, Any]:
        """`cognito:roles` and `cognito:preferred_role`; the latter is absent where the lowest precedence is a tie."""
        claims: dict[str, Any]
        if self.group_roles is not None:
            claims = {"cognito:roles": self.group_roles, "cognito:preferred_role": self.preferred_role}
            return {name: value for name, value in claims.items() if value}
        with_role = [group for group in groups if group.role_arn]
        if not with_role:
            return {}
        claims = {"cognito:roles": [group.role_arn for group in with_role]}
        best = [g for g in with_role if g.precedence == with_role[0].precedence and g.precedence is not None]
        if len({group.role_arn for group in best}) == 1:
            claims["cognito:preferred_role"] = best[0].role_arn
        return claims


def read_changes(answer: Mapping[str, Any], version: str) -> ClaimChanges:
    """The `response` of the trigger, in the form of its version. Raises InvalidLambdaResponseException."""
    details = read_object(answer, DETAILS[version])
    group_part: dict[str, Any] = {}
    if "groupOverrideDetails" in details:
        # Empty or null takes the groups away. Source: developer guide, pre token generation, groupOverrideDetails.
        override = read_object(details, "groupOverrideDetails")
        group_part = {
            "groups": read_texts(override, "groupsToOverride"),
            "group_roles": read_texts(override, "iamRolesToOverride"),
            "preferred_role": read_text(override, "preferredRole") or None,
        }
    if version == "V1_0":
        return ClaimChanges(id=_token_changes(details), **group_part)
    access = read_object(details, "accessTokenGeneration")
    return ClaimChanges(
        id=_token_changes(read_object(details, "idTokenGeneration")),
        access=_token_changes(access),
        scopes_added=tuple(read_texts(access, "scopesToAdd")),
        scopes_suppressed=frozenset(read_texts(access, "scopesToSuppress")),
        **group_part,
    )


def _token_changes(part: Mapping[str, Any]) -> TokenChanges:
    return TokenChanges(read_object(part, "claimsToAddOrOverride"), frozenset(read_texts(part, "claimsToSuppress")))
