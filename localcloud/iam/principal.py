"""Who asks, by which names a `Principal` element may mean them, and how directly (rules 31-35).

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from localcloud.iam.request import Principal
from localcloud.iam.variables import has_wildcard

EVERYONE = "AWS *"


class Grant(IntEnum):
    """How directly a statement means the caller. What an Allow is limited by depends on it (rules 39-45)."""

    NONE = 0
    ACCOUNT = 1
    ROLE = 2
    DIRECT = 3


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal understood: its names in `Principal` elements, and the context keys that follow from it.

    `account` is empty for callers of no account; `session`: temporary credentials, which may carry session policies.
    """

    account: str
    names: Mapping[str, Grant]
    context: Mapping[str, str]
    root: bool = False
    session: bool = False


_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_ARN = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):(?:"
    r"iam::(?P<iam>\d{12}):(?P<kind>root|user/(?:\S+/)?(?P<user>[^\s/]+)|role/(?:\S+/)?(?P<role>[^\s/]+))"
    r"|sts::(?P<sts>\d{12}):(?:assumed-role/(?P<assumed>[^\s/]+)/[^\s/]+|federated-user/[^\s/]+))",
    re.ASCII,
)
_UNIQUE_ID = re.compile(r"A[A-Z0-9]{15,}", re.ASCII)


@lru_cache(maxsize=4096)
def identify(principal: Principal) -> Caller:
    """Understand a principal. Raises ValueError where the value is none of its type."""
    if principal.type == "Anonymous":
        return Caller("", {EVERYONE: Grant.DIRECT}, {"aws:principaltype": "Anonymous"})
    if not principal.value or has_wildcard(principal.value):
        raise ValueError(f"`{principal.value}` names no {principal.type} principal")
    if principal.type == "AWS":
        return _account_caller(principal.value)
    names = {EVERYONE: Grant.DIRECT, f"{principal.type} {principal.value}": Grant.DIRECT}
    return Caller("", names, {"aws:principalisawsservice": "true"} if principal.type == "Service" else {})


def _account_caller(value: str) -> Caller:
    arn = f"arn:aws:iam::{value}:root" if _ACCOUNT.fullmatch(value) else value
    found = _ARN.fullmatch(arn)
    if found is None:
        raise ValueError(f"`{value}` is not the ARN of a user, role, session or account, nor an account id")
    account = found["iam"] or found["sts"]
    names = {EVERYONE: Grant.DIRECT, f"account {account}": Grant.ACCOUNT}
    context = {"aws:principalaccount": account, "aws:principalisawsservice": "false", "aws:principalarn": arn}
    if found["kind"] == "root":
        return Caller(account, names, context | {"aws:principaltype": "Account"}, root=True)
    if found["user"]:
        context |= {"aws:principaltype": "User", "aws:username": found["user"]}
        return Caller(account, names | {f"AWS {arn}": Grant.DIRECT}, context)
    role = found["role"] or found["assumed"]
    if role is None:
        context |= {"aws:principaltype": "FederatedUser"}
        return Caller(account, names | {f"AWS {arn}": Grant.DIRECT}, context, session=True)
    names |= {_role_name(found["partition"], account, role): Grant.ROLE}
    context |= {"aws:principaltype": "AssumedRole"}
    if found["assumed"]:
        # A session ARN leaves out the role's path: a caller who knows the path gives aws:PrincipalArn itself.
        names |= {f"AWS {arn}": Grant.DIRECT}
        context |= {"aws:principalarn": f"arn:{found['partition']}:iam::{account}:role/{role}"}
    return Caller(account, names, context, session=True)


def _role_name(partition: str, account: str, role: str) -> str:
    """Name a role without its path: names are unique in an account, and session ARNs do not show the path."""
    return f"role {partition} {account} {role}"


@dataclass(frozen=True, slots=True)
class PrincipalElement:
    """A compiled `Principal` or `NotPrincipal`."""

    names: frozenset[str]
    negated: bool
    denies: bool

    def grant(self, names: Mapping[str, Grant], bounded: bool) -> Grant:
        """How directly the caller with these names is meant; `bounded`: it has a permissions boundary."""
        listed = self.names & names.keys()
        if not self.negated:
            return max((names[name] for name in listed), default=Grant.NONE)
        if not self.denies:
            return Grant.NONE if listed else Grant.DIRECT
        # Rule 35. AWS may check account, role and session one after the other: all of them must be listed.
        spared = EVERYONE in listed or listed >= names.keys() - {EVERYONE}
        return Grant.NONE if spared and not bounded else Grant.DIRECT


def compile_principal(element: object, *, negated: bool, denies: bool) -> PrincipalElement:
    """Compile the value of `Principal` or `NotPrincipal`. Raises ValueError at what it cannot mean."""
    if element == "*":
        return PrincipalElement(frozenset({EVERYONE}), negated, denies)
    if not isinstance(element, Mapping) or not element:
        raise ValueError("must be `*` or an object of principal types")
    names = set()
    for kind, value in element.items():
        if kind not in ("AWS", "Service", "Federated"):
            raise ValueError(f"principal type `{kind}` is not supported")
        for text in value if isinstance(value, list) and value else [value]:
            if not isinstance(text, str) or not text:
                raise ValueError(f"{kind}: must be a text or a list of texts")
            # Rule 31: a wildcard for part of a name means nobody, so an element that is there to protect would not.
            if has_wildcard(text) and f"{kind} {text}" != EVERYONE and denies != negated:
                raise ValueError(f"`{text}`: a wildcard cannot stand for part of a principal")
            names.add(_name(text) if kind == "AWS" else f"{kind} {text}")
    return PrincipalElement(frozenset(names), negated, denies)


def _name(text: str) -> str:
    if _ACCOUNT.fullmatch(text):
        return f"account {text}"
    found = _ARN.fullmatch(text)
    if found is None and not has_wildcard(text) and not _UNIQUE_ID.fullmatch(text):
        raise ValueError(f"`{text}` is no principal")
    if found and found["kind"] == "root":
        return f"account {found['iam']}"
    if found and found["role"]:
        return _role_name(found["partition"], found["iam"], found["role"])
    return f"AWS {text}"
