"""Which role a user gets follows from the token's claims and the pool's rules, and never from the user's wish alone."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.errors import AwsError
from tests.localcloud.identitypool.conftest import CLIENT_ID, PROVIDER, World, role_arn, trust

KEY = f"{PROVIDER}:{CLIENT_ID}"
DEFAULT, GOLD, SILVER, OTHER = (role_arn(name) for name in ("authenticated", "gold", "silver", "other"))
DENIED = f"NotAuthorizedException: The ambiguous role mapping rules for: {KEY} denied this request."


def forbidden(role: str) -> str:
    """The refusal of a role that is not for the caller."""
    return f"NotAuthorizedException: Access to Role '{role}' is forbidden."


def rule(claim: str, match: str, value: str, role: str = GOLD) -> dict[str, str]:
    """One rule of a role mapping."""
    return {"Claim": claim, "MatchType": match, "Value": value, "RoleARN": role}


def token_mapping(ambiguous: str = "Deny") -> dict[str, Any]:
    """A mapping by the token's own claims."""
    return {"Type": "Token", "AmbiguousRoleResolution": ambiguous}


def rules_mapping(*rules: dict[str, str], ambiguous: str = "Deny") -> dict[str, Any]:
    """A mapping by rules."""
    return {"Type": "Rules", "AmbiguousRoleResolution": ambiguous, "RulesConfiguration": {"Rules": list(rules)}}


def set_mappings(world: World, mappings: dict[str, Any]) -> None:
    """Map roles; each of them trusts the pool."""
    for name in ("gold", "silver", "other"):
        world.set_trust(name, trust(world.pool_id, "authenticated"))
    roles = {kind: role_arn(kind) for kind in ("authenticated", "unauthenticated")}
    world.call("SetIdentityPoolRoles", IdentityPoolId=world.pool_id, Roles=roles, RoleMappings=mappings)


def role_of(world: World, mapping: dict[str, Any], custom_role: str = "", **claims: Any) -> str:
    """The role that ann gets with these claims, or how she is refused."""
    world.set_provider(ServerSideTokenCheck=False)
    set_mappings(world, {KEY: mapping})
    custom = {"CustomRoleArn": custom_role} if custom_role else {}
    try:
        return world.session(world.get_id("ann"), world.logins_saying(**claims), **custom).role_arn
    except AwsError as error:
        return str(error)


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"cognito:roles": [GOLD, SILVER], "cognito:preferred_role": SILVER}, SILVER),
        ({"cognito:roles": [GOLD]}, GOLD),
        ({"cognito:roles": f"{GOLD},{SILVER}", "cognito:preferred_role": GOLD}, GOLD),
        ({"cognito:roles": [GOLD, SILVER]}, "ambiguous"),
        ({}, "ambiguous"),
        ({"cognito:roles": [], "cognito:preferred_role": ""}, "ambiguous"),
        ({"cognito:roles": 7, "cognito:preferred_role": True}, "ambiguous"),
        ({"cognito:roles": [{"role": GOLD}], "cognito:preferred_role": [GOLD]}, "ambiguous"),
    ],
)
def test_the_tokens_own_role(world: World, claims: dict[str, Any], role: str) -> None:
    assert role_of(world, token_mapping("Deny"), **claims) == (DENIED if role == "ambiguous" else role)
    assert role_of(world, token_mapping("AuthenticatedRole"), **claims) == (DEFAULT if role == "ambiguous" else role)


@pytest.mark.parametrize(
    ("match", "value", "claim", "matched"),
    [
        ("Equals", "gold", "gold", True),
        ("Equals", "gold", "Gold", False),
        ("Equals", "true", True, True),
        ("Equals", "7", 7, True),
        ("Equals", "gold", ["silver", "gold"], True),
        ("Equals", "gold", {"gold": True}, False),
        ("Equals", "gold", None, False),
        ("NotEqual", "gold", "silver", True),
        ("NotEqual", "gold", "gold", False),
        ("NotEqual", "gold", ["silver", "gold"], False),
        ("NotEqual", "gold", None, False),
        ("NotEqual", "gold", {"plan": "silver"}, False),
        ("StartsWith", "go", "gold", True),
        ("StartsWith", "old", "gold", False),
        ("Contains", "ol", "gold", True),
        ("Contains", "ol", ["silver", "gold"], True),
        ("Contains", "r,g", ["silver", "gold"], False),
    ],
)
def test_a_rule_matches_a_claim(world: World, match: str, value: str, claim: Any, matched: bool) -> None:
    claims = {} if claim is None else {"plan": claim}
    assert role_of(world, rules_mapping(rule("plan", match, value)), **claims) == (GOLD if matched else DENIED)


def test_the_first_rule_that_matches_wins(world: World) -> None:
    mapping = rules_mapping(
        rule("plan", "Equals", "bronze", OTHER), rule("plan", "Contains", "ol"), rule("plan", "Equals", "gold", SILVER)
    )
    assert role_of(world, mapping, plan="gold") == GOLD


