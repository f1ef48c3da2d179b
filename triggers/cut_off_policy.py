"""The policy that denies what was issued to some users up to a moment: cut-offs in, an IAM document out. No I/O.

The model is AWS's own way to revoke the sessions of a role, a deny on `aws:TokenIssueTime`, here with the user in it:
the identity pool tags each session with its user's `sub` (`IdentityPoolTags` in the template), which the user cannot
choose. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triggers.timestamps import read_epoch, render_epoch

NAME = "cut-off"
"""The name of the inline policy."""

ROOM = 8_000
"""Characters. All inline policies of a role may have 10,240; the template leaves this one more than it takes."""

_USER = "aws:PrincipalTag/username"
_ISSUED = "aws:TokenIssueTime"

CutOffs = Mapping[str, int]
"""By `sub`, the moment up to which what was issued counts no more: seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Denial:
    """What a policy denies a user: everything issued up to `since`, to `everybody` or to this user alone."""

    since: int
    everybody: bool


def document(cut_offs: CutOffs, room: int = ROOM) -> dict[str, Any]:
    """The policy of one or more cut-offs, in `room` characters.

    What does not fit is made to: the two nearest moments become the later one, again and again. Where not even one
    statement holds all users, everybody is cut off at the latest moment. Either way nobody who was cut off keeps a
    key; others, whose keys were issued before that moment, just have to fetch new ones.
    """
    newest = max(cut_offs.values())
    if size(_document(_deny(newest, sorted(cut_offs)))) > room:
        return everybody(newest)
    groups = [(moment, sorted(s for s in cut_offs if cut_offs[s] == moment)) for moment in {*cut_offs.values()}]
    groups.sort()
    while size(found := _document(*(_deny(*group) for group in groups))) > room:
        at = min(range(len(groups) - 1), key=lambda i: groups[i + 1][0] - groups[i][0])
        groups[at : at + 2] = [(groups[at + 1][0], groups[at][1] + groups[at + 1][1])]
    return found


def everybody(moment: int) -> dict[str, Any]:
    """The policy that cuts off all sessions of the role."""
    return _document(_deny(moment))


def denial(policy: Mapping[str, Any], sub: str) -> Denial | None:
    """What a policy that was read back denies a user; None for nothing."""
    found = [
        Denial(read_epoch(condition["DateLessThanEquals"][_ISSUED]), everybody="StringEquals" not in condition)
        for condition in (statement["Condition"] for statement in policy["Statement"])
        if sub in condition.get("StringEquals", {}).get(_USER, [sub])
    ]
    return max(found, key=lambda one: one.since, default=None)


def size(policy: Mapping[str, Any]) -> int:
    """What IAM counts: the characters without white space."""
    return len(render(policy))


def render(policy: Mapping[str, Any]) -> str:
    """The JSON of a policy, without white space."""
    return json.dumps(policy, separators=(",", ":"))


def _document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _deny(moment: int, subs: list[str] | None = None) -> dict[str, Any]:
    # Not `DateLessThan`, as AWS has it. Attack: issue times are whole seconds, and keys fetched in the very second
    # of the cut-off, just before it, would live on.
    condition: dict[str, Any] = {"DateLessThanEquals": {_ISSUED: render_epoch(moment)}}
    if subs is not None:
        condition["StringEquals"] = {_USER: subs}
    return {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
