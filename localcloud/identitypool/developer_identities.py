"""Users whom the app's own backend vouches for, under the pool's developer provider name.

The calls are signed, so the identifier of a user is taken at the caller's word.
https://docs.aws.amazon.com/cognito/latest/developerguide/developer-authenticated-identities.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool import identities
from localcloud.identitypool.logins import ProvenLogin
from localcloud.identitypool.models import Identity, IdentityPool, Login

MAX_IDENTIFIER = 1024
"""Source: LookupDeveloperIdentity, `DeveloperUserIdentifier`."""


def read_login(pool: IdentityPool, logins: Mapping[str, str]) -> tuple[ProvenLogin, dict[str, str]]:
    """The developer login in a logins map, and the map's other logins. Raises InvalidParameterException."""
    user = logins.get(pool.developer_provider) if pool.developer_provider else None
    if user is None:
        raise _unsupported_provider()
    if not 1 <= len(user) <= MAX_IDENTIFIER:
        message = f"A developer user identifier has 1 to {MAX_IDENTIFIER} characters."
        raise AwsError("InvalidParameterException", message)
    public = {name: token for name, token in logins.items() if name != pool.developer_provider}
    return ProvenLogin(pool.developer_provider, user, pool.id), public


def identify(
    ctx: Context, pool: IdentityPool, identity_id: str | None, developer: ProvenLogin, public: Sequence[ProvenLogin]
) -> Identity:
    """The identity of a developer's user and further logins; with an id, that identity with these logins linked to it.

    Raises NotAuthorizedException, ResourceNotFoundException, ResourceConflictException, and
    DeveloperUserAlreadyRegisteredException for a user of another identity than the given one.
    """
    logins = [developer, *public]
    with ctx.store.transaction():
        if identity_id is None:
            return identities.identify(ctx, pool, logins)
        presented = _require_in(ctx, pool, identity_id)
        known = ctx.store.get(Login, pool.id, developer.provider, developer.sub)
        if known is not None and known.identity_id != identities.current(ctx, presented).id:
            raise AwsError(
                "DeveloperUserAlreadyRegisteredException",
                "The developer user identifier is already registered under a different identity.",
            )
        return identities.authorize(ctx, pool, presented, logins)


def require_login(ctx: Context, pool: IdentityPool, user: str) -> Login:
    """The login of a developer's user. Raises ResourceNotFoundException."""
    login = ctx.store.get(Login, pool.id, pool.developer_provider, user)
    if login is None:
        raise AwsError("ResourceNotFoundException", "Developer user identifier not found.")
    return login


def users_of(ctx: Context, pool: IdentityPool, identity_id: str) -> list[str]:
    """The developer's identifiers of an identity. Raises ResourceNotFoundException for one of another pool."""
    linked = identities.logins_of(ctx, _require_in(ctx, pool, identity_id))
    return [login.sub for login in linked if login.provider == pool.developer_provider]


def merge(ctx: Context, pool: IdentityPool, source: str, destination: str) -> Identity:
    """Make one identity of two users': the destination's. Raises ResourceNotFound- and ResourceConflictException."""
    with ctx.store.transaction():
        merged = require_login(ctx, pool, source)
        survivor = identities.require_identity(ctx, require_login(ctx, pool, destination).identity_id)
        if merged.identity_id != survivor.id:
            identities.merge(ctx, pool, merged.identity_id, survivor)
        return survivor


def unlink(ctx: Context, pool: IdentityPool, identity_id: str, user: str) -> None:
    """Take a user from an identity. Raises ResourceNotFoundException, and ResourceConflictException if not its own."""
    with ctx.store.transaction():
        identity, login = _require_in(ctx, pool, identity_id), require_login(ctx, pool, user)
        if login.identity_id != identity.id:
            raise mismatch()
        identities.remove_login(ctx, identity, login)


def check_provider(pool: IdentityPool, name: str) -> None:
    """Raise InvalidParameterException unless this is the pool's developer provider."""
    if not pool.developer_provider or name != pool.developer_provider:
        raise _unsupported_provider()


def mismatch() -> AwsError:
    """The refusal of a user together with an identity that is not the user's."""
    return AwsError("ResourceConflictException", "The developer user identifier is registered under another identity.")


def _require_in(ctx: Context, pool: IdentityPool, identity_id: str) -> Identity:
    identity = identities.require_identity(ctx, identity_id)
    if identity.pool_id != pool.id:
        raise AwsError("ResourceNotFoundException", f"Identity '{identity_id}' not found.")
    return identity


def _unsupported_provider() -> AwsError:
    message = "This identity pool does not support the specified developer provider."
    return AwsError("InvalidParameterException", message)
