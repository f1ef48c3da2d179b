"""The end of sign-ins: of one, by its refresh token or its id, or of all that a user has."""

from __future__ import annotations

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.models import AppClient, User
from localcloud.userpool.sign_in_state import RefreshToken
from localcloud.userpool.tokens import rotation


def revoke(ctx: Context, client: AppClient, refresh: str) -> None:
    """End one sign-in; an unknown token ends nothing. Raises UnauthorizedException for another client's."""
    with ctx.store.transaction():
        record = rotation.sign_in_of(ctx, refresh)
        if record is None:
            return
        if record.client_id != client.id:
            raise AwsError("UnauthorizedException", "Invalid token for this client.")
        ctx.store.put(replaced(record, revoked=True))


def revoke_sign_in(ctx: Context, origin_jti: str) -> None:
    """End one sign-in by the id that all its tokens carry; an unknown one ends nothing."""
    with ctx.store.transaction():
        record = ctx.store.get(RefreshToken, origin_jti)
        if record is not None:
            ctx.store.put(replaced(record, revoked=True))


def revoke_all(ctx: Context, user: User) -> None:
    """End every sign-in of a user."""
    with ctx.store.transaction():
        for record in ctx.store.find(RefreshToken, pool_id=user.pool_id, sub=user.sub):
            ctx.store.put(replaced(record, revoked=True))
