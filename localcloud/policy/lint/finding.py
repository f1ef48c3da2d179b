"""What a rule is, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from localcloud.policy.lint.node import Node, Place
from localcloud.policy.lint.text import shown

Level = Literal["error", "warning", "info"]
"""An error opens data, or does not do what it says; a warning may be meant so; an info is good to know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One trap: `owner` is the logical id of the resource; danger and mend are a sentence each."""

    rule: str
    level: Level
    owner: str
    place: Place
    danger: str
    mend: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of trap. `module` is the rule's own, whose name is the id; `strict_only`: only with `--strict`."""

    module: str
    level: Level
    looks_at: str
    danger: str
    mend: str
    strict_only: bool = False

    @property
    def id(self) -> str:
        """The name for the command line: `trust-without-audience`."""
        return self.module.rpartition(".")[2].replace("_", "-")

    def found(self, where: Node | Place, owner: str, danger: str = "", mend: str = "") -> Finding:
        """A finding; `danger` and `mend` where this case says it better than the rule."""
        place = where.place if isinstance(where, Node) else where
        return Finding(self.id, self.level, owner, place, shown(danger or self.danger), shown(mend or self.mend))
