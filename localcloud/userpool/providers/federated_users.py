"""Users who come from another provider: whose user they are, made when first seen, kept in step with what it says.

Which triggers run when: Cognito developer guide, "Lambda triggers for federated users".
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import ids, triggers
from localcloud.userpool.accounts import attributes, auth_events
from localcloud.userpool.accounts.users import insert_user, update_user
from localcloud.userpool.models import AppClient, Group, Membership, User, UserPool
from localcloud.userpool.providers import linked_identities
from localcloud.userpool.providers.attribute_mapping import mapped
from localcloud.userpool.providers.federation_state import IdentityProvider, LinkedIdentity

_LONGEST_USERNAME = 128


def sign_in(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    provider: IdentityProvider,
    subject: str,
    claims: Mapping[str, str | list[str]],
    sources: Mapping[str, Mapping[str, str]],
) -> User:
    """The user of the pool that a provider's user is, after all triggers. Raises AwsError where it may not sign in.

    `claims` is what the provider says of its user `subject`; `sources` is the same by origin, for the inbound
    federation trigger.
    """
    username = f"{provider.name}_{subject}"
    if not subject or len(username) > _LONGEST_USERNAME:
        raise AwsError("InvalidParameterException", "The provider's name for its user is empty or too long.")
    wanted = triggers.inbound_federation(ctx, pool, client, provider, username, sources)
    user = _of_provider(
        ctx, pool, client, provider, subject, username, mapped(pool, client, provider, wanted or claims)
    )
    # AWS exports such events with the provider's name, and assesses no risk of them.
    auth_events.record(ctx, pool, client.id, user, "SignIn", provider=provider.name)
    return user


def _of_provider(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    provider: IdentityProvider,
    subject: str,
    username: str,
    values: Mapping[str, str],
) -> User:
    # After the trigger: a link that it makes holds at once.
    link = linked_identities.find(ctx, provider, subject, values)
    if link is None:
        user = _new_user(ctx, pool, username, values)
        triggers.pre_sign_up(ctx, pool, client.id, user, "ExternalProvider", {}, {})
        link, is_new = _keep(ctx, pool, provider, subject, user)
        if is_new:
            user = _stored(ctx, link)
            triggers.post_confirmation(ctx, pool, client.id, user, "ConfirmSignUp", {})
            return _stored(ctx, link)
    return _sign_in_again(ctx, pool, client, provider, link, subject, values)


def _new_user(ctx: Context, pool: UserPool, username: str, values: Mapping[str, str]) -> User:
    """A user value, not stored yet. Where the pool does not tell cases apart, AWS writes the name in small letters."""
    sub, name = ids.uuid4(ctx), pool.fold(username)
    return User(
        pool_id=pool.id,
        sub=sub,
        username=name,
        username_key=name,
        status="EXTERNAL_PROVIDER",
        created=ctx.now,
        modified=ctx.now,
        attributes={"sub": sub, **values},
    )


def _keep(
    ctx: Context, pool: UserPool, provider: IdentityProvider, subject: str, user: User
) -> tuple[LinkedIdentity, bool]:
    """Store the new user with its link; or the link that a sign-in beside this one was quicker to make, and False.

    Attack: a sign-up under the name that a provider's user is going to have, to be taken for it. It is refused, as is
    one whom the pre sign-up trigger has just linked to somebody. AWS promises nothing: a maintainer called that mended
    in 2023, and of those who tried it on AWS in 2026 some were refused, and some signed in. So the stricter of the two:
    an app that tries once more is right in both cases.
    """
    taken = AwsError("UsernameExistsException", f"Already found an entry for username {user.username}")
    with ctx.store.transaction():
        known = linked_identities.find(ctx, provider, subject, user.attributes)
        if known is not None and known.primary:
            return known, False
        if known is not None:
            raise taken
        try:
            insert_user(ctx, pool, user)
        except AwsError as error:
            raise taken from error
        link = LinkedIdentity(pool.id, provider.name, subject, user.sub, primary=True, created=ctx.now)
        linked_identities.add(ctx, pool, provider, link)
        _join_group(ctx, provider, user)
    return link, True


def _join_group(ctx: Context, provider: IdentityProvider, user: User) -> None:
    """The group that AWS keeps for a provider's users, made with the first of them."""
    name = f"{provider.pool_id}_{provider.name}"
    if ctx.store.get(Group, provider.pool_id, name) is None:
        description = f"Autogenerated group for users who sign in using {provider.name}"
        ctx.store.insert(Group(provider.pool_id, name, description, "", None, ctx.now, ctx.now))
    ctx.store.put(Membership(provider.pool_id, user.sub, name))


def _sign_in_again(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    provider: IdentityProvider,
    link: LinkedIdentity,
    subject: str,
    values: Mapping[str, str],
) -> User:
    _check_may_come(_stored(ctx, link))
    attributes.check_changes(pool, values)
    with ctx.store.transaction():
        linked_identities.settle(ctx, pool, provider, link, subject)
        user = update_user(ctx, pool, link.sub, lambda kept: replaced(kept, attributes={**kept.attributes, **values}))
    triggers.post_authentication(ctx, pool, client, user, {}, new_device=False)
    user = _stored(ctx, link)
    _check_may_come(user)
    return user


def _check_may_come(user: User) -> None:
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    # Attack: signing up under somebody's address and waiting until they are linked to it, with a password to come back.
    if user.status == "UNCONFIRMED":
        raise AwsError("UserNotConfirmedException", "User is not confirmed.")


def _stored(ctx: Context, link: LinkedIdentity) -> User:
    user = ctx.store.get(User, link.pool_id, link.sub)
    if user is None:
        raise AwsError("UserNotFoundException", "User does not exist.")
    return user
