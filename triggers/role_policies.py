"""The cut-off policy of a role in IAM: written, and read back."""

from __future__ import annotations

import time
from typing import Any

from triggers import cut_off_policy
from triggers.aws import iam
from triggers.cut_off_policy import CutOffs
from triggers.timestamps import render_epoch

_READS = 10
_WAIT_SECONDS = 0.5


def write(role: str, cut_offs: CutOffs, now: int) -> CutOffs:
    """Let the role deny these cut-offs; gives those that it denies: not the ones older than any session of it."""
    longest = iam().get_role(RoleName=role)["Role"]["MaxSessionDuration"]
    live = {sub: moment for sub, moment in cut_offs.items() if moment >= now - longest}
    if live:
        try:
            _put(role, cut_off_policy.document(live))
        except iam().exceptions.LimitExceededException:
            # The role's other policies take more than the template's. Nobody who was cut off may gain by that.
            _put(role, cut_off_policy.everybody(max(live.values())))
    return live


def read(role: str, sub: str, moment: int) -> dict[str, Any]:
    """What the role denies the user, which is all that was issued up to that moment.

    Raises RuntimeError if it does not. IAM may still show what was before for a moment, so it is asked again.
    """
    for _ in range(_READS):
        found = cut_off_policy.denial(_stored(role), sub)
        if found is not None and found.since >= moment:
            return {"role": role, "since": render_epoch(found.since), "everybody": found.everybody}
        time.sleep(_WAIT_SECONDS)
    raise RuntimeError(f"the role {role} does not show the cut-off")


def _put(role: str, policy: dict[str, Any]) -> None:
    document = cut_off_policy.render(policy)
    iam().put_role_policy(RoleName=role, PolicyName=cut_off_policy.NAME, PolicyDocument=document)


def _stored(role: str) -> dict[str, Any]:
    try:
        policy: dict[str, Any] = iam().get_role_policy(RoleName=role, PolicyName=cut_off_policy.NAME)["PolicyDocument"]
    except iam().exceptions.NoSuchEntityException:
        return {"Statement": []}
    return policy
