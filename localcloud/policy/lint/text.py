"""Texts of policies: what a deploy will put in stands as a symbol, policy variables stand as they are.

A symbol is a name between two characters that no document may hold. `‹Bucket›` is the physical name of a resource of
the stack: one name, the same wherever it stands. A third such character marks what is not known: it may hold anything.
"""

from __future__ import annotations

import re
from functools import lru_cache

from localcloud.iam.match import Pattern

_OPEN, _CLOSE, _UNKNOWN = "\ue000", "\ue001", "\ue002"
_MARKS = re.compile(f"[{_OPEN}{_CLOSE}{_UNKNOWN}]")
SYMBOL = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")

VARIABLE = re.compile(r"\$\{(?![*?$]\}|!)[^{}]*\}")
"""A policy variable; not `${*}` and its like, which are plain characters, nor `${!…}`, which is none."""


def symbol(name: str) -> str:
    """What stands for a value that the deploy gives. Colons would cut an ARN at the wrong place."""
    return f"{_OPEN}{name.replace('::', '.').replace(':', '.').replace('/', '.')}{_CLOSE}"


def unknown(name: str) -> str:
    """What stands for a value that may be anything."""
    return symbol(f"{_UNKNOWN}{name}")


def is_known(text: str) -> bool:
    """Whether nothing in the text may be anything."""
    return _UNKNOWN not in text


def has_symbol(text: str) -> bool:
    """Whether a deploy puts something into the text."""
    return _OPEN in text


def plain(text: str) -> str:
    """Text of a document, without the characters that mark symbols."""
    return _MARKS.sub("\ufffd", text)


def shown(text: str) -> str:
    """The text for a person."""
    return SYMBOL.sub(lambda found: f"${{{found[1].lstrip(_UNKNOWN).replace('AWS.', 'AWS::')}}}", text)


def arn_parts(text: str) -> list[str] | None:
    """The six parts of an ARN; None where the text is none, or its service is not known."""
    parts = text.split(":", 5)
    return parts if len(parts) == 6 and parts[0] == "arn" and is_known(parts[2]) else None


def variables(text: str) -> list[str]:
    """The names of the policy variables, in lower case, without their defaults."""
    return [found[2:-1].partition(",")[0].strip().lower() for found in VARIABLE.findall(text)]


def last_name(text: str) -> str:
    """The name that an ARN or a plain name ends in: of a role, a table, a bucket."""
    return re.split(r"[/:]", text)[-1]


@lru_cache(maxsize=4096)
def covers(pattern: str, text: str) -> bool:
    """Whether all that `text` stands for matches `pattern`; wildcards in `text` are compared as they are."""
    return Pattern.compile(_literal(pattern)).matches(_literal(text))


def _literal(text: str) -> str:
    """Take variables as names: `${sub}` in a pattern is the same `${sub}` in a text."""
    return VARIABLE.sub(lambda found: found[0].lower().replace("*", "·").replace("?", "·"), text)
