"""IAM's decision: may this principal do this action on this resource, and why.

Owns: the policy language (`policy`, `variables`, `match`, `operators`, `condition`, `principal`) and the combining
of policy kinds (`evaluator`). `actions/` turns requests into what is decided here. Nothing in here does I/O, knows
HTTP or imports another part of `localcloud` than its errors: a decision is a pure function of the request and the
compiled policies.

    document ── compile_policy ──► Policy ─┐
                                           ├─► Policies ─┐
                                           ┘             ├── decide ──► Decision(outcome, reasons, message)
                                          Request ───────┘

Rule numbers in comments count the rules of IAM that this package follows; the tests carry the same numbers.
Where AWS's answer is not known, the answer here is the one that denies.
"""

from localcloud.iam.evaluator import Policies, decide
from localcloud.iam.policy import Policy, PolicyError, compile_policy
from localcloud.iam.request import ContextValue, Decision, Principal, Reason, Request

__all__ = [
    "ContextValue",
    "Decision",
    "Policies",
    "Policy",
    "PolicyError",
    "Principal",
    "Reason",
    "Request",
    "compile_policy",
    "decide",
]
