"""The device record that a caller keeps between runs, so that the pool knows this device again.

new ──ConfirmDevice──► tracked ──UpdateDeviceStatus──► remembered (its SRP proof takes the place of the second factor)
 ▲                        └────────ForgetDevice─────────────┘
 └──────────────────────────────────┘
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from base64 import b64encode
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from auth.srp import Random, make_verifier


@dataclass(frozen=True, slots=True)
class Device:
    """One device of one user. Key and group key are Cognito's; the password is ours, and never leaves this machine."""

    key: str
    group_key: str
    password: str = field(repr=False)


class DeviceStore(Protocol):
    """Where device records are kept. `owner` says whose: the pool's id and the username."""

    def load(self, owner: str) -> Device | None:
        """The record, or None."""

    def save(self, owner: str, device: Device) -> None:
        """Keep the record in place of any other."""

    def forget(self, owner: str) -> None:
        """Drop the record, if there is one."""


class FileDeviceStore:
    """Device records below a folder, one file each, which only this operating-system user can read.

    A file of its own for each owner, so that two programs never undo each other's change.
    """

    def __init__(self, folder: Path | str) -> None:
        self._folder = Path(folder)

    def load(self, owner: str) -> Device | None:
        """The record, or None. A damaged file counts as none: the pool then asks for the second factor again."""
        try:
            return Device(**json.loads(self._path(owner).read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def save(self, owner: str, device: Device) -> None:
        """Keep the record; whoever reads meanwhile gets the old one or the new one, whole. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Attack: another user of this machine reads the device's password. `mkstemp` makes the file 0600 at once.
        descriptor, temporary = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(device), file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(self._path(owner))

    def forget(self, owner: str) -> None:
        """Drop the record, if there is one. Raises OSError."""
        self._path(owner).unlink(missing_ok=True)

    def _path(self, owner: str) -> Path:
        # A digest: a username may hold `/`, `..` or more bytes than a file name may have.
        return self._folder / f"{sha256(owner.encode()).hexdigest()}.json"


def new_device(key: str, group_key: str, random: Random = secrets.token_bytes) -> tuple[Device, dict[str, str]]:
    """A device with a random password, and the `DeviceSecretVerifierConfig` that lets Cognito check proofs of it."""
    device = Device(key, group_key, b64encode(random(40)).decode())
    return device, make_verifier(group_key, key, device.password, random)
