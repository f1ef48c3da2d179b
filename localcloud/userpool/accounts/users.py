"""Finding, making and changing users; the one place that keeps aliases and the search index in step with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import AlreadyExistsError, NotFoundError, replaced
from localcloud.userpool import ids, models, sign_in_state
from localcloud.userpool.configuration import pool_state
from localcloud.userpool.factors import passkey_state
from localcloud.userpool.models import Alias, AttributeIndex, User, UserPool
from localcloud.userpool.providers import federation_state

SEARCHABLE = ("email", "phone_number", "name", "given_name", "family_name", "preferred_username")
"""Attributes that a `ListUsers` filter may name. Source: ListUsers API reference."""

_OWNED = (
    models.Membership,
    models.Device,
    sign_in_state.NewDevice,
    sign_in_state.RefreshToken,
    sign_in_state.RotatingToken,
    sign_in_state.Code,
    sign_in_state.Attempts,
    sign_in_state.PendingToken,
    sign_in_state.WaitingDevice,
    federation_state.LinkedIdentity,
    passkey_state.WebAuthnCredential,
    passkey_state.WebAuthnRegistration,
    pool_state.AuthEvent,
)


def find_user(ctx: Context, pool: UserPool, name: str) -> User | None:
    """The user of that username, sub, or sign-in alias."""
    found = ctx.store.find(User, pool_id=pool.id, username_key=pool.fold(name), limit=1)
    if found:
        return found[0]
    for attribute in (*pool.username_attributes, *pool.alias_attributes):
        alias = ctx.store.get(Alias, pool.id, attribute, pool.fold(name))
        if alias is not None:
            return ctx.store.get(User, pool.id, alias.sub)
    return ctx.store.get(User, pool.id, name)


def require_user(ctx: Context, pool: UserPool, name: str) -> User:
    """The user of that name. Raises UserNotFoundException."""
    user = find_user(ctx, pool, name)
    if user is None:
        raise AwsError("UserNotFoundException", "User does not exist.")
    return user


def users_by_sub(ctx: Context, pool: UserPool, subs: Iterable[str]) -> dict[str, User]:
    """Those of the users that there are."""
    return {user.sub: user for user in ctx.store.among(User, "sub", subs, pool_id=pool.id)}


def create_user(
    ctx: Context, pool: UserPool, username: str, attributes: Mapping[str, str], status: str, sub: str = ""
) -> User:
    """A new user value, not stored yet: named by its sub where the pool signs in by an attribute."""
    sub = sub or ids.uuid4(ctx)
    values = dict(attributes)
    values.pop("sub", None)
    name, attribute = username, ""
    if pool.username_attributes:
        attribute = _username_attribute(pool, username)
        if pool.fold(values.setdefault(attribute, username)) != pool.fold(username):
            raise AwsError("InvalidParameterException", f"Username and {attribute} must be the same.")
        name = sub
    _check_not_alias(pool, name)
    return User(
        pool_id=pool.id,
        sub=sub,
        username=name,
        username_key=pool.fold(name),
        status=status,
        created=ctx.now,
        modified=ctx.now,
        named_by=attribute,
        attributes={"sub": sub, **values},
    )


def insert_user(ctx: Context, pool: UserPool, user: User) -> None:
    """Store a new user. Raises UsernameExistsException: of two that race for one name, exactly one wins."""
    with ctx.store.transaction():
        if ctx.store.find(User, pool_id=pool.id, username_key=user.username_key, limit=1):
            raise AwsError("UsernameExistsException", "User already exists")
        try:
            _write_aliases(ctx, pool, user)
        except AlreadyExistsError as error:
            raise AwsError(
                "UsernameExistsException", f"An account with the given {_taken(error)} already exists."
            ) from error
        ctx.store.insert(user)
        _write_index(ctx, user)


def update_user(ctx: Context, pool: UserPool, sub: str, change: Callable[[User], User]) -> User:
    """Read, change and write a user as one step.

    Raises UserNotFoundException, AliasExistsException, or what `change` raises.
    """
    with ctx.store.transaction():
        try:
            old = ctx.store.get(User, pool.id, sub)
            new = ctx.store.update(User, (pool.id, sub), lambda user: replaced(change(user), modified=ctx.now))
        except NotFoundError as error:
            raise AwsError("UserNotFoundException", "User does not exist.") from error
        if old is not None and (old.attributes, old.status, old.enabled) != (new.attributes, new.status, new.enabled):
            ctx.store.delete_where(Alias, pool_id=pool.id, sub=sub)
            try:
                _write_aliases(ctx, pool, new)
            except AlreadyExistsError as error:
                raise AwsError(
                    "AliasExistsException", f"An account with the {_taken(error)} already exists."
                ) from error
            _delete_index(ctx, old)
            _write_index(ctx, new)
        return new


def delete_user(ctx: Context, user: User) -> None:
    """Remove a user with all that hangs on it."""
    with ctx.store.transaction():
        kept = ctx.store.get(User, user.pool_id, user.sub)
        if kept is not None:
            _delete_index(ctx, kept)
        for kind in (*_OWNED, Alias, User):
            ctx.store.delete_where(kind, pool_id=user.pool_id, sub=user.sub)


def stand_in(ctx: Context, pool: UserPool, username: str) -> str:
    """A sub for a user who does not exist: always the same for one name, as a real one would be."""
    digest = ctx.cloud.sealer.digest("stand-in", pool.id, pool.fold(username))
    return ids.uuid_of(hashlib.sha256(digest.encode()).hexdigest()[:32])


def stand_in_user(ctx: Context, pool: UserPool, username: str) -> User:
    """A user value for a name that nobody has, never stored: codes are made and counted for it as for a real one."""
    sub = stand_in(ctx, pool, username)
    return User(pool.id, sub, sub, sub, "UNKNOWN", ctx.now, ctx.now, {})


def _username_attribute(pool: UserPool, username: str) -> str:
    allowed = pool.username_attributes
    if "@" in username and "email" in allowed:
        return "email"
    if username.startswith("+") and "phone_number" in allowed:
        return "phone_number"
    nouns = {"email": "an email", "phone_number": "a phone number"}
    raise AwsError("InvalidParameterException", f"Username should be {' or '.join(nouns[a] for a in allowed)}.")


def _check_not_alias(pool: UserPool, username: str) -> None:
    """Attack: signing up under somebody's address, in a pool where that address signs in as its owner."""
    for attribute, noun, marked in (
        ("email", "email", "@" in username),
        ("phone_number", "phone number", username[0] == "+"),
    ):
        if marked and attribute in pool.alias_attributes:
            message = f"Username cannot be of {noun} format, since user pool is configured for {noun} alias."
            raise AwsError("InvalidParameterException", message)


