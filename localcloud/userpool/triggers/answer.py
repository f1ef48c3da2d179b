"""The parts of a trigger's answer, each of the type that it must have. What is left out or null is empty.

Attack: an answer that is taken for more than it says. `"autoConfirmUser": "false"` confirms nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.errors import AwsError


def read_flag(answer: Mapping[str, Any], name: str) -> bool:
    """True or false. Raises InvalidLambdaResponseException, as all of these."""
    flag: bool = _read(answer, name, bool, False)
    return flag


def read_text(answer: Mapping[str, Any], name: str) -> str:
    """A text."""
    text: str = _read(answer, name, str, "")
    return text


def read_texts(answer: Mapping[str, Any], name: str) -> list[str]:
    """A list of texts."""
    texts: list[str] = _read(answer, name, list, [])
    if not all(isinstance(text, str) for text in texts):
        raise wrong(name)
    return texts


def read_object(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object."""
    found: Mapping[str, Any] = _read(answer, name, dict, {})
    return found


def read_strings(answer: Mapping[str, Any], name: str) -> Mapping[str, str]:
    """An object whose values are texts."""
    found = read_object(answer, name)
    if not all(isinstance(value, str) for value in found.values()):
        raise wrong(name)
    return found


def wrong(name: str) -> AwsError:
    """The refusal of a part that is not what it must be."""
    return AwsError("InvalidLambdaResponseException", f"Invalid lambda function output : {name}")


def _read(answer: Mapping[str, Any], name: str, kind: type, empty: Any) -> Any:
    value = answer.get(name)
    if value is not None and not isinstance(value, kind):
        raise wrong(name)
    return empty if value is None else value
