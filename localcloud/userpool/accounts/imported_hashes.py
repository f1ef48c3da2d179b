"""Passwords that came as another system's hash: kept hashed once more, and asked only until the first good sign-in.

Kept is the hash's recipe and a keyed digest of its digest, so that a stolen data folder gives nobody the hash itself.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html, "Security
considerations for password hash import"
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from localcloud.context import Context
from localcloud.store import Entity
from localcloud.userpool.accounts import hash_formats
from localcloud.userpool.accounts.hash_formats import Recipe


@dataclass(frozen=True, slots=True)
class HashDecoy(Entity):
    """What a hash of a pool's users costs: the recipe of one of them, with a salt that is nobody's."""

    KEY = ("pool_id",)
    pool_id: str
    recipe: str


KINDS = (HashDecoy,)


def seal(ctx: Context, algorithm: str, text: str) -> str:
    """A hash as it is kept. Raises HashError."""
    recipe, digest = hash_formats.read(algorithm, text)
    return f"{recipe.text()}:{_keyed(ctx, digest)}"


def matches(ctx: Context, kept: str, password: str) -> bool:
    """Whether a kept hash is this password's. Takes as long as its recipe does."""
    recipe, _, expected = kept.rpartition(":")
    return hmac.compare_digest(_keyed(ctx, Recipe.read(recipe).digest(password)), expected)


def keep_decoy(ctx: Context, pool_id: str, kept: str) -> None:
    """Remember what a user's kept hash costs, for those whom `decoy` is for."""
    recipe = Recipe.read(kept.rpartition(":")[0])
    salt = (recipe.salt[-1] * len(recipe.salt)) if recipe.algorithm != "BCRYPT" else "." * 22
    ctx.store.put(HashDecoy(pool_id, Recipe(recipe.algorithm, recipe.cost, salt, recipe.length).text()))


def decoy(ctx: Context, pool_id: str, name: str) -> str:
    """A kept hash that nothing matches, for a name that nobody has; empty for every other such name.

    Attack: telling by the time of a wrong password who is unknown. A user with an imported hash is slow to refuse, all
    others are quick; so unknown names are like the ones or like the others, each always the same.
    """
    kept = ctx.store.get(HashDecoy, pool_id)
    if kept is None or int(ctx.cloud.sealer.digest("decoy", pool_id, name)[:2], 16) % 2:
        return ""
    return f"{kept.recipe}:"


def _keyed(ctx: Context, digest: bytes) -> str:
    return ctx.cloud.sealer.digest("imported hash", digest.hex())
