"""One proof from beginning to end: a cloud, its people, the trial, the comparison."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from localcloud.policy.prove.cells import cells, personas_needed
from localcloud.policy.prove.comparison import Comparison, compare, not_covered
from localcloud.policy.prove.expectations import Expectations
from localcloud.policy.prove.outcomes import Outcome
from localcloud.policy.prove.people import People, SignIn
from localcloud.policy.prove.pools import Person
from localcloud.policy.prove.stage import Stage
from localcloud.policy.prove.trial import THREADS, Progress, Trial
from localcloud.policy.prove.wire import Wire
from localcloud.process import CloudError, throw_away_cloud


@dataclass(frozen=True, slots=True)
class Proof:
    """What was seen, and how it compares with what was expected. `missing`: calls that are not covered, and why."""

    expectations: Expectations
    outcomes: Sequence[Outcome]
    missing: Mapping[str, str]
    people: Mapping[str, Person]
    comparison: Comparison
    seconds: float

    @property
    def calls(self) -> int:
        """How many calls were made."""
        return sum(outcome.was_made for outcome in self.outcomes)


def prove(
    template: Path,
    parameters: Path,
    expectations: Expectations,
    sign_in: SignIn,
    *,
    only: Sequence[str] = (),
    progress: Progress = lambda what, done, total: None,
) -> Proof:
    """Deploy the template, try every cell (or those that match a glob of `only`), and compare. Raises CloudError."""
    began = time.monotonic()
    planned = cells(expectations.layout, *only)
    if not planned:
        raise CloudError(
            f"nothing matches {' or '.join(only)}; a cell is called, say, 'ada/s3:GetObject@direct/own files'"
        )
    progress("deploying the template", 0, 0)
    with throw_away_cloud(template, parameters, options=["--decisions"]) as cloud:
        progress("making people", 0, 0)
        people = People(cloud, expectations.layout, sign_in).make(personas_needed(expectations.layout, planned))
        wire = Wire(cloud.endpoint, cloud.region, THREADS)
        stage = Stage(cloud, wire, expectations.layout, {name: person.ids for name, person in people.items()})
        outcomes = Trial(cloud, wire, stage, people).run(planned, progress)
    missing = {**not_covered(outcomes), **stage.unnamed_indexes()}
    comparison = compare(expectations, outcomes, missing, people, complete=not only)
    return Proof(expectations, outcomes, missing, people, comparison, time.monotonic() - began)
