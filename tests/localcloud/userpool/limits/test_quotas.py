"""Request rates by category: every operation has one, and the account may have more than everybody."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.userpool.limits import quotas
from localcloud.wire import model
from tests.localcloud.userpool.conftest import Api


def limit(category: str) -> dict[str, Any]:
    return {"LimitDefinition": {"LimitClass": "API_CATEGORY", "Attributes": {"Category": category}}}


def test_every_operation_has_a_category_and_every_name_is_an_operation() -> None:
    operations = set(model.load("cognito-idp").operations)
    assert set(quotas._CATEGORIES) <= operations
    counted = {quotas.category_of(operation) for operation in operations}
    assert quotas.DEFAULTS.keys() - counted == {"UserFederation"}
    assert quotas.category_of("InitiateAuth") == "UserAuthentication"
    assert quotas.category_of("SetRiskConfiguration") == "UserPoolResourceUpdate"
    assert quotas.category_of("ListGroups") == "UserPoolResourceRead"


def test_an_account_raises_its_limit_and_puts_it_back(api: Api) -> None:
    wanted = limit("UserCreation")
    assert api("GetProvisionedLimit", **wanted)["Limit"] == {
        **wanted,
        "ProvisionedLimitValue": 50,
        "FreeLimitValue": 50,
    }
    raised = api("UpdateProvisionedLimit", **wanted, RequestedLimitValue=80)["Limit"]
    assert (raised["ProvisionedLimitValue"], raised["FreeLimitValue"]) == (80, 50)
    assert quotas.rate(api.context, "UserCreation") == 80
    api("UpdateProvisionedLimit", **wanted, RequestedLimitValue=50)
    assert api("GetProvisionedLimit", **wanted)["Limit"]["ProvisionedLimitValue"] == 50


@pytest.mark.parametrize(("value", "code"), [(49, "InvalidParameterException"), (501, "ServiceQuotaExceededException")])
def test_a_limit_stays_between_the_default_and_the_accounts_maximum(api: Api, value: int, code: str) -> None:
    with api.refused(code):
        api("UpdateProvisionedLimit", **limit("UserCreation"), RequestedLimitValue=value)


def test_a_limit_is_named_by_a_category_that_there_is(api: Api) -> None:
    with api.refused("ResourceNotFoundException"):
        api("GetProvisionedLimit", **limit("UserDestruction"))
    with api.refused("InvalidParameterException"):
        api("GetProvisionedLimit", LimitDefinition={"LimitClass": "API_CATEGORY", "Attributes": {}})
