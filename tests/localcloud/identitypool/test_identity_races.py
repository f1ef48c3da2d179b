"""What a call knew of an identity before it verified the tokens may be wrong by the time that they are."""

from __future__ import annotations

import pytest

from localcloud.errors import AwsError
from localcloud.identitypool import identities, logins, pools
from localcloud.identitypool.models import Identity, Login
from tests.localcloud.identitypool.conftest import PROVIDER, World


def stale(world: World, username: str) -> Identity:
    """A user's identity, as a call has read it just before its owner unlinks the last login."""
    found = identities.require_identity(world.ctx, world.get_id(username))
    signed_in = world.logins(username)
    world.call("UnlinkIdentity", IdentityId=found.id, Logins=signed_in, LoginsToRemove=[PROVIDER])
    return found


@pytest.mark.parametrize("who", ["", "bob"])
def test_an_identity_that_was_unlinked_meanwhile_is_nobodys(world: World, who: str) -> None:
    """Attack: ann's id, presented by bob or a guest while ann unlinks: the one who comes then would be given it."""
    found, pool = stale(world, "ann"), pools.require_pool(world.ctx, world.pool_id)
    proven = logins.verify(world.ctx, pool, world.logins(who)) if who else []
    with pytest.raises(AwsError, match="is forbidden"):
        identities.authorize(world.ctx, pool, found, proven)
    assert world.ctx.store.count(Login, identity_id=found.id) == 0


def test_an_identity_that_was_deleted_meanwhile_is_not_found(world: World) -> None:
    found, pool = identities.require_identity(world.ctx, world.get_id()), pools.require_pool(world.ctx, world.pool_id)
    world.call("DeleteIdentities", IdentityIdsToDelete=[found.id])
    with pytest.raises(AwsError, match="not found"):
        identities.authorize(world.ctx, pool, found, [])
