"""Combining policies into one decision (rules 36-46, 71).

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from localcloud.iam.match import Arn
from localcloud.iam.policy import Policy
from localcloud.iam.principal import EVERYONE, Caller, Grant, identify
from localcloud.iam.request import Decision, Reason, Request
from localcloud.iam.statement import Question
from localcloud.iam.variables import Context

_LAYERS = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "resource": "resource-based policy",
    "trust": "role trust policy",
}
_ABOUT_A_ROLE = ("sts:tagsession", "sts:setsourceidentity")


@dataclass(frozen=True, slots=True)
class Policies:
    """All that applies to one request. None: there is no such policy; an empty group allows nothing.

    The session policies of a caller form one group, inline and managed alike (rule 37), and so do boundaries.
    """

    identity: Sequence[Policy] = ()
    session: Sequence[Policy] | None = None
    boundaries: Sequence[Policy] | None = None
    resource: Policy | None = None
    trust: Policy | None = None

    def __post_init__(self) -> None:
        for kind, group in (("resource", self.resource), ("trust", self.trust)):
            if group is not None and group.kind != kind:
                # The attack: without a Principal element a statement would mean everybody.
                raise ValueError(f"`{group.name}` was not compiled as a {kind} policy")

    def layers(self) -> dict[str, Sequence[Policy]]:
        """The groups that exist, in the order in which they are reported."""
        groups: dict[str, Sequence[Policy] | None] = {
            "identity": self.identity,
            "boundary": self.boundaries,
            "session": self.session,
            "resource": None if self.resource is None else (self.resource,),
            "trust": None if self.trust is None else (self.trust,),
        }
        return {layer: group for layer, group in groups.items() if group is not None}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one group says: its most direct Allow, and whether any Deny applies."""

    grant: Grant
    denied: bool


_SILENT = Verdict(Grant.NONE, False)


def decide(request: Request, policies: Policies) -> Decision:
    """Decide a request. Raises ValueError when the principal is none.

    Without `resource_account` the account is the ARN's, and where that names none (S3) the caller's own.
    """
    caller = identify(request.principal)
    action = request.action.lower()
    if action == "sts:getcalleridentity" and caller.account:
        return Decision("Allowed", (Reason("", "", "Allow", True, "always allowed, whatever the policies say"),))
    arn = Arn.parse(request.resource)
    question = Question(
        action, arn, _context(request, caller), _names(request, caller, action), policies.boundaries is not None
    )
    reasons: list[Reason] = []
    verdicts = {layer: _weigh(group, question, reasons) for layer, group in policies.layers().items()}
    if caller.root and not policies.identity:
        verdicts["identity"] = Verdict(Grant.DIRECT, False)
        reasons.append(Reason("", "", "Allow", True, "an account's root has all permissions in its account"))
    for layer, verdict in verdicts.items():
        if verdict.denied:
            return Decision("ExplicitDeny", tuple(reasons), _refusal(request, _explicitly(layer)))
    owner = request.resource_account or (arn and arn.account) or caller.account
    lacking = _lacking(caller, owner, _must_name_the_caller(action, request.resource), verdicts)
    if lacking is None:
        return Decision("Allowed", tuple(reasons))
    why = f"because no {_LAYERS[lacking]} allows the {request.action} action"
    reasons.append(Reason(_LAYERS[lacking], "", "", False, why))
    return Decision("ImplicitDeny", tuple(reasons), _refusal(request, why))


def decide_trust(request: Request, trust: Policy) -> Decision:
    """Decide whether a role's trust policy alone lets the principal assume the role. Raises ValueError."""
    return decide(request, Policies(trust=trust))


def _context(request: Request, caller: Caller) -> Context:
    """The request's keys in lower case (rule 12), over those that follow from the principal."""
    return {**caller.context, **{key.lower(): value for key, value in request.context.items()}}


def _names(request: Request, caller: Caller, action: str) -> Mapping[str, Grant]:
    """Rule 34: a provider stands for nobody but the one who is just assuming a role."""
    if request.principal.type != "Federated" or _assumes(action):
        return caller.names
    return {EVERYONE: Grant.DIRECT}


def _weigh(group: Sequence[Policy], question: Question, reasons: list[Reason]) -> Verdict:
    grant, denied = Grant.NONE, False
    for policy in group:
        for statement in policy.statements:
            found, reason = statement.match(question)
            reasons.append(reason)
            if statement.denies:
                denied = denied or found is not Grant.NONE
            elif found > grant:
                grant = found
    return Verdict(grant, denied)


def _lacking(caller: Caller, owner: str, named: str | None, verdicts: Mapping[str, Verdict]) -> str | None:
    """Return the first layer whose Allow is missing, or None. `named`: the policy that must mean the caller itself."""
    side = named or "resource"
    grant = verdicts.get(side, _SILENT).grant
    limits = [layer for layer in ("boundary", "session") if layer in verdicts]
    if not caller.account:  # rule 46, and services: only the resource's own policy speaks for them
        needed = [side]
    elif owner != caller.account:  # rule 40: both sides
        needed = ["identity", *limits, side]
    elif grant is Grant.DIRECT and ("session" not in verdicts or caller.session):  # rules 42, 44, 45
        needed = []
    elif grant >= Grant.ROLE:  # rule 41; a user's own session policies limit what its user is given
        needed = limits
    elif named:  # rule 39: an account delegates to its identity policies, but it must do so
        needed = [side, "identity", *limits]
    else:  # rules 32, 37, 38, 43
        needed = ["identity", *limits]
    return next((layer for layer in needed if not verdicts.get(layer, _SILENT).grant), None)


def _assumes(action: str) -> bool:
    return action.startswith("sts:assumerole") or action in _ABOUT_A_ROLE


def _must_name_the_caller(action: str, resource: str) -> str | None:
    """Rule 39: which policy, if any, must allow explicitly. KMS calls that concern no key have no key policy."""
    if action.startswith("sts:assumerole") or (action in _ABOUT_A_ROLE and ":role/" in resource):
        return "trust"
    return "resource" if action.startswith("kms:") and ":key/" in resource else None


def _explicitly(layer: str) -> str:
    article = "an" if _LAYERS[layer][0] in "aeiou" else "a"
    return f"with an explicit deny in {article} {_LAYERS[layer]}"


def _refusal(request: Request, because: str) -> str:
    """AWS's own words (rules 51, 71)."""
    if request.principal.type == "Federated":
        return f"Not authorized to perform {request.action}"
    user = request.principal.value or "anonymous"
    return f"User: {user} is not authorized to perform: {request.action} on resource: {request.resource} {because}"
