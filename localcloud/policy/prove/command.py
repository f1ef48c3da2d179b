"""What `gatehouse policy prove` does between its options and its exit code."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from localcloud.policy.prove import html_report, json_report, text_report
from localcloud.policy.prove.changes import changes
from localcloud.policy.prove.expectations import Expectations, load
from localcloud.policy.prove.people import SignIn
from localcloud.policy.prove.run import Proof, prove
from localcloud.policy.prove.trial import Progress
from localcloud.policy.prove.update import render, updated


@dataclass(frozen=True, slots=True)
class Options:
    """The command's options, which it explains itself."""

    template: Path
    parameters: Path
    expect: Path
    update: bool = False
    json_file: Path | None = None
    html_file: Path | None = None
    only: Sequence[str] = ()


def run(options: Options, sign_in: SignIn, say: Callable[[str], None], progress: Progress) -> int:
    """Prove, report, write; 0 when all is as expected, else 1. Raises ExpectationsError, CloudError."""
    expectations = load(options.expect)
    proof = prove(options.template, options.parameters, expectations, sign_in, only=options.only, progress=progress)
    if options.json_file:
        options.json_file.write_text(json.dumps(json_report.document(proof), indent=1) + "\n")
    if options.html_file:
        options.html_file.write_text(html_report.page(proof, str(options.template)))
    for line in text_report.lines(proof):
        say(line)
    if options.update:
        return _update(options.expect, expectations, proof, say)
    return 1 if proof.comparison.count else 0


def _update(path: Path, before: Expectations, proof: Proof, say: Callable[[str], None]) -> int:
    """Write what was seen. Open ways to keys, and calls that were served without leave, cannot be expected."""
    after = updated(before, proof.outcomes, proof.missing)
    found = list(changes(before, after))
    for change in found:
        say(f"  {change}")
    path.write_text(render(after))
    say(f"{path}: {len(found)} changes written")
    return 1 if proof.comparison.entries or any(outcome.is_broken for outcome in proof.outcomes) else 0
