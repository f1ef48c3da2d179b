"""Claims of a verified token become session tags as the pool maps them, and nothing else does (rule 49)."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.access.refusals import RefusedError
from tests.localcloud.identitypool.conftest import CLIENT_ID, PROVIDER, World, trust

INVALID = (
    "InvalidIdentityPoolConfigurationException: "
    "Invalid identity pool configuration. Check assigned IAM roles for this pool."
)


def set_map(world: World, tags: dict[str, str] | None = None, **request: Any) -> dict[str, Any]:
    """Map claims of the user pool's tokens to tags."""
    if tags is not None:
        request["PrincipalTags"] = tags
    request = {"IdentityPoolId": world.pool_id, "IdentityProviderName": PROVIDER, **request}
    return world.call("SetPrincipalTagAttributeMap", **request)


def tags_of(world: World, **claims: Any) -> dict[str, Any]:
    """The tags of ann's session, whose role lets itself be tagged."""
    world.set_provider(ServerSideTokenCheck=False)
    world.set_trust("authenticated", trust(world.pool_id, "authenticated", "sts:TagSession"))
    context = world.session(world.get_id("ann"), world.logins_saying(**claims)).context
    prefix = "aws:PrincipalTag/"
    return {key.removeprefix(prefix): value for key, value in context.items() if key.startswith(prefix)}


def test_the_default_tags(world: World) -> None:
    answer = set_map(world, UseDefaults=True)
    assert answer == {
        "IdentityPoolId": world.pool_id,
        "IdentityProviderName": PROVIDER,
        "UseDefaults": True,
        "PrincipalTags": {"username": "sub", "client": "aud"},
    }
    assert tags_of(world) == {"username": "sub-ann", "client": CLIENT_ID}


def test_tags_of_the_pools_own_choice(world: World) -> None:
    set_map(world, {"plan": "custom:plan", "user": "sub"})
    assert tags_of(world, **{"custom:plan": "gold", "plan": "silver"}) == {"plan": "gold", "user": "sub-ann"}


@pytest.mark.parametrize("claim", [None, "", ["gold"], {"gold": True}, True, 7])
def test_a_claim_that_is_missing_or_no_text_gives_no_tag(world: World, claim: Any) -> None:
    """Attack: an empty value in `home/${aws:PrincipalTag/plan}*`, or a list that a policy would read as a text."""
    set_map(world, {"plan": "custom:plan"})
    assert tags_of(world, **({} if claim is None else {"custom:plan": claim})) == {}


def test_a_claim_that_the_user_may_write_is_a_tag_all_the_same(world: World) -> None:
    """As on AWS: the pool's owner has mapped it; a lint warns of it, and nothing here can."""
    set_map(world, {"role": "nickname"})
    assert tags_of(world, nickname="admin") == {"role": "admin"}


@pytest.mark.parametrize("value", ["x" * 257, "a*b", "a${b}", "a\nb"])
def test_a_value_that_no_tag_may_have_ends_in_no_session(world: World, value: str) -> None:
    set_map(world, {"role": "nickname"})
    world.set_provider(ServerSideTokenCheck=False)
    world.set_trust("authenticated", trust(world.pool_id, "authenticated", "sts:TagSession"))
    logins = world.logins_saying(nickname=value)
    assert world.refusal("GetCredentialsForIdentity", IdentityId=world.get_id("ann"), Logins=logins) == INVALID


def test_all_tags_together_are_limited(world: World) -> None:
    set_map(world, {"first": "a", "second": "b"})
    assert len(tags_of(world, a="x" * 200, b="y" * 200)) == 2
    logins = world.logins_saying(a="x" * 256, b="y" * 256)
    assert world.refusal("GetCredentialsForIdentity", IdentityId=world.get_id("ann"), Logins=logins) == INVALID


def test_a_role_that_may_not_be_tagged_is_refused_and_says_why(world: World) -> None:
    """Rule 49: the trust policy must allow `sts:TagSession` besides."""
    set_map(world, UseDefaults=True)
    with pytest.raises(RefusedError) as caught:
        world.credentials(world.get_id("ann"), world.logins("ann"))
    assert str(caught.value) == INVALID
    refused = [finding for finding in caught.value.findings if not finding.decision.allowed]
    assert [finding.request.action for finding in refused] == ["sts:TagSession"]
    assert refused[0].request.context["aws:RequestTag/username"] == "sub-ann"


def test_a_trust_policy_may_ask_for_tags(world: World) -> None:
    """Rule 49: they are `aws:RequestTag/…` in the assume call."""
    set_map(world, UseDefaults=True)
    policy = trust(world.pool_id, "authenticated", "sts:TagSession")
    policy["Statement"][0]["Condition"]["StringEquals"]["aws:RequestTag/username"] = "sub-bob"
    world.set_trust("authenticated", policy)
    assert world.session(world.get_id("bob"), world.logins("bob"))
    refusal = world.refusal("GetCredentialsForIdentity", IdentityId=world.get_id("ann"), Logins=world.logins("ann"))
    assert refusal == INVALID


def test_a_guest_has_no_tags(world: World) -> None:
    set_map(world, UseDefaults=True)
    assert not any("Tag" in key for key in world.session(world.get_id()).context)


def test_a_map_is_replaced_and_taken_away(world: World) -> None:
    asked = {"IdentityPoolId": world.pool_id, "IdentityProviderName": PROVIDER}
    nothing = {**asked, "UseDefaults": False, "PrincipalTags": {}}
    assert world.call("GetPrincipalTagAttributeMap", **asked) == nothing
    set_map(world, {"plan": "custom:plan"})
    set_map(world, {"user": "sub"})
    assert world.call("GetPrincipalTagAttributeMap", **asked) == {**nothing, "PrincipalTags": {"user": "sub"}}
    assert set_map(world) == nothing
    assert tags_of(world) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"IdentityProviderName": "accounts.google.com"},
        {"IdentityProviderName": f"{PROVIDER}:{CLIENT_ID}"},
        {"PrincipalTags": {"plan": "custom:plan"}, "UseDefaults": True},
        {"PrincipalTags": {"aws:plan": "custom:plan"}},
        {"PrincipalTags": {"plan": "a", "Plan": "b"}},
        {"PrincipalTags": {"pl*n": "a"}},
    ],
)
def test_a_map_that_cannot_be_meant_is_refused(world: World, wrong: dict[str, Any]) -> None:
    request = {"IdentityPoolId": world.pool_id, "IdentityProviderName": PROVIDER, **wrong}
    refusal = world.refusal("SetPrincipalTagAttributeMap", **request)
    assert refusal.startswith("InvalidParameterException: ")


def test_an_openid_connect_provider_goes_by_name_or_arn(world: World) -> None:
    arn = "arn:aws:iam::000000000000:oidc-provider/example.com"
    world.change_pool(OpenIdConnectProviderARNs=[arn])
    for name in ("example.com", arn):
        answer = set_map(world, {"user": "sub"}, IdentityProviderName=name)
        assert answer["IdentityProviderName"] == name
