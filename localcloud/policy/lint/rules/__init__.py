"""The traps, one file each: `RULE` says what it is, `check(stack)` finds it.

A rule is silent about what is not known here: only `unknown_value` speaks of it, and only when asked to.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Protocol

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack


class RuleModule(Protocol):
    """What a file in here has."""

    RULE: Rule

    def check(self, stack: Stack) -> Iterator[Finding]:
        """Find the trap in a stack."""


@cache
def load_all() -> tuple[RuleModule, ...]:
    """Every rule, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules: list[RuleModule] = [import_module(f"{__name__}.{name}") for name in names]
    return tuple(modules)
