"""Runs every measurement and prints one table. Options: `--quick` for a short look, `--json` for the figures alone."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from urllib.request import urlopen

from tests.bench import many_users, servers, verifying
from tests.bench.client import RawClient
from tests.bench.deciding import rates, user_policies
from tests.bench.enforcing import Guest, add_roles, crowd, milliseconds
from tests.bench.figures import Figure, limit
from tests.bench.invoking import warm_invoke_ms
from tests.bench.rates import PASSWORD, paired, rate, sequential
from tests.bench.signing_in_by_pages import App

_OF_FLOOR = 1 / 1.3
"""Of a rate: a sign-in may cost 1.3 times what its arithmetic costs."""


def main() -> int:
    """Measure. 0 when every goal is reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs, for a look")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    options = parser.parse_args()
    seconds, rounds, users = (1.0, 1, 500) if options.quick else (3.0, 5, 10_000)
    with tempfile.TemporaryDirectory() as folder:
        figures = [
            # Short turns, many of them: a machine that is shared changes its speed within seconds.
            *measure_speed(Path(folder), seconds / 3, rounds * 3),
            _ratio("SAML responses/s (peer: signxml alone)", *verifying.rates(), rounds, 0.5),
            *measure_deciding(Path(folder), rounds, roles=users, sessions=10 * users),
            *measure_size(Path(folder), rounds, users),
            *many_users.measure(Path(folder), rounds, *((1_000, 20_000) if options.quick else (10_000, 1_000_000))),
        ]
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=2))
    else:
        _print(figures)
    return 0 if all(figure.reached for figure in figures) else 1


def measure_speed(folder: Path, seconds: float, rounds: int) -> list[Figure]:
    """Rates against the peer and against the floor, all servers up at once and measured in turn."""
    ours, peer, floor = servers.start_ours(folder / "speed", "--no-stack"), servers.start_peer(), servers.start_floor()
    running = (ours, peer, floor)
    try:
        made = {server.name: _prepare(server) for server in running}
        apps = {server.name: App(server) for server in running}

        def by_password(server: servers.Server, clients: int) -> Callable[[], float]:
            _, client = made[server.name]
            return lambda: rate(server.port, lambda raw: raw.sign_in(client, "u", PASSWORD), seconds, clients)

        def by_srp(server: servers.Server, clients: int) -> Callable[[], float]:
            pool, client = made[server.name]
            return lambda: rate(
                server.port, lambda raw: raw.sign_in_by_srp(pool, client, "u", PASSWORD), seconds, clients
            )

        def creating(server: servers.Server) -> Callable[[], float]:
            raw, (pool, _), names = RawClient(server.port), made[server.name], iter(range(10**9))
            return lambda: sequential(
                lambda _: raw.call(
                    "AdminCreateUser",
                    signed=True,
                    UserPoolId=pool,
                    Username=f"user{next(names)}",
                    MessageAction="SUPPRESS",
                ),
                seconds,
            )

        def by_pages(server: servers.Server) -> Callable[[], float]:
            return lambda: apps[server.name].rate(seconds)

        return [
            _ratio("password sign-ins/s, one client", by_password(ours, 1), by_password(peer, 1), rounds, 1.2),
            _ratio("password sign-ins/s, 8 clients", by_password(ours, 8), by_password(peer, 8), rounds, 1.4),
            _ratio("SRP sign-ins/s, native client", by_srp(ours, 1), by_srp(peer, 1), rounds, 10.0),
            *(
                _ratio(
                    f"{name} sign-ins/s, {clients} (peer: the floor)",
                    of(ours, clients),
                    of(floor, clients),
                    rounds,
                    _OF_FLOOR,
                )
                for name, of in (("password", by_password), ("SRP", by_srp))
                for clients in (1, 8)
            ),
            _ratio("AdminCreateUser/s", creating(ours), creating(peer), rounds, 1.0),
            _ratio("sign-ins by pages/s, code with PKCE", by_pages(ours), by_pages(peer), rounds, 1.0),
            # Two signatures in turn, as `at_hash` is of the signed access token, and one exponentiation: no server on
            # this stack is quicker, so the floor's own ratio is the most that ours can have.
            _ratio("sign-ins by pages/s (peer: the floor)", by_pages(ours), by_pages(floor), rounds, 0.5),
            _ratio("the floor's sign-ins by pages/s", by_pages(floor), by_pages(peer), rounds, 1.0),
        ]
    finally:
        for server in running:
            server.stop()