def test_no_rule_may_leave_the_default_role(world: World) -> None:
    assert role_of(world, rules_mapping(rule("plan", "Equals", "gold"), ambiguous="AuthenticatedRole")) == DEFAULT


def test_a_custom_role_is_one_of_the_tokens(world: World) -> None:
    claims = {"cognito:roles": [GOLD, SILVER], "cognito:preferred_role": GOLD}
    assert role_of(world, token_mapping(), SILVER, **claims) == SILVER
    # Both of these trust the pool, and neither was offered.
    for role in (OTHER, DEFAULT):
        assert role_of(world, token_mapping("AuthenticatedRole"), role, **claims) == forbidden(role)


def test_a_custom_role_is_one_of_the_rules_that_match(world: World) -> None:
    mapping = rules_mapping(
        rule("plan", "Contains", "ol"), rule("plan", "Equals", "gold", SILVER), rule("plan", "Equals", "x", OTHER)
    )
    assert role_of(world, mapping, SILVER, plan="gold") == SILVER
    assert role_of(world, mapping, OTHER, plan="gold") == forbidden(OTHER)


def test_without_a_mapping_nobody_names_a_role(world: World) -> None:
    """Attack: any role that trusts the pool, taken by asking for it."""
    set_mappings(world, {})
    ann, guest = world.get_id("ann"), world.get_id()
    users = {"IdentityId": ann, "Logins": world.logins("ann")}
    for request in (users, {"IdentityId": guest}):
        refusal = world.refusal("GetCredentialsForIdentity", CustomRoleArn=GOLD, **request)
        assert refusal == forbidden(GOLD)


def test_a_mapped_role_must_trust_the_pool_too(world: World) -> None:
    world.set_provider(ServerSideTokenCheck=False)
    set_mappings(world, {KEY: token_mapping()})
    world.set_trust("gold", trust("us-east-1:another-pool", "authenticated"))
    logins = world.logins_saying(**{"cognito:roles": [GOLD]})
    refusal = world.refusal("GetCredentialsForIdentity", IdentityId=world.get_id("ann"), Logins=logins)
    assert refusal.startswith("InvalidIdentityPoolConfigurationException: ")


def test_a_mapping_is_for_one_provider(world: World) -> None:
    google = {"accounts.google.com": rules_mapping(rule("plan", "Equals", "gold"))}
    world.change_pool(SupportedLoginProviders={"accounts.google.com": "id"})
    set_mappings(world, google)
    assert world.session(world.get_id("ann"), world.logins("ann")).role_arn == DEFAULT


def test_mappings_are_read_back(world: World) -> None:
    mappings = {KEY: rules_mapping(rule("plan", "Equals", "gold"))}
    set_mappings(world, mappings)
    assert world.call("GetIdentityPoolRoles", IdentityPoolId=world.pool_id)["RoleMappings"] == mappings
    set_mappings(world, {})
    assert "RoleMappings" not in world.call("GetIdentityPoolRoles", IdentityPoolId=world.pool_id)


@pytest.mark.parametrize(
    "key", [PROVIDER, f"{PROVIDER}:other", f"https://{KEY}", "accounts.google.com", "login.example", "x"]
)
def test_a_mapping_for_no_provider_of_the_pool_is_refused(world: World, key: str) -> None:
    world.change_pool(DeveloperProviderName="login.example")
    refusal = world.refusal(
        "SetIdentityPoolRoles", IdentityPoolId=world.pool_id, Roles={}, RoleMappings={key: token_mapping()}
    )
    message = f"({key}) is not a valid RoleMapping ProviderName or is not a configured provider."
    assert refusal == f"InvalidParameterException: {message}"


@pytest.mark.parametrize(
    "mapping",
    [
        {"Type": "Token"},
        {"Type": "Rules", "RulesConfiguration": {"Rules": [rule("plan", "Equals", "gold")]}},
        {"Type": "Rules", "AmbiguousRoleResolution": "Deny"},
        {**rules_mapping(rule("plan", "Equals", "gold")), "Type": "Token"},
        rules_mapping(*[rule("plan", "Equals", "gold")] * 26),
    ],
)
def test_a_mapping_that_says_too_little_or_too_much_is_refused(world: World, mapping: dict[str, Any]) -> None:
    refusal = world.refusal("SetIdentityPoolRoles", IdentityPoolId=world.pool_id, Roles={}, RoleMappings={KEY: mapping})
    assert refusal.startswith("InvalidParameterException: ")


@pytest.mark.parametrize(
    "arn", ["a-role-by-its-name-only", "arn:aws:iam::111122223333:role/x", "arn:aws:iam::000000000000:user/x"]
)
def test_what_is_no_role_of_the_account_is_refused_as_on_aws(world: World, arn: str) -> None:
    mapped = {KEY: rules_mapping(rule("plan", "Equals", "gold", arn))}
    for request in ({"Roles": {"authenticated": arn}}, {"Roles": {}, "RoleMappings": mapped}):
        assert world.refusal("SetIdentityPoolRoles", IdentityPoolId=world.pool_id, **request) == forbidden(arn)
