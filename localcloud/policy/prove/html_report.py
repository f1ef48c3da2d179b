"""The proof as one page for reviewers: a picture of who reaches what and why, and every call behind it.

No script, nothing from elsewhere; every name is escaped: names come from a template, which may be anybody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from localcloud.policy.prove import text_report
from localcloud.policy.prove.comparison import in_short
from localcloud.policy.prove.html_calls import anchor, boxes, every_call
from localcloud.policy.prove.layout import KINDS
from localcloud.policy.prove.matrix import Field, matrix
from localcloud.policy.prove.outcomes import LIMITS
from localcloud.policy.prove.run import Proof

_STYLE = Path(__file__).with_name("report.css")
_CLOSED = "default-src 'none'; style-src 'unsafe-inline'"


def page(proof: Proof, title: str) -> str:
    """The page's text."""
    fields = matrix(proof.outcomes)
    wrong = {id(outcome) for outcome in (*proof.comparison.opened, *proof.comparison.closed)}
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_CLOSED}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Who reaches what: {escape(title)}</title>\n<style>\n{_STYLE.read_text()}</style>\n</head>\n<body>",
            *_head(proof, title),
            *_picture(proof, fields, wrong),
            *_differences(proof),
            *_ways_to_keys(proof),
            *_missing(proof),
            *every_call(fields.values(), wrong),
            "</body>\n</html>\n",
        ]
    )


def _head(proof: Proof, title: str) -> Iterator[str]:
    good = not proof.comparison.count
    verdict = "all as expected" if good else f"{proof.comparison.count} differences from what is expected"
    yield f"<h1>Who reaches what: {escape(title)}</h1>"
    yield f'<p class="verdict {"good" if good else "bad"}">{"&#10003;" if good else "&#10007;"} {verdict}</p>'
    yield f"<p>{escape(text_report.summary(proof))}. Decided by the template's own policies, call by call.</p>"


def _picture(proof: Proof, fields: dict[tuple[str, str], Field], wrong: set[int]) -> Iterator[str]:
    personas = [name for name in proof.expectations.layout.personas if any(who == name for who, _ in fields)]
    yield "<h2>The picture</h2>"
    yield from _legend()
    yield '<div class="wide"><table class="picture"><thead><tr><td></td>'
    for name in personas:
        yield f'<th scope="col">{escape(name)}<small>{_about(proof, name)}</small></th>'
    yield "</tr></thead><tbody>"
    for place in proof.expectations.layout.places.values():
        if not any(where == place.name for _, where in fields):
            continue
        yield f'<tr><th scope="row">{escape(place.name)}<small>{escape(place.output)}</small>'
        yield f"<small>{escape(place.pattern or 'as a whole')}</small></th>"
        yield from (_field(fields.get((name, place.name)), wrong) for name in personas)
        yield "</tr>"
    yield "</tbody></table></div>"


def _legend() -> Iterator[str]:
    example = (("all", "R", "every call"), ("some", "r", "some calls only"), ("none", "&ndash;", "no call"))
    shown = (
        f'<span><span class="kinds"><b class="{level}">{text}</b></span>{what}</span>' for level, text, what in example
    )
    kinds = ", ".join(f"<b>{kind[0].upper()}</b> {kind}" for kind in KINDS)
    yield f'<p class="legend">{"".join(shown)}<span class="mark">! differs from what is expected</span></p>'
    yield f"<p>{kinds} (access lists, tags, locks, versions, settings). Small print: the statements that allow it.</p>"


def _field(field: Field | None, wrong: set[int]) -> str:
    if field is None:
        return "<td></td>"
    bad = any(id(outcome) in wrong for outcome in field.outcomes)
    small = "".join(f"<small>{escape(name)}</small>" for name in _granting(field))
    mark = '<span class="mark">!</span> ' if bad else ""
    shown = f'<a href="#{anchor(field)}">{mark}{boxes(field)}{small}</a>'
    return f'<td class="wrong">{shown}</td>' if bad else f"<td>{shown}</td>"


def _about(proof: Proof, name: str) -> str:
    persona = proof.expectations.layout.personas[name]
    groups = f", in {', '.join(persona.groups)}" if persona.groups else ""
    return escape(persona.kind + groups + ("" if proof.people[name].keys or name == "anonymous" else ", without keys"))


def _granting(field: Field) -> list[str]:
    """The statements that give something here, by their Sid; boundaries and session policies only take away."""
    names = (
        name
        for outcome in field.outcomes
        if outcome.allowed and not outcome.cell.call.goes_home
        for check in outcome.checks
        for name in check.decided_by
        if not name.startswith(LIMITS)
    )
    return list(dict.fromkeys(name.rpartition("/")[2] for name in names))


def _differences(proof: Proof) -> Iterator[str]:
    found = list(text_report.differences(proof))
    if found:
        yield "<h2>Differences</h2><pre>" + escape("\n".join(found).strip()) + "</pre>"


def _ways_to_keys(proof: Proof) -> Iterator[str]:
    attempts = [(name, *attempt) for name, person in proof.people.items() for attempt in person.attempts]
    if attempts:
        yield "<h2>Wrong ways to keys</h2><table><thead><tr><th>who</th><th>way</th><th>answer</th></tr></thead><tbody>"
        for name, way, refusal in attempts:
            answer = escape(refusal) or '<span class="mark">! open</span>'
            yield f"<tr><td>{escape(name)}</td><td>{escape(way)}</td><td>{answer}</td></tr>"
        yield "</tbody></table>"


def _missing(proof: Proof) -> Iterator[str]:
    missing = in_short(proof.missing, proof.outcomes)
    yield f"<details><summary>Not covered: {len(missing)}</summary><table><tbody>"
    yield from (f"<tr><td><code>{escape(call)}</code></td><td>{escape(why)}</td></tr>" for call, why in missing.items())
    yield "</tbody></table></details>"
