"""Changing attributes and verifying addresses. A new address counts once it is verified, where the pool says so:
without that, an unverified one locks its user out, or lets another one in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import codes, messages
from localcloud.userpool.accounts import attributes
from localcloud.userpool.accounts.attributes import VERIFIABLE
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.models import Alias, AppClient, User, UserPool


def update_by_user(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    user: User,
    given: Mapping[str, str],
    metadata: Mapping[str, str] | None,
) -> list[dict[str, str]]:
    """Set attributes as the user itself; the delivery details of each code that was sent."""
    attributes.check_writable(client, given)
    _check(ctx, pool, user, given)
    waiting = {name: given[name] for name in given if name in pool.verified_before_update and given[name]}
    changed = [name for name in VERIFIABLE if name in given and given[name] != user.attributes.get(name)]

    def change(kept: User) -> User:
        values = {**kept.attributes, **{name: value for name, value in given.items() if name not in waiting}}
        values |= {f"{name}_verified": "false" for name in changed if name not in waiting}
        return replaced(kept, attributes=values, pending_attributes={**kept.pending_attributes, **waiting})

    user = update_user(ctx, pool, user.sub, change)
    to_verify = [
        name for name in changed if name in (pool.config.get("AutoVerifiedAttributes") or ()) or name in waiting
    ]
    return [
        send_code(ctx, pool, user, name, "UpdateUserAttribute", client_id=client.id, metadata=metadata)
        for name in to_verify
    ]


def update_by_admin(
    ctx: Context, pool: UserPool, user: User, given: Mapping[str, str], metadata: Mapping[str, str] | None
) -> None:
    """Set attributes as an administrator; a new address without `…_verified: true` gets a code."""
    _check(ctx, pool, user, given)
    unverified = [
        name
        for name in VERIFIABLE
        if name in given and given[name] != user.attributes.get(name) and given.get(f"{name}_verified") != "true"
    ]
    waiting = {name: given[name] for name in unverified if name in pool.verified_before_update and given[name]}

    def change(kept: User) -> User:
        values = {**kept.attributes, **{name: value for name, value in given.items() if name not in waiting}}
        values |= {f"{name}_verified": "false" for name in unverified if name not in waiting}
        pending = {n: v for n, v in kept.pending_attributes.items() if n not in given}
        return replaced(kept, attributes=values, pending_attributes={**pending, **waiting})

    user = update_user(ctx, pool, user.sub, change)
    for name in unverified:
        if name in waiting or name in (pool.config.get("AutoVerifiedAttributes") or ()):
            send_code(ctx, pool, user, name, "UpdateUserAttribute", client_id="", metadata=metadata)


def delete_attributes(ctx: Context, pool: UserPool, user: User, names: Iterable[str]) -> None:
    """Remove attributes; an address goes with its `…_verified`. Raises InvalidParameterException."""
    wanted = set(names)
    attributes.check_changes(pool, wanted)
    attributes.check(pool, dict.fromkeys(wanted - set(user.attributes), "0"))
    required = {e["Name"] for e in pool.config.get("SchemaAttributes") or () if e.get("Required")}
    if fixed := sorted(wanted & (required | set(pool.username_attributes))):
        raise AwsError("InvalidParameterException", f"user.{fixed[0]}: Attribute cannot be deleted.")
    gone = wanted | {f"{name}_verified" for name in wanted}

    def change(kept: User) -> User:
        return replaced(kept, attributes={n: v for n, v in kept.attributes.items() if n not in gone})

    update_user(ctx, pool, user.sub, change)


def send_code(
    ctx: Context,
    pool: UserPool,
    user: User,
    name: str,
    source: str,
    *,
    client_id: str,
    metadata: Mapping[str, str] | None,
) -> dict[str, str]:
    """Send a code to an address: the one that waits for it, or else the present one."""
    address = _to_verify(user, name)
    if name not in VERIFIABLE or not address:
        raise AwsError("InvalidParameterException", "User does not have an address to verify.")
    code = codes.make(ctx, user, f"attribute:{name}", address)
    return messages.deliver(
        ctx, pool, user, source, name, code, client_id=client_id, metadata=metadata, address=address
    )


def verify(ctx: Context, pool: UserPool, user: User, name: str, code: str) -> None:
    """Take the code of an address. Raises AliasExistsException where another user has verified it meanwhile."""
    address = _to_verify(user, name)
    codes.take(ctx, user, f"attribute:{name}", address, code)

    def change(kept: User) -> User:
        # Attack: another address, put in while the code of this one was being taken.
        if _to_verify(kept, name) != address:
            raise codes.mismatch()
        waiting = {n: value for n, value in kept.pending_attributes.items() if n != name}
        values = {**kept.attributes, name: address, f"{name}_verified": "true"}
        return replaced(kept, attributes=values, pending_attributes=waiting)

    update_user(ctx, pool, user.sub, change)


def _to_verify(user: User, name: str) -> str:
    """The address that waits to be verified, or else the present one."""
    return user.pending_attributes.get(name) or user.attributes.get(name, "")


def _check(ctx: Context, pool: UserPool, user: User, given: Mapping[str, str]) -> None:
    attributes.check_changes(pool, given)
    attributes.check(pool, given)
    required = {entry["Name"] for entry in pool.config.get("SchemaAttributes") or () if entry.get("Required")}
    for name in (*required, *pool.username_attributes):
        if given.get(name) == "":
            raise AwsError("InvalidParameterException", f"user.{name}: Attribute cannot be empty.")
    for name in pool.username_attributes:
        if name in given:
            taken = ctx.store.get(Alias, pool.id, name, pool.fold(given[name]))
            if taken is not None and taken.sub != user.sub:
                raise AwsError("AliasExistsException", f"An account with the given {name} already exists.")
