"""The stand-ins' keys, made once for each data folder, and the secret that their clients have."""

from __future__ import annotations

from localcloud.context import Cloud
from localcloud.jws import Key
from localcloud.stand_ins.models import StandInKey
from localcloud.store import AlreadyExistsError


def find(cloud: Cloud, name: str) -> Key:
    """The key of a stand-in, made when first asked for and kept parsed from then on."""
    cached: Key | None = cloud.keys.get(f"stand-in {name}")
    if cached is None:
        cached = cloud.keys[f"stand-in {name}"] = _load(cloud, name)
    return cached


def client_secret(cloud: Cloud) -> str:
    """The secret of every client of every stand-in in this data folder."""
    return cloud.sealer.digest("stand-in client")[:40]


def _load(cloud: Cloud, name: str) -> Key:
    kept = cloud.store.get(StandInKey, name)
    if kept is not None:
        return Key.load(kept.pem)
    made = Key.make()
    try:
        cloud.store.insert(StandInKey(name, made.pem))
    except AlreadyExistsError:
        return _load(cloud, name)
    return made
