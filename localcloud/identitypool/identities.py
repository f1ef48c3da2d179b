"""Identities: found or made for logins, linked, merged, disabled.

Source: Cognito developer guide, "Identity pools authentication flow", linking logins and merging identities. It does
not say which of two identities survives a merge: here the presented one, unless it is a guest's.
"""

from __future__ import annotations

from collections.abc import Sequence

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool import openid_tokens
from localcloud.identitypool.logins import NO_MATCH, ProvenLogin
from localcloud.identitypool.models import Identity, IdentityPool, Login
from localcloud.identitypool.pools import new_id
from localcloud.store import replaced

MAX_LOGINS = 20
"""Logins of one identity. Source: MergeDeveloperIdentities."""


def require_identity(ctx: Context, identity_id: str) -> Identity:
    """The identity of that id. Raises ResourceNotFoundException."""
    identity = ctx.store.get(Identity, identity_id)
    if identity is None:
        raise AwsError("ResourceNotFoundException", f"Identity '{identity_id}' not found.")
    return identity


def current(ctx: Context, identity: Identity) -> Identity:
    """The identity that has this one's logins now: another one after a merge."""
    while identity.merged_into:
        identity = require_identity(ctx, identity.merged_into)
    return identity


def logins_of(ctx: Context, identity: Identity) -> list[Login]:
    """The logins that are linked to an identity; a guest has none."""
    return ctx.store.find(Login, identity_id=identity.id)


def identify(ctx: Context, pool: IdentityPool, logins: Sequence[ProvenLogin]) -> Identity:
    """The identity of these logins, the same each time, or a new guest's without any. Raises NotAuthorizedException."""
    if logins:
        return _join(ctx, pool, None, logins)
    _check_guests(pool)
    guest = _new_identity(ctx, pool)
    ctx.store.insert(guest)
    return guest


def authorize(ctx: Context, pool: IdentityPool, identity: Identity, logins: Sequence[ProvenLogin]) -> Identity:
    """The identity that the caller may act as, who presents this one: another one after a merge.

    Raises NotAuthorizedException, and ResourceConflictException for two logins of one provider. One transaction:
    what was checked must still be true when logins are linked.
    """
    with ctx.store.transaction():
        # Attack: an id presented while its owner's last login is unlinked; it was read before the tokens were verified.
        identity = require_identity(ctx, identity.id)
        identity = current(ctx, identity) if logins else identity
        linked = logins_of(ctx, identity)
        # Attack: an identity id is no secret once its owner has signed in (it is in every key of its files), so
        # without a login it is nobody's; neither is one whose last login was unlinked.
        if identity.disabled or (linked and not logins):
            raise AwsError("NotAuthorizedException", f"Access to Identity '{identity.id}' is forbidden.")
        if not logins:
            _check_guests(pool)
            return identity
        if any(login.provider == openid_tokens.NAME for login in logins):
            return _owned_by_token(identity, logins)
        _check_owner(linked, logins)
        return _join(ctx, pool, identity, logins)


def unlink(
    ctx: Context, pool: IdentityPool, identity: Identity, logins: Sequence[ProvenLogin], providers: Sequence[str]
) -> None:
    """Take providers' logins from an identity; the caller must prove one of its logins.

    Raises NotAuthorizedException, and InvalidParameterException for a login that it does not have, or that only the
    app's backend may take away.
    """
    with ctx.store.transaction():
        identity = require_identity(ctx, identity.id)
        linked = logins_of(ctx, identity)
        if not linked:
            raise AwsError("NotAuthorizedException", NO_MATCH)
        _check_owner(linked, logins)
        public = {login.provider: login for login in linked if login.provider != pool.developer_provider}
        for provider in dict.fromkeys(providers):
            if provider not in public:
                raise AwsError("InvalidParameterException", f"Login {provider} is not linked to this identity.")
            remove_login(ctx, identity, public[provider])


