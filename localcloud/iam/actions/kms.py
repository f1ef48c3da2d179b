"""KMS: calls about keys, which may be named by id, ARN or alias; what is decided on is the key's own ARN.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_kms.html
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

from __future__ import annotations

import re

from localcloud.errors import AwsError
from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions import _kms_context as context
from localcloud.iam.actions._params import (
    NotUnderstoodError,
    binary,
    refuse_duplicate_names,
    tag_context,
    tag_list,
    text,
)

_KEY_ID = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_ALIAS = re.compile(r"alias/[A-Za-z0-9/_-]{1,250}", re.ASCII)
_KEY_OPERATIONS = frozenset(
    {
        "CancelKeyDeletion",
        "CreateGrant",
        "DeleteImportedKeyMaterial",
        "DeriveSharedSecret",
        "DescribeKey",
        "DisableKey",
        "DisableKeyRotation",
        "EnableKey",
        "EnableKeyRotation",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "GenerateDataKeyWithoutPlaintext",
        "GenerateMac",
        "GetKeyPolicy",
        "GetKeyRotationStatus",
        "GetParametersForImport",
        "GetPublicKey",
        "ImportKeyMaterial",
        "ListGrants",
        "ListKeyPolicies",
        "ListKeyRotations",
        "ListResourceTags",
        "PutKeyPolicy",
        "RevokeGrant",
        "RotateKeyOnDemand",
        "ScheduleKeyDeletion",
        "Sign",
        "TagResource",
        "UntagResource",
        "UpdateKeyDescription",
        "Verify",
        "VerifyMac",
    }
)
_WITHOUT_KEY = frozenset({"GenerateRandom", "ListAliases", "ListKeys", "ListRetirableGrants"})


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call.

    Raises NotUnderstoodError, and AwsError `SerializationException`, `ValidationException` or, for what is no
    ciphertext, as KMS does.
    """
    refuse_duplicate_names(call.body)
    if call.operation in _WITHOUT_KEY:
        return [Check(f"kms:{call.operation}", "*", context.caller(call))]
    if call.operation == "CreateKey":
        return _create_key(call)
    if call.operation in ("CreateAlias", "DeleteAlias", "UpdateAlias"):
        return _change_alias(call, catalog)
    if call.operation == "Decrypt":
        return _decrypt(call, catalog, "Decrypt", "")
    if call.operation == "ReEncrypt":
        return _reencrypt(call, catalog)
    if call.operation not in _KEY_OPERATIONS:
        return []
    return [_check(call, catalog, call.operation, text(call.params, "KeyId"))]


def _check(call: Call, catalog: Catalog, action: str, reference: str, prefix: str = "") -> Check:
    """One action on the key that `reference` names; `prefix` marks the parameters that are about it."""
    arn = _key_arn(call, catalog, reference)
    found = {
        **context.caller(call),
        **context.of_key(catalog.key_properties(arn)),
        **context.of_request(call, action, prefix),
    }
    if "alias/" in reference:
        found["kms:RequestAlias"] = reference[reference.index("alias/") :]
    return Check(f"kms:{action}", arn, found)


def _key_arn(call: Call, catalog: Catalog, reference: str) -> str:
    """The ARN of a key named in any way; of one that is not there, the ARN that it would have."""
    own = f"arn:aws:kms:{call.region}:{call.account}:"
    plain = reference.removeprefix(own).removeprefix("key/")
    if not _KEY_ID.fullmatch(plain) and not _ALIAS.fullmatch(plain):
        raise NotUnderstoodError
    return catalog.key_arn(call.region, reference) or f"{own}{'' if plain.startswith('alias/') else 'key/'}{plain}"


def _decrypt(call: Call, catalog: Catalog, action: str, prefix: str) -> list[Check]:
    named = text(call.params, f"{prefix}KeyId")
    found = [_check(call, catalog, action, named, prefix)] if named else []
    if named and catalog.key_arn(call.region, named):
        return found
    # Attack: a KeyId of nobody's, which passes a rule by prefix, beside a ciphertext of another key: both are asked.
    ciphertext = binary(call.params, "CiphertextBlob")
    arn = catalog.ciphertext_key_arn(call.region, ciphertext)
    if not arn and not named:
        raise AwsError("InvalidCiphertextException", "")
    return [*found, *([_check(call, catalog, action, arn, prefix)] if arn else [])]


def _reencrypt(call: Call, catalog: Catalog) -> list[Check]:
    source = _decrypt(call, catalog, "ReEncryptFrom", "Source")
    target = _check(call, catalog, "ReEncryptTo", text(call.params, "DestinationKeyId"), "Destination")
    same = {"kms:ReEncryptOnSameKey": "true" if source[-1].resource == target.resource else "false"}
    return [Check(check.action, check.resource, {**check.context, **same}) for check in (*source, target)]


def _create_key(call: Call) -> list[Check]:
    """A key that is to be has no ARN yet."""
    tags = tag_context(tag_list(call.params, "Tags", "TagKey", "TagValue"))
    given = {**context.caller(call), **context.of_new_key(call), **tags}
    needed = {"CreateKey": True, "PutKeyPolicy": bool(call.params.get("Policy")), "TagResource": bool(tags)}
    return [Check(f"kms:{action}", "*", given) for action, asked in needed.items() if asked]


def _change_alias(call: Call, catalog: Catalog) -> list[Check]:
    """An alias, the key that it names, and the one that it shall name: rules may go by a key's aliases."""
    alias, target = text(call.params, "AliasName"), text(call.params, "TargetKeyId")
    arn = f"arn:aws:kms:{call.region}:{call.account}:{alias}"
    if not _ALIAS.fullmatch(alias) or (call.operation != "DeleteAlias" and not target):
        raise NotUnderstoodError
    named = [catalog.key_arn(call.region, alias), target if call.operation != "DeleteAlias" else ""]
    keys = [_check(call, catalog, call.operation, reference) for reference in named if reference]
    return [Check(f"kms:{call.operation}", arn, context.caller(call)), *keys]
