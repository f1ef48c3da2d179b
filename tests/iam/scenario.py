"""Short ways to ask the evaluator something: one statement, one request, one outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from localcloud.iam import ContextValue, Decision, Policies, Policy, Principal, Request, compile_policy, decide

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"
USER = f"arn:aws:iam::{ACCOUNT}:user/team/ada"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/phone"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
OBJECT = "arn:aws:s3:::photos/private/me/cat.jpg"

Statement = dict[str, Any]


def allow(action: Any = "s3:*", resource: Any = "*", **elements: Any) -> Statement:
    """Return an Allow statement; more elements by keyword (`Condition=…`)."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **elements}


def deny(action: Any = "s3:*", resource: Any = "*", **elements: Any) -> Statement:
    """Return a Deny statement; more elements by keyword."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **elements}


def only(effect: str, **elements: Any) -> Statement:
    """Return a statement of just these elements, for `NotAction`, `NotResource` and what is malformed."""
    return {"Effect": effect, **elements}


def document(*statements: Any, version: str | None = "2012-10-17") -> dict[str, Any]:
    """Return a policy document; None leaves the version out."""
    return {"Statement": list(statements)} | ({} if version is None else {"Version": version})


def policy(*statements: Any, version: str | None = "2012-10-17") -> Policy:
    """Compile a policy that belongs to a principal."""
    return compile_policy(document(*statements, version=version))


def resource_policy(*statements: Any) -> Policy:
    """Compile a resource's policy."""
    return compile_policy(document(*statements), kind="resource")


def trust_policy(*statements: Any) -> Policy:
    """Compile a role's trust policy."""
    return compile_policy(document(*statements), kind="trust")


def request(
    action: str = "s3:GetObject",
    resource: str = OBJECT,
    *,
    who: str = SESSION,
    kind: Literal["AWS", "Federated", "Service", "Anonymous"] = "AWS",
    owner: str = ACCOUNT,
    context: Mapping[str, ContextValue] | None = None,
) -> Request:
    """Return a request, by default of a role session for an object of its own account."""
    return Request(Principal(kind, who), action, resource, owner, context or {})


def judge(asked: Request, *identity: Policy, **others: Any) -> Decision:
    """Decide with these identity policies; other kinds by keyword, as in `Policies`."""
    return decide(asked, Policies(identity, **others))


def matches(
    statement: Statement,
    action: str = "s3:GetObject",
    resource: str = OBJECT,
    context: Mapping[str, ContextValue] | None = None,
    version: str | None = "2012-10-17",
) -> bool:
    """Whether a single Allow statement, as the only identity policy, allows the request."""
    return judge(request(action, resource, context=context), policy(statement, version=version)).allowed


def holds(condition: Mapping[str, Any], context: Mapping[str, ContextValue], effect: str = "Allow") -> bool:
    """Whether a `Condition` block holds; in a Deny that is an ExplicitDeny, in an Allow a permission."""
    statement = {"Effect": effect, "Action": "*", "Resource": "*", "Condition": condition}
    outcome = judge(request(context=context), policy(statement)).outcome
    return outcome == ("Allowed" if effect == "Allow" else "ExplicitDeny")
