"""The rules for a reader: on the terminal, as JSON, and as the table in the documentation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from localcloud.policy.lint.finding import Rule
from localcloud.policy.lint.rules import load_all

RULES: Mapping[str, Rule] = {module.RULE.id: module.RULE for module in load_all()}
"""Every rule by its id, in order."""


def text(names: Iterable[str] | None = None, *, as_json: bool = False) -> str:
    """The rules of these names in full; without names, a line for each of all."""
    chosen = [RULES[name] for name in names] if names else list(RULES.values())
    if as_json:
        return json.dumps([_record(rule) for rule in chosen], indent=2) + "\n"
    if names:
        return "\n".join(map(_in_full, chosen))
    width = max(len(rule.id) for rule in chosen)
    return "".join(f"{rule.id:{width}}  {rule.level:7}  {rule.looks_at}\n" for rule in chosen)


def table() -> str:
    """The rules as a table in Markdown."""
    rows = [f"| `{rule.id}` | {rule.level} | {rule.looks_at} | {rule.danger} |" for rule in RULES.values()]
    return "\n".join(["| rule | level | looks at | the danger |", "| --- | --- | --- | --- |", *rows])


def _in_full(rule: Rule) -> str:
    parts = {"looks at": rule.looks_at, "danger": rule.danger, "mend": rule.mend}
    return "".join([f"{rule.id} ({rule.level})\n", *(f"    {name}: {value}\n" for name, value in parts.items())])


def _record(rule: Rule) -> dict[str, str]:
    return {
        "rule": rule.id,
        "level": rule.level,
        "looks_at": rule.looks_at,
        "danger": rule.danger,
        "mend": rule.mend,
    }
