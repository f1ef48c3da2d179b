"""What AWS takes as a policy: what the evaluator can read, and what only the one who stores it can tell.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.iam.match import Pattern
from localcloud.iam.policy import PolicyError, PolicyKind, compile_policy, read_json

_SID = re.compile(r"[A-Za-z0-9]*", re.ASCII)
_COGNITO = "cognito-identity.amazonaws.com"
_ARN_OF_BUCKET = "arn:aws:s3:::"

Statement = Mapping[str, Any]


def size(document: Any) -> int:
    """How much of a quota a document takes: its characters, white space not counted. Raises PolicyError."""
    try:
        text = document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))
    except RecursionError:
        raise PolicyError("is nested too deep") from None
    return len("".join(text.split()))


def check(document: Any, name: str, kind: PolicyKind, *, bucket: str = "") -> None:
    """Raise PolicyError, with policy, statement and element, for a document that AWS would not store.

    `document` is a mapping or its JSON text. A policy of a `bucket` must be about that bucket.
    """
    compile_policy(document, name, kind)
    seen: set[str] = set()
    statements = list(_statements(document))
    if not statements:
        raise PolicyError(f"{name}: Statement: must not be empty")
    for number, statement in enumerate(statements, 1):
        label = statement.get("Sid") or f"#{number}"
        for problem in _problems(statement, kind, bucket, seen):
            raise PolicyError(f"{name}: statement {label}: {problem}")
        seen.add(statement.get("Sid", ""))


def _statements(document: Any) -> Iterator[Statement]:
    content = read_json(document) if isinstance(document, str) else document
    statements = content["Statement"]
    yield from statements if isinstance(statements, list) else [statements]


def _problems(statement: Statement, kind: PolicyKind, bucket: str, seen: set[str]) -> Iterator[str]:
    sid = statement.get("Sid", "")
    if sid and sid in seen:
        yield "Sid: Statement IDs (SID) in a single policy must be unique."
    if kind != "resource" and not _SID.fullmatch(sid):
        yield "Sid: Statement IDs (SID) must be alpha-numeric."
    if kind == "trust" and "Condition" not in statement and _trusts_cognito(statement):
        # Attack: a role without a condition, which every identity pool of every account could hand out.
        yield "Condition: A condition block must be present for the Cognito provider"
    if bucket:
        for element in ("Resource", "NotResource"):
            for text in _listed(statement.get(element, [])):
                if not _is_of_bucket(text, bucket):
                    yield f"{element}: Policy has invalid resource `{text}`, which is not of the bucket `{bucket}`"


def _trusts_cognito(statement: Statement) -> bool:
    principal = statement.get("Principal")
    named = _listed(principal.get("Federated", [])) if isinstance(principal, Mapping) else []
    return statement["Effect"] == "Allow" and _COGNITO in named


def _is_of_bucket(text: str, bucket: str) -> bool:
    name, _, _ = text.removeprefix(_ARN_OF_BUCKET).partition("/")
    return text.startswith(_ARN_OF_BUCKET) and Pattern.compile(name).matches(bucket)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
