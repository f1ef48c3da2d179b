"""A kept decision as plain values, for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from localcloud.access.refusals import Decided, Finding
from localcloud.explain.hints import hints


def report(decided: Decided, *, with_hints: bool = True) -> dict[str, Any]:
    """What was asked, by whom, what each policy said to it, and the error that came of it (None: let in)."""
    error = decided.error
    found = {
        "n": decided.number,
        "request_id": decided.request_id,
        "at": decided.at,
        "service": decided.service,
        "operation": decided.operation,
        "principal": decided.findings[0].request.principal.value if decided.findings else "",
        "error": {"code": error.code, "message": error.message} if error else None,
        "checks": [_check(finding) for finding in decided.findings],
    }
    if with_hints:
        refused = [finding for finding in decided.findings if not finding.decision.allowed]
        found["hints"] = list(dict.fromkeys(hint for finding in refused for hint in hints(finding)))
    return found


def _check(finding: Finding) -> dict[str, Any]:
    request, decision = finding.request, finding.decision
    return {
        "action": request.action,
        "resource": request.resource,
        "part": finding.part,
        "context": {key: value if isinstance(value, str) else [*value] for key, value in request.context.items()},
        "outcome": decision.outcome,
        "message": decision.message,
        "reasons": [asdict(reason) for reason in decision.reasons],
    }
