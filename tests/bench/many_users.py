"""A million users in one pool: what calls cost there, against ten thousand, and against ministack with ten thousand."""

from __future__ import annotations

import functools
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from localcloud.state_file import PAGE_CACHE
from tests.bench import importing, prepared, servers
from tests.bench.client import RawClient
from tests.bench.figures import Figure, at_most, floor, limit
from tests.bench.importing import Imported, People
from tests.bench.prepared import Call
from tests.bench.rates import PASSWORD
from tests.bench.servers import Server
from tests.bench.signing_in_by_pages import Connection

_OPTIONS = ("--no-stack", "--import-limits", "off")
_SPREAD = 40
"""Users that calls are about, in turn: spread over the whole pool, so that no cache has them all."""

_GROUP = 500
_PAGE = 60
_FIRST, _FAR = "ListUsers", "ListUsers, far behind"


@dataclass(slots=True)
class Crowd:
    """A server with so many users in one pool; those of `picked` have a password, and are in a group with others."""

    server: Server
    pool: str
    client: str
    people: People
    role: str

    @property
    def count(self) -> int:
        """How many users there are, at first."""
        return self.people.count

    @property
    def picked(self) -> list[int]:
        """The rows of the users that calls are about."""
        return [number * self.count // _SPREAD for number in range(_SPREAD)]

    def call(self, operation: str, **params: object) -> Call:
        """A signed call about the pool."""
        return Call.new(operation, UserPoolId=self.pool, **params)

    def named(self, operation: str, number: int, **params: object) -> Call:
        """A signed call about the user in that row."""
        return self.call(operation, Username=self.people.username(number), **params)


def measure(folder: Path, rounds: int, few: int, many: int) -> list[Figure]:
    """All figures; `few` and `many` are counts of users."""
    small = _empty(servers.start_ours(folder / "few", *_OPTIONS), few)
    large = _empty(servers.start_ours(folder / "many", *_OPTIONS), many)
    peer = _empty(servers.start_peer(), few)
    running = [small, large, peer]
    try:
        _fill(small, small.people)
        alone = _sign_in_ms(small, 2.0)
        print(f"importing {many} users", file=sys.stderr)
        imported, waits = _fill(large, large.people)
        more = People("more", many // 20, ordered=False)
        scattered, _ = _fill(large, more)
        _fill_peer(peer)
        for crowd in running:
            _prepare(crowd)
        figures = [
            floor("users imported/s", many / imported.seconds, 5_000),
            floor(f"users imported/s, a file in no order, beside {many}", more.count / scattered.seconds, 3_000),
            floor("steps of progress seen", imported.steps, 3),
            at_most("sign-in beside the import, ms (peer: without)", [statistics.median(waits)], [alone], 10.0),
            limit("sign-in beside the import, the slowest, ms", max(waits), 500),
            *_compare(large, small, peer, rounds),
        ]
        memory = limit(f"memory a user, bytes, of {many}", _growth(folder, large, small), 200)
        return [*figures, memory, *_restart(folder, running, rounds)]
    finally:
        for crowd in running:
            crowd.server.stop()


def _empty(server: Server, count: int) -> Crowd:
    raw = RawClient(server.port)
    made = raw.call("CreateUserPool", signed=True, PoolName="bench", AutoVerifiedAttributes=["email"])
    pool = made["UserPool"]["Id"]
    client = raw.call(
        "CreateUserPoolClient",
        signed=True,
        UserPoolId=pool,
        ClientName="bench",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )
    raw.make_user(pool, "u", PASSWORD)
    role = importing.make_role(server)
    return Crowd(server, pool, client["UserPoolClient"]["ClientId"], People("user", count), role)


def _fill(crowd: Crowd, people: People) -> tuple[Imported, list[float]]:
    """Import users; the milliseconds of the sign-ins of one more, that were made meanwhile."""
    call, waits = _sign_in(crowd, "u"), list[float]()
    # Opened when it is needed: an idle one does not live as long as an upload.
    connection = functools.cache(lambda: Connection(crowd.server.port))

    def sign_in() -> None:
        opened, began = connection(), time.perf_counter()
        call.send(opened)
        waits.append((time.perf_counter() - began) * 1000)
        time.sleep(0.02)

    return importing.run(crowd.server, crowd.pool, crowd.role, people, sign_in), waits


def _fill_peer(crowd: Crowd) -> None:
    """Make the same users where there is no import."""
    connection = Connection(crowd.server.port)
    for number in range(crowd.count):
        pairs = [{"Name": key, "Value": value} for key, value in crowd.people.attributes(number).items()]
        call = crowd.named("AdminCreateUser", number, UserAttributes=pairs, MessageAction="SUPPRESS")
        call.send(connection)


def _prepare(crowd: Crowd) -> None:
    """Passwords for some, and a group of more."""
    connection = Connection(crowd.server.port)
    for number in crowd.picked:
        crowd.named("AdminSetUserPassword", number, Password=PASSWORD, Permanent=True).send(connection)
    crowd.call("CreateGroup", GroupName="many").send(connection)
    for number in [*crowd.picked, *range(1, _GROUP)]:
        crowd.named("AdminAddUserToGroup", number, GroupName="many").send(connection)


def _compare(large: Crowd, small: Crowd, peer: Crowd, rounds: int) -> list[Figure]:
    """Each call with many users against the same with few, ours and the peer's, all in turn."""
    calls = [_calls(crowd) for crowd in (large, small, peer)]
    ports = [crowd.server.port for crowd in (large, small, peer)]
    figures: list[Figure] = []
    for what in calls[0]:
        print(f"measuring {what}", file=sys.stderr)
        taken = [
            [prepared.milliseconds(port, of[what], 0.3) for port, of in zip(ports, calls, strict=True)]
            for _ in range(rounds)
        ]
        with_many, with_few, peers = zip(*taken, strict=True)
        figures += [
            at_most(f"{what}, ms, {large.count} users (peer: {small.count})", with_many, with_few, 1.3),
            at_most(f"{what}, ms, {large.count} users (ministack: {peer.count})", with_many, peers, 1.0),
        ]
    pages = [[prepared.milliseconds(ports[0], calls[0][page], 0.3) for page in (_FAR, _FIRST)] for _ in range(rounds)]
    far, first = zip(*pages, strict=True)
    return [*figures, at_most("ListUsers, ms, far behind (peer: first page)", far, first, 1.3)]


def _calls(crowd: Crowd) -> Mapping[str, Sequence[Call]]:
    """The calls that are compared."""
    names = [crowd.people.username(number) for number in crowd.picked]
    connection = Connection(crowd.server.port)
    users = [crowd.call("AdminGetUser", Username=one).send(connection) for one in names]
    subs = [pair["Value"] for user in users for pair in user["UserAttributes"] if pair["Name"] == "sub"]

    def listing(texts: Sequence[str]) -> list[Call]:
        return [crowd.call("ListUsers", Filter=text) for text in texts]

    far = {"PaginationToken": _token(crowd, connection, min(crowd.count // 100, 1_000))}
    return {
        _FIRST: [crowd.call("ListUsers", Limit=_PAGE)],
        _FAR: [crowd.call("ListUsers", Limit=_PAGE, **far)],
        "ListUsers email =": listing([f'email = "{one}@example.com"' for one in names]),
        "ListUsers sub =": listing([f'sub = "{one}"' for one in subs]),
        "ListUsers email ^=": listing([f'email ^= "{one}"' for one in names]),
        "AdminGetUser": [crowd.call("AdminGetUser", Username=one) for one in names],
        "sign-in by password": [_sign_in(crowd, one) for one in names],
        "AdminListGroupsForUser": [crowd.call("AdminListGroupsForUser", Username=one) for one in names],
        "ListUsersInGroup": [crowd.call("ListUsersInGroup", GroupName="many", Limit=_PAGE)],
    }


def _token(crowd: Crowd, connection: Connection, pages: int) -> str:
    """The token of the page behind so many."""
    token: dict[str, str] = {}
    for _ in range(pages):
        answer = crowd.call("ListUsers", Limit=_PAGE, **token).send(connection)
        token = {"PaginationToken": answer["PaginationToken"]}
    return token["PaginationToken"]


def _sign_in(crowd: Crowd, username: str) -> Call:
    login = {"USERNAME": username, "PASSWORD": PASSWORD}
    return Call.new("InitiateAuth", ClientId=crowd.client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=login)


def _sign_in_ms(crowd: Crowd, seconds: float) -> float:
    return prepared.milliseconds(crowd.server.port, [_sign_in(crowd, "u")], seconds)


def _growth(folder: Path, large: Crowd, small: Crowd) -> float:
    """Bytes that each further user takes, at the most; without SQLite's cache, which a small file does not fill."""
    unfilled = max(0, (PAGE_CACHE << 10) - (folder / "few" / "state.sqlite").stat().st_size)
    grown = (large.server.most_resident_mb - small.server.most_resident_mb) * (1 << 20)
    return (grown - unfilled) / (large.count - small.count)


def _restart(folder: Path, running: Sequence[Crowd], rounds: int) -> list[Figure]:
    """Kill both and start them on what they left, again and again."""
    small, large = running[0], running[1]
    starts: dict[str, list[float]] = {"few": [], "many": []}
    for _ in range(rounds):
        for kept, crowd in (("few", small), ("many", large)):
            crowd.server.stop()
            crowd.server = servers.start_ours(folder / kept, *_OPTIONS)
            starts[kept].append(crowd.server.start_seconds)
    what = f"start to first answer, s, {large.count} users (peer: {small.count})"
    return [at_most(what, starts["many"], starts["few"], 1.3)]