def aliases_of(pool: UserPool, user: User) -> Iterator[Alias]:
    """What a user signs in by besides its username and sub."""
    # Attack: taking over the name that somebody signs in by, through a provider that says the address is verified. On
    # AWS, too, a provider's user is found by its username only. Source: aws/aws-sdk-js#3774.
    if user.status == "EXTERNAL_PROVIDER":
        return
    for attribute in pool.username_attributes:
        # Attack: holding somebody else's address by naming it at sign-up. Only the one that signs in, or is verified.
        counts = attribute == user.named_by or user.attributes.get(f"{attribute}_verified") == "true"
        if counts and attribute in user.attributes:
            yield Alias(pool.id, attribute, pool.fold(user.attributes[attribute]), user.sub)
    for attribute in pool.alias_attributes:
        verified = attribute == "preferred_username" or user.attributes.get(f"{attribute}_verified") == "true"
        if attribute in user.attributes and verified:
            yield Alias(pool.id, attribute, pool.fold(user.attributes[attribute]), user.sub)


def index_of(user: User) -> Iterator[tuple[str, str, str, str]]:
    """What `ListUsers` finds a user by: the fields of an `AttributeIndex` for each."""
    pool_id, sub, values = user.pool_id, user.sub, user.attributes
    for name in SEARCHABLE:
        if name in values:
            yield pool_id, name, values[name], sub
    yield pool_id, "cognito:user_status", user.status, sub
    yield pool_id, "status", "Enabled" if user.enabled else "Disabled", sub


def _write_aliases(ctx: Context, pool: UserPool, user: User) -> None:
    for alias in aliases_of(pool, user):
        ctx.store.insert(alias)


def _write_index(ctx: Context, user: User) -> None:
    for fields in index_of(user):
        ctx.store.put(AttributeIndex(*fields))


def _delete_index(ctx: Context, user: User) -> None:
    """By the keys, which follow from the user as it is stored: an index by sub would double the table."""
    for fields in index_of(user):
        ctx.store.delete(AttributeIndex, *fields)


def _taken(error: AlreadyExistsError) -> str:
    return error.entity.name if isinstance(error.entity, Alias) else "username"
