"""The tags of a session: those of the request, and those that the calling session hands on.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from localcloud.access.credentials import RoleSession
from localcloud.errors import AwsError
from localcloud.federation import session_tags
from localcloud.federation.errors import TokenError


@dataclass(frozen=True, slots=True)
class SessionTags:
    """Tags by key, and the keys among them that the next session of a role chain inherits."""

    values: Mapping[str, str]
    transitive: Sequence[str] = ()


def read(tags: Iterable[tuple[str, str]], transitive_keys: Sequence[str], caller: RoleSession | None) -> SessionTags:
    """The tags of a session that `caller` begins, or somebody without a session. Raises InvalidParameterValue."""
    try:
        values = session_tags.checked(tags)
    except TokenError as error:
        raise AwsError("InvalidParameterValue", str(error)) from error
    transitive = _transitive(values, transitive_keys)
    inherited = caller.transitive_tags if caller else {}
    # Attack: a session that says it is of another department than the one it was given.
    if {key.lower() for key in inherited} & {key.lower() for key in values}:
        raise AwsError(
            "InvalidParameterValue",
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key "
            "from the calling session.",
        )
    return SessionTags({**inherited, **values}, (*inherited, *transitive))


def _transitive(tags: Mapping[str, str], keys: Sequence[str]) -> list[str]:
    """The keys as the tags themselves spell them."""
    spelt = {key.lower(): key for key in tags}
    if not all(key.lower() in spelt for key in keys):
        message = "The specified transitive tag key must be included in the requested tags."
        raise AwsError("InvalidParameterValue", message)
    return list(dict.fromkeys(spelt[key.lower()] for key in keys))
