"""The run: random calls to a server one after another, and what must not come back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from random import Random
from typing import Any

from localcloud.wire import model
from localcloud.wire.model import Operation
from tests.fuzz.requests import Generator
from tests.fuzz.watching import Watch
from tests.fuzz.world import World, ask
from tests.local_cloud import LocalCloud
from tests.robustness.wire import Answer

SERVICES = ("cognito-idp", "cognito-identity")
COMMON = frozenset({"SerializationException", "AccessDeniedException", "ValidationException"})
"""What any operation may answer. Source: Amazon Cognito API references, "Common Errors"."""

_COUNTING = frozenset({"t_attempts", "t_challengesession", "t_webauthnregistration", "t_authevent"})
"""What a refusal may change: it counts against whoever tries, and a session or a challenge is spent."""

_BY_ITSELF = frozenset({"t_importjob"})
"""What changes between two calls: an import goes on on a thread of its own, of a file without users."""

_WRONG_CODE = "CodeMismatchException"
"""After this one the code may be another: a wrong guess of it counts."""

_TRIGGER_FAILED = "UnexpectedLambdaException"
_BEFORE_TRIGGERS = re.compile("SignUp|CreateUser|UserAttributes|ConfirmForgotPassword|Auth")
"""Operations with a trigger behind the change: as on AWS, one that fails does not undo it."""

_SIGNING_IN, _TIMES = re.compile("InitiateAuth|RespondToAuthChallenge"), 5
"""What has the most states is asked that much more often."""

_ROUND = 100
_SPOILING = re.compile("Delete|Forget|Disable|SignOut|Revoke|Unlink")
"""After one of these, and at each new round, there is a new world: little can be asked about one that is gone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A call that was not answered as it should be; the same seed makes it again at the same step."""

    seed: int
    step: int
    operation: str
    what: str
    request: dict[str, Any]

    def __str__(self) -> str:
        return (
            f"SEED={self.seed} N={self.step + 1}: {self.operation} {self.what}: {json.dumps(_shortened(self.request))}"
        )


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shortened(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shortened(inner) for inner in value]
    return f"{value[:60]}… ({len(value)})" if isinstance(value, str) and len(value) > 80 else value


def run(cloud: LocalCloud, seed: int, number: int) -> Iterator[Finding]:
    """Make `number` calls; the findings as they come."""
    operations = [each for service in SERVICES for each in model.load(service).operations.values()]
    operations += [each for each in operations if _SIGNING_IN.search(each.name)] * _TIMES
    with closing(Watch(cloud.data_dir / "state.sqlite")) as watch:
        spoilt = True
        for step in range(number):
            random = Random(f"{seed}:{step}")
            if spoilt or step % _ROUND == 0:
                world = World(cloud)
                world.furnish()
            operation = random.choice(operations)
            service = model.load(operation.service)
            request = Generator(service, world.known, world.maps, world.examples, random).draw(operation)
            watch.advance()
            answer = ask(cloud, operation.service, operation.name, request)
            if answer.status == 200:
                world.learn(request)
                world.learn(answer.json)
                world.notice(answer.json)
            spoilt = answer.status == 200 and _SPOILING.search(operation.name) is not None
            yield from (
                Finding(seed, step, operation.name, what, request) for what in _faults(operation, answer, watch)
            )


def _faults(operation: Operation, answer: Answer, watch: Watch) -> Iterator[str]:
    if answer.status == 200:
        return
    if answer.status >= 500:
        yield f"answered {answer.status} {answer.body.decode()}"
    elif answer.code not in operation.errors | COMMON:
        yield f"does not declare {answer.code} ({answer.json.get('message')})"
    if answer.code == _TRIGGER_FAILED and _BEFORE_TRIGGERS.search(operation.name):
        return
    counting = _COUNTING | _BY_ITSELF | ({"t_code"} if answer.code == _WRONG_CODE else set())
    changed = {*watch.changed()} - counting
    if changed:
        yield f"refused with {answer.code} ({answer.json.get('message')}), and changed {', '.join(changed)}"