def measure_size(folder: Path, rounds: int, users: int) -> list[Figure]:
    """Start, stack and memory."""
    starts, stacks = [], []
    for number in range(rounds):
        server = servers.start_ours(folder / f"start{number}", "--no-stack")
        starts.append(server.start_seconds)
        server.stop()
    for number in range(rounds):
        began = time.perf_counter()
        server = servers.start_ours(folder / f"stack{number}")
        _wait_for_stack(server)
        stacks.append(time.perf_counter() - began)
        if number < rounds - 1:
            server.stop()
    raw = RawClient(server.port)
    pool, _ = raw.make_pool()
    for number in range(users):
        raw.call("AdminCreateUser", signed=True, UserPoolId=pool, Username=f"u{number}", MessageAction="SUPPRESS")
    memory = server.resident_mb
    server.stop()
    return [
        limit("warm invoke over the handler's own time, ms", warm_invoke_ms(folder / "function"), 2.0),
        limit("server start to first answer, s", statistics.median(starts), 0.7),
        limit("stack up, s", statistics.median(stacks), 3.0),
        limit(f"resident with stack and {users} users, MB", memory, 160),
    ]


def measure_deciding(folder: Path, rounds: int, roles: int, sessions: int) -> list[Figure]:
    """IAM: the rate of decisions against moto's, and what a call costs enforced, alone and among many others."""
    enforced = servers.start_ours(folder / "enforced")
    free = servers.start_ours(folder / "free", "--iam", "off")
    crowded = servers.start_ours(crowd(folder / "crowded", sessions))
    running = {"enforced": enforced, "free": free, "crowded": crowded}
    try:
        guests = {}
        for name, server in running.items():
            _wait_for_stack(server)
            guests[name] = Guest.new(server, json.loads((folder / name / "outputs.json").read_text()))
        add_roles(crowded, roles)
        ours, moto = rates(user_policies(enforced), guests["enforced"].bucket, guests["enforced"].table)
        figures = [_ratio("decisions/s, S3 and DynamoDB in turn (peer: moto)", ours, moto, rounds, 1.0)]
        for call in (Guest.put_object, Guest.get_item):
            for name, peer in (("enforced", "free"), ("crowded", "enforced")):
                what = f"{call.__name__} {name}, ms (peer: {peer})"
                figures.append(_cost(what, call, guests[name], guests[peer], rounds, 1.25))
        return figures
    finally:
        for server in running.values():
            server.stop()


def _prepare(server: servers.Server) -> tuple[str, str]:
    raw = RawClient(server.port)
    pool, client = raw.make_pool()
    raw.make_user(pool, "u", PASSWORD)
    return pool, client


def _wait_for_stack(server: servers.Server) -> None:
    while True:
        with urlopen(f"{server.endpoint}/_localcloud/health", timeout=60) as response:
            health = json.load(response)
        if health["stack"] == "ready":
            return
        if health["stack"] == "failed":
            raise RuntimeError(health)
        time.sleep(0.01)


def _ratio(name: str, ours: Callable[[], float], peer: Callable[[], float], rounds: int, goal: float) -> Figure:
    print(f"measuring {name}", file=sys.stderr)
    mine, theirs, ratio = paired(ours, peer, rounds)
    return Figure(name, mine, theirs, ratio, f">= {goal:.2g} x", ratio >= goal)


def _cost(name: str, call: Callable[[Guest], None], ours: Guest, peer: Guest, rounds: int, goal: float) -> Figure:
    print(f"measuring {name}", file=sys.stderr)
    mine, theirs, ratio = paired(lambda: milliseconds(ours, call), lambda: milliseconds(peer, call), rounds)
    return Figure(name, mine, theirs, ratio, f"<= {goal} x", ratio <= goal)


def _print(figures: list[Figure]) -> None:
    print(f"{'figure':64} {'ours':>9} {'peer':>9} {'value':>8}  goal")
    for figure in figures:
        peer = f"{figure.peer:9.1f}" if figure.peer is not None else " " * 9
        mark = "ok" if figure.reached else "MISSED"
        print(f"{figure.name:64} {figure.ours:9.2f} {peer} {figure.value:8.2f}  {figure.goal}  {mark}")


if __name__ == "__main__":
    sys.exit(main())
