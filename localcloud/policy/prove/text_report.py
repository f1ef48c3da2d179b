"""The proof as text: the matrix, the differences in full, what is not covered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from localcloud.policy.prove.comparison import in_short
from localcloud.policy.prove.layout import KINDS
from localcloud.policy.prove.matrix import matrix
from localcloud.policy.prove.outcomes import Outcome
from localcloud.policy.prove.run import Proof

LEGEND = (
    f"{', '.join(f'{kind[0].upper()} {kind}' for kind in KINDS)}; a small letter: only some calls get through; -: none"
)


def lines(proof: Proof) -> Iterator[str]:
    """The whole report, line by line."""
    yield from _matrix(proof)
    yield from _not_covered(proof)
    yield from differences(proof)
    yield summary(proof)


def differences(proof: Proof) -> Iterator[str]:
    """Each difference in full."""
    found = proof.comparison
    yield from _titled("OPEN TO MANAGE, and should not be", map(_cell, (o for o in found.opened if _manages(o))))
    yield from _titled("open, and should not be", map(_cell, (o for o in found.opened if not _manages(o))))
    yield from _titled("shut, and should not be", map(_cell, found.closed))
    yield from _titled("open ways to keys", (f"{who}: {way}" for who, way in found.entries))
    yield from _titled("not covered, and not excused", (f"{call}: {why}" for call, why in found.uncovered.items()))
    yield from _titled("excused as not covered, without need", found.stale)


def summary(proof: Proof) -> str:
    """One line: what was done, and how it ended."""
    allowed = sum(outcome.allowed is True for outcome in proof.outcomes)
    verdict = f"{proof.comparison.count} differences" if proof.comparison.count else "all as expected"
    return (
        f"{len(proof.outcomes)} cells, {proof.calls} calls, {allowed} allowed, {len(proof.missing)} ways not covered, "
        f"{proof.seconds:.0f} s: {verdict}"
    )


def _matrix(proof: Proof) -> Iterator[str]:
    fields = matrix(proof.outcomes)
    personas = list(dict.fromkeys(persona for persona, _ in fields))
    places = [place for place in proof.expectations.layout.places if any((who, place) in fields for who in personas)]
    width = max([len(place) for place in places] + [5])
    columns = {persona: max(len(persona), len(KINDS)) for persona in personas}
    yield f"{'':{width}}  " + "  ".join(f"{persona:{columns[persona]}}" for persona in personas).rstrip()
    for place in places:
        cells = (fields[who, place].letters if (who, place) in fields else "" for who in personas)
        row = "  ".join(f"{text:{columns[who]}}" for who, text in zip(personas, cells, strict=True))
        yield f"{place:{width}}  {row}".rstrip()
    yield LEGEND


def _not_covered(proof: Proof) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for call, why in in_short(proof.missing, proof.outcomes).items():
        by_reason.setdefault(why, []).append(call)
    for why, calls in by_reason.items():
        yield ""
        yield f"not covered, {why}:"
        yield from _wrapped(calls)


def _manages(outcome: Outcome) -> bool:
    return outcome.cell.call.kind == "manage"


def _cell(outcome: Outcome) -> str:
    cell = outcome.cell
    status = f", {outcome.code or outcome.status}" if outcome.was_made else ""
    return f"{cell.persona.name}  {cell.call.id}  {cell.place.name}  by: {outcome.why}{status}"


def _titled(title: str, found: Iterable[str]) -> Iterator[str]:
    rows = list(found)
    if rows:
        yield ""
        yield f"{title}: {len(rows)}"
        yield from (f"  {row}" for row in rows)


def _wrapped(words: Iterable[str], width: int = 116) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + len(word) > width:
            yield line
            line = ""
        line = f"{line}, {word}" if line else f"  {word}"
    yield line
