"""Move one identity's files and items to another: copy, read back, delete. Stopped anywhere, do it again: nothing is
lost, and nothing is there twice.

    original ──► is its name free? ──► copy, on condition that it still is ──► read it back ──► delete the original
                     │ no                                                                           ▲
                     ├► the same is there: an earlier run's copy ───────────────────────────────────┘
                     └► something else is: the same question for the next name, below `from/IDENTITY_ID/`

Who has a name keeps it, and the newcomer stands beside it. Nothing may write as the identity that is left meanwhile; a
file that changes all the same is not deleted, and the move stops with an error.
"""

from __future__ import annotations

from collections.abc import Sequence

from auth.errors import aws_errors
from auth.moving.files import move_files
from auth.moving.home import Home, Moved, Progress, Step, no_progress
from auth.moving.items import move_items

__all__ = ["Home", "Moved", "Progress", "Step", "move", "no_progress"]


def move(source: Home, target: Home, folders: Sequence[str] = ("private",), progress: Progress = no_progress) -> Moved:
    """Move the files below `folders`, and all items. An exception of `progress` stops it, like any other.

    Raises AccessDenied where the keys of a home do not reach it, and others of the `AuthError` tree.
    """
    if source.identity_id == target.identity_id:
        return Moved()  # each thing would be its own copy, and its original deleted
    with aws_errors():
        files = [place for folder in folders for place in move_files(source, target, folder, progress)]
        items = list(move_items(source, target, progress))
    return Moved(len(files), len(items), tuple(place.name for place in [*files, *items] if place.is_beside))
