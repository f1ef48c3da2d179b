"""Temporary credentials of role sessions: kept, found, and ended by the cloud's clock.

A session carries its permissions' limits and context keys with it, so that a later request is decided by what was
true when the session began. Whether the role trusts whoever asks is decided by `access/assume_role.py`, never in here.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from localcloud.context import Context, Role
from localcloud.iam.request import ContextValue
from localcloud.store import Entity, Store


@dataclass(frozen=True, slots=True)
class RoleSession(Entity):
    """A role session and its credentials. Times in seconds since the epoch.

    `session_policies` form one group that limits the role's permissions (rule 37); empty: they are not limited further.
    `transitive_tag_keys` name the session tags that the next session of a role chain inherits.
    """

    KEY = ("access_key",)
    INDEXES = (("expires",),)
    CACHED = True
    expires: int
    access_key: str
    secret_key: str
    session_token: str
    role_arn: str
    role_id: str
    session_name: str
    context: dict[str, str | list[str]]
    session_policies: list[dict[str, Any]]
    transitive_tag_keys: list[str] = field(default_factory=list)

    @property
    def arn(self) -> str:
        """The assumed-role ARN. The role's path is not in it."""
        partition, account = self.role_arn.split(":")[1], self.role_arn.split(":")[4]
        role_name = self.role_arn.rsplit("/", 1)[-1]
        return f"arn:{partition}:sts::{account}:assumed-role/{role_name}/{self.session_name}"

    @property
    def assumed_role_id(self) -> str:
        """`aws:userid`: the role's id and the session's name."""
        return f"{self.role_id}:{self.session_name}"

    @property
    def source_identity(self) -> str:
        """Who stands at the beginning of the role chain, as named there; empty if nobody was."""
        return str(self.context.get("aws:SourceIdentity", ""))

    @property
    def transitive_tags(self) -> dict[str, str]:
        """The session tags that the next session of a role chain inherits."""
        return {key: str(self.context[f"aws:PrincipalTag/{key}"]) for key in self.transitive_tag_keys}


KINDS = (RoleSession,)


def issue(
    ctx: Context,
    role: Role,
    session_name: str,
    *,
    seconds: int,
    context: Mapping[str, ContextValue],
    session_policies: Sequence[Mapping[str, Any]] = (),
    transitive_tag_keys: Sequence[str] = (),
) -> RoleSession:
    """Begin a session of a role. `context` adds to the keys that every role session has.

    Source of those: IAM user guide, "AWS global condition context keys", properties of the role session.
    """
    access_key = "ASIA" + base64.b32encode(ctx.cloud.random(10)).decode()
    issued = int(ctx.now)
    own_context = {
        "aws:PrincipalArn": role.arn,
        "aws:PrincipalAccount": role.arn.split(":")[4],
        "aws:PrincipalType": "AssumedRole",
        "aws:userid": f"{role.role_id}:{session_name}",
        "aws:TokenIssueTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(issued)),
    }
    session = RoleSession(
        expires=issued + seconds,
        access_key=access_key,
        secret_key=base64.b64encode(ctx.cloud.random(30)).decode(),
        session_token=ctx.cloud.sealer.seal("session-token", access_key),
        role_arn=role.arn,
        role_id=role.role_id,
        session_name=session_name,
        context={**_plain(context), **own_context},
        session_policies=[dict(policy) for policy in session_policies],
        transitive_tag_keys=list(transitive_tag_keys),
    )
    ctx.store.insert(session)
    return session


def _plain(context: Mapping[str, ContextValue]) -> dict[str, str | list[str]]:
    return {key: value if isinstance(value, str) else list(value) for key, value in context.items()}


def find(store: Store, access_key: str) -> RoleSession | None:
    """The session with this access key, also for a while after it expired."""
    return store.get(RoleSession, access_key)
