"""Whose user a provider's user is, and the `identities` attribute of users, which is kept in step with that.

Source: API reference, `AdminLinkProviderForUser` and `AdminDisableProviderForUser`; Cognito developer guide, "Linking
federated users to an existing user profile"; messages as AWS answers them, where those are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.models import User, UserPool
from localcloud.userpool.pages import key_of
from localcloud.userpool.providers.federation_state import IdentityProvider, LinkedIdentity
from localcloud.userpool.providers.identity_providers import SOCIAL

SUBJECT = "Cognito_Subject"
"""What a link is by as a rule: the provider's own id of its user."""

NATIVE = "Cognito"
"""The pool itself, in the place of a provider's name."""

ATTRIBUTE = "identities"

MOST = 5
"""Provider's users that are linked to one user."""

_LONGEST = 128
"""Characters of a link's provider, attribute and value together. Source: aws/aws-sdk-js-v3#6985."""

_MERGING = "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link"
_LINKED = "SourceUser is already linked to DestinationUser"


def read(given: Mapping[str, str | None], name: str) -> tuple[str, str, str]:
    """Provider, attribute and value of a `ProviderUserIdentifierType`. Raises InvalidParameterException."""
    members = ("ProviderName", "ProviderAttributeName", "ProviderAttributeValue")
    provider, attribute, value = (given.get(member) or "" for member in members)
    for member, text in zip(members, (provider, attribute, value), strict=True):
        if not text:
            raise AwsError("InvalidParameterException", f"Invalid {name}: {member} is required.")
    return provider, attribute, value


def find(
    ctx: Context, provider: IdentityProvider, subject: str, values: Mapping[str, str] | None = None
) -> LinkedIdentity | None:
    """The link of a provider's user: by its subject, or by one of the attributes that it brings (`values`)."""
    found = ctx.store.get(LinkedIdentity, provider.pool_id, provider.name, subject, SUBJECT)
    for attribute, value in (values or {}).items():
        # Attack: an account at the provider under the linked user's address, of which it says itself that nobody knows.
        flag = f"{attribute}_verified"
        if found is None and (flag not in provider.mapping or (values or {}).get(flag) == "true"):
            found = ctx.store.get(LinkedIdentity, provider.pool_id, provider.name, value, attribute)
    return found


def link(ctx: Context, pool: UserPool, provider: IdentityProvider, user: User, attribute: str, subject: str) -> None:
    """Let a provider's user who has not been here yet be a user of the pool. Raises AwsError.

    Call it inside a transaction.
    """
    if attribute != SUBJECT and (provider.type in SOCIAL or attribute not in provider.mapping):
        message = f"Invalid SourceUser: {provider.name} users can not be linked by {attribute}."
        raise AwsError("InvalidParameterException", message)
    if not subject or len(provider.name + attribute + subject) > _LONGEST:
        raise AwsError("InvalidParameterException", "Invalid SourceUser: ProviderAttributeValue is empty or too long.")
    known = ctx.store.get(LinkedIdentity, pool.id, provider.name, subject, attribute)
    if known is not None:
        raise AwsError("InvalidParameterException", _MERGING if known.primary else _LINKED)
    linked = [one for one in ctx.store.find(LinkedIdentity, pool_id=pool.id, sub=user.sub) if not one.primary]
    if len(linked) >= MOST:
        raise AwsError("LimitExceededException", f"A user has at most {MOST} linked identities.")
    made = LinkedIdentity(pool.id, provider.name, subject, user.sub, False, ctx.now, attribute)
    add(ctx, pool, provider, made)


def add(ctx: Context, pool: UserPool, provider: IdentityProvider, made: LinkedIdentity) -> User:
    """Store a link, which its user then shows. Raises AlreadyExistsError; call it inside a transaction."""
    ctx.store.insert(made)
    entry = {
        "userId": made.subject,
        "providerName": provider.name,
        "providerType": provider.type,
        "issuer": provider.issuer or None,
        "primary": made.primary,
        "dateCreated": int(made.created * 1000),
    }
    return update_user(ctx, pool, made.sub, lambda user: _showing(user, [*_entries(user), entry]))


def remove(ctx: Context, pool: UserPool, gone: LinkedIdentity) -> None:
    """Forget a link. Call it inside a transaction."""
    ctx.store.delete(LinkedIdentity, gone.pool_id, gone.provider, gone.subject, gone.attribute)

    def change(user: User) -> User:
        kept = [one for one in _entries(user) if (one["providerName"], one["userId"]) != (gone.provider, gone.subject)]
        return _showing(user, kept)

    update_user(ctx, pool, gone.sub, change)


def settle(ctx: Context, pool: UserPool, provider: IdentityProvider, used: LinkedIdentity, subject: str) -> None:
    """Make a link by an attribute, now that its user has come, one by subject. Call it inside a transaction.

    Attack: the attribute's next owner at the provider, such as a colleague who inherits an address.
    """
    if used.attribute != SUBJECT and ctx.store.get(LinkedIdentity, *key_of(used)) is not None:
        remove(ctx, pool, used)
        add(ctx, pool, provider, replaced(used, subject=subject, attribute=SUBJECT))


def claims(user: User) -> dict[str, list[dict[str, str | None]]]:
    """The `identities` claim of an ID token, in which AWS has texts only; none where the user has no links."""
    entries = [{name: _as_text(value) for name, value in entry.items()} for entry in _entries(user)]
    return {ATTRIBUTE: entries} if entries else {}


def _as_text(value: object) -> str | None:
    return value if isinstance(value, str | None) else orjson.dumps(value).decode()


def _entries(user: User) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = orjson.loads(user.attributes.get(ATTRIBUTE, "[]"))
    return entries


def _showing(user: User, entries: list[dict[str, Any]]) -> User:
    rest = {name: value for name, value in user.attributes.items() if name != ATTRIBUTE}
    shown = {ATTRIBUTE: orjson.dumps(entries).decode()} if entries else {}
    return replaced(user, attributes={**rest, **shown})
