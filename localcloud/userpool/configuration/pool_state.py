"""What a user pool keeps beside its users and clients: terms, risks, logs, replicas; and the account's limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from localcloud.store import Entity


@dataclass(frozen=True, slots=True)
class Terms(Entity):
    """A terms document of an app client: `links` maps a language such as `cognito:japanese` to a URL."""

    KEY = ("pool_id", "id")
    INDEXES = (("client_id",),)
    pool_id: str
    id: str
    client_id: str
    name: str
    links: dict[str, str]
    created: float
    modified: float


@dataclass(frozen=True, slots=True)
class RiskConfiguration(Entity):
    """What threat protection is to do, in AWS's wire form: for one client, or for the pool (`client_id` empty)."""

    KEY = ("pool_id", "client_id")
    CACHED = True
    pool_id: str
    client_id: str
    config: dict[str, Any]
    modified: float


@dataclass(frozen=True, slots=True)
class AuthEvent(Entity):
    """One entry of a user's history. `rank` is smaller for a newer one; words are those of `AuthEventType`.

    `challenges` are pairs of a challenge's name and how it was answered; `feedback` is an `EventFeedbackType`.
    `decision` is `NoRisk`, `AccountTakeover` or `Block`, `level` the risk where there is one. `provider` is the one
    that vouched for the user, if any did.
    """

    KEY = ("pool_id", "sub", "rank", "id")
    INDEXES = (("pool_id", "sub", "id"),)
    pool_id: str
    sub: str
    rank: str
    id: str
    type: str
    response: str
    challenges: list[tuple[str, str]]
    address: str
    device: str
    client_id: str
    created: float
    decision: str = "NoRisk"
    level: str = ""
    provider: str = ""
    feedback: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LogDelivery(Entity):
    """Where a pool's logs go: `LogConfigurations` as SetLogDeliveryConfiguration took them."""

    KEY = ("pool_id",)
    CACHED = True
    pool_id: str
    configurations: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Replica(Entity):
    """A pool's replica in another Region, `ACTIVE` or `INACTIVE`."""

    KEY = ("pool_id", "region")
    pool_id: str
    region: str
    status: str


@dataclass(frozen=True, slots=True)
class ProvisionedLimit(Entity):
    """The account's own request rate of an API category, in requests per second."""

    KEY = ("category",)
    CACHED = True
    category: str
    rate: int


KINDS: tuple[type[Entity], ...] = (Terms, RiskConfiguration, AuthEvent, LogDelivery, Replica, ProvisionedLimit)
