"""Finds the traps of IAM and Cognito that one gets wrong by hand, in templates and in live stacks.

Owns: reading a template with the line of each value (`loader`, `intrinsics`), the picture that rules look at
(`stack`, `policy`), and the rules (`rules/`, one file each). Only `live/` makes calls; the rest is pure.

    template ── read_template ──┐
                                ├─► Stack ── check ──► Findings, in the order of their places
    live stack ─ live.read_stack┘

Rule numbers in comments count the rules of IAM that `localcloud.iam` follows.
"""

from __future__ import annotations

from collections.abc import Iterable

from localcloud.policy.lint.finding import Finding
from localcloud.policy.lint.loader import TemplateError
from localcloud.policy.lint.rules import load_all
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.template import read_template

__all__ = ["Finding", "Stack", "TemplateError", "check", "read_template"]


def check(stack: Stack, *, strict: bool = False, ignore: Iterable[str] = ()) -> list[Finding]:
    """All traps in a stack, but those of the rules to `ignore`. `strict`: also what cannot be told from here."""
    skipped = set(ignore)
    found = dict.fromkeys(  # a policy that two roles have is looked at twice
        finding
        for module in load_all()
        if module.RULE.id not in skipped and (strict or not module.RULE.strict_only)
        for finding in module.check(stack)
    )
    return sorted(found, key=lambda each: (each.place.source, each.place.line, each.place.column, each.place.path))
