"""The proof as JSON: every cell, and what it was compared with."""

from __future__ import annotations

from typing import Any

from localcloud.policy.prove.comparison import in_short
from localcloud.policy.prove.outcomes import Outcome
from localcloud.policy.prove.run import Proof


def document(proof: Proof) -> dict[str, Any]:
    """Plain values. `allowed` null: nothing was decided; `status` 0: no call was made, for lack of keys."""
    found = proof.comparison
    return {
        "seconds": round(proof.seconds, 1),
        "calls": proof.calls,
        "differences": {
            "opened": [outcome.cell.id for outcome in found.opened],
            "closed": [outcome.cell.id for outcome in found.closed],
            "open_ways_to_keys": [{"persona": who, "way": way} for who, way in found.entries],
            "not_covered": dict(found.uncovered),
            "needlessly_excused": list(found.stale),
        },
        "not_covered": in_short(proof.missing, proof.outcomes),
        "personas": {
            name: {"ids": dict(person.ids), "refused_ways_to_keys": [list(attempt) for attempt in person.attempts]}
            for name, person in proof.people.items()
        },
        "cells": [_cell(proof, outcome) for outcome in proof.outcomes],
    }


def _cell(proof: Proof, outcome: Outcome) -> dict[str, Any]:
    cell = outcome.cell
    return {
        "persona": cell.persona.name,
        "service": cell.call.operation.service,
        "operation": cell.call.operation.name,
        "route": cell.call.route,
        "place": cell.place.name,
        "access": cell.call.kind,
        "allowed": outcome.allowed,
        "expected": proof.expectations.allows(cell),
        "decided_by": outcome.why,
        "status": outcome.status,
        "code": outcome.code,
        "checks": [
            {"action": check.action, "resource": check.resource, "outcome": check.outcome, "by": list(check.decided_by)}
            for check in outcome.checks
        ],
    }
