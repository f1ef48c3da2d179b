"""Calls about Cognito's pools: each names one by its id, or by its ARN where it is about tags, or has no resource."""

from __future__ import annotations

import re
from dataclasses import dataclass

from localcloud.iam.actions import Call, Check
from localcloud.iam.actions._params import tag_map, text, texts
from localcloud.iam.actions._passed_roles import pass_role_checks
from localcloud.iam.request import ContextValue

_BY_ARN = frozenset({"ListTagsForResource", "TagResource", "UntagResource"})


@dataclass(frozen=True, slots=True)
class Pools:
    """The pools of one service: how they are named, and the operations that are about no one of them.

    `resource` is the type in their ARNs, `pool_id` the form of their ids with the group `region`, `tags` the parameter
    that a new pool's tags come in.
    """

    service: str
    resource: str
    parameter: str
    pool_id: re.Pattern[str]
    tags: str
    without_pool: frozenset[str]

    def checks(self, call: Call) -> list[Check]:
        """What to decide for one call. Raises AwsError `SerializationException` for a parameter of the wrong type."""
        resource = "*" if call.operation in self.without_pool else self._arn(call)
        if not resource:
            return []
        passed = pass_role_checks(call.params, f"{self.service}.amazonaws.com")
        return [Check(f"{self.service}:{call.operation}", resource, self._tags(call)), *passed]

    def _arn(self, call: Call) -> str:
        """The ARN of the pool that a call names; empty when it names none."""
        by_arn = call.operation in _BY_ARN
        named = text(call.params, "ResourceArn" if by_arn else self.parameter)
        pool_id = named.rpartition("/")[2] if by_arn else named
        match = self.pool_id.fullmatch(pool_id)
        if match is None:
            return ""
        # The pool's own Region: a signature for another one must not make another ARN of the same pool.
        arn = f"arn:aws:{self.service}:{match['region']}:{call.account}:{self.resource}/{pool_id}"
        return "" if by_arn and named != arn else arn

    def _tags(self, call: Call) -> dict[str, ContextValue]:
        if call.operation == "UntagResource":
            return {"aws:TagKeys": texts(call.params, "TagKeys")}
        return tag_map(call.params, "Tags" if call.operation == "TagResource" else self.tags)
