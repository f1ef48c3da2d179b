"""KMS keys as the engine keeps them: found by any name, and the policy that each stands under.

All of it reads the engine's present scope.
https://docs.aws.amazon.com/kms/latest/developerguide/control-access.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from localcloud.aws.records import document

Key = Mapping[str, Any]

_ID_LENGTH = 36
_HEAD_LENGTH = 84
_GRANTEE = re.compile(
    r"arn:aws:(iam::\d{12}:(user|role)/[^\s*?]+|sts::\d{12}:(assumed-role/[^\s/*?]+/|federated-user/)[^\s/*?]+)",
    re.ASCII,
)
_UNCONSTRAINED = frozenset({"DescribeKey", "RetireGrant"})


def find(kms: Any, reference: str) -> Key | None:
    """The key of an id, ARN, alias name or alias ARN."""
    key: Key | None = kms._resolve_key(reference)
    return key


def find_by_ciphertext(kms: Any, ciphertext: bytes) -> Key | None:
    """The key that a ciphertext was made with: the engine writes its id first."""
    if len(ciphertext) < _HEAD_LENGTH:
        return None
    return find(kms, ciphertext[:_ID_LENGTH].decode("utf-8", "replace"))


def properties(kms: Any, key: Key) -> dict[str, str | Sequence[str]]:
    """What conditions may ask of a key itself, by the name after `kms:`."""
    aliases = [arn.split(":", 5)[5] for arn, key_id in kms._aliases.items() if key_id == key["KeyId"]]
    return {
        "KeyOrigin": key["Origin"],
        "KeySpec": key["KeySpec"],
        "KeyUsage": key["KeyUsage"],
        "MultiRegion": "true" if key.get("MultiRegion") else "false",
        "ResourceAliases": tuple(sorted(aliases)),
    }


def policy(kms: Any, reference: str, account: str) -> Mapping[str, Any]:
    """The policy that a key stands under: its own, or else KMS's default, and a statement for each of its grants.

    A key that is not there stands under the default, so that whoever may use every key is told that it is missing.
    """
    key = find(kms, reference)
    if key is None:
        return _default(account)
    own = document(key["Policy"]) if key.get("Policy") else _default(account)
    grants = [grant for grant in kms._grants.values() if grant["KeyId"] == key["Arn"]]
    granted = [statement for grant in grants for statement in _allow(grant)]
    statements = own.get("Statement", [])
    return {**own, "Statement": [*(statements if isinstance(statements, list) else [statements]), *granted]}


def _default(account: str) -> Mapping[str, Any]:
    """Source: KMS developer guide, "Default key policy"."""
    statement = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement | {"Sid": "Enable IAM User Permissions"}]}


def _allow(grant: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A grant as statements. Its encryption context binds all operations that take one.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
    """
    constraints = grant["Constraints"] or {}
    exact, subset = constraints.get("EncryptionContextEquals") or {}, constraints.get("EncryptionContextSubset") or {}
    wanted = {f"kms:EncryptionContext:{name}": value for name, value in {**subset, **exact}.items()}
    # A grantee that is nobody's ARN would make the whole policy unreadable; a `${` would be read as a variable.
    if not _GRANTEE.fullmatch(grant["GranteePrincipal"]) or any("${" in value for value in wanted.values()):
        return
    condition: dict[str, Any] = {"StringEquals": wanted}
    if exact:
        condition["ForAllValues:StringEquals"] = {"kms:EncryptionContextKeys": list(exact)}
    for operation in grant["Operations"]:
        yield {
            "Sid": f"Grant {grant['GrantId'][:8]} {operation}",
            "Effect": "Allow",
            "Principal": {"AWS": grant["GranteePrincipal"]},
            "Action": f"kms:{operation}",
            "Resource": "*",
            "Condition": condition if wanted and operation not in _UNCONSTRAINED else {},
        }
