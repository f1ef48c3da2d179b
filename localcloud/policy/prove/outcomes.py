"""What came of a cell: allowed or denied, which statement decided it, and what the service said to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localcloud.policy.prove.cells import Cell
from localcloud.policy.prove.wire import Answer

_REFUSED = frozenset({"AccessDenied", "AccessDeniedException", "403", "401"})
_UNAUTHENTICATED = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "UnrecognizedClientException",
    }
)

LIMITS = ("permissions boundary/", "session policy/")
"""What the names of statements begin with that never give anything, but limit what others give."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question to IAM, its outcome, and the statements that decided it (or the layer in which none allows it)."""

    action: str
    resource: str
    outcome: str
    decided_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A cell and what came of it. `allowed` None: nothing was decided, for the reason `why`.

    Allowed means that IAM let the call through; the service may still have answered with an error (`code`).
    `status` is 0 where no call was made, because there are no keys to make it with. `is_broken`: it was served, but not
    because anything allowed it.
    """

    cell: Cell
    allowed: bool | None
    why: str
    status: int = 0
    code: str = ""
    checks: tuple[Check, ...] = ()
    is_broken: bool = False

    @property
    def was_made(self) -> bool:
        """Whether there was a call at all."""
        return self.status != 0


def without_keys(cell: Cell, refusal: str) -> Outcome:
    """Denied, because its persona has no keys."""
    return Outcome(cell, False, f"gets no keys: {refusal}")


def judge(cell: Cell, answer: Answer | str, part: str, decisions: Mapping[str, Mapping[str, Any]]) -> Outcome:
    """The outcome by what the cloud decided; `part` names the piece of the request that counts, where pieces do."""
    if isinstance(answer, str):
        return Outcome(cell, None, answer)
    made = (answer.status, answer.code)
    decided = decisions.get(answer.request_id, {})
    checks = tuple(_check(found) for found in decided.get("checks", ()) if found.get("part", "") in ("", part))
    if not checks:
        return _undecided(cell, answer)
    refused = [check for check in checks if check.outcome != "Allowed"]
    if not refused:
        return Outcome(cell, True, _and(check.decided_by for check in checks), *made, checks)
    why = _and([refused[0].decided_by])
    # Of a call whose parts count singly, the refusal of one is inside the answer.
    if answer.status < 400 and not (part and b"AccessDenied" in answer.body):
        return Outcome(cell, True, f"served although {why}", *made, checks, is_broken=True)
    return Outcome(cell, False, why, *made, checks)


def _undecided(cell: Cell, answer: Answer) -> Outcome:
    made = (answer.status, answer.code)
    # A HEAD has no body that could say that its keys have expired.
    if answer.code in _UNAUTHENTICATED or (cell.persona.kind == "expired" and answer.code == "400"):
        return Outcome(cell, False, f"not authenticated: {answer.code}", *made)
    if answer.code in _REFUSED:
        return Outcome(cell, None, "the local cloud does not map it", *made)
    if answer.status < 400:
        return Outcome(cell, True, "served without any decision", *made, is_broken=True)
    return Outcome(cell, None, f"refused before any decision: {answer.code}", *made)


def _check(found: Mapping[str, Any]) -> Check:
    return Check(found["action"], found["resource"], found["outcome"], tuple(_deciding(found)))


def _deciding(found: Mapping[str, Any]) -> list[str]:
    effect = {"Allowed": "Allow", "ExplicitDeny": "Deny"}.get(found["outcome"], "")
    deciding = [reason for reason in found["reasons"] if reason["matched"] and reason["effect"] == effect]
    if effect:
        verb = "denies it: " if effect == "Deny" else ""
        return [f"{verb}{_short(reason['policy'])}/{reason['statement']}".rstrip("/") for reason in deciding]
    layers = [reason["policy"] for reason in found["reasons"] if not reason["effect"]]
    return [f"no {layer} allows {found['action']}" for layer in layers[-1:]]


def _short(policy: str) -> str:
    """A managed policy's name; a bucket policy keeps its ARN."""
    return policy.partition(":policy/")[2] or policy


def _and(groups: Iterable[Sequence[str]]) -> str:
    return ", ".join(dict.fromkeys(text for group in groups for text in group))
