"""Which claims a user can write: through any client of the pool, and not only through the one that signs in.

Without WriteAttributes a client writes everything, custom attributes too; an immutable one is still set at sign-up.
"""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.node import Node
from localcloud.policy.lint.stack import Resource, Stack

_STANDARD = frozenset(
    {
        *("address", "birthdate", "email", "family_name", "gender", "given_name", "locale", "middle_name", "name"),
        *("nickname", "phone_number", "picture", "preferred_username", "profile", "updated_at", "website", "zoneinfo"),
    }
)


def writer(stack: Stack, identity_pool: str, claim: str) -> str:
    """The client through which users write a claim of that identity pool; empty when none in the stack does."""
    if claim not in _STANDARD and not claim.startswith("custom:"):
        return ""
    for client in _clients(stack, identity_pool):
        writable = client.properties.get("WriteAttributes")
        names = [node.text for node in writable.texts()]
        if writable.known and (claim in names or not names):
            return client.name
    return ""


def _clients(stack: Stack, identity_pool: str) -> Iterator[Resource]:
    pool = stack.named(identity_pool, "AWS::Cognito::IdentityPool")
    providers: tuple[Node, ...] = pool.properties.get("CognitoIdentityProviders").each() if pool else ()
    found = [stack.named(each.get("ProviderName").text, "AWS::Cognito::UserPool") for each in providers]
    ids = {each.ref for each in found if each}
    for client in stack.of_type("AWS::Cognito::UserPoolClient"):
        if client.properties.get("UserPoolId").text in ids:
            yield client
