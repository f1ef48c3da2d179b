"""The lower part of the page: every call, by persona and place, and the boxes that sum them up."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from html import escape

from localcloud.policy.prove.layout import KINDS
from localcloud.policy.prove.matrix import Field
from localcloud.policy.prove.outcomes import Outcome

_FILTERS = (("everything", "all calls"), ("only-allowed", "allowed only"), ("only-wrong", "differences only"))


def boxes(field: Field) -> str:
    """A box for each kind of access, which can be read without colour."""
    found = []
    for kind, letter in zip(KINDS, field.letters, strict=True):
        level = field.levels.get(kind, "empty")
        text = "&ndash;" if letter == "-" else letter
        found.append(f'<b class="{level}" title="{kind}: {level}">{text}</b>')
    return f'<span class="kinds">{"".join(found)}</span>'


def anchor(field: Field) -> str:
    """The id of a field's calls, whatever its names are made of."""
    return "f" + hashlib.sha256(f"{field.persona}\0{field.place}".encode()).hexdigest()[:12]


def every_call(fields: Iterable[Field], wrong: Collection[int]) -> Iterator[str]:
    """All calls; `wrong` has the `id()` of each outcome that is not as expected."""
    yield '<h2>Every call</h2><div class="filter">'
    for number, (name, text) in enumerate(_FILTERS):
        checked = "" if number else " checked"
        yield f'<label><input type="radio" name="filter" id="{name}"{checked}> {text}</label>'
    yield "</div>"
    for field in fields:
        yield f"<details><summary>{boxes(field)} {escape(field.persona)}: {escape(field.place)}</summary>"
        yield f'<table class="calls" id="{anchor(field)}"><thead><tr><th>operation</th><th>ways</th><th>access</th>'
        yield "<th>outcome</th><th>decided by</th><th>answer</th></tr></thead><tbody>"
        yield from _rows(field.outcomes, wrong)
        yield "</tbody></table></details>"


def _rows(outcomes: Iterable[Outcome], wrong: Collection[int]) -> Iterator[str]:
    """One row for all ways of an operation that ended alike."""
    alike: dict[tuple[object, ...], list[Outcome]] = {}
    for found in outcomes:
        cell = found.cell
        key = (cell.call.operation.name, cell.call.kind, found.allowed, found.why, found.status, found.code)
        alike.setdefault((*key, id(found) in wrong), []).append(found)
    for group in alike.values():
        yield _row(group, id(group[0]) in wrong)


def _row(group: Sequence[Outcome], wrong: bool) -> str:
    first = group[0]
    outcome = "allowed" if first.allowed else "denied"
    mark = '<span class="mark">! not as expected</span>' if wrong else ""
    answer = f"{first.status} {first.code}" if first.was_made else "no call"
    call = first.cell.call
    cells = (
        f"<code>{call.operation.service}:{call.operation.name}</code>",
        escape(", ".join(found.cell.call.route for found in group)),
        call.kind,
        f"{outcome} {mark}",
        escape(first.why),
        escape(answer),
    )
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr class="{outcome}{" wrong" if wrong else ""}">{row}</tr>'
