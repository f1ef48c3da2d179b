"""Combining policies into one decision (rules 36-46, 71).

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from localcloud.iam.match import Arn
from localcloud.iam.policy import Policy
from localcloud.iam.principal import EVERYONE, Caller, Grant, identify
from localcloud.iam.request import Decision, Reason, Request
from localcloud.iam.statement import Miss, Question
from localcloud.iam.variables import Context

_LAYERS = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "resource": "resource-based policy",
    "trust": "role trust policy",
}
_LIMITS = ("boundary", "session")


@dataclass(frozen=True, slots=True)
class Policies:
    """All that applies to one request. None: there is no such policy; an empty group allows nothing.

    The session policies of a caller form one group, inline and managed alike (rule 37), and so do boundaries.
    `layers` are the groups that exist, in the order in which they are reported.
    """

    identity: Sequence[Policy] = ()
    session: Sequence[Policy] | None = None
    boundaries: Sequence[Policy] | None = None
    resource: Policy | None = None
    trust: Policy | None = None
    layers: tuple[tuple[str, Sequence[Policy]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for kind, policy in (("resource", self.resource), ("trust", self.trust)):
            if policy is not None and policy.kind != kind:
                # The attack: without a Principal element a statement would mean everybody.
                raise ValueError(f"`{policy.name}` was not compiled as a {kind} policy")
        groups: dict[str, Sequence[Policy] | None] = {
            "identity": self.identity,
            "boundary": self.boundaries,
            "session": self.session,
            "resource": None if self.resource is None else (self.resource,),
            "trust": None if self.trust is None else (self.trust,),
        }
        layers = tuple((layer, group) for layer, group in groups.items() if group is not None)
        object.__setattr__(self, "layers", layers)

    @property
    def ask_for_tags(self) -> bool:
        """Whether any policy asks how the resource is tagged: looking that up may be spared otherwise."""
        return any(policy.asks_for_tags for _, group in self.layers for policy in group)


def decide(request: Request, policies: Policies) -> Decision:
    """Decide a request. Raises ValueError when the principal's value is none of its type.

    Without `resource_account` the account is the ARN's, and where that names none (S3) the caller's own.
    """
    caller = identify(request.principal)
    action = request.action.lower()
    if action == "sts:getcalleridentity" and caller.account:
        return Decision("Allowed", lambda: iter([_note("always allowed, whatever the policies say")]))
    arn = Arn.parse(request.resource)
    context = Context(request.context, caller.context)
    question = Question(action, arn, context, _names(request, caller, action), policies.boundaries is not None)
    grants: dict[str, Grant] = {}
    denied = ""
    for layer, group in policies.layers:
        grants[layer], denies = _weigh(group, question)
        denied = denied or (layer if denies else "")
    if denied:
        return Decision("ExplicitDeny", partial(_explain, policies, question), _refusal(request, _explicitly(denied)))
    if caller.root and not policies.identity:
        grants["identity"] = Grant.DIRECT
    owner = request.resource_account or (arn and arn.account) or caller.account
    lacking = _lacking(caller, owner, _must_allow(action, request.resource), grants)
    if lacking is None:
        note = _ROOT if caller.root and not policies.identity else None
        return Decision("Allowed", partial(_explain, policies, question, note))
    why = f"because no {_LAYERS[lacking]} allows the {request.action} action"
    note = Reason(_LAYERS[lacking], "", "", False, why)
    return Decision("ImplicitDeny", partial(_explain, policies, question, note), _refusal(request, why))


def _names(request: Request, caller: Caller, action: str) -> Mapping[str, Grant]:
    """Rule 34: a provider stands for nobody but the one who is just assuming a role."""
    if request.principal.type != "Federated" or is_about_assuming(action, request.resource):
        return caller.names
    return {EVERYONE: Grant.DIRECT}


def _weigh(group: Sequence[Policy], question: Question) -> tuple[Grant, bool]:
    """Return the most direct Allow of a group, and whether any Deny applies."""
    grant, denied = Grant.NONE, False
    for policy in group:
        for statement in policy.about(question.action):
            found = statement.match(question)
            if isinstance(found, Miss):
                continue
            if statement.denies:
                denied = True
            elif found > grant:
                grant = found
    return grant, denied


def _explain(policies: Policies, question: Question, note: Reason | None = None) -> Iterator[Reason]:
    """What each statement answered, and what was concluded from it."""
    for _, group in policies.layers:
        for policy in group:
            for statement in policy.statements:
                yield statement.explain(question)
    if note is not None:
        yield note


def _note(why: str) -> Reason:
    return Reason("", "", "Allow", True, why)


_ROOT = _note("an account's root has all permissions in its account")


def _lacking(caller: Caller, owner: str, named: str, grants: Mapping[str, Grant]) -> str | None:
    """Return the first layer whose Allow is missing, or None. `named`: the policy that must mean the caller itself."""
    side = named or "resource"
    grant = grants.get(side, Grant.NONE)
    if caller.root and named == "trust":  # AWS: "Roles may not be assumed by root accounts"
        return named
    if not caller.account:  # rule 46, and services: only the resource's own policy speaks for them
        needed: tuple[str, ...] = (side,)
    elif owner != caller.account:  # rule 40: both sides
        needed = ("identity", *_LIMITS, side)
    elif grant is Grant.DIRECT and ("session" not in grants or caller.session):  # rules 42, 44, 45
        needed = ()
    elif grant >= Grant.ROLE:  # rule 41; a user's own session policies limit what its user is given
        needed = _LIMITS
    elif named:  # rule 39: the policy may leave it to the account's identity policies, but must say so
        needed = (side, "identity", *_LIMITS)
    else:  # rules 32, 37, 38, 43
        needed = ("identity", *_LIMITS)
    for layer in needed:
        if not grants.get(layer, layer in _LIMITS):  # no boundary, no limit
            return layer
    return None


def is_about_assuming(action: str, resource: str) -> bool:
    """Whether a role's trust policy has to allow the action (in lower case): to assume the role, to tag its session."""
    return action.startswith("sts:assumerole") or (action.startswith("sts:") and ":role/" in resource)


def _must_allow(action: str, resource: str) -> str:
    """Rule 39: the policy, if any, that must allow explicitly. A KMS call that concerns no key has no key policy."""
    if is_about_assuming(action, resource):
        return "trust"
    return "resource" if action.startswith("kms:") and ":key/" in resource else ""


def _explicitly(layer: str) -> str:
    article = "an" if _LAYERS[layer][0] in "aeiou" else "a"
    return f"with an explicit deny in {article} {_LAYERS[layer]}"


def _refusal(request: Request, because: str) -> str:
    """AWS's own words (rules 51, 71)."""
    if request.principal.type == "Federated":
        return f"Not authorized to perform {request.action}"
    user = request.principal.value or "anonymous"
    return f"User: {user} is not authorized to perform: {request.action} on resource: {request.resource} {because}"
