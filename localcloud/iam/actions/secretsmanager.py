"""Secrets Manager: calls about one secret, named by its name, its ARN or the beginning of its ARN.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_secretsmanager.html
"""

from __future__ import annotations

import re

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import (
    NotUnderstoodError,
    as_text,
    items,
    refuse_duplicate_names,
    tag_context,
    tag_list,
    text,
    texts,
    truth,
)
from localcloud.iam.request import ContextValue

_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
_SECRET_OPERATIONS = frozenset(
    {
        "CancelRotateSecret",
        "DeleteResourcePolicy",
        "DeleteSecret",
        "DescribeSecret",
        "GetResourcePolicy",
        "GetSecretValue",
        "ListSecretVersionIds",
        "PutResourcePolicy",
        "PutSecretValue",
        "RestoreSecret",
        "TagResource",
        "UntagResource",
        "UpdateSecret",
        "UpdateSecretVersionStage",
    }
)
_WITHOUT_RESOURCE = frozenset({"GetRandomPassword", "ListSecrets"})
_STATED = ("Description", "KmsKeyId", "Name", "SecretId", "VersionId", "VersionStage")


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call. Raises NotUnderstoodError, and AwsError for a malformed one."""
    refuse_duplicate_names(call.body)
    action = f"secretsmanager:{call.operation}"
    if call.operation in _WITHOUT_RESOURCE:
        return [Check(action, "*")]
    if call.operation == "BatchGetSecretValue":
        return _batch(call, catalog)
    tags = tag_context(tag_list(call.params, "Tags"))
    if call.operation == "CreateSecret":
        arn = _arn(call, text(call.params, "Name"))
        tagging = [Check("secretsmanager:TagResource", arn, tags)] if tags else []
        # Replicas need actions in other Regions as well.
        return [] if call.params.get("AddReplicaRegions") else [Check(action, arn, _stated(call) | tags), *tagging]
    if call.operation not in _SECRET_OPERATIONS:
        return []
    if call.operation == "UntagResource":
        tags = {"aws:TagKeys": texts(call.params, "TagKeys")}
    return [Check(action, _secret(call, catalog, text(call.params, "SecretId")), _stated(call) | tags)]


def _batch(call: Call, catalog: Catalog) -> list[Check]:
    """A permission for the batch, and one for each secret. Which secrets a filter finds is not known beforehand."""
    names = [as_text(name) for name in items(call.params, "SecretIdList")]
    if not names or call.params.get("Filters"):
        raise NotUnderstoodError
    found = [Check("secretsmanager:GetSecretValue", _secret(call, catalog, name)) for name in names]
    return [Check("secretsmanager:BatchGetSecretValue", "*"), *found]


def _secret(call: Call, catalog: Catalog, reference: str) -> str:
    """The ARN of a secret; of one that is not there, an ARN without the six characters at the end of a real one."""
    prefix = f"arn:aws:secretsmanager:{call.region}:{call.account}:secret:"
    if reference.startswith("arn:") and not reference.startswith(prefix):
        raise NotUnderstoodError
    return catalog.secret_arn(call.region, reference) or _arn(call, reference.removeprefix(prefix))


def _arn(call: Call, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotUnderstoodError
    return f"arn:aws:secretsmanager:{call.region}:{call.account}:secret:{name}"


def _stated(call: Call) -> dict[str, ContextValue]:
    found: dict[str, ContextValue] = {
        f"secretsmanager:{name}": text(call.params, name) for name in _STATED if call.params.get(name)
    }
    if call.operation == "DeleteSecret":
        found["secretsmanager:ForceDeleteWithoutRecovery"] = truth(call.params, "ForceDeleteWithoutRecovery")
        found["secretsmanager:RecoveryWindowInDays"] = str(call.params.get("RecoveryWindowInDays") or 30)
    if call.operation == "PutResourcePolicy":
        found["secretsmanager:BlockPublicPolicy"] = truth(call.params, "BlockPublicPolicy")
    return found
