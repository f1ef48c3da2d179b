"""What a template refers to and does not have. The engine would take the name itself for the value."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

_SUBSTITUTED = re.compile(r"\$\{([^!}][^}]*)\}")


def unresolved(template: Mapping[str, Any]) -> list[str]:
    """One line for each reference to nothing, in CloudFormation's functions and in DependsOn."""
    resources = template.get("Resources") or {}
    names = {*resources, *(template.get("Parameters") or {})}
    problems = []
    for section, noun in (("Resources", "resource"), ("Outputs", "output")):
        for name, entry in (template.get(section) or {}).items():
            for path, wanted in _references(entry, ""):
                if wanted in names or wanted.startswith("AWS::"):
                    continue
                near = difflib.get_close_matches(wanted, names, 1)
                hint = f"; did you mean `{near[0]}`?" if near else ""
                place = path.removeprefix("Properties.")
                problems.append(f"{noun} `{name}`: `{place}` refers to `{wanted}`, which is not there{hint}")
    return problems


def _references(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Paths, and the names that they refer to, without attributes."""
    if isinstance(value, list):
        for item in value:
            yield from _references(item, path)
        return
    if not isinstance(value, Mapping):
        return
    if len(value) == 1:
        ((function, argument),) = value.items()
        if function in _FUNCTIONS:
            yield from ((path, name) for name in _FUNCTIONS[function](argument))
    for key, inner in value.items():
        if key == "DependsOn" and not path:
            yield from ((key, name) for name in ([inner] if isinstance(inner, str) else inner))
        else:
            yield from _references(inner, path if key.startswith("Fn::") else f"{path}.{key}".strip("."))


def _ref(argument: Any) -> list[str]:
    return [argument] if isinstance(argument, str) else []


def _get_att(argument: Any) -> list[str]:
    first = argument[0] if isinstance(argument, list) and argument else argument
    return [first.split(".")[0]] if isinstance(first, str) else []


def _sub(argument: Any) -> list[str]:
    text, own = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    found = _SUBSTITUTED.findall(text) if isinstance(text, str) else []
    return [name.strip().split(".")[0] for name in found if name.strip() not in own]


_FUNCTIONS = {"Ref": _ref, "Fn::GetAtt": _get_att, "Fn::Sub": _sub}
