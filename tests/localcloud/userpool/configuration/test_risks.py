"""Threat protection: any configuration may be kept; one that acts on leaked passwords may not be enforced."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.operations import initiate_auth
from tests.localcloud.userpool.conftest import PASSWORD, Api

AUDIT, ENFORCED = ({"UserPoolAddOns": {"AdvancedSecurityMode": mode}} for mode in ("AUDIT", "ENFORCED"))
PLUS = {"UserPoolTier": "PLUS"}
QUIET_LEVEL = {"Notify": False, "EventAction": "NO_ACTION"}
QUIET = {
    "CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "NO_ACTION"}},
    "AccountTakeoverRiskConfiguration": {"Actions": {"HighAction": QUIET_LEVEL}},
}
LOUD: list[dict[str, Any]] = [
    {**QUIET, "CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "BLOCK"}}},
    {"RiskExceptionConfiguration": {"BlockedIPRangeList": ["192.0.2.0/24"]}},
]
BLOCKED = {**QUIET, "RiskExceptionConfiguration": {"BlockedIPRangeList": ["192.0.2.0/24", "2001:db8::/32"]}}


@pytest.fixture
def plus_pool(api: Api) -> str:
    return api.new_pool(**PLUS, **AUDIT)


def enforce(api: Api, pool: str, configuration: Mapping[str, Any]) -> None:
    api("SetRiskConfiguration", UserPoolId=pool, **configuration)
    api("UpdateUserPool", UserPoolId=pool, **PLUS, **ENFORCED)


def test_threat_protection_needs_the_plus_tier(api: Api) -> None:
    for tier in ("LITE", "ESSENTIALS"):
        with api.refused("FeatureUnavailableInTierException"):
            api.new_pool(UserPoolTier=tier, **AUDIT)
    pool = api.new_pool(**PLUS, **AUDIT)
    assert api.describe_pool(pool)["UserPoolAddOns"] == {"AdvancedSecurityMode": "AUDIT"}
    with api.refused("FeatureUnavailableInTierException"):
        api("UpdateUserPool", UserPoolId=pool, UserPoolTier="ESSENTIALS", **AUDIT)


def test_a_configuration_is_kept_and_reset_for_a_pool_and_for_a_client(api: Api, plus_pool: str) -> None:
    client = {"UserPoolId": plus_pool, "ClientId": api.new_client(plus_pool)}
    kept = api("SetRiskConfiguration", UserPoolId=plus_pool, **LOUD[0])["RiskConfiguration"]
    assert kept["CompromisedCredentialsRiskConfiguration"] == {
        "EventFilter": ["SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"],
        "Actions": {"EventAction": "BLOCK"},
    }
    assert api("DescribeRiskConfiguration", UserPoolId=plus_pool)["RiskConfiguration"] == kept
    assert api("DescribeRiskConfiguration", **client)["RiskConfiguration"] == client
    own = api("SetRiskConfiguration", **client, **BLOCKED)["RiskConfiguration"]
    assert own["ClientId"] == client["ClientId"]
    assert api("SetRiskConfiguration", **client)["RiskConfiguration"] == client
    assert api("SetRiskConfiguration", UserPoolId=plus_pool)["RiskConfiguration"] == {"UserPoolId": plus_pool}


@pytest.mark.parametrize("addresses", ["BlockedIPRangeList", "SkippedIPRangeList"])
def test_address_lists_are_in_cidr_notation(api: Api, plus_pool: str, addresses: str) -> None:
    for text in ("192.0.2.1/24", "example.com", ""):
        with api.refused("InvalidParameterException", "CIDR"):
            api("SetRiskConfiguration", UserPoolId=plus_pool, RiskExceptionConfiguration={addresses: [text]})


def test_a_notice_needs_to_be_said_how(api: Api, plus_pool: str) -> None:
    takeover = {"Actions": {"LowAction": {"Notify": True, "EventAction": "BLOCK"}}}
    with api.refused("InvalidParameterException", "NotifyConfiguration"):
        api("SetRiskConfiguration", UserPoolId=plus_pool, AccountTakeoverRiskConfiguration=takeover)


@pytest.mark.parametrize("configuration", LOUD)
def test_what_would_act_on_leaked_passwords_is_not_enforced(
    api: Api, plus_pool: str, configuration: dict[str, Any]
) -> None:
    """Attack: a protection that everybody takes to be on, and that nobody runs."""
    with api.refused("InvalidParameterException", "is not supported by the local cloud"):
        enforce(api, plus_pool, configuration)
    assert api.describe_pool(plus_pool)["UserPoolAddOns"] == {"AdvancedSecurityMode": "AUDIT"}
    enforce(api, plus_pool, QUIET)
    for named in ({}, {"ClientId": api.new_client(plus_pool)}):
        with api.refused("InvalidParameterException", "is not supported by the local cloud"):
            api("SetRiskConfiguration", UserPoolId=plus_pool, **named, **configuration)
    assert (
        "RiskExceptionConfiguration" not in api("DescribeRiskConfiguration", UserPoolId=plus_pool)["RiskConfiguration"]
    )


def test_the_defaults_are_not_enforced_either(api: Api, plus_pool: str) -> None:
    """AWS's own block leaked passwords."""
    with api.refused("InvalidParameterException", "ENFORCED without a risk configuration"):
        api.new_pool(**PLUS, **ENFORCED)
    enforce(api, plus_pool, QUIET)
    with api.refused("InvalidParameterException", "ENFORCED without a risk configuration"):
        api("SetRiskConfiguration", UserPoolId=plus_pool)


