"""A user's profile item as the triggers need it: made once, read at each token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from triggers.aws import app_data, holds
from triggers.timestamps import render_time


@dataclass(frozen=True, slots=True)
class Profile:
    """What the tokens say of a user."""

    role: str
    plan: str


LEAST = Profile(role="user", plan="free")
"""What everybody has who was given nothing else."""


def create(sub: str) -> bool:
    """Make the item of a new user, with the least role and plan. False, and nothing changed, if there is one."""
    return holds(
        app_data().put_item,
        Item={**_key(sub), "role": LEAST.role, "plan": LEAST.plan, "created_at": render_time(datetime.now(UTC))},
        ConditionExpression="attribute_not_exists(pk)",
    )


def read(sub: str) -> Profile:
    """The user's profile. No item gives the least: Cognito never confirms admin-created users through a trigger."""
    item = app_data().get_item(Key=_key(sub), ConsistentRead=True).get("Item", {})
    return Profile(role=str(item.get("role", LEAST.role)), plan=str(item.get("plan", LEAST.plan)))


def _key(sub: str) -> dict[str, str]:
    return {"pk": f"USER#{sub}", "sk": "PROFILE"}
