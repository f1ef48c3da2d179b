"""Who calls: the owner of the key that signed, with every policy that binds it, ready to be decided on."""

from __future__ import annotations

import dataclasses
import functools
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from localcloud.access import credentials
from localcloud.access.credentials import RoleSession
from localcloud.aws.records import Document, RoleRecord, UserRecord
from localcloud.context import Cloud
from localcloud.errors import AwsError
from localcloud.iam.actions import Call
from localcloud.iam.evaluator import Policies
from localcloud.iam.policy import Policy, PolicyError, compile_policy
from localcloud.iam.request import ContextValue, Principal
from localcloud.sigv4 import Credential, refusal

ROOT_KEY = ROOT_SECRET = "test"  # noqa: S105
"""The account's root on every local cloud; nothing behind it but this machine's own loopback."""


class Directory(Protocol):
    """Where roles and users are looked up."""

    def role(self, arn_or_name: str) -> RoleRecord | None:
        """The role of that name or ARN."""
        ...

    def user_by_access_key(self, access_key: str) -> UserRecord | None:
        """The user that an active access key belongs to."""
        ...


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller: its principal, its secret (never shown), what it may do, and what conditions may ask of it."""

    principal: Principal
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    identity: Sequence[Policy] = ()
    session: Sequence[Policy] | None = None
    boundaries: Sequence[Policy] | None = None
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    role_session: RoleSession | None = field(default=None, repr=False)

    @property
    def user_id(self) -> str:
        """`aws:userid`; for the root the account's own number."""
        return str(self.context.get("aws:userid") or self.principal.value.split(":")[4])

    @property
    def is_root(self) -> bool:
        """Whether this is the account itself."""
        return self.principal.value.endswith(":root")

    def policies(self, resource: Policy | None, trust: Policy | None = None) -> Policies:
        """All policies that bear on a call of this caller to something with that resource or trust policy."""
        return Policies(self.identity, self.session, self.boundaries, resource, trust)


def root(cloud: Cloud) -> Caller:
    """The account's root."""
    return Caller(Principal("AWS", f"arn:aws:iam::{cloud.account}:root"), ROOT_SECRET)


def anonymous() -> Caller:
    """Nobody: whatever a resource policy grants to everyone, and no more."""
    return Caller(Principal("Anonymous"), "")


def find_caller(cloud: Cloud, directory: Directory, credential: Credential, headers: Mapping[str, str]) -> Caller:
    """The caller whose key the request names. Raises AwsError for a key that is unknown or has ended."""
    if credential.access_key == ROOT_KEY:
        return root(cloud)
    caller = _role_session(cloud, directory, credential, headers)
    caller = caller or _user(directory, credential.access_key)
    if caller is None:
        raise refusal("unknown key", credential.service, headers)
    # Attack: a session key with another session's token, or with none: the token is part of the credential.
    if not hmac.compare_digest(caller.token.encode(), (credential.session_token or "").encode()):
        raise refusal("invalid token", credential.service, headers)
    return caller


def of_session(directory: Directory, session: RoleSession) -> Caller | None:
    """The caller that a role session is, or None where its role is gone."""
    role = directory.role(session.role_arn)
    # Attack: keys of a role that was deleted, good again for another one of its name.
    if role is None or role.role_id != session.role_id:
        return None
    documents = session.session_policies
    return Caller(
        principal=Principal("AWS", session.arn),
        secret=session.secret_key,
        token=session.session_token,
        identity=_attached(role),
        session=_compile_all(documents, "session policy") if documents else None,
        boundaries=_boundary(role),
        context=_in_session(role.tags, session.context),
        role_session=session,
    )


def with_signature_age(caller: Caller, credential: Credential | None, now: float) -> Caller:
    """The caller with how old its signature is, in milliseconds, where that is for S3."""
    if credential is None or credential.service != "s3":
        return caller
    age = max(0, int((now - credential.signed_at) * 1000))
    return dataclasses.replace(caller, context={**caller.context, "s3:signatureAge": str(age)})


def hand_on(caller: Caller, call: Call) -> Call:
    """The call, with what the caller's role session hands on to one that the call may begin."""
    session = caller.role_session
    if session is None:
        return call
    return dataclasses.replace(call, inherited_tags=session.transitive_tags, source_identity=session.source_identity)


def resource_policy(document: Mapping[str, Any] | None, name: str) -> Policy | None:
    """A resource's policy, compiled."""
    return None if document is None else _compiled(_text(document), name, "resource")


def _role_session(
    cloud: Cloud, directory: Directory, credential: Credential, headers: Mapping[str, str]
) -> Caller | None:
    session = credentials.find(cloud.store, credential.access_key)
    if session is None:
        return None
    if cloud.clock.now() >= session.expires:
        raise refusal("expired token", credential.service, headers)
    return of_session(directory, session)


def _user(directory: Directory, access_key: str) -> Caller | None:
    user = directory.user_by_access_key(access_key)
    if user is None:
        return None
    return Caller(
        principal=Principal("AWS", user.arn),
        secret=user.secret,
        identity=_attached(user),
        boundaries=_boundary(user),
        context={"aws:userid": user.user_id, "aws:username": user.name, **_tags(user.tags)},
    )


def _attached(owner: RoleRecord | UserRecord) -> tuple[Policy, ...]:
    documents = {**owner.inline_policies, **owner.attached_policies}
    return tuple(_compiled(_text(document), name, "identity") for name, document in documents.items())


def _boundary(owner: RoleRecord | UserRecord) -> tuple[Policy, ...] | None:
    if owner.permissions_boundary is None:
        return None
    return _compile_all([owner.permissions_boundary], "permissions boundary")


def _compile_all(documents: Sequence[Mapping[str, Any]], name: str) -> tuple[Policy, ...]:
    return tuple(_compiled(_text(document), name, "identity") for document in documents)


def _text(document: Mapping[str, Any]) -> str:
    return document.text if isinstance(document, Document) else orjson.dumps(document).decode()


@functools.lru_cache(maxsize=512)
def _compiled(text: str, name: str, kind: Any) -> Policy:
    try:
        return compile_policy(text, name, kind)
    except PolicyError as error:
        # A policy that nobody can read allows nothing; saying so beats denying in silence.
        raise AwsError("AccessDeniedException", f"The policy {name!r} cannot be evaluated: {error}", 403) from error


def _in_session(tags: Mapping[str, str], session: Mapping[str, ContextValue]) -> Mapping[str, ContextValue]:
    """The keys of a session, with its role's tags but for those that it has itself.

    Attack: a role's `team` beside a session's `Team`, of which an Allow sees the one and a Deny the other.
    """
    if not tags:
        return session
    own = {key.lower() for key in session}
    return {**{key: value for key, value in _tags(tags).items() if key.lower() not in own}, **session}


def _tags(tags: Mapping[str, str]) -> dict[str, ContextValue]:
    return {f"aws:PrincipalTag/{key}": value for key, value in tags.items()}