class TestBlockedAddresses:
    """An address that is always blocked signs nobody in, whoever asks, and whatever the password is."""

    @pytest.fixture
    def client(self, api: Api, plus_pool: str) -> str:
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]
        api.new_user(plus_pool, "ada")
        return api.new_client(plus_pool, ExplicitAuthFlows=flows, PreventUserExistenceErrors="ENABLED")

    def sign_in(self, ctx: Context, client: str, name: str = "ada", **more: Any) -> str:
        """What a sign-in from somewhere comes to: the message of its refusal, or nothing."""
        given = {"USERNAME": name, "PASSWORD": PASSWORD, **more.pop("parameters", {})}
        request = {"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given, **more}
        try:
            initiate_auth.handle(ctx, request)
        except AwsError as error:
            return error.message
        return ""

    @pytest.fixture
    def here(self, api: Api, plus_pool: str) -> Context:
        api.cloud.keys[plus_pool] = api.key
        return dataclasses.replace(api.context, source_ip="198.51.100.7")

    @pytest.fixture
    def blocked(self, here: Context) -> Context:
        return dataclasses.replace(here, source_ip="192.0.2.9")

    def test_only_where_it_is_enforced(
        self, api: Api, plus_pool: str, client: str, here: Context, blocked: Context
    ) -> None:
        api("SetRiskConfiguration", UserPoolId=plus_pool, **BLOCKED)
        assert self.sign_in(blocked, client) == ""
        enforce(api, plus_pool, BLOCKED)
        refusal = "Unable to login because of security reasons."
        assert [self.sign_in(blocked, client, name) for name in ("ada", "nobody")] == [refusal] * 2
        assert self.sign_in(dataclasses.replace(here, source_ip="2001:db8::1"), client) == refusal
        assert self.sign_in(here, client) == ""
        events = api("AdminListUserAuthEvents", UserPoolId=plus_pool, Username="ada")["AuthEvents"]
        decisions = sorted((event["EventResponse"], event["EventRisk"]["RiskDecision"]) for event in events)
        assert decisions == [("Fail", "Block")] * 2 + [("Pass", "NoRisk")] * 2

    def test_a_clients_own_list_counts_in_place_of_the_pools(
        self, api: Api, plus_pool: str, client: str, blocked: Context
    ) -> None:
        enforce(api, plus_pool, BLOCKED)
        api("SetRiskConfiguration", UserPoolId=plus_pool, ClientId=client, **QUIET)
        assert self.sign_in(blocked, client) == ""

    def test_a_server_says_which_address_its_user_has(self, api: Api, plus_pool: str, client: str) -> None:
        api.cloud.keys[plus_pool] = api.key
        enforce(api, plus_pool, BLOCKED)
        named = {"UserPoolId": plus_pool, "ClientId": client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH"}
        data = {"ServerName": "app", "ServerPath": "/", "HttpHeaders": [], "IpAddress": "192.0.2.9"}
        parameters = {"USERNAME": "ada", "PASSWORD": PASSWORD}
        with api.refused("NotAuthorizedException", "security reasons"):
            api("AdminInitiateAuth", **named, AuthParameters=parameters, ContextData=data)
        with api.refused("InvalidParameterException", "not an IP address"):
            api("AdminInitiateAuth", **named, AuthParameters=parameters, ContextData={**data, "IpAddress": "me"})

    def test_an_app_without_a_secret_says_nothing_of_the_kind(
        self, api: Api, plus_pool: str, client: str, blocked: Context
    ) -> None:
        """Attack: anybody at a blocked address, who names another one."""
        enforce(api, plus_pool, BLOCKED)
        elsewhere: dict[str, Any] = {"UserContextData": {"IpAddress": "198.51.100.7"}}
        assert "security reasons" in self.sign_in(blocked, client, **elsewhere)
        with api.refused("InvalidParameterException", "client secret"):
            api.new_client(plus_pool, EnablePropagateAdditionalUserContextData=True)