def remove_login(ctx: Context, identity: Identity, login: Login) -> None:
    """Take one login from an identity, which is disabled with its last one.

    Otherwise it would be a guest's, open to whoever knows its id.
    """
    ctx.store.delete(Login, login.pool_id, login.provider, login.sub)
    ctx.store.put(replaced(identity, modified=ctx.now, disabled=not logins_of(ctx, identity)))


def merge(ctx: Context, pool: IdentityPool, merged_id: str, survivor: Identity) -> None:
    """Give one identity's logins to another and disable it.

    Raises ResourceConflictException for two users of one public provider, and for more logins than one may have.
    """
    merged = require_identity(ctx, merged_id)
    for login in logins_of(ctx, merged):
        ctx.store.put(replaced(login, identity_id=survivor.id))
    ctx.store.put(replaced(merged, modified=ctx.now, disabled=True, merged_into=survivor.id))
    _check_logins(ctx, pool, survivor)


def delete(ctx: Context, identity: Identity) -> None:
    """Remove an identity; its logins get a new one when they are next seen."""
    with ctx.store.transaction():
        ctx.store.delete_where(Login, identity_id=identity.id)
        ctx.store.delete(Identity, identity.id)


def _check_guests(pool: IdentityPool) -> None:
    if not pool.allows_guests:
        raise AwsError("NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.")


def _check_owner(linked: Sequence[Login], logins: Sequence[ProvenLogin]) -> None:
    """Attack: another user's identity id, presented with one's own login."""
    if linked and not any(ProvenLogin(login.provider, login.sub) in logins for login in linked):
        raise AwsError("NotAuthorizedException", NO_MATCH)


def _owned_by_token(identity: Identity, logins: Sequence[ProvenLogin]) -> Identity:
    # Attack: the token of one's own identity with another's id; or with a login that it would then be linked to,
    # which is the backend's to do.
    if len(logins) != 1 or logins[0].sub != identity.id:
        raise AwsError("NotAuthorizedException", NO_MATCH)
    return identity


def _join(ctx: Context, pool: IdentityPool, presented: Identity | None, logins: Sequence[ProvenLogin]) -> Identity:
    """One identity of all that the caller has proven: the presented one and those of the logins."""
    with ctx.store.transaction():
        known = [login for proven in logins if (login := ctx.store.get(Login, pool.id, proven.provider, proven.sub))]
        owners = _survivor_first(ctx, presented, known)
        if len(owners) == 1 and len(known) == len(logins):
            return require_identity(ctx, owners[0])
        survivor = require_identity(ctx, owners[0]) if owners else _new_identity(ctx, pool)
        survivor = replaced(survivor, modified=ctx.now)
        ctx.store.put(survivor)
        for merged_id in owners[1:]:
            merge(ctx, pool, merged_id, survivor)
        for proven in logins:
            ctx.store.put(Login(pool.id, proven.provider, proven.sub, survivor.id))
        _check_logins(ctx, pool, survivor)
        return survivor


def _survivor_first(ctx: Context, presented: Identity | None, known: Sequence[Login]) -> list[str]:
    """The ids of the identities that are one from now on. A guest becomes its user, never the other way round."""
    owners = [login.identity_id for login in known]
    if presented is not None:
        at = 0 if logins_of(ctx, presented) else len(owners)
        owners.insert(at, presented.id)
    return list(dict.fromkeys(owners))


def _check_logins(ctx: Context, pool: IdentityPool, identity: Identity) -> None:
    providers = [login.provider for login in logins_of(ctx, identity)]
    if len(providers) > MAX_LOGINS:
        raise AwsError("ResourceConflictException", f"An identity has {MAX_LOGINS} logins at most.")
    for provider in set(providers) - {pool.developer_provider}:
        if providers.count(provider) > 1:
            raise AwsError("ResourceConflictException", f"An identity has one login of {provider} at most.")


def _new_identity(ctx: Context, pool: IdentityPool) -> Identity:
    return Identity(new_id(ctx), pool.id, created=ctx.now, modified=ctx.now)
