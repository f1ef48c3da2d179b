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
