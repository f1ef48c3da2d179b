"""What IAM decided, kept long enough to be explained: every refusal, and with `--decisions` everything else too.

In memory only: it is about requests that somebody has just made.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from localcloud.errors import AwsError
from localcloud.iam.evaluator import Policies, decide
from localcloud.iam.request import ContextValue, Decision, Request

REFUSALS = 1_000
"""Refusals that are kept; older ones are forgotten."""

EVERYTHING = 100_000
"""Calls that are kept with `--decisions`."""

MOST_BYTES = {False: 64 << 20, True: 1 << 30}
"""What all of that takes at most, without and with `--decisions`; older calls are forgotten."""

_FINDING = 2_000
"""Bytes of a finding besides the values of its condition keys, as measured."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One question to IAM, the answer, and the policies it came from, so that one can ask what else they would allow.

    `part` names the piece of the request that it stands for, where pieces are refused singly.
    """

    request: Request
    decision: Decision
    policies: Policies
    part: str = ""


def find(request: Request, policies: Policies, part: str = "") -> Finding:
    """Decide a request, and keep what it was decided by. Raises ValueError for a principal that is none."""
    return Finding(request, decide(request, policies), policies, part)


class RefusedError(AwsError):
    """An error that IAM's decisions led to. The caller sees code and message; the findings are for `explain`."""

    def __init__(self, code: str, message: str, status: int = 400, findings: Sequence[Finding] = ()) -> None:
        super().__init__(code, message, status)
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided for one call. `number` counts calls up; `at` is the cloud's time; no `error`: it was let in."""

    number: int
    request_id: str
    at: float
    service: str
    operation: str
    findings: tuple[Finding, ...]
    error: AwsError | None = None

    @property
    def size(self) -> int:
        """About how many bytes it takes; values that several findings share count for each."""
        return sum(_FINDING + _length(finding.request.context.values()) for finding in self.findings)


class Decisions:
    """The last decisions by request id."""

    def __init__(self, *, everything: bool = False) -> None:
        """`everything`: keep what was allowed, too."""
        self.everything = everything
        self._limit = EVERYTHING if everything else REFUSALS
        self._most_bytes, self._bytes = MOST_BYTES[everything], 0
        self._kept: OrderedDict[str, Decided] = OrderedDict()
        self._numbers = count(1)

    def keep(
        self,
        request_id: str,
        at: float,
        service: str,
        operation: str,
        findings: Sequence[Finding],
        error: AwsError | None = None,
    ) -> None:
        """Keep the decisions of one call, if they are to be kept. The oldest call goes when there are too many."""
        refused = error is not None or any(not finding.decision.allowed for finding in findings)
        if not (refused or self.everything):
            return
        # A call may be decided twice: let in, and then refused because there is nothing that it may know of.
        found = (*self._forget(request_id), *findings)
        decided = Decided(next(self._numbers), request_id, at, service, operation, found, error)
        self._kept[request_id] = decided
        self._bytes += decided.size
        # Attack: refusals of a thousand keys each, or of keys as long as a body may be, until the memory is full.
        while len(self._kept) > self._limit or self._bytes > self._most_bytes:
            self._forget(next(iter(self._kept)))

    def find(self, request_id: str) -> Decided | None:
        """What was decided for the call of that id, if it is still known."""
        return self._kept.get(request_id)

    def after(self, number: int, limit: int) -> list[Decided]:
        """The calls that follow that number, oldest first, `limit` of them at most."""
        found: Iterator[Decided] = (decided for decided in self._kept.values() if decided.number > number)
        return [decided for decided, _ in zip(found, range(limit), strict=False)]

    def newest(self) -> Decided | None:
        """The last call that is kept."""
        return next(reversed(self._kept.values()), None)

    def _forget(self, request_id: str) -> tuple[Finding, ...]:
        """What was found for a call, which is no longer kept."""
        forgotten = self._kept.pop(request_id, None)
        if forgotten is None:
            return ()
        self._bytes -= forgotten.size
        return forgotten.findings


def _length(values: Iterable[ContextValue]) -> int:
    return sum(len(value) if isinstance(value, str) else sum(map(len, value)) for value in values)
