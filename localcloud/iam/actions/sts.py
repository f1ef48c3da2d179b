"""STS: taking a role, and asking who one is.

Whether the role trusts the caller is its trust policy's question, which is decided besides these checks. The other
ways to a session are not signed, and have no caller whose policies could be asked.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.errors import AwsError
from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import as_mapping, items, text, texts
from localcloud.iam.request import ContextValue

_ROLE = re.compile(r"arn:aws:iam::\d{12}:role/[\w+=,.@/-]{1,512}", re.ASCII)


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call; nothing for an operation that is not known. Raises AwsError, ValidationError."""
    if call.operation == "GetCallerIdentity":
        return [Check("sts:GetCallerIdentity", "*")]
    if call.operation != "AssumeRole":
        return []
    role = text(call.params, "RoleArn")
    if not _ROLE.fullmatch(role):
        raise AwsError("ValidationError", f"{role[:128] or 'RoleArn'} is invalid")
    context = _context(call) | {f"aws:ResourceTag/{key}": tag for key, tag in catalog.role_tags(role).items()}
    return [Check(action, role, context) for action in needed_actions("sts:AssumeRole", context)]


def needed_actions(action: str, context: Mapping[str, ContextValue]) -> list[str]:
    """What must be allowed for an assume call with these condition keys: more where it tags, or names a source."""
    tags = "aws:TagKeys" in context or "sts:TransitiveTagKeys" in context
    others = {"sts:TagSession": tags, "sts:SetSourceIdentity": "sts:SourceIdentity" in context}
    return [action, *(name for name, needed in others.items() if needed)]


def tag_keys(tags: Mapping[str, str], transitive: Sequence[str]) -> dict[str, ContextValue]:
    """The condition keys that session tags are for the assume call; empty where there are none."""
    context: dict[str, ContextValue] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    if tags:
        context["aws:TagKeys"] = tuple(tags)
    if transitive:
        context["sts:TransitiveTagKeys"] = tuple(transitive)
    return context


def session_tags(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The session tags that a request names, as they come."""
    return [(text(tag, "Key"), text(tag, "Value")) for tag in map(as_mapping, items(params, "Tags"))]


def _context(call: Call) -> dict[str, ContextValue]:
    # What a session hands on counts as if it were passed: a role that does not let sessions be tagged refuses it, too.
    transitive = (*call.inherited_tags, *texts(call.params, "TransitiveTagKeys"))
    context = tag_keys({**call.inherited_tags, **dict(session_tags(call.params))}, transitive)
    for name in ("RoleSessionName", "ExternalId", "SourceIdentity"):
        if text(call.params, name):
            context[f"sts:{name}"] = text(call.params, name)
    if call.source_identity:
        context["sts:SourceIdentity"] = call.source_identity
    return context
