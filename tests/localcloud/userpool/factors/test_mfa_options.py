"""MFAOptions: the older way to turn codes by SMS on and off, for the user itself and for an administrator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.localcloud.userpool.conftest import Api

SMS = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]


@pytest.fixture
def sms_pool(api: Api) -> str:
    pool = api.new_pool(AutoVerifiedAttributes=["phone_number"])
    sender = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"}
    sms = {"SmsMfaConfiguration": {"SmsConfiguration": sender}}
    api("SetUserPoolMfaConfig", UserPoolId=pool, MfaConfiguration="OPTIONAL", **sms)
    api.new_user(pool, "ada", phone_number="+15550100", phone_number_verified="true")
    return pool


def methods(api: Api, pool: str) -> list[str]:
    user = api("AdminGetUser", UserPoolId=pool, Username="ada")
    return list(user.get("UserMFASettingList", []))


def test_codes_by_sms_are_turned_on_and_off(api: Api, sms_pool: str) -> None:
    named: dict[str, Any] = {"UserPoolId": sms_pool, "Username": "ada"}
    token = api.sign_in(sms_pool, api.new_client(sms_pool), "ada")["AccessToken"]
    api("SetUserSettings", AccessToken=token, MFAOptions=SMS)
    assert methods(api, sms_pool) == ["SMS_MFA"]
    api("SetUserSettings", AccessToken=token, MFAOptions=[])
    assert methods(api, sms_pool) == []
    api("AdminSetUserSettings", **named, MFAOptions=SMS)
    assert methods(api, sms_pool) == ["SMS_MFA"]
    api("AdminSetUserSettings", **named, MFAOptions=[])
    assert methods(api, sms_pool) == []


@pytest.mark.parametrize(
    "option",
    [{"DeliveryMedium": "EMAIL", "AttributeName": "email"}, {"DeliveryMedium": "SMS", "AttributeName": "email"}, {}],
)
def test_nothing_else_is_set_this_way(api: Api, sms_pool: str, option: dict[str, str]) -> None:
    with api.refused("InvalidParameterException", "only be SMS"):
        api("AdminSetUserSettings", UserPoolId=sms_pool, Username="ada", MFAOptions=[option])
