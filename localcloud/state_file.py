"""The database file behind the store: how it is opened, and how a new one takes its place."""

from __future__ import annotations

import sqlite3
from pathlib import Path

PAGE_CACHE = 16_000
"""KiB, with many users or few: enough for the inner pages of a million users' tables."""


def connect(path: Path | None) -> sqlite3.Connection:
    """Open or create the file; None is a database in memory."""
    if path is not None:
        # Attack: another user of this machine who reads verifiers and keys out of the database.
        path.touch(mode=0o600)
    db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, cached_statements=256)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute(f"PRAGMA cache_size=-{PAGE_CACHE}")
    return db


def beside(path: Path) -> Path:
    """Where a new file is written that is to take this one's place; what an earlier try left there is gone."""
    new = path.with_suffix(".new")
    for leftover in (new, *_logs(new)):
        leftover.unlink(missing_ok=True)
    return new


def replace(path: Path, new: Path) -> None:
    """Put the new file there. Both are closed; a kill at any time leaves the one or the other, whole."""
    # The log of the old file would be read as the new one's. At its close all of it went into the file.
    for log in _logs(path):
        log.unlink(missing_ok=True)
    new.replace(path)


def _logs(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
