"""What the engine keeps about roles and users, in the words of those who decide by it."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Document(dict[str, Any]):
    """A policy document, parsed; by its text whoever compiles it finds what was compiled before."""

    def __init__(self, text: str, content: Mapping[str, Any]) -> None:
        super().__init__(content)
        self.text = text


NOTHING = Document('{"Version":"2012-10-17","Statement":[]}', {"Version": "2012-10-17", "Statement": []})
"""Stands for a document that is missing or no JSON: as a policy it grants nothing, as a boundary it stops all."""


def document(found: Any) -> Document:
    """The document that the engine keeps, as text or parsed; `NOTHING` for what is no JSON object."""
    if isinstance(found, dict):
        return Document(json.dumps(found), found)
    return _parsed(found) if isinstance(found, str) else NOTHING


@functools.lru_cache(maxsize=1024)
def _parsed(text: str) -> Document:
    """Parsed once: each call of a role needs its documents, and they seldom change."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return NOTHING
    return Document(text, found) if isinstance(found, dict) else NOTHING


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
