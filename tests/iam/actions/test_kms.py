"""KMS calls are decided on the ARN of the key, however it is named, with what they say and what the key is."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from localcloud.errors import AwsError
from localcloud.iam.actions import Check, checks
from tests.iam.actions.fakes import RESOURCES, call

PREFIX = "arn:aws:kms:us-east-1:000000000000:"
MINE, YOURS = f"{PREFIX}key/mine-1", f"{PREFIX}key/yours-1"


def found(operation: str, **params: Any) -> list[Check]:
    return checks(call("kms", operation, params), RESOURCES)


def asked(operation: str, **params: Any) -> list[tuple[str, str]]:
    return [(check.action, check.resource) for check in found(operation, **params)]


def only(operation: str, **params: Any) -> dict[str, Any]:
    (check,) = found(operation, **params)
    return dict(check.context)


def sealed_with(key: str) -> str:
    return base64.b64encode(key.encode()).decode()


@pytest.mark.parametrize("reference", ["mine-1", MINE, "alias/mine", f"{PREFIX}alias/mine"])
def test_a_key_is_its_arn_however_it_is_named(reference: str) -> None:
    assert asked("Encrypt", KeyId=reference) == [("kms:Encrypt", MINE)]
    alias = only("Encrypt", KeyId=reference).get("kms:RequestAlias")
    assert alias == ("alias/mine" if "alias/" in reference else None)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("nothing-1", [("kms:Encrypt", f"{PREFIX}key/nothing-1")]),
        ("alias/nothing", [("kms:Encrypt", f"{PREFIX}alias/nothing")]),
        (MINE.replace("us-east-1", "eu-west-1"), []),
        (MINE.replace("000000000000", "111111111111"), []),
        ("*", []),
        ("key/../mine-1", []),
        ("", []),
    ],
)
def test_a_key_that_is_not_here(reference: str, expected: list[tuple[str, str]]) -> None:
    assert asked("Encrypt", KeyId=reference) == expected


def test_what_an_encryption_says() -> None:
    context = only("Encrypt", KeyId="mine-1", EncryptionContext={"Owner": "me", "App": "x"})
    assert context == {
        "kms:CallerAccount": "000000000000",
        "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        "kms:EncryptionContext:App": "x",
        "kms:EncryptionContext:Owner": "me",
        "kms:EncryptionContextKeys": ("Owner", "App"),
        "kms:KeySpec": "SYMMETRIC_DEFAULT",
        "kms:ResourceAliases": ("alias/mine",),
    }


def test_context_keys_that_differ_in_case_only_are_not_understood() -> None:
    """One of the two would hide the other from a condition, which knows no case."""
    assert found("Encrypt", KeyId="mine-1", EncryptionContext={"Owner": "me", "owner": "you"}) == []


def test_a_data_keys_size_is_not_the_keys_own_spec() -> None:
    assert only("GenerateDataKey", KeyId="mine-1", KeySpec="AES_256")["kms:KeySpec"] == "SYMMETRIC_DEFAULT"


def test_the_key_of_a_ciphertext_is_asked() -> None:
    assert asked("Decrypt", CiphertextBlob=sealed_with("yours-1")) == [("kms:Decrypt", YOURS)]
    assert asked("Decrypt", CiphertextBlob=sealed_with("yours-1"), KeyId="mine-1") == [("kms:Decrypt", MINE)]


def test_a_key_of_nobodys_does_not_hide_the_ciphertexts_key() -> None:
    """`key/mine-*` covers a KeyId that does not exist; the service would fall back to the key in the ciphertext."""
    assert asked("Decrypt", CiphertextBlob=sealed_with("yours-1"), KeyId="mine-9") == [
        ("kms:Decrypt", f"{PREFIX}key/mine-9"),
        ("kms:Decrypt", YOURS),
    ]


def test_what_is_no_ciphertext() -> None:
    with pytest.raises(AwsError) as caught:
        found("Decrypt", CiphertextBlob=sealed_with("nothing"))
    assert caught.value.code == "InvalidCiphertextException"
    with pytest.raises(AwsError) as caught:
        found("Decrypt", CiphertextBlob="%%")
    assert caught.value.code == "SerializationException"


def test_reencryption_is_two_actions() -> None:
    params = {"SourceEncryptionContext": {"a": "1"}, "DestinationEncryptionContext": {"b": "2"}}
    source, target = found("ReEncrypt", CiphertextBlob=sealed_with("mine-1"), DestinationKeyId="alias/yours", **params)
    assert (source.action, source.resource) == ("kms:ReEncryptFrom", MINE)
    assert (target.action, target.resource) == ("kms:ReEncryptTo", YOURS)
    assert source.context["kms:EncryptionContext:a"] == "1"
    assert target.context["kms:EncryptionContext:b"] == "2"
    assert "kms:EncryptionContext:a" not in target.context
    assert source.context["kms:ReEncryptOnSameKey"] == target.context["kms:ReEncryptOnSameKey"] == "false"


def test_an_alias_and_both_of_its_keys_are_asked() -> None:
    """Whoever may move an alias decides which key a rule by alias means."""
    alias = ("kms:UpdateAlias", f"{PREFIX}alias/mine")
    assert asked("UpdateAlias", AliasName="alias/mine", TargetKeyId="yours-1") == [
        alias, ("kms:UpdateAlias", MINE), ("kms:UpdateAlias", YOURS),
    ]  # fmt: skip
    assert asked("DeleteAlias", AliasName="alias/mine") == [
        ("kms:DeleteAlias", f"{PREFIX}alias/mine"), ("kms:DeleteAlias", MINE),
    ]  # fmt: skip
    assert found("CreateAlias", AliasName="alias/new") == []
    assert found("DeleteAlias", AliasName="mine") == []


def test_what_a_grant_says() -> None:
    grantee = "arn:aws:iam::000000000000:role/reader"
    constraints = {"EncryptionContextSubset": {"Owner": "me"}}
    context = only(
        "CreateGrant", KeyId="mine-1", GranteePrincipal=grantee, Operations=["Decrypt"], Constraints=constraints
    )
    assert context["kms:GranteePrincipal"] == grantee
    assert context["kms:GrantOperations"] == ("Decrypt",)
    assert context["kms:GrantConstraintType"] == "EncryptionContextSubset"
    assert context["kms:EncryptionContext:Owner"] == "me"
    assert context["kms:GrantIsForAWSResource"] == "false"
    both = constraints | {"EncryptionContextEquals": {"Owner": "you"}}
    assert found("CreateGrant", KeyId="mine-1", Operations=["Decrypt"], Constraints=both) == []


def test_a_new_key() -> None:
    assert asked("CreateKey") == [("kms:CreateKey", "*")]
    tags = [{"TagKey": "team", "TagValue": "red"}]
    (key, policy, tagging) = found("CreateKey", Tags=tags, Policy="{}", KeySpec="RSA_2048")
    assert [key.action, policy.action, tagging.action] == ["kms:CreateKey", "kms:PutKeyPolicy", "kms:TagResource"]
    assert (key.context["kms:KeySpec"], key.context["aws:RequestTag/team"]) == ("RSA_2048", "red")


@pytest.mark.parametrize(
    ("operation", "params", "key", "value"),
    [
        ("Sign", {"SigningAlgorithm": "RSASSA_PSS_SHA_256"}, "SigningAlgorithm", "RSASSA_PSS_SHA_256"),
        ("Sign", {}, "MessageType", "RAW"),
        ("GenerateMac", {"MacAlgorithm": "HMAC_SHA_256"}, "MacAlgorithm", "HMAC_SHA_256"),
        ("ScheduleKeyDeletion", {}, "ScheduleKeyDeletionPendingWindowInDays", "30"),
        ("EnableKeyRotation", {"RotationPeriodInDays": 90}, "RotationPeriodInDays", "90"),
        ("PutKeyPolicy", {"BypassPolicyLockoutSafetyCheck": True}, "BypassPolicyLockoutSafetyCheck", "true"),
    ],
)
def test_keys_of_single_operations(operation: str, params: dict[str, Any], key: str, value: str) -> None:
    assert only(operation, KeyId="mine-1", **params)[f"kms:{key}"] == value


@pytest.mark.parametrize("operation", ["ReplicateKey", "UpdatePrimaryRegion", "CreateCustomKeyStore", "RetireGrant"])
def test_what_reaches_beyond_this_account_and_region_is_not_mapped(operation: str) -> None:
    assert found(operation, KeyId="mine-1") == []
