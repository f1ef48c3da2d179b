"""Taking an address over as a sign-in alias from the user who had it (ForceAliasCreation)."""

from __future__ import annotations

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.accounts.attributes import VERIFIABLE
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.models import Alias, User, UserPool


def release_aliases(ctx: Context, pool: UserPool, new_owner: User) -> None:
    """Whoever has a verified address of `new_owner` as an alias keeps the address, unverified, and loses the alias."""
    for name in VERIFIABLE:
        if name not in pool.alias_attributes or new_owner.attributes.get(f"{name}_verified") != "true":
            continue
        alias = ctx.store.get(Alias, pool.id, name, pool.fold(new_owner.attributes.get(name, "")))
        if alias is not None and alias.sub != new_owner.sub:
            _unverify(ctx, pool, alias)


def _unverify(ctx: Context, pool: UserPool, alias: Alias) -> None:
    def change(owner: User) -> User:
        return replaced(owner, attributes={**owner.attributes, f"{alias.name}_verified": "false"})

    update_user(ctx, pool, alias.sub, change)
