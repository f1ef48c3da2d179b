"""Codes and access tokens of the stand-ins: sealed values that say whose they are, good for a while, codes once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from localcloud.context import Cloud
from localcloud.stand_ins.models import Person, SpentCode, StandInError
from localcloud.store import AlreadyExistsError


def issue(cloud: Cloud, kind: str, person: Person, seconds: int, **about: str) -> str:
    """A code or token of this kind for a person; `about` comes back with it."""
    said = {"person": [person.email, person.name, person.email_verified], "about": about}
    sealed = cloud.sealer.seal(f"stand-in {kind}", {**said, "expires": cloud.clock.now() + seconds})
    return sealed.replace("+", "-").replace("/", "_").rstrip("=")


def read(cloud: Cloud, kind: str, text: str) -> tuple[Person, Mapping[str, str]]:
    """Whose it is, and what about. Raises StandInError."""
    padded = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
    said: Any = cloud.sealer.open(f"stand-in {kind}", padded)
    if said is None or cloud.clock.now() > said["expires"]:
        raise StandInError(f"the {kind} is unknown or has expired", "invalid_grant")
    return Person(*said["person"]), said["about"]


def spend(cloud: Cloud, kind: str, text: str) -> tuple[Person, Mapping[str, str]]:
    """`read`, once."""
    found = read(cloud, kind, text)
    try:
        digest = hashlib.sha256(text.encode()).hexdigest()
        cloud.store.insert(SpentCode(digest, cloud.clock.now() + 3600))
    except AlreadyExistsError as error:
        raise StandInError(f"the {kind} was used before", "invalid_grant") from error
    return found
