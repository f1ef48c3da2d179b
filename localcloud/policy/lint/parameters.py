"""The values of a template's parameters: from a file, else their defaults, else not known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from localcloud.policy.lint.loader import TemplateError
from localcloud.policy.lint.node import Node
from localcloud.policy.lint.text import plain, unknown


def read(path: Path) -> dict[str, str]:
    """The values in a parameters file of CloudFormation's own form. Raises TemplateError."""
    try:
        entries = json.loads(path.read_bytes())
        return {str(entry["ParameterKey"]): str(entry["ParameterValue"]) for entry in entries}
    except OSError as error:
        raise TemplateError(f"{path}: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise TemplateError(f"{path}:{error.lineno}:{error.colno}: {error.msg}") from None
    except (KeyError, TypeError, UnicodeDecodeError, RecursionError):
        raise TemplateError(f'{path}: is not a list of {{"ParameterKey": …, "ParameterValue": …}}') from None


def values(declared: Node, given: Mapping[str, str]) -> dict[str, Node]:
    """The value of each parameter. A list parameter has a list; one that names an SSM parameter is not known."""
    return {name: _value(name, parameter, given) for name, parameter in declared.entries()}


def _value(name: str, parameter: Node, given: Mapping[str, str]) -> Node:
    kind, place = parameter.get("Type").text, parameter.place
    default = parameter.get("Default")
    if kind.startswith("AWS::SSM::") or not (name in given or isinstance(default.value, str)):
        return Node(unknown(name), place)
    text = plain(given[name]) if name in given else default.text
    if "List" not in kind:
        return Node(text, place)
    return Node(tuple(Node(part.strip(), place) for part in text.split(",")), place)
