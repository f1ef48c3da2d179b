"""What the engine keeps about roles, users, sessions and functions, in the words of those who decide by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.aws.function import Function

Document = Mapping[str, Any]
"""A policy document, parsed."""

NOTHING: Document = {"Version": "2012-10-17", "Statement": []}
"""Stands for a document that is missing or no JSON: as a policy it grants nothing, as a boundary it stops all."""


@dataclass(frozen=True, slots=True)
class RoleRecord:
    """An IAM role. Inline policies go by name, attached ones by ARN."""

    name: str
    arn: str
    role_id: str
    trust_policy: Document
    inline_policies: Mapping[str, Document]
    attached_policies: Mapping[str, Document]
    permissions_boundary: Document | None
    max_session_seconds: int
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UserRecord:
    """An IAM user with the secret of one active access key. The policies include those of the user's groups."""

    name: str
    arn: str
    user_id: str
    secret: str
    inline_policies: Mapping[str, Document]
    attached_policies: Mapping[str, Document]
    permissions_boundary: Document | None
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session that AssumeRole issued. `arn` is the assumed role's, `expires_at` in seconds since the epoch.

    `policies` are the session policies, one group; empty means that the session is not narrowed.
    """

    arn: str
    role_name: str
    user_id: str
    secret: str
    token: str
    expires_at: float
    policies: tuple[Document, ...]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FunctionRecord:
    """A function as its runner sees it, and the resource policy of the ARN that was asked for (None: nobody is in)."""

    function: Function
    policy: Document | None
