"""Finding pools and app clients, and checking that a client is who it says it is."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.jws import Key
from localcloud.store import AlreadyExistsError
from localcloud.userpool.models import AppClient, SigningKey, UserPool


def require_pool(ctx: Context, pool_id: str) -> UserPool:
    """The pool of that id. Raises ResourceNotFoundException."""
    pool = ctx.store.get(UserPool, pool_id)
    if pool is None:
        raise AwsError("ResourceNotFoundException", f"User pool {pool_id} does not exist.")
    return pool


def require_client(ctx: Context, client_id: str, pool_id: str | None = None) -> tuple[UserPool, AppClient]:
    """The app client of that id, and its pool, which must be `pool_id`. Raises ResourceNotFoundException."""
    client = ctx.store.get(AppClient, client_id)
    if client is None or (pool_id is not None and client.pool_id != pool_id):
        raise AwsError("ResourceNotFoundException", f"User pool client {client_id} does not exist.")
    return require_pool(ctx, client.pool_id), client


def check_secret_hash(client: AppClient, username: str, secret_hash: str | None) -> None:
    """Raise NotAuthorizedException unless the hash proves a secret of the client. A public client needs none."""
    if not client.secrets:
        return
    if not secret_hash:
        raise AwsError(
            "NotAuthorizedException", f"Client {client.id} is configured with secret but SECRET_HASH was not received"
        )
    if not _is_any((_hash(client, secret, username) for secret in client.secrets.values()), secret_hash):
        raise AwsError("NotAuthorizedException", f"Unable to verify secret hash for client {client.id}")


def make_secret_hash(client: AppClient, username: str) -> str:
    """What a client with a secret sends along with a username."""
    return _hash(client, next(iter(client.secrets.values())), username)


def knows_secret(client: AppClient, secret: str | None) -> bool:
    """Whether this is a secret of the client; a public client has none to show."""
    return _is_any(client.secrets.values() or ("",), secret or "")


def signing_key(ctx: Context, pool_id: str) -> Key:
    """The pool's key, made when first asked for and kept parsed from then on."""
    cached = ctx.cloud.keys.get(pool_id)
    if cached is not None:
        return cached  # type: ignore[no-any-return]
    kept = ctx.store.get(SigningKey, pool_id)
    if kept is None:
        made = Key.make()
        try:
            ctx.store.insert(SigningKey(pool_id, made.kid, made.pem))
        except AlreadyExistsError:
            return signing_key(ctx, pool_id)
        key = made
    else:
        key = Key.load(kept.pem)
    ctx.cloud.keys[pool_id] = key
    return key


def _hash(client: AppClient, secret: str, username: str) -> str:
    digest = hmac.digest(secret.encode(), (username + client.id).encode(), "sha256")
    return base64.b64encode(digest).decode()


def _is_any(known: Iterable[str], given: str) -> bool:
    # All are compared, so that the time says nothing of which one it was.
    return sum(hmac.compare_digest(one.encode(), given.encode()) for one in known) > 0
