"""STS: taking a role, and asking who one is.

Whether the role trusts the caller is its trust policy's question, which is decided besides these checks.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import NotUnderstoodError, tag_context, text

_ROLE = re.compile(r"arn:aws:iam::\d{12}:role/[\w+=,.@/-]{1,512}", re.ASCII)
_MEMBER = re.compile(r"(?P<list>Tags|TransitiveTagKeys)\.member\.(?P<index>[1-9]\d?)(?:\.(?P<field>Key|Value))?")
_LISTS = ("Tags", "TransitiveTagKeys", "ProvidedContexts")
_WITHOUT_RESOURCE = frozenset(
    {"DecodeAuthorizationMessage", "GetAccessKeyInfo", "GetCallerIdentity", "GetSessionToken"}
)


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call, whose `params` are form fields as on the wire; nothing for one not understood."""
    if call.operation in _WITHOUT_RESOURCE:
        return [Check(f"sts:{call.operation}", "*")]
    if call.operation != "AssumeRole":
        return []
    try:
        return _assume_role(call.params)
    except NotUnderstoodError:
        return []


def _assume_role(params: Mapping[str, Any]) -> list[Check]:
    role = text(params, "RoleArn")
    tags, transitive = _members(params)
    if not _ROLE.fullmatch(role):
        raise NotUnderstoodError
    context = tag_context(tags)
    for name in ("RoleSessionName", "ExternalId", "SourceIdentity"):
        if text(params, name):
            context[f"sts:{name}"] = text(params, name)
    if transitive:
        context["sts:TransitiveTagKeys"] = transitive
    needed = {
        "sts:AssumeRole": True,
        "sts:TagSession": bool(tags or transitive),
        "sts:SetSourceIdentity": "sts:SourceIdentity" in context,
    }
    return [Check(action, role, context) for action, asked in needed.items() if asked]


def _members(params: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Session tags and transitive keys. Raises NotUnderstoodError for a field of these lists in another form."""
    fields: dict[tuple[str, str, str], str] = {}
    for name in params:
        if not name.startswith(_LISTS):
            continue
        match = _MEMBER.fullmatch(name)
        if match is None or (match["list"] == "Tags") != bool(match["field"]):
            raise NotUnderstoodError
        fields[match["list"], match["index"], match["field"] or ""] = text(params, name)
    keys = {index: key for (_, index, field), key in fields.items() if field == "Key"}
    values = {index: value for (_, index, field), value in fields.items() if field == "Value"}
    tags = {key: values.get(index, "") for index, key in keys.items()}
    if len(tags) != len(keys) or values.keys() - keys.keys():
        raise NotUnderstoodError
    return tags, tuple(value for (name, _, _), value in fields.items() if name == "TransitiveTagKeys")
