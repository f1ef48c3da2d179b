"""CloudFormation's types for what hangs on a pool: terms, risk configurations, log delivery."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.aws.resources import cognito_log_delivery_configuration as logs
from localcloud.aws.resources import cognito_terms as terms
from localcloud.aws.resources import cognito_user_pool, cognito_user_pool_client
from localcloud.aws.resources import cognito_user_pool_risk_configuration_attachment as risks
from localcloud.aws.resources.cognito_calls import call
from localcloud.context import Context

GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:people"


@pytest.fixture
def pool(ctx: Context) -> str:
    properties = {"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}
    return cognito_user_pool.create(ctx, properties, "Pool", "stack")[0]


@pytest.fixture
def client(ctx: Context, pool: str) -> str:
    return cognito_user_pool_client.create(ctx, {"UserPoolId": pool}, "App", "stack")[0]


def test_terms_are_made_changed_replaced_and_deleted(ctx: Context, pool: str, client: str) -> None:
    old: dict[str, Any] = {
        "UserPoolId": pool,
        "ClientId": client,
        "TermsName": "terms-of-use",
        "TermsSource": "LINK",
        "Enforcement": "NONE",
        "Links": {"cognito:default": "https://example.com/terms"},
    }
    made, attributes = terms.create(ctx, old, "Terms", "stack")
    assert made == f"{pool}|{attributes['TermsId']}"
    assert terms.create(ctx, old, "Terms", "stack", made) == (made, attributes)
    new = {**old, "TermsName": "privacy-policy", "Links": {"cognito:default": "https://example.com/privacy"}}
    assert terms.update(ctx, made, old, new) == (made, attributes)
    shown = call(ctx, "DescribeTerms", {"UserPoolId": pool, **attributes})["Terms"]
    assert (shown["TermsName"], shown["Links"]) == (new["TermsName"], new["Links"])
    other = cognito_user_pool_client.create(ctx, {"UserPoolId": pool}, "Other", "stack")[0]
    assert terms.update(ctx, made, new, {**new, "ClientId": other})[0] != made
    terms.delete(ctx, made, new)
    terms.delete(ctx, made, new)
    assert [one["TermsName"] for one in call(ctx, "ListTerms", {"UserPoolId": pool})["Terms"]] == ["privacy-policy"]


def test_a_risk_configuration_is_attached_to_a_client_or_to_all(ctx: Context, pool: str, client: str) -> None:
    for named in (client, "ALL"):
        properties = {
            "UserPoolId": pool,
            "ClientId": named,
            "RiskExceptionConfiguration": {"BlockedIPRangeList": ["192.0.2.0/24"]},
        }
        made = risks.create(ctx, properties, "Risks", "stack")[0]
        assert made == f"{pool}|{named}"
        asked = {"UserPoolId": pool, **({"ClientId": client} if named == client else {})}
        shown = call(ctx, "DescribeRiskConfiguration", asked)["RiskConfiguration"]
        assert shown["RiskExceptionConfiguration"] == properties["RiskExceptionConfiguration"]
        risks.delete(ctx, made, properties)
        assert call(ctx, "DescribeRiskConfiguration", asked)["RiskConfiguration"] == asked
    with pytest.raises(ValueError, match="`ClientId` is required"):
        risks.create(ctx, {"UserPoolId": pool}, "Risks", "stack")


def test_log_delivery_is_set_replaced_and_ended(ctx: Context, pool: str) -> None:
    one = {
        "EventSource": "userAuthEvents",
        "LogLevel": "INFO",
        "CloudWatchLogsConfiguration": {"LogGroupArn": GROUP},
    }
    properties = {"UserPoolId": pool, "LogConfigurations": [one]}
    assert logs.create(ctx, properties, "Logs", "stack") == (pool, {"Id": pool})

    def kept() -> Any:
        answer = call(ctx, "GetLogDeliveryConfiguration", {"UserPoolId": pool})
        return answer["LogDeliveryConfiguration"]["LogConfigurations"]

    assert kept() == [one]
    logs.update(ctx, pool, properties, {"UserPoolId": pool})
    assert kept() == []
    logs.create(ctx, properties, "Logs", "stack")
    logs.delete(ctx, pool, properties)
    assert kept() == []
