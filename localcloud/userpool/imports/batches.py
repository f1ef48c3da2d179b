"""Users in batches: of some hundred rows, those that make a user are stored together, the others are told apart."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from localcloud.context import Context
from localcloud.userpool import ids
from localcloud.userpool.accounts import imported_hashes
from localcloud.userpool.accounts.users import aliases_of, index_of
from localcloud.userpool.imports.csv_file import Row
from localcloud.userpool.imports.records import Reader, RowError
from localcloud.userpool.models import Alias, AttributeIndex, User, UserPool

SIZE = 250
"""Rows. Others wait while a batch is stored, for some hundredths of a second."""

_SUB_LENGTH = 36
_EXISTS = "The user already exists."


@dataclass(slots=True)
class Batch:
    """What became of some rows: `failures` and `skips` by line, and the users by line that may be stored."""

    lines: list[int]
    failures: dict[int, str] = field(default_factory=dict)
    skips: dict[int, str] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)

    def log(self) -> Iterator[tuple[bool, str]]:
        """A line for each row, in order, and whether it failed. Source: developer guide, "Viewing the results"."""
        for line in self.lines:
            if line in self.failures:
                yield True, f"[FAILED] Line Number {line} - {self.failures[line]}"
            elif line in self.skips:
                yield False, f"[SKIPPED] Line Number {line} - {self.skips[line]}"
            else:
                yield False, f"[SUCCEEDED] Line Number {line} - The import succeeded."


def read(ctx: Context, reader: Reader, rows: Iterable[tuple[int, Row]]) -> Batch:
    """The next rows as users, as far as they can be; none are left when it has no lines."""
    taken = list(itertools.islice(rows, SIZE))
    batch = Batch([line for line, _ in taken])
    for (line, row), sub in zip(taken, _subs(ctx, len(taken)), strict=True):
        try:
            if isinstance(row, str):
                raise RowError(row)
            batch.users[line] = reader.user(row, sub)
        except RowError as error:
            batch.failures[line] = str(error)
    return batch


def store(ctx: Context, pool: UserPool, batch: Batch) -> None:
    """Store the users whose names are free, inside the caller's transaction; the others leave the batch's users."""
    aliases = {line: list(aliases_of(pool, user)) for line, user in batch.users.items()}
    names = _names_in_use(ctx, pool, batch.users.values())
    in_use = _aliases_in_use(ctx, pool, itertools.chain.from_iterable(aliases.values()))
    for line, user in list(batch.users.items()):
        clash = next((alias for alias in aliases[line] if (alias.name, alias.value) in in_use), None)
        if user.username_key in names or (clash and clash.name == user.named_by):
            batch.skips[line] = _EXISTS
        elif clash:
            batch.failures[line] = f"An account with the given {clash.name} already exists."
        else:
            names.add(user.username_key)
            in_use.update((alias.name, alias.value) for alias in aliases[line])
            continue
        del batch.users[line]
    users = batch.users.values()
    ctx.store.insert_all(User, users)
    ctx.store.insert_all(Alias, (alias for line in batch.users for alias in aliases[line]))
    ctx.store.insert_rows(AttributeIndex, (fields for user in users for fields in index_of(user)))
    hashed = next((user.imported_hash for user in users if user.imported_hash), "")
    if hashed:
        imported_hashes.keep_decoy(ctx, pool.id, hashed)


def _names_in_use(ctx: Context, pool: UserPool, users: Iterable[User]) -> set[str]:
    """Those of the users' names that find somebody already: by username, by sub or by what stands for a username."""
    if pool.username_attributes:
        return set()  # They are named by their subs.
    keys = [user.username_key for user in users]
    found = ctx.store.present(User, "username_key", keys, pool_id=pool.id)
    # Only what is as long as a sub can be one: the others need not be looked for all over the table.
    found |= ctx.store.present(User, "sub", [key for key in keys if len(key) == _SUB_LENGTH], pool_id=pool.id)
    for attribute in pool.alias_attributes:
        found |= ctx.store.present(Alias, "value", keys, pool_id=pool.id, name=attribute)
    return found


def _aliases_in_use(ctx: Context, pool: UserPool, aliases: Iterable[Alias]) -> set[tuple[str, str]]:
    wanted: dict[str, list[str]] = defaultdict(list)
    for alias in aliases:
        wanted[alias.name].append(alias.value)
    return {
        (name, value)
        for name, values in wanted.items()
        for value in ctx.store.present(Alias, "value", values, pool_id=pool.id, name=name)
    }


def _subs(ctx: Context, count: int) -> Sequence[str]:
    """Random UUIDs that begin alike: users of one batch then lie on neighbouring pages of the database.

    Without it, each row of a large import would read and write several pages of its own.
    """
    start, rest = ctx.cloud.random(4).hex(), ctx.cloud.random(12 * count).hex()
    return [ids.uuid_of(start + rest[at : at + 24]) for at in range(0, len(rest), 24)]
