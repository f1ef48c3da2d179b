"""A report as text, for a terminal and for a failing test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """A report as text: the question, then each policy and statement with its answer, then what to do."""
    yield f"request    {found['request_id']}  {found['service']} {found['operation']}"
    yield f"caller     {found['principal'] or 'anonymous'}"
    if error := found["error"]:
        yield f"answer     {error['code']}: {error['message']}"
    for check in found["checks"]:
        yield ""
        yield f"{_mark(check['outcome'] == 'Allowed')} {check['action']} on {check['resource']}: {check['outcome']}"
        yield from _reasons(check["reasons"])
        if check["outcome"] != "Allowed":
            yield "    the request had"
            yield from (f"      {key} = {_plain(value)}" for key, value in sorted(check["context"].items()))
    for hint in found["hints"]:
        yield ""
        yield f"hint: {hint}"


def _reasons(reasons: list[dict[str, Any]]) -> Iterator[str]:
    policy = None
    for reason in reasons:
        if not reason["statement"]:
            yield f"    {reason['why']}"
            continue
        if reason["policy"] != policy:
            policy = reason["policy"]
            yield f"    {policy}"
        verdict = "applies" if reason["matched"] else "does not apply"
        yield f"      {_mark(reason['matched'])} {reason['statement']} ({reason['effect']}) {verdict}: {reason['why']}"


def _mark(good: bool) -> str:
    return "+" if good else "-"


def _plain(value: Any) -> str:
    """A value that the caller chose. Attack: a user agent full of terminal commands, for a developer to print."""
    text = value if isinstance(value, str) else ", ".join(value) or "(nothing)"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
