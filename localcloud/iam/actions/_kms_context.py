"""The condition keys that KMS requests carry.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.iam.actions import Call
from localcloud.iam.actions._params import (
    NotUnderstoodError,
    as_text,
    mapping,
    tag_context,
    tag_list,
    text,
    texts,
    truth,
)
from localcloud.iam.request import ContextValue

Context = dict[str, ContextValue]

_WITH_CONTEXT = frozenset(
    {
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "GenerateDataKeyWithoutPlaintext",
        "ReEncryptFrom",
        "ReEncryptTo",
    }
)
_STATED = {
    "DataKeyPairSpec": "KeyPairSpec",
    "ExpirationModel": "ExpirationModel",
    "GranteePrincipal": "GranteePrincipal",
    "KeyAgreementAlgorithm": "KeyAgreementAlgorithm",
    "MacAlgorithm": "MacAlgorithm",
    "RetiringPrincipal": "RetiringPrincipal",
    "SigningAlgorithm": "SigningAlgorithm",
    "WrappingAlgorithm": "WrappingAlgorithm",
    "WrappingKeySpec": "WrappingKeySpec",
}
_NUMBERS = {
    "RotationPeriodInDays": ("EnableKeyRotation", "RotationPeriodInDays", 365),
    "ScheduleKeyDeletionPendingWindowInDays": ("ScheduleKeyDeletion", "PendingWindowInDays", 30),
}


def caller(call: Call) -> Context:
    """Who calls."""
    return {"kms:CallerAccount": call.account}


def of_key(properties: Mapping[str, ContextValue]) -> Context:
    """What the key is."""
    return {f"kms:{name}": value for name, value in properties.items()}


def of_new_key(call: Call) -> Context:
    """What a key is to be."""
    return {
        "kms:KeySpec": text(call.params, "KeySpec")
        or text(call.params, "CustomerMasterKeySpec")
        or "SYMMETRIC_DEFAULT",
        "kms:KeyUsage": text(call.params, "KeyUsage") or "ENCRYPT_DECRYPT",
        "kms:KeyOrigin": text(call.params, "Origin") or "AWS_KMS",
        "kms:MultiRegion": truth(call.params, "MultiRegion"),
        "kms:BypassPolicyLockoutSafetyCheck": truth(call.params, "BypassPolicyLockoutSafetyCheck"),
    }


def of_request(call: Call, action: str, prefix: str) -> Context:
    """What a call about a key says. `prefix` marks those of its parameters that are about this key."""
    found: Context = {f"kms:{key}": text(call.params, name) for key, name in _STATED.items() if call.params.get(name)}
    for key, (operation, name, default) in _NUMBERS.items():
        if operation == action:
            found[f"kms:{key}"] = str(call.params.get(name) or default)
    if action in _WITH_CONTEXT:
        algorithm = text(call.params, f"{prefix}EncryptionAlgorithm") or "SYMMETRIC_DEFAULT"
        found |= {"kms:EncryptionAlgorithm": algorithm, **_encryption_context(call, f"{prefix}EncryptionContext")}
    elif action in ("Sign", "Verify"):
        found["kms:MessageType"] = text(call.params, "MessageType") or "RAW"
    elif action == "CreateGrant":
        found |= _grant(call)
    elif action == "PutKeyPolicy":
        found["kms:BypassPolicyLockoutSafetyCheck"] = truth(call.params, "BypassPolicyLockoutSafetyCheck")
    elif action == "TagResource":
        found |= tag_context(tag_list(call.params, "Tags", "TagKey", "TagValue"))
    elif action == "UntagResource":
        found["aws:TagKeys"] = texts(call.params, "TagKeys")
    return found


def _encryption_context(call: Call, name: str) -> Context:
    return _pairs({key: as_text(value) for key, value in mapping(call.params, name).items()})


def _pairs(pairs: Mapping[str, str]) -> Context:
    """`kms:EncryptionContext:…` and `kms:EncryptionContextKeys`."""
    # Attack: `{"Owner": "me", "owner": "you"}`: a condition knows no case, so the one would hide the other.
    if len({name.lower() for name in pairs}) != len(pairs):
        raise NotUnderstoodError
    found: Context = {"kms:EncryptionContextKeys": tuple(pairs)} if pairs else {}
    return found | {f"kms:EncryptionContext:{name}": value for name, value in pairs.items()}


def _grant(call: Call) -> Context:
    """What a grant is to allow, under which encryption context."""
    found: Context = {"kms:GrantIsForAWSResource": "false", "kms:GrantOperations": texts(call.params, "Operations")}
    constraints = mapping(call.params, "Constraints")
    for kind in ("EncryptionContextEquals", "EncryptionContextSubset"):
        pairs = mapping(constraints, kind)
        if not pairs:
            continue
        if "kms:GrantConstraintType" in found:
            raise NotUnderstoodError
        found |= {"kms:GrantConstraintType": kind, **_pairs({name: as_text(value) for name, value in pairs.items()})}
    return found
