"""Which pages a domain has: classic ones, or managed login where the pool's plan has it."""

from __future__ import annotations

from tests.localcloud.userpool.conftest import Api


def version(api: Api, domain: str) -> int:
    return int(api("DescribeUserPoolDomain", Domain=domain)["DomainDescription"]["ManagedLoginVersion"])


def test_a_domain_has_classic_pages_unless_it_is_told_otherwise(api: Api, pool: str) -> None:
    assert api("CreateUserPoolDomain", UserPoolId=pool, Domain="gate-1") == {"ManagedLoginVersion": 1}
    update = {"UserPoolId": pool, "Domain": "gate-1"}
    assert api("UpdateUserPoolDomain", **update, ManagedLoginVersion=2) == {"ManagedLoginVersion": 2}
    assert version(api, "gate-1") == 2
    assert api("UpdateUserPoolDomain", **update) == {"ManagedLoginVersion": 2}
    api("UpdateUserPoolDomain", **update, ManagedLoginVersion=1)
    assert version(api, "gate-1") == 1
    other = api.new_pool()
    assert api("CreateUserPoolDomain", UserPoolId=other, Domain="gate-2", ManagedLoginVersion=2) == {
        "ManagedLoginVersion": 2
    }


def test_what_a_domain_cannot_be_is_refused_by_name(api: Api, pool: str) -> None:
    certificate = {"CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/x"}
    routing = {"Failover": {"SecondaryRegion": "eu-west-1", "PrimaryRoute53HealthCheckId": "x"}}
    for setting, why in (
        ({"ManagedLoginVersion": 3}, "`ManagedLoginVersion: 3` is not supported"),
        ({"CustomDomainConfig": certificate}, "`CustomDomainConfig` is not supported"),
        ({"Routing": routing}, "`Routing` is not supported"),
    ):
        with api.refused("InvalidParameterException", why):
            api("CreateUserPoolDomain", UserPoolId=pool, Domain="gate-1", **setting)
    api("CreateUserPoolDomain", UserPoolId=pool, Domain="gate-1")
    with api.refused("InvalidParameterException", "`CustomDomainConfig` is not supported"):
        api("UpdateUserPoolDomain", UserPoolId=pool, Domain="gate-1", CustomDomainConfig=certificate)
    with api.refused("InvalidParameterException", "No such domain or user pool exists."):
        api("UpdateUserPoolDomain", UserPoolId=api.new_pool(), Domain="gate-1", ManagedLoginVersion=2)


def test_the_lite_plan_has_no_managed_login(api: Api) -> None:
    pool = api.new_pool(UserPoolTier="LITE")
    with api.refused("FeatureUnavailableInTierException", "not available for the LITE pricing tier"):
        api("CreateUserPoolDomain", UserPoolId=pool, Domain="gate-1", ManagedLoginVersion=2)
    api("CreateUserPoolDomain", UserPoolId=pool, Domain="gate-1")
    with api.refused("FeatureUnavailableInTierException", "Managed Login Version 2"):
        api("UpdateUserPoolDomain", UserPoolId=pool, Domain="gate-1", ManagedLoginVersion=2)


def test_a_pool_with_managed_login_does_not_go_to_the_lite_plan(api: Api, pool: str) -> None:
    api("CreateUserPoolDomain", UserPoolId=pool, Domain="gate-1", ManagedLoginVersion=2)
    said = "The following features need to be disabled for the LITE pricing tier configured: Managed Login Version 2"
    with api.refused("FeatureUnavailableInTierException", said):
        api("UpdateUserPool", UserPoolId=pool, UserPoolTier="LITE")
    assert api.describe_pool(pool)["UserPoolTier"] == "ESSENTIALS"
    api("UpdateUserPoolDomain", UserPoolId=pool, Domain="gate-1", ManagedLoginVersion=1)
    api("UpdateUserPool", UserPoolId=pool, UserPoolTier="LITE")
    assert api.describe_pool(pool)["UserPoolTier"] == "LITE"


def test_a_pool_that_exports_activity_does_not_leave_the_plus_plan(api: Api) -> None:
    pool = api.new_pool(UserPoolTier="PLUS")
    group = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/people"
    activity = {
        "LogLevel": "INFO",
        "EventSource": "userAuthEvents",
        "CloudWatchLogsConfiguration": {"LogGroupArn": group},
    }
    api("SetLogDeliveryConfiguration", UserPoolId=pool, LogConfigurations=[activity])
    with api.refused("FeatureUnavailableInTierException", "ESSENTIALS pricing tier configured: Log Export"):
        api("UpdateUserPool", UserPoolId=pool)
    api("SetLogDeliveryConfiguration", UserPoolId=pool, LogConfigurations=[])
    api("UpdateUserPool", UserPoolId=pool)
